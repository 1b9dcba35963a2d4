"""News for the tests of letters: one subscriber, tenders of a fictional municipality."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from procmatch.model.match import Hurdle, Match, Verdict
from procmatch.model.notice import Change, Lot, Notice, NoticeKind, OrganisationRef
from procmatch.model.organisation import OrgId
from procmatch.model.subscription import Digest, DigestItem, Subscription
from procmatch.model.values import Money, Place, Text
from procmatch.settings import Mail
from procmatch.text.messages import Message

NOW = datetime(2026, 3, 27, 6, 30, tzinfo=UTC)
#: Two days after the clocks go forward in Oslo: noon there.
DEADLINE = datetime(2026, 3, 31, 10, 0, tzinfo=UTC)
SECRET = "a secret for tests"
MAIL = Mail(sender="procmatch <varsel@post.example>", unsubscribe_mailto="avmeld@post.example")
SERVED = Mail(
    sender="procmatch <varsel@post.example>",
    unsubscribe_mailto="avmeld@post.example",
    public_url="https://treff.example/",
)


def text(words: str, language: str = "NOR") -> Text:
    return Text(versions=((language, words),))


def kroner(amount: int | str) -> Money:
    return Money(amount=Decimal(amount), currency="NOK")


def subscription(language: str = "nb", **changes: object) -> Subscription:
    made = Subscription(
        id="sub-1",
        email="post@bakeriet.example",
        language=language,
        org=OrgId("NO-BRC", "999999999"),
        created_at=NOW,
        confirmed_at=NOW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def lot(key: str = "LOT-0001", title: str = "Brød og bakervarer", **changes: object) -> Lot:
    made = Lot(
        id=key,
        title=text(title),
        value=kroner(850_000),
        deadline=DEADLINE,
        places=(Place(city="FJORDBY"),),
        documents_url="https://kgv.example/123",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def notice(*lots: Lot, key: str = "2026-100001", **changes: object) -> Notice:
    made = Notice(
        source="doffin",
        source_id=key,
        notice_id=f"uuid-{key}",
        version="01",
        procedure_id=f"procedure-{key}",
        kind=NoticeKind.COMPETITION,
        title=text("Matvarer til skoler og sykehjem på Øvre Å"),
        buyers=(OrganisationRef(name="Fjordby kommune"),),
        lots=lots or (lot(),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def match(one: Notice, of: Lot, score: float = 0.8, *, hurdle: bool = False) -> Match:
    distance = Message("{km} km from {place}.", (("km", 12), ("place", "Fjordby")))
    stop = Hurdle(
        kind="turnover",
        blocking=False,
        reason=Message("The buyer asks for a turnover of 10 million."),
        way_out=Message("Bid together with another firm."),
    )
    return Match(
        notice=one.source_id or one.notice_id,
        lot=of.id,
        supplier=OrgId("NO-BRC", "999999999"),
        supplier_name="Bakeriet",
        score=score,
        verdict=Verdict.PERHAPS if hurdle else Verdict.ELIGIBLE,
        reasons=(distance, Message("Bakes bread."), Message("Has won before."), Message("Fourth.")),
        hurdles=(stop,) if hurdle else (),
    )


def item(
    one: Notice, news: str = "new", *, score: float = 0.8, hurdle: bool = False, **changes: object
) -> DigestItem:
    made = DigestItem(
        notice=one,
        lots=tuple((each, match(one, each, score, hurdle=hurdle)) for each in one.lots),
        news=news,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def digest(*items: DigestItem, language: str = "nb", more: int = 0, **changes: object) -> Digest:
    return Digest(
        subscription=subscription(language, **changes),
        items=items or (item(notice(), hurdle=True),),
        beyond=tuple(item(notice(key=f"2026-9{number:05}")) for number in range(more)),
        made_at=NOW,
    )


def called_off(one: Notice, key: str = "2026-100009") -> Notice:
    change = Change(notice=one.notice_id, reason="cancel", text=text("Ny utlysning kommer."))
    return replace(one, source_id=key, notice_id=f"uuid-{key}", changes=change)

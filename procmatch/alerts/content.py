"""What a letter says, in the reader's words, before it takes the shape of text or HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote, urlsplit

from procmatch.alerts.addresses import Addresses
from procmatch.alerts.calendar import Event, events_of
from procmatch.alerts.digest import best_score, item_key, procedure_of, worth
from procmatch.alerts.phrases import (
    days_left,
    deadline,
    money,
    one_line,
    phrase,
    place_name,
    shorten,
    text_in,
)
from procmatch.model.match import Match
from procmatch.model.notice import Lot, Notice
from procmatch.model.subscription import Digest, DigestItem, Unfit
from procmatch.model.values import Money, Place
from procmatch.text.messages import Message, say

__all__ = [
    "COUNTS",
    "DEADLINES",
    "HEADINGS",
    "NEWS",
    "REASONS",
    "VALUES",
    "Entry",
    "Fact",
    "Part",
    "PlaceLabel",
    "counts",
    "entry",
    "heading",
]

#: Names a place in a language, e.g. from its NUTS code; ``""`` where it cannot.
PlaceLabel = Callable[[Place, str], str]
_Pair = tuple[Lot, Match | None]

#: What is news about a tender, in the order of a subject line.
NEWS = {
    "new": "New",
    "few-local": "Few small firms nearby",
    "changed": "Changed",
    "deadline": "Deadline near",
    "cancelled": "Called off",
    "ending": "Agreement that ends",
    "result": "Result",
}
#: (one, several) of each kind, as the first words of a subject.
HEADINGS = {
    "new": ("1 new tender", "{count} new tenders"),
    "few-local": (
        "1 tender that few small firms nearby fit",
        "{count} tenders that few small firms nearby fit",
    ),
    "changed": ("1 changed tender", "{count} changed tenders"),
    "deadline": ("1 deadline near", "{count} deadlines near"),
    "cancelled": ("1 tender called off", "{count} tenders called off"),
    "ending": ("1 agreement that ends within a year", "{count} agreements that end within a year"),
    "result": ("1 result", "{count} results"),
}
#: The same as the words that follow.
COUNTS = {
    "few-local": ("1 with few small firms nearby", "{count} with few small firms nearby"),
    "changed": ("1 changed", "{count} changed"),
    "deadline": ("1 deadline near", "{count} deadlines near"),
    "cancelled": ("1 called off", "{count} called off"),
    "ending": ("1 agreement that ends", "{count} agreements that end"),
    "result": ("1 result", "{count} results"),
}
#: Why a tender does not fit, as the reader chooses it.
REASONS = {
    Unfit.WRONG_TRADE: "Wrong trade",
    Unfit.TOO_BIG: "Too big",
    Unfit.TOO_FAR: "Too far away",
    Unfit.REQUIREMENTS: "Requirements",
}
#: News whose sentences say all there is to say: its lots are not shown one by one.
_SAID = {"cancelled", "ending", "result"}
#: News that asks the reader whether it fits.
_JUDGED = {"new", "changed", "deadline"}
#: Lot.deadline_kind -> what the deadline is for.
DEADLINES = {
    "tender": "Deadline",
    "request": "Deadline for asking to take part",
    "interest": "Deadline for showing interest",
}
#: What an amount stands for: a lot, or a tender of several lots.
VALUES = ("Value", "Total value")
_REASONS = 3
_HURDLES = 2
_EVIDENCE = 3
_LOTS = 5
_TITLE = 200
_SUBJECT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A label and what stands behind it, e.g. a deadline; ``note`` is said more quietly."""

    label: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A lot that fits: its title (``""`` where the tender's says it all), facts and why.

    Attributes:
        hurdles: (what stands in the way, what would remove it or ``""``) pairs.
        evidence: what is known of the supplier besides.
    """

    title: str
    facts: tuple[Fact, ...]
    reasons: tuple[str, ...]
    hurdles: tuple[tuple[str, str], ...]
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One tender of a letter.

    Attributes:
        key: the same for the same news of a tender. procedure: its id in the store.
        kind: as ``DigestItem.news``. news: the same for the reader.
        facts: what all its lots share.
        said: what the reader's own wishes and judgements did to its rank.
        more_lots: how many lots that fit are left out.
        link: the announcement. documents: the tender documents; both http(s) or ``""``.
        judge: where the reader says whether it fits, or ``""``.
        events: its deadlines.
    """

    key: str
    procedure: str
    kind: str
    news: str
    title: str
    buyer: str
    facts: tuple[Fact, ...]
    changes: tuple[str, ...]
    said: tuple[str, ...] = ()
    lots: tuple[Part, ...]
    more_lots: int
    link: str
    documents: str
    judge: str = ""
    events: tuple[Event, ...] = ()


def heading(digest: Digest) -> str:
    """Return the subject: how many of what, and the title that fits best."""
    language = digest.subscription.language
    rank = list(NEWS)
    best = min(digest.items, key=lambda item: (rank.index(item.news), -best_score(item)))
    title = shorten(_name(best.notice, language), _SUBJECT)
    return phrase("{counts}: {title}", language, counts=counts(digest), title=title)


def counts(digest: Digest) -> str:
    """Return how many tenders are new, changed and called off, e.g. "2 new tenders, 1 changed"."""
    language = digest.subscription.language
    numbers = Counter(item.news for item in digest.items)
    said: list[str] = []
    for kind in NEWS:
        if number := numbers[kind]:
            one, several = (COUNTS if said else HEADINGS)[kind]
            said.append(phrase(one if number == 1 else several, language, count=number))
    return ", ".join(said)


def entry(
    item: DigestItem,
    digest: Digest,
    *,
    pages: Mapping[str, str],
    label: PlaceLabel,
    addresses: Addresses,
) -> Entry:
    """Return what the letter says about one tender."""
    language = digest.subscription.language
    notice = item.notice
    lots = sorted(item.lots, key=lambda pair: -(pair[1].score if pair[1] else 0.0))
    shown = [] if item.news in _SAID else lots[:_LOTS]
    together = len({_due(lot) for lot, _ in lots}) == 1
    link = _page(notice, pages)
    key = item_key(item)
    return Entry(
        key=key,
        procedure=procedure_of(item),
        kind=item.news,
        news=phrase(NEWS[item.news], language),
        title=shorten(_name(notice, language), _TITLE),
        buyer=", ".join(dict.fromkeys(one_line(buyer.name) for buyer in notice.buyers)),
        facts=tuple(_shared_facts(digest, notice, shown, label, together=together)),
        changes=tuple(one_line(change) for change in item.changes),
        said=tuple(dict.fromkeys(_said(one, language) for one in item.said)),
        lots=_once([_part(digest, notice, pair, together=together) for pair in shown]),
        more_lots=len(lots) - len(shown) if shown else 0,
        link=link,
        documents=next((url for lot, _ in shown if (url := _web(lot.documents_url))), ""),
        judge=addresses.page("feedback", key) if item.news in _JUDGED else "",
        events=events_of(item, language, digest.made_at, link),
    )


def _once(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Say what is known of the supplier with the first lot that it stands with, and no more."""
    said: set[str] = set()
    found = []
    for part in parts:
        fresh = tuple(fact for fact in part.evidence if fact not in said)
        said.update(fresh)
        found.append(replace(part, evidence=fresh))
    return tuple(found)


def _name(notice: Notice, language: str) -> str:
    return text_in(notice.title, language) or notice.source_id or notice.notice_id


def _due(lot: Lot) -> tuple[datetime | None, str | None]:
    return lot.deadline, lot.deadline_kind


def _is_whole(notice: Notice) -> bool:
    """Whether the tender is not divided: what holds for its lot holds for it."""
    return len(notice.lots) <= 1


def _shared_facts(
    digest: Digest, notice: Notice, shown: Sequence[_Pair], label: PlaceLabel, *, together: bool
) -> list[Fact]:
    if not shown:
        return []
    language = digest.subscription.language
    first = shown[0][0]
    facts = _where(notice, [lot for lot, _ in shown], label, language)
    if together:
        facts += _deadline(first, digest.made_at, language)
    facts += _questions([lot for lot, _ in shown], digest.made_at, language)
    if _is_whole(notice):
        return facts + _value(VALUES[0], worth(notice, first), language)
    return facts + _value(VALUES[1], notice.value or notice.framework_maximum, language)


def _part(digest: Digest, notice: Notice, pair: _Pair, *, together: bool) -> Part:
    lot, match = pair
    language = digest.subscription.language
    facts = [] if together else _deadline(lot, digest.made_at, language)
    if not _is_whole(notice):
        facts += _value(VALUES[0], worth(notice, lot), language)
    title = shorten(text_in(lot.title, language), _TITLE) or one_line(lot.id)
    return Part(
        title="" if _is_whole(notice) else title,
        facts=tuple(facts),
        reasons=tuple(_said(one, language) for one in (match.reasons[:_REASONS] if match else ())),
        hurdles=tuple(
            (_said(one.reason, language), _said(one.way_out, language))
            for one in (match.hurdles[:_HURDLES] if match else ())
        ),
        evidence=tuple(
            _said(one, language) for one in (match.evidence[:_EVIDENCE] if match else ())
        ),
    )


def _said(message: Message | None, language: str) -> str:
    return one_line(say(message, language)) if message else ""


def _deadline(lot: Lot, now: datetime, language: str) -> list[Fact]:
    if lot.deadline is None:
        return []
    return [
        Fact(
            label=phrase(DEADLINES.get(lot.deadline_kind or "", "Deadline"), language),
            text=deadline(lot.deadline, language),
            note=days_left(lot.deadline, now, language),
        )
    ]


def _questions(lots: Sequence[Lot], now: datetime, language: str) -> list[Fact]:
    """Until when the buyer can be asked to make something clear or drop it (BT-13)."""
    until = min((lot.question_deadline for lot in lots if lot.question_deadline), default=None)
    if until is None or until <= now:
        return []
    return [
        Fact(
            label=phrase("Questions to the buyer by", language),
            text=deadline(until, language),
            note=days_left(until, now, language),
        )
    ]


def _value(label: str, value: Money | None, language: str) -> list[Fact]:
    if value is None or value.amount <= 1:
        return []
    note = phrase("excl. VAT", language)
    return [Fact(label=phrase(label, language), text=money(value, language), note=note)]


def _where(notice: Notice, lots: Sequence[Lot], label: PlaceLabel, language: str) -> list[Fact]:
    places = [place for lot in lots for place in lot.places] or list(notice.places)
    names = [place_name(place, language) or label(place, language) for place in places]
    told = list(dict.fromkeys(name for name in names if name))
    if not told:
        return []
    return [Fact(label=phrase("Place", language), text=", ".join(told[:_LOTS]))]


def _page(notice: Notice, pages: Mapping[str, str]) -> str:
    if notice.source_id is None or notice.source not in pages:
        return ""
    return pages[notice.source].format(id=quote(notice.source_id, safe=""))


def _web(address: str | None) -> str:
    """Return a printed address if it is safe to be a link, else ``""``."""
    if not address or any(c.isspace() or not c.isprintable() for c in address):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in {"http", "https"} and parts.netloc else ""

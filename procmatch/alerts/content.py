"""What a letter says, in the reader's words, before it takes the shape of text or HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from procmatch.alerts.digest import best_score, worth
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
from procmatch.model.subscription import Digest, DigestItem, Subscription
from procmatch.model.values import Money, Place
from procmatch.text.messages import Message, say

__all__ = [
    "COUNTS",
    "DEADLINES",
    "HEADINGS",
    "NEWS",
    "VALUES",
    "Entry",
    "Fact",
    "Part",
    "PlaceLabel",
    "counts",
    "entry",
    "heading",
    "wishes",
]

#: Names a place in a language, e.g. from its NUTS code; ``""`` where it cannot.
PlaceLabel = Callable[[Place, str], str]
_Pair = tuple[Lot, Match | None]

#: What is news about a tender, in the order of a subject line.
NEWS = {"new": "New", "changed": "Changed", "cancelled": "Called off"}
#: (one, several) of each kind, as the first words of a subject.
HEADINGS = {
    "new": ("1 new tender", "{count} new tenders"),
    "changed": ("1 changed tender", "{count} changed tenders"),
    "cancelled": ("1 tender called off", "{count} tenders called off"),
}
#: The same as the words that follow.
COUNTS = {
    "changed": ("1 changed", "{count} changed"),
    "cancelled": ("1 called off", "{count} called off"),
}
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
        kind: new, changed or cancelled. news: the same for the reader.
        facts: what all its lots share.
        more_lots: how many lots that fit are left out.
        link: the announcement. documents: the tender documents; both http(s) or ``""``.
    """

    kind: str
    news: str
    title: str
    buyer: str
    facts: tuple[Fact, ...]
    changes: tuple[str, ...]
    lots: tuple[Part, ...]
    more_lots: int
    link: str
    documents: str


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


def wishes(subscription: Subscription) -> str:
    """Return what the subscriber asked for, as a sentence."""
    language = subscription.language
    if subscription.org:
        number = str(subscription.org)
        return phrase("You asked for tenders that fit {number}.", language, number=number)
    wanted = (*subscription.words, *(f"CPV {code}" for code in subscription.cpv))
    text = one_line(", ".join(wanted))
    return phrase("You asked for tenders about: {wishes}.", language, wishes=text)


def entry(
    item: DigestItem, digest: Digest, *, pages: Mapping[str, str], label: PlaceLabel
) -> Entry:
    """Return what the letter says about one tender."""
    language = digest.subscription.language
    notice = item.notice
    lots = sorted(item.lots, key=lambda pair: -(pair[1].score if pair[1] else 0.0))
    # Of a tender that was called off, its title and the buyer's words say all there is to say.
    shown = [] if item.news == "cancelled" else lots[:_LOTS]
    together = len({_due(lot) for lot, _ in lots}) == 1
    return Entry(
        kind=item.news,
        news=phrase(NEWS[item.news], language),
        title=shorten(_name(notice, language), _TITLE),
        buyer=", ".join(dict.fromkeys(one_line(buyer.name) for buyer in notice.buyers)),
        facts=tuple(_shared_facts(digest, notice, shown, label, together=together)),
        changes=tuple(one_line(change) for change in item.changes),
        lots=tuple(_part(digest, notice, pair, together=together) for pair in shown),
        more_lots=len(lots) - len(shown) if shown else 0,
        link=_page(notice, pages),
        documents=next((url for lot, _ in shown if (url := _web(lot.documents_url))), ""),
    )


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

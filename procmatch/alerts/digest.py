"""What is new for a subscriber: chosen, ranked, capped; and what changed since it was told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from procmatch.alerts.phrases import deadline, money, phrase, shorten, text_in
from procmatch.model.notice import Lot, Notice
from procmatch.model.subscription import Digest, DigestItem, Subscription
from procmatch.model.values import Money

__all__ = [
    "CALLED_OFF",
    "best_score",
    "called_off",
    "changes_between",
    "fingerprint",
    "item_key",
    "make_digest",
    "procedure_of",
    "worth",
]

#: Fingerprint of every lot of a procedure that was called off.
CALLED_OFF = "cancelled"
_NEVER = datetime.max.replace(tzinfo=UTC)
#: Somebody may be at work on a tender that was told of: news about it comes first.
_ORDER = {
    "cancelled": 0,
    "changed": 1,
    "deadline": 2,
    "few-local": 3,
    "new": 4,
    "ending": 5,
    "result": 6,
}
_KEY = 16
_BUYERS_WORDS = 300


def worth(notice: Notice, lot: Lot) -> Money | None:
    """Return what a lot is worth, excl. VAT: BT-27, else BT-271, of the lot, else the procedure.

    The procedure's own amount stands for a lot only where there is a single lot. One krone or
    less is what buyers fill in when they would rather not say.
    """
    own = (lot.value, lot.framework_maximum)
    whole = (notice.value, notice.framework_maximum) if len(notice.lots) <= 1 else ()
    return next((money for money in (*own, *whole) if money and money.amount > 1), None)


def _amount(value: Money | None) -> str:
    return f"{value.amount.normalize():f} {value.currency}" if value else ""


def fingerprint(notice: Notice, lot: Lot) -> str:
    """Return a digest of what matters to a bidder on a lot.

    That is: its deadline, its value, which lots the tender has, and whether it was called off.
    A subscriber hears of a lot again only when this differs from what was told before.
    """
    if notice.changes and notice.changes.cancels:
        return CALLED_OFF
    facts = (
        lot.deadline.astimezone(UTC).isoformat() if lot.deadline else "",
        _amount(worth(notice, lot)),
        *sorted({each.id for each in notice.lots}),
    )
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def procedure_of(item: DigestItem) -> str:
    """Return the id of the procedure an item is about."""
    notice = item.notice
    return item.procedure or notice.procedure_id or notice.source_id or notice.notice_id


def item_key(item: DigestItem) -> str:
    """Return sixteen hexadecimal digits that are the same for the same news of a tender."""
    lots = sorted(f"{lot.id}/{fingerprint(item.notice, lot)}" for lot, _ in item.lots)
    publication = item.notice.source_id or item.notice.notice_id
    facts = "\n".join([procedure_of(item), item.news, publication, *lots])
    return hashlib.sha256(facts.encode()).hexdigest()[:_KEY]


def best_score(item: DigestItem) -> float:
    """Return the score 0..1 of the lot that fits best; 0 where nothing was scored."""
    return max((match.score for _, match in item.lots if match), default=0.0)


def _first_deadline(item: DigestItem) -> datetime:
    return min((lot.deadline for lot, _ in item.lots if lot.deadline), default=_NEVER)


def make_digest(
    subscription: Subscription, items: Sequence[DigestItem], *, now: datetime, max_items: int
) -> Digest | None:
    """Return the news of one subscription, or None when there is nothing to tell.

    Items are ordered: called off, changed, deadline near, few firms nearby, new, agreements that
    end, results; then by best score with what the subscriber's own words add, first deadline and
    notice id.
    What does not fit under ``max_items`` (at least one) stands in ``beyond`` and waits for the
    next letter.
    """
    if not items:
        return None
    ranked = sorted(
        items,
        key=lambda item: (
            _ORDER[item.news],
            -best_score(item) - item.lift,
            _first_deadline(item),
            item.notice.source_id or item.notice.notice_id,
        ),
    )
    cap = max(1, max_items)
    return Digest(
        subscription=subscription,
        items=tuple(ranked[:cap]),
        beyond=tuple(ranked[cap:]),
        made_at=now,
    )


def _lot_changes(old: tuple[Notice, Lot], new: tuple[Notice, Lot], language: str) -> Iterator[str]:
    before, after = old[1].deadline, new[1].deadline
    if before != after:
        yield phrase(
            "Deadline moved from {before} to {after}.",
            language,
            before=deadline(before, language) if before else phrase("not set", language),
            after=deadline(after, language) if after else phrase("not set", language),
        )
    was, now = worth(*old), worth(*new)
    if was != now:
        yield phrase(
            "Value changed from {before} to {after}.",
            language,
            before=money(was, language) if was else phrase("not stated", language),
            after=money(now, language) if now else phrase("not stated", language),
        )


def _title(lot: Lot, language: str) -> str:
    return text_in(lot.title, language) or lot.id


def changes_between(old: Notice, new: Notice, language: str) -> tuple[str, ...]:
    """Return what changed between two states of a tender, as sentences in ``language``.

    Called off or not, deadline and value of each lot, lots that came or went, and the buyer's own
    words. What holds for every lot is said once, what holds for some is said with their titles.
    A notice without lots (an old form 99) says nothing about lots.
    """
    found: list[str] = []
    if new.changes and new.changes.cancels:
        found.append(phrase("The buyer has called off this tender.", language))
    before = {lot.id: lot for lot in old.lots}
    after = {lot.id: lot for lot in new.lots}
    shared = [key for key in after if key in before]
    said: dict[str, list[str]] = {}
    for key in shared:
        for sentence in _lot_changes((old, before[key]), (new, after[key]), language):
            said.setdefault(sentence, []).append(_title(after[key], language))
    for sentence, titles in said.items():
        whole = len(titles) == len(shared)
        found.append(sentence if whole else f"{', '.join(titles)}: {sentence}")
    for key, lot in after.items():
        if key not in before:
            found.append(phrase("New lot: {title}.", language, title=_title(lot, language)))
    for key, lot in before.items():
        if after and key not in after:
            found.append(phrase("Lot removed: {title}.", language, title=_title(lot, language)))
    words = text_in(new.changes.text or new.changes.description, language) if new.changes else ""
    if words:
        quoted = shorten(words, _BUYERS_WORDS)
        found.append(phrase("The buyer writes: {text}", language, text=quoted))
    return tuple(found)


def called_off(first: Notice, end: Notice, language: str) -> tuple[str, ...]:
    """Return what is to be said of a tender that ``end`` calls off.

    ``end`` is a change that cancels, a result in which nobody won, or the announcement itself where
    only the source's list tells.
    """
    if end.changes and end.changes.cancels:
        return changes_between(first, end, language)
    return (phrase("The buyer has called off this tender.", language),)

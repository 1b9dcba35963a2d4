"""What is new for a subscriber: chosen, ranked, capped; and what changed since it was told."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from procmatch.alerts.phrases import deadline, money, phrase
from procmatch.model.notice import Lot, Notice
from procmatch.model.subscription import Digest, DigestItem, Subscription

__all__ = ["changes_between", "fingerprint", "make_digest"]

_NEVER = datetime.max.replace(tzinfo=UTC)
_ORDER = {"cancelled": 0, "changed": 1, "new": 2}


def fingerprint(notice: Notice, lot: Lot) -> str:
    """Return a digest of what matters to a bidder: deadline, value, whether it was called off.

    A subscriber hears of a lot again only when this differs from what was told before.
    """
    if notice.changes and notice.changes.cancels:
        return "cancelled"
    value = lot.value or lot.framework_maximum
    facts = (
        lot.deadline.isoformat() if lot.deadline else "",
        f"{value.amount.normalize():f} {value.currency}" if value else "",
    )
    return hashlib.sha256("|".join(facts).encode()).hexdigest()


def _best(item: DigestItem) -> float:
    return max((match.score for _, match in item.lots if match), default=0.0)


def _first_deadline(item: DigestItem) -> datetime:
    return min((lot.deadline for lot, _ in item.lots if lot.deadline), default=_NEVER)


def make_digest(
    subscription: Subscription, items: Sequence[DigestItem], *, now: datetime, max_items: int
) -> Digest | None:
    """Return the news of one subscription, or None when there is nothing to tell.

    Items are ordered: called off, changed, new; then by best score, first deadline and notice id.
    What does not fit under ``max_items`` is counted in ``more`` and waits for the next letter.
    """
    if not items:
        return None
    ranked = sorted(
        items,
        key=lambda item: (
            _ORDER[item.news],
            -_best(item),
            _first_deadline(item),
            item.notice.source_id or item.notice.notice_id,
        ),
    )
    return Digest(
        subscription=subscription,
        items=tuple(ranked[:max_items]),
        more=max(0, len(ranked) - max_items),
        made_at=now,
    )


def _lot_changes(old: Lot, new: Lot, language: str) -> list[str]:
    found = []
    if old.deadline != new.deadline:
        before = deadline(old.deadline, language) if old.deadline else phrase("not set", language)
        after = deadline(new.deadline, language) if new.deadline else phrase("not set", language)
        found.append(
            phrase("Deadline moved from {before} to {after}.", language, before=before, after=after)
        )
    if old.value != new.value:
        before = money(old.value, language) if old.value else phrase("not stated", language)
        after = money(new.value, language) if new.value else phrase("not stated", language)
        found.append(
            phrase("Value changed from {before} to {after}.", language, before=before, after=after)
        )
    return found


def changes_between(old: Notice, new: Notice, language: str) -> tuple[str, ...]:
    """Return what changed between two states of a tender, as sentences in ``language``.

    Deadline and value of each lot, lots that came or went, and the buyer's own words. The same
    change of several lots is said once.
    """
    before = {lot.id: lot for lot in old.lots}
    after = {lot.id: lot for lot in new.lots}
    found: list[str] = []
    for key, lot in after.items():
        if key in before:
            found += _lot_changes(before[key], lot, language)
    for key in after.keys() - before.keys():
        found.append(phrase("New lot: {title}.", language, title=str(after[key].title or key)))
    for key in before.keys() - after.keys():
        found.append(phrase("Lot removed: {title}.", language, title=str(before[key].title or key)))
    said = str(new.changes.text or new.changes.description) if new.changes else ""
    if said:
        found.append(phrase("The buyer writes: {text}", language, text=said))
    return tuple(dict.fromkeys(found))

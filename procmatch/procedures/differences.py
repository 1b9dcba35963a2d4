"""What one publication changed in another, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from procmatch.model.notice import Lot, Notice, Term
from procmatch.model.procedure import Difference
from procmatch.model.values import Money, Text

__all__ = ["between"]


def _time(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat() if value else None


def _money(value: Money | None) -> str | None:
    return f"{value.amount.normalize():f} {value.currency}" if value else None


def _text(value: Text | str | None) -> str | None:
    return " ".join(str(value or "").split()) or None


def _many(values: Iterable[object]) -> str | None:
    return "; ".join(sorted({text for value in values if (text := str(value))})) or None


def _term(term: Term | None) -> str | None:
    if term is None:
        return None
    length = f"{term.length:g} {term.unit or ''}".strip() if term.length is not None else ""
    renewals = f"{term.renewals} renewals" if term.renewals else ""
    parts = (length, term.start, term.end, term.other, renewals)
    return " ".join(str(part) for part in parts if part) or None


def _flag(value: bool | None) -> str | None:  # noqa: FBT001
    return None if value is None else "yes" if value else "no"


def _lot_fields() -> dict[str, Callable[[Lot], str | None]]:
    return {
        "deadline": lambda lot: _time(lot.deadline),
        "question_deadline": lambda lot: _time(lot.question_deadline),
        "value": lambda lot: _money(lot.value),
        "framework_maximum": lambda lot: _money(lot.framework_maximum),
        "title": lambda lot: _text(lot.title),
        "description": lambda lot: _text(lot.description),
        "cpv_main": lambda lot: lot.cpv_main,
        "cpv_additional": lambda lot: _many(lot.cpv_additional),
        "places": lambda lot: _many(place.code or place.city or "" for place in lot.places),
        "framework": lambda lot: lot.framework,
        "term": lambda lot: _term(lot.term),
        "variants": lambda lot: lot.variants,
        "guarantee_required": lambda lot: _flag(lot.guarantee_required),
        "sme_suitable": lambda lot: _flag(lot.sme_suitable),
        "reserved": lambda lot: _many(lot.reserved),
        "award_criteria": lambda lot: _many(
            f"{each.name or each.type or ''}"
            f"{f' {each.weight:g}' if each.weight is not None else ''}".strip()
            for each in lot.award_criteria
        ),
        "selection_criteria": lambda lot: _many(
            _text(each.description or each.name) or "" for each in lot.selection_criteria
        ),
        "documents_url": lambda lot: lot.documents_url,
        "submission_url": lambda lot: lot.submission_url,
    }


_LOT = _lot_fields()
_NOTICE: dict[str, Callable[[Notice], str | None]] = {
    "title": lambda notice: _text(notice.title),
    "description": lambda notice: _text(notice.description),
    "value": lambda notice: _money(notice.value),
    "framework_maximum": lambda notice: _money(notice.framework_maximum),
    "cpv_main": lambda notice: notice.cpv_main,
    "cpv_additional": lambda notice: _many(notice.cpv_additional),
    "places": lambda notice: _many(place.code or place.city or "" for place in notice.places),
    "procedure_type": lambda notice: notice.procedure_type,
    "nature": lambda notice: notice.nature,
    "buyers": lambda notice: _many(
        f"{one.name} {one.number or ''}".strip() for one in notice.buyers
    ),
}


def _changed(
    old: Notice | Lot,
    new: Notice | Lot,
    fields: dict[str, Callable[..., str | None]],
    lot: str | None,
) -> Iterator[Difference]:
    for name, shown in fields.items():
        before, after = shown(old), shown(new)
        if before != after:
            yield Difference(field=name, lot=lot, before=before, after=after)


def between(old: Notice, new: Notice) -> tuple[Difference, ...]:
    """Return every field that differs, of the notice first, then lot by lot.

    A lot that came or went is one difference in ``lots`` with its title. A notice without lots (an
    old form 99, some cancellations) says nothing about lots, and what it leaves out is no change.
    """
    if not new.lots:
        return ()
    found = list(_changed(old, new, _NOTICE, None))
    before = {lot.id: lot for lot in old.lots}
    after = {lot.id: lot for lot in new.lots}
    for key, lot in after.items():
        if key in before:
            found += _changed(before[key], lot, _LOT, key)
        elif before:
            found.append(Difference(field="lots", lot=key, after=_text(lot.title) or key))
    for key, lot in before.items():
        if key not in after:
            found.append(Difference(field="lots", lot=key, before=_text(lot.title) or key))
    return tuple(found)

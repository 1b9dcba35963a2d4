"""What a publication changed, said field by field in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

from procmatch.alerts.phrases import deadline, money, one_line, phrase, shorten
from procmatch.model.procedure import Difference, Revision
from procmatch.model.values import Money
from procmatch.text.messages import translate

__all__ = ["FIELDS", "sentences"]

#: Field of a :class:`Difference` -> what it is called.
FIELDS = {
    "deadline": "Deadline",
    "question_deadline": "Deadline for questions",
    "value": "Value",
    "framework_maximum": "Most the framework may be worth",
    "title": "Title",
    "description": "Description",
    "cpv_main": "Main CPV code",
    "cpv_additional": "Other CPV codes",
    "places": "Place",
    "framework": "Framework agreement",
    "term": "Contract period",
    "variants": "Variants",
    "guarantee_required": "Guarantee",
    "sme_suitable": "Suited to small firms",
    "reserved": "Reserved contract",
    "award_criteria": "Award criteria",
    "selection_criteria": "Requirements to the supplier",
    "documents_url": "Where the documents are",
    "submission_url": "Where tenders are sent",
    "procedure_type": "Procedure",
    "nature": "Kind of purchase",
    "buyers": "Buyer",
}
_TIMES = {"deadline", "question_deadline"}
_AMOUNTS = {"value", "framework_maximum"}
_LONGEST = 120
_BUYERS_WORDS = 300


def _shown(field: str, text: str, language: str) -> str:
    if field in _TIMES:
        return deadline(datetime.fromisoformat(text), language)
    if field in _AMOUNTS:
        amount, _, currency = text.partition(" ")
        try:
            return money(Money(amount=Decimal(amount), currency=currency), language)
        except InvalidOperation:
            return text
    return shorten(one_line(text), _LONGEST)


def _sentence(difference: Difference, language: str) -> str:
    if difference.field == "lots":
        title = one_line(difference.after or difference.before or difference.lot or "")
        template = "New lot: {title}." if difference.after else "Lot removed: {title}."
        return phrase(template, language, title=title)
    name = translate(FIELDS[difference.field], language)
    before = difference.before and _shown(difference.field, difference.before, language)
    after = difference.after and _shown(difference.field, difference.after, language)
    if difference.field == "deadline" and before and after:
        return phrase(
            "Deadline moved from {before} to {after}.", language, before=before, after=after
        )
    if before and after and before != after:
        return phrase(
            "{field} changed from {before} to {after}.",
            language,
            field=name,
            before=before,
            after=after,
        )
    if before and after:
        # They differ beyond what can be shown in a line.
        return phrase("{field} was rewritten.", language, field=name)
    if after:
        return phrase("{field} is new: {after}.", language, field=name, after=after)
    return phrase("{field} is gone: {before}.", language, field=name, before=before or "")


def sentences(revision: Revision, language: str, *, lots: Mapping[str, str]) -> Iterator[str]:
    """Yield what a revision changed, one sentence a field, then the buyer's own words.

    What holds for several lots alike is said once, with the lots it holds for.

    Args:
        revision: what changed.
        language: nb, nn or en.
        lots: lot id -> title, of all lots; a change of every lot names none.
    """
    said: dict[str, list[str]] = {}
    for difference in revision.differences:
        lot = difference.lot if difference.field != "lots" else None
        said.setdefault(_sentence(difference, language), []).extend([lot] if lot else [])
    for sentence, where in said.items():
        whole = not where or len(where) >= len(lots)
        names = ", ".join(one_line(lots.get(lot, lot)) for lot in where)
        yield sentence if whole else f"{names}: {sentence}"
    words = one_line(revision.text)
    if words:
        quoted = shorten(words, _BUYERS_WORDS)
        yield phrase("The buyer writes: {text}", language, text=quoted)

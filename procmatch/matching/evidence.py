"""Evidence said in sentences. It is shown beside a match and never moves its score."""

from __future__ import annotations

from datetime import date

from procmatch.codes.evidence import kinds
from procmatch.matching.asked import SURE
from procmatch.matching.inspection import grade
from procmatch.matching.profile import Profile
from procmatch.model.organisation import Evidence
from procmatch.text.messages import Message

__all__ = ["facts_of", "said"]


def said(fact: Evidence) -> Message:
    """Return one fact as a sentence: what, until when, who says so, and if it is unsure."""
    known = kinds().get(fact.kind)
    labels = tuple(known.labels.items()) if known else ()
    values: list[tuple[str, str | Message]] = [
        ("what", Message(fact.kind, words=labels)),
        ("source", known.attribution if known and known.source == fact.source else fact.source),
    ]
    inspected = grade(fact)
    if inspected and fact.valid_from and fact.certainty >= SURE:
        values += [("day", fact.valid_from.isoformat()), ("grade", inspected)]
        return Message("{what}, inspected {day}: {grade} ({source}).", tuple(values))
    if fact.certainty < SURE:
        if fact.tied_by == "declared":
            return Message("{what}: the firm says so itself ({source}).", tuple(values))
        return Message("Possibly {what}: a firm of a like name ({source}).", tuple(values))
    if fact.valid_to is None:
        return Message("{what} ({source}).", tuple(values))
    values.append(("day", fact.valid_to.isoformat()))
    return Message("{what}, holds until {day} ({source}).", tuple(values))


def facts_of(one: Profile, today: date) -> tuple[Evidence, ...]:
    """Return what is known of a supplier today, sure things first, each kind once."""
    if not one.supplier.evidence:
        return ()
    facts = [
        fact
        for fact in one.supplier.evidence
        if (fact.valid_from is None or fact.valid_from <= today)
        and (fact.valid_to is None or fact.valid_to >= today)
    ]
    order = list(kinds())
    facts.sort(
        key=lambda fact: (
            fact.certainty < SURE,
            order.index(fact.kind) if fact.kind in kinds() else len(order),
            fact.source,
        )
    )
    best: dict[str, Evidence] = {}
    for fact in facts:
        kept = best.setdefault(fact.kind, fact)
        # What is known for sure needs no guess beside it; of equals the one that holds longest.
        longer = (fact.valid_to or date.max) > (kept.valid_to or date.max)
        if longer and (fact.certainty >= SURE) == (kept.certainty >= SURE):
            best[fact.kind] = fact
    return tuple(best.values())

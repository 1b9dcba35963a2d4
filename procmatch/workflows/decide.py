"""Decide: a person's answers to questions of the review list, kept as labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from procmatch.model.label import Decision, Label
from procmatch.store import Store, labels
from procmatch.workflows.review_list import Question

__all__ = ["NOBODY", "decide"]

#: The answer that no unit of the register is meant.
NOBODY = "nobody"
_SOURCE = "review page"


def decide(
    store: Store, questions: Sequence[Question], answers: Mapping[str, str], now: datetime
) -> int:
    """Keep answers; what is no candidate of its question is no answer.

    Args:
        store: where decisions are kept; the next linking puts them to use.
        questions: as they were asked.
        answers: key of what was printed -> number of the unit meant, or :data:`NOBODY`.
        now: aware UTC.

    Returns:
        How many are new or say something else than before.
    """
    found = [
        label
        for question in questions
        if (label := _label(question, answers.get(question.printed.key, ""), now))
    ]
    with store.begin() as connection:
        return labels.save(connection, found)


def _label(question: Question, answer: str, now: datetime) -> Label | None:
    key = question.printed.key
    if answer == NOBODY:
        return Label(
            key=key,
            printed=question.printed,
            decision=Decision.NOBODY,
            decided_at=now,
            source=_SOURCE,
        )
    meant = next((one for one in question.candidates if one.org.number == answer), None)
    if meant is None:
        return None
    return Label(
        key=key,
        printed=question.printed,
        decision=Decision.SAME,
        org=meant.org,
        name=meant.name,
        decided_at=now,
        source=_SOURCE,
    )

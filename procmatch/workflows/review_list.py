"""What a person is asked: parties of which linkage is not sure, with the units they may be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from procmatch.linkage import Candidate, Linker, Ruling, candidates_left
from procmatch.linkage.decisions import LIKELY, Rulings
from procmatch.model.label import Printed
from procmatch.model.match import Linked
from procmatch.model.organisation import OrgId

__all__ = ["Choice", "Places", "Question", "ask", "in_words", "with_places"]

#: Candidates shown for one party.
_SHOWN = 5
#: Candidates whose probabilities are added up: is anybody meant at all?
_SUMMED = 10
_LEAST = 0.01

#: Says of units where each is, in a word or two; a unit may be missing.
Places: TypeAlias = Callable[[Collection[OrgId]], Mapping[OrgId, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A unit that a party may be.

    Attributes:
        org, name, place: the unit. score: 0..1, how likely it is meant. why: one sentence.
    """

    org: OrgId
    name: str
    place: str = ""
    score: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which unit is this, or is it nobody?

    Attributes:
        printed: the party. candidates: likeliest first.
        times: how often it occurs. value: NOK of the lots that it won, if known.
    """

    printed: Printed
    candidates: tuple[Choice, ...]
    times: int = 1
    value: int = 0


def in_words(criteria: Sequence[tuple[str, str]]) -> str:
    """Return criteria as one sentence."""
    said = "; ".join(f"{what}: {how}" for what, how in criteria)
    return f"{said[0].upper()}{said[1:]}." if said else ""


def ask(
    linker: Linker, parties: Sequence[Printed], answers: Sequence[Linked | None], rulings: Rulings
) -> Iterator[Question]:
    """Yield a question for each party whose answer is likelier one of the candidates than nobody.

    Args:
        linker: the register.
        parties: those whose link is not certain.
        answers: what linkage said of each.
        rulings: what was decided; what is settled is not asked again.
    """
    unsettled = [
        (one, answer)
        for one, answer in zip(parties, answers, strict=True)
        if not rulings.get(one.key, Ruling()).is_final
    ]
    left = candidates_left(linker, [one for one, _answer in unsettled], rulings, limit=_SUMMED)
    for (printed, answer), candidates in zip(unsettled, left, strict=True):
        found = _with_answer(answer, candidates)
        if answer is not None or sum(one.score for one in found) >= LIKELY:
            shown = [one for one in found if one.score >= _LEAST][:_SHOWN]
            choices = tuple(
                Choice(org=one.org, name=one.name, score=one.score, why=in_words(one.criteria))
                for one in shown
            )
            yield Question(printed=printed, candidates=choices)


def _with_answer(answer: Linked | None, candidates: list[Candidate]) -> list[Candidate]:
    """Put the unit that a printed number leads to among those of like names, first."""
    if answer is None:
        return candidates
    first = Candidate(
        org=answer.org,
        name=answer.name,
        score=answer.score,
        via=answer.method,
        criteria=answer.criteria,
    )
    return [first, *(one for one in candidates if one.org != answer.org)]


def with_places(questions: Sequence[Question], places: Places) -> list[Question]:
    """Return questions that also say where the candidates are."""
    where = places({one.org for question in questions for one in question.candidates})
    return [
        replace(
            question,
            candidates=tuple(
                replace(one, place=where.get(one.org, "")) for one in question.candidates
            ),
        )
        for question in questions
    ]

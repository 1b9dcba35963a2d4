"""Which unit is meant, how surely, and why; "nobody" is a normal answer.

Nothing here that makes a link certain depends on units with other names: adding an organisation
to the register cannot make a certain link of an unrelated one uncertain, or the other way round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from procmatch.linkage.blocking import Alias, Index
from procmatch.linkage.comparisons import (
    Comparison,
    form_agreement,
    has_same_postcode,
    names_agree,
    place_agreement,
)
from procmatch.linkage.query import Asked, municipal_form
from procmatch.model.match import Linked
from procmatch.model.organisation import OrgId

__all__ = ["Candidate", "by_exact_name", "by_likeness", "by_number", "candidate", "is_tied"]

#: Below this a likeness is nobody. On real name variants most of what lies below is wrong.
UNCERTAIN_FROM = 0.72
#: The best must lead the next unit by this; a smaller lead is a coin toss.
LEAD = 0.02
#: Number and name agree: nothing is surer without a person.
NUMBER_AND_NAME = 1.0
#: The number alone: it may be an agent's or another company's of the group.
NUMBER_ALONE = 0.7
#: Exact name, and place or form confirm; exact name that nothing confirms.
CONFIRMED_NAME, BARE_NAME = 0.97, 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A unit that may be meant.

    Attributes:
        org, name: the unit. score: 0..1. via: the kind of name that was compared.
        criteria: (what was compared, how it went).
    """

    org: OrgId
    name: str
    score: float
    via: str
    criteria: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exact:
    """A unit whose name, former name or establishment has exactly the key that is asked for."""

    alias: Alias
    form: str
    place: str

    @property
    def rank(self) -> tuple[bool, bool, bool, bool, bool]:
        """What decides between units of one name, the most telling first."""
        return (
            self.alias.unit.living,
            self.place == "agrees",
            self.place != "differs",
            self.form == "agrees",
            self.alias.kind == "name",
        )


def _in_words(alias: Alias, form: str, place: str, how: str) -> tuple[tuple[str, str], ...]:
    words = [("name", f"{how} {alias.kind}"), ("legal form", form), ("place", place)]
    if not alias.unit.living:
        words.append(("status", "deleted from the register"))
    return tuple(words)


def _number_in_words(asked: Asked) -> tuple[tuple[str, str], ...]:
    if asked.number_problem:
        return (("number", asked.number_problem),)
    return (("number", "valid, but not in the register"),) if asked.number else ()


def runner_up(of: OrgId, candidates: Sequence[Candidate]) -> tuple[OrgId, float] | None:
    """Return the best candidate that is not ``of``."""
    return next(((one.org, one.score) for one in candidates if one.org != of), None)


def by_number(asked: Asked, index: Index, candidates: Sequence[Candidate]) -> Linked | None:
    """Link by a valid number that the register knows; certain only if a name agrees."""
    unit, is_establishment = index.by_number.get(asked.number or "", (None, False))
    if unit is None:
        return None
    aliases = index.by_unit[unit.id]
    alias = next((one for one in aliases if names_agree(asked.keys, one.key)), None)
    score = next((one.score for one in candidates if one.org == unit.id), 0.0)
    known = aliases[0] if alias is None else alias
    lead = "an establishment's, leads to its parent unit" if is_establishment else "in the register"
    form = form_agreement(asked.form, known)
    place = place_agreement(asked.where, known.where)
    return Linked(
        org=unit.id,
        name=unit.name,
        score=NUMBER_AND_NAME if alias else max(NUMBER_ALONE, score),
        certain=alias is not None,
        method="number+name" if alias else "number",
        criteria=(
            ("number", lead),
            *_in_words(known, form, place, "agrees with" if alias else "differs from"),
        ),
        runner_up=runner_up(unit.id, candidates),
    )


def _exact(asked: Asked, index: Index) -> list[_Exact]:
    """Return the units of exactly this name, one entry each, the most likely first."""
    best: dict[OrgId, _Exact] = {}
    # "Asker kommune v/ Eiendom": the municipality buys. "Valle skole avd Reinsvoll": that school.
    keys = (asked.key,) if municipal_form(asked.key) else (asked.full, asked.key)
    found = next((index.by_key[key] for key in keys if key in index.by_key), ())
    for alias in found:
        one = _Exact(
            alias=alias,
            form=form_agreement(asked.form, alias),
            place=place_agreement(asked.where, alias.where),
        )
        if alias.unit.id not in best or one.rank > best[alias.unit.id].rank:
            best[alias.unit.id] = one
    return sorted(best.values(), key=lambda one: one.rank, reverse=True)


def _is_confirmed(first: _Exact, rivals: Sequence[_Exact], asked: Asked, index: Index) -> bool:
    """Whether more than the name speaks for ``first``, and nothing for another."""
    if asked.number or first.form in {"differs", "left out"} or first.place == "differs":
        # A valid number that the register does not know belongs to somebody else.
        return False
    if any(other in index.by_key for other in asked.others):
        return False
    living = [one for one in rivals if one.alias.unit.living]
    if first.place == "agrees":
        # Without a form, a town holds too many schools, farms and shops of one name.
        narrow = first.form == "agrees" or has_same_postcode(asked.where, first.alias.where)
        return narrow and not any(one.place != "differs" for one in living)
    return first.form == "agrees" and first.alias.kind == "name" and not rivals


def by_exact_name(asked: Asked, index: Index, candidates: Sequence[Candidate]) -> Linked | None:
    """Link by a name that is exactly in the register.

    Returns None also when several units have the name and nothing tells them apart.
    """
    found = _exact(asked, index)
    if not found or is_tied(asked, index):
        return None
    first, rivals = found[0], found[1:]
    confirmed = _is_confirmed(first, rivals, asked, index)
    unit = first.alias.unit
    others = [("units of this name", str(len(found)))] if rivals else []
    return Linked(
        org=unit.id,
        name=unit.name,
        score=CONFIRMED_NAME if confirmed else BARE_NAME,
        certain=confirmed,
        method="name+place" if first.place == "agrees" else "name",
        criteria=(
            *_number_in_words(asked),
            *_in_words(first.alias, first.form, first.place, "is exactly the"),
            *others,
        ),
        runner_up=runner_up(unit.id, candidates),
    )


def is_tied(asked: Asked, index: Index) -> bool:
    """Whether several units have exactly the name and nothing tells which is meant."""
    found = _exact(asked, index)
    return len(found) > 1 and found[0].rank == found[1].rank


def candidate(comparison: Comparison) -> Candidate:
    """Return what a comparison says, in words."""
    alias = comparison.alias
    how = f"{comparison.similarity:.2f} like the"
    return Candidate(
        org=alias.unit.id,
        name=alias.unit.name,
        score=min(1.0, max(0.0, comparison.score)),
        via=alias.kind,
        criteria=_in_words(alias, comparison.form, comparison.place, how),
    )


def by_likeness(asked: Asked, candidates: Sequence[Candidate]) -> Linked | None:
    """Link by likeness of names, never with certainty."""
    if not candidates:
        return None
    first = candidates[0]
    second = runner_up(first.org, candidates)
    if first.score < UNCERTAIN_FROM or (second and first.score - second[1] < LEAD):
        return None
    return Linked(
        org=first.org,
        name=first.name,
        # A likeness is never as good as an exact name.
        score=min(first.score, BARE_NAME),
        certain=False,
        method="name+place" if ("place", "agrees") in first.criteria else "name",
        criteria=(*_number_in_words(asked), *first.criteria),
        runner_up=second,
    )

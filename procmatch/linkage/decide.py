"""Which unit is meant, how surely, and why; "nobody" is a normal answer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from procmatch.codes import builtin
from procmatch.linkage.agree import names_agree
from procmatch.linkage.explain import Compared, number_in_words, say
from procmatch.linkage.features import FEATURES, column
from procmatch.linkage.index.aliases import KINDS
from procmatch.linkage.index.columns import Array
from procmatch.linkage.index.segment import rarity
from procmatch.linkage.query import Asked, municipal_form
from procmatch.linkage.rank import Part, Ranked
from procmatch.linkage.scoring import Scorer
from procmatch.linkage.variants import READINGS
from procmatch.linkage.words import OWNER_WORDS
from procmatch.model.match import Linked
from procmatch.model.organisation import OrgId

__all__ = ["Answers", "Candidate"]

#: Number and name agree: nothing is surer without a person.
NUMBER_AND_NAME = 1.0
#: The number alone: it may be an agent's or another company's of the group.
NUMBER_ALONE = 0.7
#: What nothing confirms, or something contradicts, is never given as surer than this.
UNCONFIRMED = 0.89
#: A word that so many names hold is a family's or a farm's, if another in the same town has it.
FAMILY = 50
_MUNICIPAL = frozenset({"KOMM", "FYLK"})
_PLACE_AGREES, _POSTCODE = 2, 3
_FORM_AGREES, _FORM_AKIN = 3, 2
_SAME_WORD, _HALF = 0.8, 0.5
#: Words as rare together as three that no other name holds.
_TELLING = 3
#: Names are the same from these shares of words on, or from this token sort ratio on; one that
#: prints more than the register has (an owner, a town) must hold all that the register has.
_BOTH, _SORTED, _ALL, _MOST = 0.9, 0.92, 0.98, 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A unit that may be meant.

    Attributes:
        org, name: the unit. score: 0..1, how likely it is meant, beside all the others.
        fit: 0..1, how well it fits, whoever else does. via: the kind of name compared.
        criteria: (what was compared, how it went).
    """

    org: OrgId
    name: str
    score: float
    via: str
    fit: float = 0.0
    criteria: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """Ranked units with their probabilities, turned into answers one query at a time."""

    parts: tuple[Part, ...]
    ranked: Ranked
    probability: Array
    names: int
    scorer: Scorer

    def candidates(self, query: int, limit: int) -> list[Candidate]:
        """Return the units that a query may mean, best first."""
        return [self._candidate(row) for row in list(self.ranked.of(query))[:limit]]

    def best(self, query: int) -> Candidate | None:
        """Return the unit that a query most likely means, without reasons."""
        rows = self.ranked.of(query)
        if not rows:
            return None
        row = rows[0]
        segment = self.parts[self.ranked.part[row]].segment
        return Candidate(
            org=self._org(row),
            name=segment.unit_name[int(self.ranked.unit[row])],
            score=_rounded(self.probability[row]),
            via=KINDS[segment.alias_kind[self.ranked.alias[row]]],
            fit=self._fit(row),
        )

    def _fit(self, row: int) -> float:
        return _rounded(1 / (1 + math.exp(-max(-30.0, min(30.0, self.ranked.score[row])))))

    def link(self, query: int) -> Linked | None:
        """Say which unit a query means. The number decides first, then the likeliest unit."""
        return self._by_number(query) or self._by_name(query)

    def _org(self, row: int) -> OrgId:
        part: Part = self.parts[self.ranked.part[row]]
        return part.segment.org(int(self.ranked.unit[row]))

    def _compared(self, row: int) -> Compared:
        ranked, alias = self.ranked, int(self.ranked.alias[row])
        segment = self.parts[ranked.part[row]].segment
        variant = int(ranked.variant[row])
        return Compared(
            printed=ranked.variants.keys[variant],
            known=segment.alias_key[alias],
            kind=KINDS[segment.alias_kind[alias]],
            reading=READINGS[ranked.variants.reading[variant]],
            features=dict(zip(FEATURES, ranked.features[row].tolist(), strict=True)),
            seen=segment.seen_of(alias),
        )

    def _candidate(self, row: int) -> Candidate:
        segment = self.parts[self.ranked.part[row]].segment
        compared = self._compared(row)
        return Candidate(
            org=self._org(row),
            name=segment.unit_name[int(self.ranked.unit[row])],
            score=_significant(self.probability[row]),
            via=compared.kind,
            fit=self._fit(row),
            criteria=say(compared),
        )

    def _runner_up(self, query: int, of: OrgId) -> tuple[OrgId, float] | None:
        for row in self.ranked.of(query):
            if (org := self._org(row)) != of:
                return org, _rounded(self.probability[row])
        return None

    def _lead(self, number: str) -> tuple[int, int, bool] | None:
        """Return the part and unit that a number leads to; the newest part knows best."""
        for at in reversed(range(len(self.parts))):
            part = self.parts[at]
            found = part.segment.with_number(number)
            if found is not None and not part.gone[found[0]]:
                return at, found[0], found[1]
        return None

    def _by_number(self, query: int) -> Linked | None:
        asked = self.ranked.variants.asked[query]
        lead = self._lead(asked.number) if asked.number else None
        if lead is None:
            return None
        at, unit, owns = lead
        segment = self.parts[at].segment
        org = segment.org(unit)
        agrees = any(
            names_agree(asked.keys, segment.alias_key[alias]) for alias in segment.aliases_of(unit)
        )
        row = next(
            (
                row
                for row in self.ranked.of(query)
                if (self.ranked.part[row], self.ranked.unit[row]) == (at, unit)
            ),
            None,
        )
        words = "in the register" if owns else "an establishment's, leads to its parent unit"
        said = say(self._compared(row)) if row is not None else ()
        verdict = ("name", "agrees" if agrees else "differs")
        rest = tuple(one for one in said if one[0] != "name") if agrees else said[1:]
        found = self.probability[row] if row is not None else 0.0
        score = NUMBER_AND_NAME if agrees else max(NUMBER_ALONE, min(UNCONFIRMED, found))
        return Linked(
            org=org,
            name=segment.unit_name[unit],
            score=_rounded(score),
            certain=agrees,
            method="number+name" if agrees else "number",
            criteria=(("number", words), verdict, *rest),
            runner_up=self._runner_up(query, org),
        )

    def _by_name(self, query: int) -> Linked | None:
        rows = self.ranked.of(query)
        if not rows or self.probability[rows[0]] < self.scorer.possible:
            return None
        row = rows[0]
        asked = self.ranked.variants.asked[query]
        found = self._candidate(row)
        compared = self._compared(row)
        certain = found.score >= self.scorer.automatic and self._is_confirmed(query, compared)
        return Linked(
            org=found.org,
            name=found.name,
            score=_rounded(found.score if certain else min(found.score, UNCONFIRMED)),
            certain=certain,
            method="name+place" if compared.features["place"] >= _PLACE_AGREES else "name",
            criteria=(*number_in_words(asked), *found.criteria),
            runner_up=self._runner_up(query, found.org),
        )

    def _is_confirmed(self, query: int, compared: Compared) -> bool:
        """Whether more than the name speaks for the unit, and nothing against it."""
        asked, features = self.ranked.variants.asked[query], compared.features
        if asked.number or features["place"] == 0 or self._part_is_somebody(asked):
            # A valid number that the register does not know belongs to somebody else.
            return False
        if compared.printed == compared.known and self._is_municipality(query):
            # The name of a municipality says where it is, and the law gives it to no other.
            return not features["form"] < _FORM_AGREES and not features["namesakes"]
        if not _is_same_name(features):
            return False
        if features["street"] == 1 or features["site"] == 1:
            return True
        if features["place"] == _POSTCODE:
            return True
        # A name may have gone over from one company of a family to another in the same town; but
        # under another form of the same kind it is the same firm's, which changed its form.
        return (
            features["place"] == _PLACE_AGREES
            and self._says_what_it_is(asked, compared)
            and not asked.is_public_part
            and (features["form"] == _FORM_AKIN or not self._has_relative(query))
        )

    def _is_municipality(self, query: int) -> bool:
        row = self.ranked.of(query)[0]
        segment = self.parts[self.ranked.part[row]].segment
        unit = int(self.ranked.unit[row])
        form = segment.forms[segment.unit_form[unit]]
        return form in _MUNICIPAL or municipal_form(self._compared(row).known) is not None

    def _says_what_it_is(self, asked: Asked, compared: Compared) -> bool:
        """Whether form or rare words tell a unit from its namesakes.

        Without these, a town holds too many schools, farms and shops of one name.
        """
        features = compared.features
        if math.isnan(features["form"]):
            is_municipal = any(map(municipal_form, compared.known.split()))
            rare = features["met"] >= _TELLING * self._rarity(1)
            return asked.form is not None or is_municipal or rare
        return features["form"] > 0

    def _rarity(self, names: int) -> float:
        return float(rarity(np.array([names]), self.names)[0])

    def _has_relative(self, query: int) -> bool:
        """Whether another unit in the same place begins alike, with a word that few names hold."""
        rows = list(self.ranked.of(query))
        printed = self._compared(rows[0]).printed.split()
        if builtin().places.find_municipality(printed[0]):
            return False
        other = self.ranked.features[rows[1:]]
        related = (
            (column(other, "place") >= _PLACE_AGREES)
            & (column(other, "rarest") >= self._rarity(FAMILY))
            & (column(other, "first") >= _SAME_WORD)
            & (column(other, "my_words") >= _HALF)
        )
        return any(
            OWNER_WORDS.isdisjoint(set(self._compared(rows[1 + at]).known.split()) - set(printed))
            for at in np.flatnonzero(related).tolist()
        )

    def _part_is_somebody(self, asked: Asked) -> bool:
        return any(part.segment.with_key(other) for part in self.parts for other in asked.others)


def _is_same_name(features: Mapping[str, float]) -> bool:
    if features["group"] or features["figures"]:
        # "Lia Bygg Eiendom" is not "Lia Bygg", and "Bygg 2" not "Bygg 1".
        return False
    its, mine = features["its_words"], features["my_words"]
    return (
        min(its, mine) >= _BOTH or features["sorted"] >= _SORTED or (its >= _ALL and mine >= _MOST)
    )


def _rounded(score: float) -> float:
    return round(float(score), 4)


def _significant(score: float) -> float:
    """Round so that units ranked one above another keep different scores, however unlikely."""
    return float(f"{float(score):.9g}")

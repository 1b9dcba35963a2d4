"""How much each criterion of relevance counts: one table, and the only weights there are.

The weights were chosen by hand from fits on four sets of real awards (docs/quality-matching.md says
on what); none is below 0, so that no list is ordered by what a firm lacks.

Past awards weigh much because their points are low: in half of all needs of t1_catalonia no award
is more like them than 0.43, and where nothing is known they are 0 for everybody. Likeness counts by
how many awards there are (:mod:`history`), so that the same table holds for a store of a few dozen
awards and for one of thousands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from procmatch.errors import SettingsError

__all__ = ["POLICY", "Criterion", "RelevancePolicy"]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of the table.

    Attributes:
        name: as settings and reports say it. weight: what it counts, 0 for nothing.
        measures: the question it answers. history: whether it looks at past awards.
        incumbent: whether only a firm that won before can get points for it.
    """

    name: str
    weight: float
    measures: str
    history: bool = False
    incumbent: bool = False


@dataclass(frozen=True, slots=True)
class RelevancePolicy:
    """The criteria in order; a score is the mean of their points by these weights."""

    rows: tuple[Criterion, ...]

    @property
    def total(self) -> float:
        """The sum of all weights."""
        return sum(row.weight for row in self.rows)

    def without(self, names: Iterable[str]) -> RelevancePolicy:
        """Return the policy with some criteria switched off.

        Raises:
            SettingsError: a criterion that is not in the table.
        """
        off = set(names)
        unknown = off - {row.name for row in self.rows}
        if unknown:
            known = ", ".join(row.name for row in self.rows)
            raise SettingsError(f"relevance: no criterion {min(unknown)!r}; there are {known}")
        return self._changed(dict.fromkeys(off, 0.0))

    def without_history(self) -> RelevancePolicy:
        """Return the policy with every criterion that looks at past awards switched off."""
        return self.without(row.name for row in self.rows if row.history)

    def open_to_all(self) -> RelevancePolicy:
        """Return the policy without the criteria that only a firm that won before can meet."""
        return self.without(row.name for row in self.rows if row.incumbent)

    def with_weight(self, name: str, weight: float) -> RelevancePolicy:
        """Return the policy with one weight changed.

        Raises:
            SettingsError: an unknown criterion or a weight below 0.
        """
        self.without([name])
        if weight < 0:
            raise SettingsError(f"relevance: the weight of {name} is below 0")
        return self._changed({name: weight})

    def _changed(self, weights: dict[str, float]) -> RelevancePolicy:
        return RelevancePolicy(
            tuple(replace(row, weight=weights.get(row.name, row.weight)) for row in self.rows)
        )


POLICY = RelevancePolicy(
    (
        Criterion("trade", 3.0, "Does the firm's industry answer the need's CPV codes?"),
        Criterion("branch", 2.0, "Do the words of the firm and the need name the same branch?"),
        Criterion("words", 2.0, "Do they share rare words, whatever the inflection?"),
        Criterion("subwords", 8.0, "Do they share rare parts of words?"),
        Criterion("place", 5.0, "Does the firm work near the place?"),
        Criterion("capacity", 1.0, "Is the value a year within what the firm can carry?"),
        Criterion(
            "neighbours",
            25.0,
            "Has the firm won something like this?",
            history=True,
            incumbent=True,
        ),
        Criterion(
            "series",
            20.0,
            "Has the firm won in this series of the buyer?",
            history=True,
            incumbent=True,
        ),
        Criterion(
            "buyer", 2.0, "Has the buyer chosen the firm before?", history=True, incumbent=True
        ),
        Criterion(
            "wins", 1.0, "Has the firm won in this CPV branch?", history=True, incumbent=True
        ),
        Criterion("reach", 3.0, "Do winners here often come from the firm's area?", history=True),
        Criterion("size", 0.0, "Is the firm large? No merit; here to show what it would do."),
    )
)

"""The ranking policy: one readable table that an operator can change in the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from procmatch.errors import SettingsError

__all__ = ["DEFAULT_POLICY", "Policy", "Row", "policy_from"]


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion: its weight 0..1, and what it measures."""

    name: str
    weight: float
    measures: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The criteria in order. The score is the mean of their points by these weights."""

    rows: tuple[Row, ...]

    def weight(self, name: str) -> float:
        """Return a criterion's weight."""
        return next(row.weight for row in self.rows if row.name == name)

    @property
    def total(self) -> float:
        """The sum of all weights."""
        return sum(row.weight for row in self.rows)


DEFAULT_POLICY = Policy(
    (
        Row("industry", 0.45, "Does the supplier's trade answer the lot's CPV codes?"),
        Row("text", 0.25, "Do what the lot asks for and what the supplier does share words?"),
        Row("place", 0.20, "How near does the supplier work to where the contract is performed?"),
        Row("capacity", 0.10, "Is the lot's value a year within what the supplier can carry?"),
    )
)


def policy_from(weights: Mapping[str, float]) -> Policy:
    """Return the default policy with some weights changed.

    Raises:
        SettingsError: an unknown criterion, a weight outside 0..1, or no weight left.
    """
    known = {row.name for row in DEFAULT_POLICY.rows}
    for name, weight in weights.items():
        if name not in known:
            names = ", ".join(sorted(known))
            raise SettingsError(f"policy: no criterion {name!r}; there are {names}")
        if not 0 <= weight <= 1:
            raise SettingsError(f"policy: the weight of {name} is not between 0 and 1")
    rows = tuple(
        Row(row.name, weights.get(row.name, row.weight), row.measures)
        for row in DEFAULT_POLICY.rows
    )
    if not sum(row.weight for row in rows):
        raise SettingsError("policy: all weights are 0")
    return Policy(rows)

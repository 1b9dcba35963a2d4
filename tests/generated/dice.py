"""Chance with a seed: shares, weights, some days."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from tests.generated.shares import Shares

__all__ = ["Dice"]


@dataclass(frozen=True, slots=True)
class Dice:
    """The same seed gives the same market."""

    chance: random.Random
    shares: Shares

    def happens(self, share: float) -> bool:
        """Return True in that share of cases."""
        return self.chance.random() < share

    def pick(self, weighted: Sequence[tuple[str, float]]) -> str:
        """Return one of the names by its weight."""
        names, weights = zip(*weighted, strict=True)
        return str(self.chance.choices(names, weights)[0])

    def days(self, low: int, high: int) -> timedelta:
        """Return from ``low`` days up to ``high``, and some minutes of the day."""
        minutes = self.chance.randrange(24 * 60)
        return timedelta(days=self.chance.randrange(low, high), minutes=minutes)

    def uuid(self) -> str:
        """Return a UUID."""
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

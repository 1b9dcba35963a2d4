"""Chance that is the same every time, and the words that names are made of."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

__all__ = ["Dice", "Spot", "Trade", "spots", "trades", "words"]

_FOLDER = Path(__file__).parent / "words"
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A postal town. weight: how many units lie there, beside others."""

    municipality: str
    postcode: str
    town: str
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """What a firm does, in bokmål, nynorsk, English and short ("" where nobody shortens it)."""

    nb: str
    nn: str
    en: str
    short: str


@cache
def words(name: str) -> tuple[str, ...]:
    """Return a list of words, the commonest first."""
    text = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(dict.fromkeys(text.split()))


def _rows(name: str) -> list[list[str]]:
    lines = (_FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


@cache
def spots() -> tuple[Spot, ...]:
    """Return towns with real numbers of their municipalities."""
    return tuple(
        Spot(municipality=number, postcode=code, town=town, weight=int(weight))
        for number, code, town, weight in _rows("places")
    )


@cache
def trades() -> tuple[Trade, ...]:
    """Return trades, the commonest about first."""
    return tuple(Trade(nb=nb, nn=nn, en=en, short=short) for nb, nn, en, short in _rows("trades"))


@cache
def _falling(count: int, flat: int) -> tuple[float, ...]:
    # As names and trades are: few are very common, most are not.
    return tuple(accumulate(1 / (flat + place) for place in range(count)))


@cache
def _town_weights() -> tuple[int, ...]:
    return tuple(accumulate(spot.weight for spot in spots()))


class Dice(random.Random):
    """Random choices in the shapes that registers have."""

    def chance(self, share: float) -> bool:
        """Return True this often."""
        return self.random() < share

    def common(self, items: Sequence[_Item], flat: int = 15) -> _Item:
        """Return one of ``items``; those at the head are chosen oftener."""
        return self.choices(items, cum_weights=_falling(len(items), flat))[0]

    def surname(self) -> str:
        """Return a surname."""
        return self.common(words("surnames"))

    def first_name(self) -> str:
        """Return a first name."""
        return self.common(words("first_names"), 40)

    def person(self) -> str:
        """Return a whole name, at times with a second first name or an initial."""
        middle = ""
        if self.chance(0.15):
            middle = f"{self.first_name()} "
        elif self.chance(0.08):
            middle = f"{self.surname()[0]}. "
        return f"{self.first_name()} {middle}{self.surname()}"

    def farm(self) -> str:
        """Return the name of a farm."""
        return self.common(words("farms"), 60)

    def trade(self) -> Trade:
        """Return a trade."""
        return self.common(trades(), 25)

    def spot(self) -> Spot:
        """Return a town."""
        return self.choices(spots(), cum_weights=_town_weights())[0]

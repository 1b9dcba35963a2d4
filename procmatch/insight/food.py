"""The food pack: product groups as kitchens buy them, with codes, trades, words and seasons."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = [
    "FoodGroup",
    "Season",
    "Split",
    "food_groups",
    "group_of",
    "named_groups",
    "ways_of_splitting",
]

#: Of Norwegian nouns.
_ENDINGS = "(?:r|er|ar|et|en|a|n|ene|ane|ene?s)?"


@dataclass(frozen=True, slots=True)
class Season:
    """A kind of produce and the months (1..12) in which it is usually to be had fresh."""

    names: Mapping[str, str]
    months: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FoodGroup:
    """A product group.

    Attributes:
        key: e.g. ``"bread"``. names: by language (nb, nn, en).
        cpv: prefixes of CPV codes. trades: of SN2025 codes that make or sell it.
        words: what people call it, for a need told in words.
        signs: words that name it in a title, without their endings.
        seasons: of kinds in it, where there are any.
    """

    key: str
    names: Mapping[str, str]
    cpv: tuple[str, ...]
    trades: tuple[str, ...]
    words: str
    signs: tuple[str, ...] = ()
    seasons: tuple[Season, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The CPV codes of the prefixes, eight digits."""
        return tuple(prefix.ljust(8, "0") for prefix in self.cpv)


@dataclass(frozen=True, slots=True)
class Split:
    """A way of splitting a food contract, named in each language."""

    key: str
    names: Mapping[str, str]


@cache
def _table() -> Mapping[str, Any]:
    text = (files("procmatch.insight") / "data" / "food.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _names(row: Mapping[str, Any]) -> Mapping[str, str]:
    return {language: row[language] for language in ("nb", "nn", "en")}


@cache
def food_groups() -> tuple[FoodGroup, ...]:
    """Return the product groups, in the order of a kitchen's list."""
    return tuple(
        FoodGroup(
            key=row["key"],
            names=_names(row),
            cpv=tuple(row["cpv"]),
            trades=tuple(row["trades"]),
            words=row["words"],
            signs=tuple(row["signs"]),
            seasons=tuple(
                Season(one["kind"], tuple(one["months"])) for one in row.get("season", ())
            ),
        )
        for row in _table()["group"]
    )


def group_of(cpv: str) -> FoodGroup | None:
    """Return the group of a CPV code by its longest prefix; None where it is no food of ours."""
    best: tuple[int, FoodGroup] | None = None
    for group in food_groups():
        for prefix in group.cpv:
            if cpv.startswith(prefix) and (best is None or len(prefix) > best[0]):
                best = (len(prefix), group)
    return best[1] if best else None


@cache
def _signs() -> tuple[tuple[FoodGroup, re.Pattern[str]], ...]:
    return tuple(
        (group, re.compile(rf"\b(?:{'|'.join(group.signs)}){_ENDINGS}\b", re.IGNORECASE))
        for group in food_groups()
    )


def named_groups(text: str) -> list[FoodGroup]:
    """Return the groups of which a text (bokmål or nynorsk) names some goods, as whole words."""
    return [group for group, sign in _signs() if sign.search(text)]


@cache
def ways_of_splitting() -> tuple[Split, ...]:
    """Return the lawful ways of splitting a food contract."""
    return tuple(Split(row["key"], _names(row)) for row in _table()["split"])

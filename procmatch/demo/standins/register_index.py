"""Units as the register's search engine holds them: flat, once, so that a search is quick."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from procmatch.demo.standins.content import Json

__all__ = ["Entry", "index"]

_WORD = re.compile(r"\w+")
_HIDDEN_STAFF = (1, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One unit.

    Attributes:
        item: the JSON object. flat: dotted path -> scalar, lists left out.
        words: of the name, without punctuation.
        staff: the fewest and the most employees that the register lets one know.
    """

    item: Json
    flat: Mapping[str, Any]
    words: tuple[str, ...]
    staff: tuple[int, int]

    def text(self, path: str) -> str:
        """Return the text at a dotted path, or ``""``."""
        value = self.flat.get(path)
        return "" if value is None else str(value)


def _scalars(item: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in item.items():
        if isinstance(value, dict):
            yield from _scalars(value, f"{above}{name}.")
        elif not isinstance(value, list):
            yield above + name, value


def _staff(item: Json) -> tuple[int, int]:
    told = item.get("antallAnsatte")
    if told is not None:
        return int(told), int(told)
    return _HIDDEN_STAFF if item.get("harRegistrertAntallAnsatte") else (0, 0)


def index(items: Sequence[Json]) -> list[Entry]:
    """Return the index over units or establishments, in their order."""
    return [
        Entry(
            item=item,
            flat=dict(_scalars(item)),
            words=tuple(_WORD.findall(str(item.get("navn", "")).casefold())),
            staff=_staff(item),
        )
        for item in items
    ]

"""CPV 2008: the Common Procurement Vocabulary, a tree of eight-digit codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from procmatch.codes.entry import CodeEntry
from procmatch.codes.tables import rows
from procmatch.errors import CodeError

__all__ = ["Cpv", "ancestors", "builtin", "depth", "division", "normalise", "within"]

_FORM = re.compile(r"\s*(\d{8})(?:-\d)?\s*")
_DIVISION = 2
_LENGTH = 8


def normalise(text: str) -> str:
    """Return the eight digits of a CPV code, without its check digit.

    Raises:
        CodeError: not eight digits.

    Examples:
        >>> normalise("15811000-6")
        '15811000'
    """
    found = _FORM.fullmatch(text)
    if not found:
        raise CodeError(f"not a CPV code: {text!r}")
    return found[1]


def division(code: str) -> str:
    """Return the two digits of the division, e.g. ``"15"``."""
    return code[:_DIVISION]


def _stem(code: str) -> str:
    return code[:_DIVISION] + code[_DIVISION:].rstrip("0")


def depth(code: str) -> int:
    """Return how many digits carry meaning: 2 for a division, 8 for the finest code."""
    return len(_stem(code))


def ancestors(code: str) -> tuple[str, ...]:
    """Return the codes above ``code``, nearest first, up to its division.

    Examples:
        >>> ancestors("15811000")
        ('15810000', '15800000', '15000000')
    """
    stem = _stem(code)
    return tuple(stem[:n].ljust(_LENGTH, "0") for n in range(len(stem) - 1, _DIVISION - 1, -1))


def within(code: str, branch: str) -> bool:
    """Return whether ``code`` is ``branch`` or below it; ``branch`` may be cut short ("158")."""
    stem = branch[:_DIVISION] + branch[_DIVISION:].rstrip("0")
    return code.startswith(stem)


@dataclass(frozen=True, slots=True)
class Cpv:
    """Labels of CPV codes: code -> language (nb, nn, en) -> label."""

    labels: Mapping[str, Mapping[str, str]]

    def label(self, code: str, language: str = "nb") -> str:
        """Return the label, of the nearest known code above where the code itself is unknown.

        Nynorsk falls back on bokmål. An empty text means that not even the division is known.
        """
        for candidate in (code, *ancestors(code)):
            found = self.labels.get(candidate)
            if found:
                for wanted in (language, "nb", "en"):
                    if text := found.get(wanted):
                        return text
        return ""

    def __contains__(self, code: object) -> bool:
        return code in self.labels


def builtin() -> dict[str, dict[str, str]]:
    """Return the labels that come with the package."""
    return {
        row["code"]: {name: row[name] for name in ("nb", "nn", "en") if row[name]}
        for row in rows("cpv")
    }


def with_entries(entries: list[CodeEntry]) -> Cpv:
    """Return the built-in labels under those of ``entries`` (list ``cpv``)."""
    labels = builtin()
    for entry in entries:
        labels[entry.code] = labels.get(entry.code, {}) | entry.labels
    return Cpv(labels)

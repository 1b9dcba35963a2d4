"""CPV 2008: the Common Procurement Vocabulary, a tree of eight-digit codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from procmatch.codes.entry import CodeEntry
from procmatch.codes.tables import rows
from procmatch.errors import CodeError

__all__ = [
    "Cpv",
    "ancestors",
    "builtin",
    "depth",
    "division",
    "group",
    "normalise",
    "with_entries",
    "within",
]

_FORM = re.compile(r"([0-9]{8})(?:-[0-9])?")
_UNSEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_DIVISION = 2
_GROUP = 3
_LENGTH = 8
_SHOWN = 40


def normalise(text: str) -> str:
    """Return the eight digits of a CPV code, without its check digit.

    Spaces and invisible characters are dropped. The check digit is not verified: how it is made is
    not published, and nothing is lost by a wrong one.

    Raises:
        CodeError: not eight digits.

    Examples:
        >>> normalise("15811000-6")
        '15811000'
    """
    plain = unicodedata.normalize("NFKC", text[: 2 * _SHOWN]).replace("\u2010", "-")
    found = _FORM.fullmatch(_UNSEEN.sub("", plain))
    if not found:
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        raise CodeError(f"not a CPV code: {shown!r}")
    return found[1]


def division(code: str) -> str:
    """Return the two digits of the division, e.g. ``"15"``."""
    return code[:_DIVISION]


def group(code: str) -> str:
    """Return the three digits of the group, e.g. ``"158"``; two where the code is a division."""
    return _stem(code)[:_GROUP]


def _stem(code: str) -> str:
    return code[:_DIVISION] + code[_DIVISION:].rstrip("0")


def depth(code: str) -> int:
    """Return how many digits carry meaning: 2 for a division, 8 for the finest code."""
    return len(_stem(code))


def ancestors(code: str) -> tuple[str, ...]:
    """Return the codes above ``code``, nearest first, up to its division.

    The list itself leaves out some steps; :meth:`Cpv.ancestors` gives those that exist.

    Examples:
        >>> ancestors("15811000")
        ('15810000', '15800000', '15000000')
    """
    stem = _stem(code)
    return tuple(
        dict.fromkeys(
            above
            for n in range(len(stem) - 1, _DIVISION - 1, -1)
            if (above := stem[:n].ljust(_LENGTH, "0")) != code
        )
    )


def within(code: str, branch: str) -> bool:
    """Return whether ``code`` is ``branch`` or below it; ``branch`` may be cut short ("158").

    Fewer than two digits are no branch, and hold nothing.
    """
    return len(branch) >= _DIVISION and code.startswith(_stem(branch))


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

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the known codes above ``code``, nearest first."""
        return tuple(above for above in ancestors(code) if above in self.labels)

    def parent(self, code: str) -> str | None:
        """Return the nearest known code above, or None for a division."""
        return next(iter(self.ancestors(code)), None)

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

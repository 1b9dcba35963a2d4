"""Names of municipalities as sources print them, and the one municipality that each names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

__all__ = ["fold", "index", "parts"]

_APART = re.compile(r"\s+[-–/]\s+|\s*/\s*")
_SPACES = re.compile(r"\s+")


def parts(name: str) -> tuple[str, ...]:
    """Return the names in a name of several languages.

    Examples:
        >>> parts("Unjárga - Nesseby")
        ('Unjárga', 'Nesseby')
        >>> parts("Aurskog-Høland")
        ('Aurskog-Høland',)
    """
    return tuple(part for part in _APART.split(name.strip()) if part)


def fold(name: str) -> str:
    """Return a name as it is compared: no case, no "kommune", single spaces.

    Examples:
        >>> fold("ASKER  KOMMUNE")
        'asker'
    """
    plain = _SPACES.sub(" ", unicodedata.normalize("NFC", name)).strip().casefold()
    return plain.removesuffix(" kommune").removesuffix(" herad").strip()


def index(names: Mapping[str, Iterable[str]], counties: Mapping[str, str]) -> dict[str, str]:
    """Return folded name -> municipality number, of names that are one municipality's.

    Args:
        names: municipality number -> all its names.
        counties: municipality number -> name of its county; ``"Våler (Innlandet)"`` tells apart
            what the bare name does not.
    """
    found: dict[str, set[str]] = {}
    for number, all_names in names.items():
        county = counties.get(number, "")
        for name in all_names:
            found.setdefault(fold(name), set()).add(number)
            for part in parts(name):
                found.setdefault(fold(part), set()).add(number)
                if county:
                    found.setdefault(fold(f"{part} ({county})"), set()).add(number)
    return {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1}

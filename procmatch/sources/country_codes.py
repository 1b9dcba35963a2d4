"""Countries as registers print them, in two letters, to the three letters of notices."""

from __future__ import annotations

from procmatch.codes.countries import THREE_LETTERS
from procmatch.errors import SourceChanged

__all__ = ["three_letters"]


def three_letters(code: str, *, source: str, where: str) -> str:
    """Return the ISO 3166-1 alpha-3 code of an alpha-2 code, e.g. ``"NOR"`` of ``"NO"``.

    Countries that are no more (Yugoslavia, the Netherlands Antilles) are still in old addresses.

    Raises:
        SourceChanged: no country has that code.
    """
    try:
        return THREE_LETTERS[code.strip().upper()]
    except KeyError:
        raise SourceChanged(f"unknown country {code!r}", source=source, where=where) from None

"""Flat rows of the register's CSV file turned back into the JSON that its API serves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["unit_from_row"]

_BOOLEANS = {
    "harRegistrertAntallAnsatte",
    "registrertIMvaRegisteret",
    "registrertIFrivillighetsregisteret",
    "registrertIForetaksregisteret",
    "registrertIStiftelsesregisteret",
    "konkurs",
    "underAvvikling",
    "underTvangsavviklingEllerTvangsopplosning",
}
_LISTS = {"vedtektsfestetFormaal", "aktivitet", "adresse", "frivilligMvaRegistrertBeskrivelser"}
#: The CSV spells a few names otherwise than the JSON.
_JSON_NAMES = {
    "registreringsdatoenhetsregisteret": "registreringsdatoEnhetsregisteret",
    "registrertIMvaRegisteret": "registrertIMvaregisteret",
}
_LINE = 70


def _wrapped(text: str) -> list[str]:
    """Break a text as the register does: hard, at about 70 characters."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > _LINE:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line] if line else lines


def unit_from_row(row: Mapping[str, str]) -> dict[str, Any]:
    """Return the v2 object of one CSV row; empty cells are absent keys."""
    unit: dict[str, Any] = {}
    for column, text in row.items():
        if not text or column.startswith("_"):
            continue
        *path, name = column.split(".")
        target = unit
        for part in path:
            target = target.setdefault(part, {})
        if name in _BOOLEANS:
            value: Any = text.lower() == "true"
        elif name == "antallAnsatte":
            value = int(text)
        elif name in _LISTS:
            value = [text] if name == "adresse" else _wrapped(text)
        else:
            value = text
        target[_JSON_NAMES.get(name, name)] = value
    return unit

"""Normalised texts and names: everything that decides whether two spellings are the same."""

from __future__ import annotations

from procmatch.text.folding import fold, fold_ascii, spell_out, tokens
from procmatch.text.names import LEGAL_FORMS, Name, ascii_key, name_key, parse_name, take_apart

__all__ = [
    "LEGAL_FORMS",
    "Name",
    "ascii_key",
    "fold",
    "fold_ascii",
    "name_key",
    "parse_name",
    "spell_out",
    "take_apart",
    "tokens",
]

"""What gives a requirement away in a buyer's words: bokmål, nynorsk and English, kind by kind.

``data/signs.tsv``: where, kind, sign. The kinds are those of ``asked_words``; what each means, and
real notices labelled with them, is in ``training/hurdles``. A sign is a regular expression, looked
for in one sentence at a time, lower case. ``where`` is

- ``criterion``: in a selection criterion, which as a whole is something asked for;
- ``anywhere``: enough in a title or a description too, without a sentence that demands;
- ``word``: words that other rules are made of, ``kind`` being their name;
- ``code``: a criterion's code (BT-809, or BT-747 where it is used for it).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

__all__ = ["DESCRIBED", "codes", "has", "rows", "signs"]

#: Kinds that are also read in the description, where a sentence asks something of a supplier.
#: The others are there words about what is bought: insurance, quality control, machines.
DESCRIBED = frozenset((
    "insurance", "guarantee", "licence", "cleaning_register", "central_approval", "apprentices",
    "references", "security_clearance", "police_certificate", "nda", "language", "response_time",
    "local_presence", "credit_rating", "tax_certificate", "years_trading", "electronic_catalogue",
    "quality_certificate", "environment_certificate", "security_certificate", "daily_delivery",
))  # fmt: skip


@cache
def rows() -> tuple[tuple[str, str, str], ...]:
    """Return the whole table: (where, kind, sign)."""
    text = (files("procmatch.matching") / "data" / "signs.tsv").read_text(encoding="utf-8")
    split = (line.split("\t") for line in text.splitlines()[1:])
    return tuple((where, kind, sign) for where, kind, sign in split)


def _rows(where: str) -> tuple[tuple[str, str], ...]:
    """Return (kind, sign) rows of one place."""
    return tuple((kind, sign) for at, kind, sign in rows() if at == where)


@cache
def signs(where: str) -> Mapping[str, re.Pattern[str]]:
    """Return kind -> one pattern of all its signs, for ``criterion``, ``anywhere`` or ``word``."""
    found: dict[str, list[str]] = {}
    for kind, sign in _rows(where):
        found.setdefault(kind, []).append(sign)
    return {kind: re.compile("|".join(each)) for kind, each in found.items()}


def has(word: str, sentence: str) -> bool:
    """Tell whether a sentence has one of the words that go by a name."""
    return bool(signs("word")[word].search(sentence))


@cache
def codes() -> Mapping[str, str]:
    """Return code of a criterion -> kind."""
    return {code: kind for kind, code in _rows("code")}

"""How well a trade answers a CPV code: a readable table, typed by us, meant to be argued with.

``data/affinity.tsv``: CPV prefix, SN2025 prefixes, strength 0..1, role. The longest CPV prefix that
says something about a trade counts; the division is the last resort.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from procmatch.codes import Codes
from procmatch.model.organisation import IndustryCode

__all__ = ["Affinity", "affinity", "branch_of", "trades"]

#: A second or third industry code says less of what a firm lives by than the first.
_RANK_WEIGHT = (1.0, 0.8, 0.7)
_SHORTEST = 2
#: Codes whose branches are remembered.
_KEPT = 20_000
#: A branch that names its trades, and not this one, leaves little to what is said above it.
_PASSED_OVER = 0.3


@dataclass(frozen=True, slots=True)
class Affinity:
    """A trade's answer to a CPV code: strength 0..1 and role; ``code`` is the trade's."""

    strength: float
    role: str
    code: str


_NONE = Affinity(0.0, "", "")


@cache
def _table() -> Mapping[str, tuple[tuple[str, float, str], ...]]:
    """CPV prefix -> (SN2025 prefix, strength, role) rows."""
    text = (files("procmatch.matching") / "data" / "affinity.tsv").read_text(encoding="utf-8")
    found: dict[str, list[tuple[str, float, str]]] = {}
    for line in text.splitlines()[1:]:
        cpv, trades_, strength, role = line.split("\t")
        for trade in trades_.split():
            found.setdefault(cpv, []).append((trade, float(strength), role))
    return {cpv: tuple(rows) for cpv, rows in found.items()}


@cache
def _one(cpv: str, trade: str) -> Affinity:
    """The best row for one CPV code and one SN2025 code; a longer CPV prefix overrules."""
    table = _table()
    passed_over = False
    for length in range(len(cpv), _SHORTEST - 1, -1):
        named = table.get(cpv[:length], ())
        rows = [row for row in named if trade.startswith(row[0])]
        if rows:
            # Of two rows for one prefix the one that names the trade more closely counts.
            _, strength, role = max(rows, key=lambda row: (len(row[0]), row[1]))
            return Affinity(strength * (_PASSED_OVER if passed_over else 1.0), role, trade)
        passed_over = passed_over or bool(named)
    return _NONE


@lru_cache(maxsize=_KEPT)
def branch_of(cpv: str) -> str:
    """Return the longest prefix of a CPV code that the table has: codes that share it get the same.

    Empty where the table has none.
    """
    table = _table()
    lengths = range(len(cpv), _SHORTEST - 1, -1)
    return next((cpv[:length] for length in lengths if cpv[:length] in table), "")


def trades(industries: Iterable[IndustryCode], codes: Codes) -> tuple[tuple[str, float], ...]:
    """Return (SN2025 code, weight) of an organisation's industries; SN2007 codes are translated."""
    found: dict[str, float] = {}
    for rank, one in enumerate(industries):
        weight = _RANK_WEIGHT[min(rank, len(_RANK_WEIGHT) - 1)]
        for code in codes.industry.to_sn2025(one.revision, one.code):
            found[code] = max(weight, found.get(code, 0.0))
    return tuple(found.items())


def affinity(cpv: str, own: Iterable[tuple[str, float]]) -> Affinity:
    """Return the strongest answer of the trades ``own`` (see :func:`trades`) to ``cpv``."""
    best = _NONE
    for trade, weight in own:
        one = _one(cpv, trade)
        if one.strength * weight > best.strength:
            best = Affinity(one.strength * weight, one.role, trade)
    return best

"""CPV codes by product group."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["goods_of", "within"]

_DIVISION, _GROUP = 2, 4


def goods_of(codes: Sequence[str]) -> list[tuple[str, ...]]:
    """Return CPV codes by product group (four digits); one that sums up other groups is none.

    Args:
        codes: eight digits, main first.
    """
    groups: dict[str, list[str]] = {}
    for code in codes:
        below = [other for other in codes if within(other, code)]
        if all(other[:_GROUP] == code[:_GROUP] for other in below):
            groups.setdefault(code[:_GROUP], []).append(code)
    return [tuple(group) for group in groups.values()]


def within(code: str, above: str) -> bool:
    """Tell whether a code lies below another."""
    return code != above and code.startswith(above.rstrip("0").ljust(_DIVISION, "0"))

"""Rows whose column is one of many values."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Column, ColumnElement, bindparam

__all__ = ["among"]


def among(column: Column[str], values: Iterable[str]) -> ColumnElement[bool]:
    """Return that a column is one of some values: some hundred at the most.

    They are one parameter, not looked at one by one as those of ``column.in_`` are.
    """
    return column.in_(bindparam(None, sorted(values), column.type, expanding=True, unique=True))

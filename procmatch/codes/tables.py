"""Read the compact tables that come with the package."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

__all__ = ["rows"]


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of ``data/<name>.tsv`` as column -> text."""
    text = (files("procmatch.codes") / "data" / f"{name}.tsv").read_text(encoding="utf-8")
    return tuple(_parse(text))


def _parse(text: str) -> Iterator[dict[str, str]]:
    header, *lines = text.splitlines()
    names = header.split("\t")
    for line in lines:
        yield dict(zip(names, line.split("\t"), strict=True))

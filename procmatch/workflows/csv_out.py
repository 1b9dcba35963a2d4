"""Tables for people: whole or not there at all, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from procmatch.errors import SourceError

__all__ = ["Writer", "plain", "safe", "whole_file", "writer"]

#: What a spreadsheet may take for the beginning of a formula; the wide signs in some countries.
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")


class Writer(Protocol):
    """What :func:`csv.writer` returns."""

    def writerow(self, row: list[str] | tuple[str, ...], /) -> object:
        """Write one row."""


def safe(text: str) -> str:
    """Return a cell that no spreadsheet runs as a formula: with ``'`` before it, if need be."""
    return f"'{text}" if text.lstrip("'")[:1] in _FORMULA else text


def plain(text: str) -> str:
    """Return what :func:`safe` was given."""
    return text[1:] if text.startswith("'") and text.lstrip("'")[:1] in _FORMULA else text


@contextmanager
def whole_file(path: Path, encoding: str = "utf-8") -> Iterator[IO[str]]:
    """Open a text file for writing that takes its place when all is written.

    When writing breaks off, what was there before stays.

    Raises:
        SourceError: the folder is missing or cannot be written to.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise SourceError(error.strerror or str(error), source=str(path)) from None
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding=encoding, newline="") as file:
            yield file
        part.chmod(0o666 & ~_umask())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def writer(file: IO[str], delimiter: str = ",") -> Writer:
    """Return what writes rows to ``file``."""
    return csv.writer(file, delimiter=delimiter)

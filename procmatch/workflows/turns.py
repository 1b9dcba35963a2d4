"""One process at a time: several that need the same thing made wait for the one that makes it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ModuleNotFoundError:  # not on Windows, where what is needed twice is made twice
    fcntl = None  # type: ignore[assignment]

__all__ = ["in_turn"]


@contextmanager
def in_turn(folder: Path) -> Iterator[None]:
    """Hold the turn for a folder; a lock file beside it says so, and a killed process gives it up.

    Where the file cannot be written there is nothing to take turns at.
    """
    try:
        folder.absolute().parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder.with_name(f".{folder.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        yield
        return
    try:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)

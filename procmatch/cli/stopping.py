"""A command that is asked to stop (SIGTERM) finishes what it has in hand."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["until_stopped"]


@contextmanager
def until_stopped() -> Iterator[Callable[[], bool]]:
    """Within it, SIGTERM only sets a flag; yields what asks whether it is set."""
    asked = False

    def note(_number: int, _frame: object) -> None:
        nonlocal asked
        asked = True

    before = signal.signal(signal.SIGTERM, note)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGTERM, before)

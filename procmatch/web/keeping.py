"""Answers that take long to make and change seldom, kept for some minutes."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

__all__ = ["Keeping"]

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")


@dataclass(slots=True)
class Keeping(Generic[Key, Answer]):
    """Keeps the newest answers.

    Attributes:
        fresh_s: seconds for which an answer is kept. most: answers at a time.
    """

    fresh_s: float = 300.0
    most: int = 64
    _kept: OrderedDict[Key, tuple[float, Answer]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Key, make: Callable[[], Answer]) -> Answer:
        """Return the answer kept for a key, or make it."""
        with self._lock:
            found = self._kept.get(key)
            if found and time.monotonic() - found[0] < self.fresh_s:
                self._kept.move_to_end(key)
                return found[1]
        answer = make()
        with self._lock:
            self._kept[key] = (time.monotonic(), answer)
            self._kept.move_to_end(key)
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return answer

    def forget(self) -> None:
        """Drop all answers."""
        with self._lock:
            self._kept.clear()

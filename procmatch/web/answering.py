"""Pages as they were written, kept in memory for a minute for who asks the same again.

Found by a hash of the address that only this process can make, so that nobody finds a page by
guessing what others typed; nothing of it is written anywhere.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from secrets import token_bytes

from fastapi.responses import Response
from starlette.background import BackgroundTask

__all__ = ["Answers"]

_OK = 200
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer: when it was made, its body, its headers, what is done once it is sent."""

    made_at: float
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    after: BackgroundTask | None


@dataclass(slots=True)
class Answers:
    """Keeps the newest answers.

    Attributes:
        fresh_s: seconds for which an answer is kept. most: answers at a time.
    """

    fresh_s: float = 60.0
    most: int = 400
    _of: tuple[object, ...] = ()
    _kept: OrderedDict[bytes, _Kept] = field(default_factory=OrderedDict)
    _secret: bytes = field(default_factory=lambda: token_bytes(_SECRET_BYTES))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, address: str, of: tuple[object, ...], make: Callable[[], Response]) -> Response:
        """Return the answer kept for an address, or make it; what is noted is noted each time.

        Args:
            address: all that the answer depends on, in a line.
            of: what it was made from; where one of these is another, nothing of before is right.
            make: the page; only one that is no error and no redirect is kept.
        """
        key = blake2b(address.encode(), key=self._secret).digest()
        with self._lock:
            if len(of) != len(self._of) or any(
                one is not other for one, other in zip(of, self._of, strict=True)
            ):
                self._kept.clear()
                self._of = of
            current = self._of
            self._drop_old()
            found = self._kept.get(key)
        if found is not None:
            again = Response(found.body, background=found.after)
            again.raw_headers = list(found.headers)
            return again
        answer = make()
        after = answer.background
        if answer.status_code == _OK and (after is None or isinstance(after, BackgroundTask)):
            one = _Kept(time.monotonic(), bytes(answer.body), tuple(answer.raw_headers), after)
            with self._lock:
                if self._of is current:
                    self._kept[key] = one
                while len(self._kept) > self.most:
                    self._kept.popitem(last=False)
        return answer

    def _drop_old(self) -> None:
        """Drop what is too old; the oldest stand first."""
        until = time.monotonic() - self.fresh_s
        while self._kept and next(iter(self._kept.values())).made_at < until:
            self._kept.popitem(last=False)

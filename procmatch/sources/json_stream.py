"""One JSON array, as large as it may be, taken apart into the bytes of its objects.

The register's nightly files hold a million units in one array, gigabytes when inflated. Objects are
found without being parsed, so that one that cannot be parsed harms no other, and no more than one
object and one piece of the file is in memory at a time.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator

from procmatch.errors import SourceError

__all__ = ["inflate", "objects"]

_PIECE = 1 << 18
#: No record of any register known to us comes near; larger means that the brackets do not match.
_LARGEST = 1 << 24
_DEPTH = 12
_GZIP = b"\x1f\x8b"


def _object_pattern(depth: int) -> re.Pattern[bytes]:
    # Atomic groups keep the search linear: what was read is never read again another way.
    text = rb'"(?>[^"\\]+|\\.)*+"'
    pattern = rb'\{(?>[^{}"]+|' + text + rb")*+\}"
    for _ in range(depth):
        pattern = rb'\{(?>[^{}"]+|' + text + rb"|" + pattern + rb")*+\}"
    return re.compile(pattern, re.DOTALL)


_OBJECT = _object_pattern(_DEPTH)
_BETWEEN = re.compile(rb"[\s,]*")


def inflate(chunks: Iterable[bytes], *, source: str) -> Iterator[bytes]:
    """Inflate gzip (also of several members) in small pieces; pass plain bytes through.

    Args:
        chunks: the file, cut anywhere.
        source: named in errors.

    Raises:
        SourceError: the gzip data are damaged or end too early.
    """
    pieces = iter(chunks)
    head = b""
    while len(head) < len(_GZIP) and (piece := next(pieces, None)) is not None:
        head += piece
    if not head.startswith(_GZIP):
        yield head
        yield from pieces
        return
    inflater = zlib.decompressobj(wbits=31)
    try:
        data = head
        while True:
            while data:
                if inflater.eof:
                    inflater = zlib.decompressobj(wbits=31)
                yield inflater.decompress(data, _PIECE)
                data = inflater.unconsumed_tail or inflater.unused_data
            following = next(pieces, None)
            if following is None:
                break
            data = following
        yield inflater.flush()
    except zlib.error as error:
        raise SourceError(f"the gzip file is damaged: {error}", source=source) from None
    if not inflater.eof:
        raise SourceError("the gzip file ends too early", source=source)


def objects(pieces: Iterable[bytes], *, source: str) -> Iterator[bytes]:
    """Yield the bytes of each object of one JSON array of objects.

    Args:
        pieces: the array as plain bytes, cut anywhere.
        source: named in errors.

    Raises:
        SourceError: it is no array, or ends before its closing bracket. What was complete has
            been yielded by then.
    """
    buffer = b""
    opened = False
    at = 0
    for piece in pieces:
        buffer = buffer[at:] + piece
        at = 0
        if not opened:
            buffer = buffer.removeprefix(b"\xef\xbb\xbf").lstrip()
            if not buffer:
                continue
            if not buffer.startswith(b"["):
                start = buffer[:40].decode("utf-8", "replace")
                raise SourceError(f"not a JSON array but {start!r}", source=source)
            opened, at = True, 1
        while True:
            at = _end_of(_BETWEEN, buffer, at)
            found = _OBJECT.match(buffer, at)
            if found is None:
                break
            yield found.group()
            at = found.end()
        if buffer.startswith(b"]", at):
            return
        if len(buffer) - at > _LARGEST:
            raise SourceError(f"an object of more than {_LARGEST} bytes", source=source)
        if at < len(buffer) and not buffer.startswith(b"{", at):
            raise SourceError("something else than an object in the array", source=source)
    raise SourceError("the file ends too early, inside the array", source=source)


def _end_of(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    found = pattern.match(data, at)
    return found.end() if found else at

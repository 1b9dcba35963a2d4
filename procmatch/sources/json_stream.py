"""One JSON array, as large as it may be, taken apart into the bytes of its objects.

The register's nightly files hold a million units in one array, gigabytes when inflated. Objects are
found without being parsed, so that one that cannot be parsed harms no other, and no more than one
object and one piece of the file is in memory at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from procmatch.errors import SourceError
from procmatch.sources.deflate import DAMAGED, inflater

__all__ = ["groups", "inflate", "objects"]

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
_BEFORE = re.compile(rb"\}\s*,\s*\Z")
_FIRST_KEY = re.compile(rb'\{\s*"[^"\\]*"')
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])


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
    inflating = inflater(wbits=31)
    try:
        data = head
        while True:
            while data:
                if inflating.eof:
                    inflating = inflater(wbits=31)
                yield inflating.decompress(data, _PIECE)
                data = inflating.unconsumed_tail or inflating.unused_data
            following = next(pieces, None)
            if following is None:
                break
            data = following
        yield inflating.flush()
    except DAMAGED as error:
        raise SourceError(f"the gzip file is damaged: {error}", source=source) from None
    if not inflating.eof:
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
    for found in groups(pieces, source=source):
        yield from found


def groups(pieces: Iterable[bytes], *, source: str) -> Iterator[list[bytes]]:
    """Yield the bytes of the objects as :func:`objects` does, those of one piece together."""
    buffer = b""
    opened = False
    at = 0
    seam = b""
    for piece in pieces:
        buffer = buffer[at:] + piece
        at = 0
        if not opened:
            buffer = buffer.removeprefix(b"\xef\xbb\xbf").lstrip()
            if not buffer:
                continue
            _check_array(buffer, source)
            opened, at = True, 1
        found, at = _quickly(buffer, at, seam)
        if found:
            yield found
        found, at = _one_by_one(buffer, at)
        if found:
            yield found
            seam = seam or _seam(buffer, found)
        if buffer.startswith(b"]", at):
            return
        if len(buffer) - at > _LARGEST:
            raise SourceError(f"an object of more than {_LARGEST} bytes", source=source)
        if at < len(buffer) and not buffer.startswith(b"{", at):
            raise SourceError("something else than an object in the array", source=source)
    raise SourceError("the file ends too early, inside the array", source=source)


def _check_array(data: bytes, source: str) -> None:
    if not data.startswith(b"["):
        start = data[:40].decode("utf-8", "replace")
        raise SourceError(f"not a JSON array but {start!r}", source=source)


def _one_by_one(buffer: bytes, at: int) -> tuple[list[bytes], int]:
    """Find the whole objects by their brackets; return them and where the next begins."""
    found: list[bytes] = []
    while True:
        at = _end_of(_BETWEEN, buffer, at)
        one = _OBJECT.match(buffer, at)
        if one is None:
            return found, at
        found.append(one.group())
        at = one.end()


def _seam(buffer: bytes, found: list[bytes]) -> bytes:
    """Return what stands between the last two objects, with the first key of the second."""
    before = _BEFORE.search(buffer[: buffer.rfind(found[-1])])
    key = _FIRST_KEY.match(found[-1])
    return before.group() + key.group() if before and key else b""


def _quickly(buffer: bytes, at: int, seam: bytes) -> tuple[list[bytes], int]:
    """Find the objects up to the last seam all at once, if that is JSON; else none.

    Only a cut between two objects of the array itself leaves whole JSON before it, so that a
    wrong guess (the seam may stand inside an object too) does no harm.
    """
    at = _end_of(_BETWEEN, buffer, at)
    cut = buffer.rfind(seam, at) if seam else -1
    if cut < 0:
        return [], at
    try:
        found = list(map(bytes, _ARRAY.decode(b"[%b]" % buffer[at : cut + 1])))
    except msgspec.DecodeError:
        return [], at
    if not all(one.startswith(b"{") for one in found):
        return [], at
    return found, cut + 1


def _end_of(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    found = pattern.match(data, at)
    return found.end() if found else at

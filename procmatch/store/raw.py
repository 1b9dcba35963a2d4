"""Raw answers, kept before anybody reads them: content-addressed, compressed, in chunks."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, bindparam, insert, select

from procmatch.errors import NotFound
from procmatch.model.answer import Answer
from procmatch.store.tables import raw_answers, raw_chunks
from procmatch.store.upsert import put

__all__ = ["answer", "chunks", "keep", "load"]

_CHUNK = 1 << 20
_LEVEL = 6
_GZIP = b"\x1f\x8b"
_KNOWN = select(raw_chunks.c.position).where(raw_chunks.c.sha256 == bindparam("sha256")).limit(1)
_SEEN = select(raw_answers.c.id).where(
    *(raw_answers.c[name] == bindparam(name) for name in ("source", "kind", "key", "sha256"))
)


def _pieces(body: bytes | Path) -> Iterator[bytes]:
    if isinstance(body, bytes):
        for start in range(0, len(body) or 1, _CHUNK):
            yield body[start : start + _CHUNK]
        return
    with body.open("rb") as file:
        piece = file.read(_CHUNK)
        yield piece  # an empty file is one empty piece, so that it can be found again
        while piece := file.read(_CHUNK):
            yield piece


def keep(connection: Connection, answer: Answer) -> str:
    """Keep ``answer`` as it came; the same content is stored once.

    Returns:
        The sha256 of the body, under which :func:`load` and :func:`chunks` find it.
    """
    hasher = hashlib.sha256()
    size = 0
    for piece in _pieces(answer.body):
        hasher.update(piece)
        size += len(piece)
    sha256 = hasher.hexdigest()
    level = _LEVEL
    if connection.execute(_KNOWN, {"sha256": sha256}).first() is None:
        for position, piece in enumerate(_pieces(answer.body)):
            if not position and piece.startswith(_GZIP):
                level = 0  # stored: what is compressed does not get smaller
            row = {"sha256": sha256, "position": position, "data": zlib.compress(piece, level)}
            put(connection, raw_chunks, [row], update=False)
    sighting = {
        "source": answer.source,
        "kind": answer.kind,
        "key": answer.key,
        "sha256": sha256,
    }
    if connection.execute(_SEEN, sighting).first() is None:
        more = {
            "size": size,
            "url": answer.url,
            "media_type": answer.media_type,
            "fetched_at": answer.fetched_at,
        }
        connection.execute(insert(raw_answers), sighting | more)
    return sha256


def chunks(connection: Connection, sha256: str) -> Iterator[bytes]:
    """Yield the kept body piece by piece.

    Raises:
        NotFound: nothing is kept under ``sha256``.
    """
    position = 0
    query = select(raw_chunks.c.data).where(raw_chunks.c.sha256 == sha256)
    while (data := connection.scalar(query.where(raw_chunks.c.position == position))) is not None:
        yield zlib.decompress(data)
        position += 1
    if not position:
        raise NotFound(f"no raw answer {sha256}")


def load(connection: Connection, sha256: str) -> bytes:
    """Return the whole kept body. Raises NotFound as :func:`chunks` does."""
    return b"".join(chunks(connection, sha256))


def answer(connection: Connection, *, source: str, kind: str, key: str, sha256: str) -> Answer:
    """Return a kept answer with its body. Raises NotFound."""
    row = connection.execute(
        select(raw_answers).where(
            raw_answers.c.source == source,
            raw_answers.c.kind == kind,
            raw_answers.c.key == key,
            raw_answers.c.sha256 == sha256,
        )
    ).one_or_none()
    if row is None:
        raise NotFound(f"no raw answer {source} {kind} {key}")
    return Answer(
        source=source,
        kind=kind,
        key=key,
        url=row.url,
        body=load(connection, sha256),
        fetched_at=row.fetched_at,
        media_type=row.media_type,
    )

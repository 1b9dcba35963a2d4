"""Readers of raw answers, by (source, kind): one module for each family of sources."""

from __future__ import annotations

from collections.abc import Mapping

from procmatch.errors import SourceError
from procmatch.workflows.readers import accounts, bulk, codes, doffin_webclient, register, tenders
from procmatch.workflows.readers.base import BulkReader, Reader

__all__ = ["BULK", "READERS", "reader_of"]

READERS: Mapping[tuple[str, str], Reader] = {
    **accounts.READERS,
    **codes.READERS,
    **doffin_webclient.READERS,
    **register.READERS,
    **tenders.READERS,
}
BULK: Mapping[tuple[str, str], BulkReader] = {**bulk.BULK}


def reader_of(source: str, kind: str) -> Reader:
    """Return the reader of an answer, or of one record out of a bulk file (``units-record``).

    Raises:
        SourceError: there is none.
    """
    family, _, part = kind.partition("-")
    if part == "record" and (source, family) in register.RECORDS:
        return register.RECORDS[source, family]
    if (source, family) in READERS:
        return READERS[source, family]
    raise SourceError(f"no reader for answers of kind {kind!r}", source=source)

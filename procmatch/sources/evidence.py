"""Evidence as its sources send it: bytes -> :class:`~procmatch.model.evidence.Reading`.

| source | publisher | form | key |
|---|---|---|---|
| ``renhold`` | Arbeidstilsynet | XML | number |
| ``sentral-godkjenning`` | Direktoratet for byggkvalitet | JSON | number |
| ``larebedrift`` | utdanning.no | JSON pages | number, often an establishment's |
| ``innovasjon-norge`` | Innovasjon Norge | CSV | number |
| ``frivillighet`` | Brønnøysundregistrene | CSV | number |
| ``smilefjes`` | Mattilsynet | CSV | number, mostly an establishment's |
| ``debio`` | Debio | JSON | name only |

What is not understood is set aside with field and reason: a row alone, a field that nobody knows
once for the whole answer. Licences and terms: ``data/evidence_kinds.tsv`` of ``procmatch.codes``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from procmatch.model.evidence import Reading
from procmatch.sources._evidence import (
    apprenticeship,
    approval,
    cleaning,
    file,
    food,
    grants,
    organic,
    voluntary,
)

__all__ = ["COLUMNS", "FORGETS", "SOURCES", "minimised", "read", "read_file"]

_READERS: Mapping[str, Callable[[str, bytes], Reading]] = {
    module.SOURCE: module.read
    for module in (apprenticeship, approval, cleaning, food, grants, organic, voluntary)
}
_PERSONS: Mapping[str, Callable[[object], object]] = {
    approval.SOURCE: approval.without_persons,
    organic.SOURCE: organic.without_persons,
}
COLUMNS: Mapping[str, str] = file.COLUMNS
#: Names of the sources, sorted.
SOURCES = tuple(sorted(_READERS))
#: Sources that ask that nothing be kept once they no longer list it.
FORGETS = frozenset({approval.SOURCE})


def read(source: str, key: str, body: bytes) -> Reading:
    """Read one answer.

    Args:
        source: one of :data:`SOURCES`.
        key: which answer, e.g. ``"BATMF3 2"`` for a page of a trade.
        body: as sent.

    Raises:
        SourceError: the answer as a whole cannot be read. SourceChanged: it has another form.
    """
    return _READERS[source](key, body)


def read_file(body: bytes) -> Reading:
    """Read a file in procmatch's own form; its columns are :data:`COLUMNS`.

    Raises:
        SourceError: no table. SourceChanged: a column that must be there is missing.
    """
    return file.read(body)


def minimised(source: str, body: bytes) -> bytes:
    """Return an answer without what is said of persons and never read; JSON sources only."""
    clean = _PERSONS.get(source)
    if clean is None:
        return body
    try:
        return msgspec.json.encode(clean(msgspec.json.decode(body)))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return b""  # not JSON: nothing is read from it, so nothing of it is kept

"""What all readers share: the run they read for, what they answer, how they set aside."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Connection

from procmatch import codes, model, sources
from procmatch.errors import SourceError
from procmatch.model.answer import Answer
from procmatch.settings import Settings
from procmatch.store import Store, runs
from procmatch.store.runs import Counts

__all__ = [
    "BulkReader",
    "Clock",
    "Ender",
    "Ingested",
    "Minimiser",
    "Reader",
    "Run",
    "body",
    "parser",
    "put_aside",
]

Clock = Callable[[], datetime]


@dataclass(slots=True, kw_only=True)
class Run:
    """A run in progress.

    Attributes:
        id: its row in the ledger. source: which source.
        watermark: the source is complete up to this publication date; None at first.
        pending: keys still to download whose time has come.
        newest: the newest publication date seen in this run.
        measures: what the run counted at the source, e.g. all notices that its list holds; a later
            run is compared with it. accept_size: however much smaller the source has become.
        listing: the run reads a whole list; what the list no longer names is closed at its end.
    """

    id: int
    source: str
    settings: Settings
    clock: Clock
    watermark: date | None
    pending: tuple[str, ...]
    newest: date | None = None
    measures: dict[str, int] = field(default_factory=dict)
    accept_size: bool = False
    listing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What one answer brought.

    Attributes:
        wanted: keys whose document must be fetched now.
        keys: all keys that a search page shows.
        oldest, newest: publication dates on a search page.
        issued: first and last day of issue on a search page, UTC.
        hits: number of hits on the page. total, accessible, pages: as the source says.
        following: what asks for the next page, where the source hands out tokens.
        partial: the source gave up in the middle of a page; nothing was read, ask again.
        counts: new, changed and set aside records.
    """

    wanted: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    oldest: date | None = None
    newest: date | None = None
    issued: tuple[date, date] | None = None
    hits: int = 0
    total: int | None = None
    accessible: int | None = None
    following: str | None = None
    partial: bool = False
    pages: int = 1
    counts: Counts = field(default_factory=Counts)

    @property
    def new(self) -> int:
        """New records."""
        return self.counts.new

    @property
    def changed(self) -> int:
        """Changed records."""
        return self.counts.changed

    @property
    def postponed(self) -> int:
        """Answers that say: ask again later."""
        return self.counts.postponed

    @property
    def set_aside(self) -> int:
        """Records that could not be read."""
        return self.counts.set_aside


@cache
def parser() -> str:
    """Name this version of the readers: a digest of their text and of what they make and check.

    It differs as soon as any of that does, so that what was set aside is worth reading again, and
    a bulk file's unchanged records too.
    """
    hasher = hashlib.sha256()
    for room in (sources, model, codes):
        for path in sorted(Path(str(room.__file__)).parent.rglob("*.py")):
            hasher.update(path.read_bytes())
    return hasher.hexdigest()[:12]


def put_aside(
    connection: Connection, run: Run, answer: Answer, key: str, sha256: str, error: Exception
) -> None:
    """Keep aside what could not be read, with its error; it can be read again later."""
    problem = (
        error if isinstance(error, SourceError) else SourceError(str(error), source=answer.source)
    )
    runs.put_aside(
        connection,
        source=answer.source,
        kind=answer.kind,
        key=key,
        sha256=sha256,
        error=problem,
        parser=parser(),
        now=run.clock(),
    )


def body(answer: Answer) -> bytes:
    """Return the whole body of an answer."""
    return answer.body.read_bytes() if isinstance(answer.body, Path) else answer.body


#: Reads one kept answer (its sha256 last) into the store.
Reader = Callable[[Connection, Run, Answer, str], Ingested]
#: Reads a kept file that is too large for one transaction.
BulkReader = Callable[[Store, Run, Answer], Counts]
#: Ends a run that was read to the end, before it is counted as whole.
Ender = Callable[[Connection, Run], None]
#: Leaves out of an answer what may not be kept.
Minimiser = Callable[[str, bytes], bytes]

"""What all readers share: the run they read for, what they answer, how they set aside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection

from procmatch.errors import SourceError
from procmatch.model.answer import Answer
from procmatch.settings import Settings
from procmatch.store import runs
from procmatch.store.runs import Counts

__all__ = [
    "PARSER",
    "BulkWriter",
    "Clock",
    "Ingested",
    "Reader",
    "Run",
    "body",
    "put_aside",
]

#: Raised when a reader changes so that set-aside answers are worth reading again.
PARSER = "1"

Clock = Callable[[], datetime]


@dataclass(slots=True, kw_only=True)
class Run:
    """A run in progress.

    Attributes:
        id: its row in the ledger. source: which source.
        watermark: the source is complete up to this publication date; None at first.
        pending: keys still to download whose time has come.
        newest: the newest publication date seen in this run.
        marks: what earlier runs remembered of the source, by name.
    """

    id: int
    source: str
    settings: Settings
    clock: Clock
    watermark: date | None
    pending: tuple[str, ...]
    newest: date | None = None
    marks: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What one answer brought.

    Attributes:
        wanted: keys whose document must be fetched now.
        oldest: oldest publication date on a search page.
        hits: number of hits on the page. total, accessible: as the source says.
        counts: new, changed and set aside records.
    """

    wanted: tuple[str, ...] = ()
    oldest: date | None = None
    hits: int = 0
    total: int | None = None
    accessible: int | None = None
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
        parser=PARSER,
        now=run.clock(),
    )


def body(answer: Answer) -> bytes:
    """Return the whole body of an answer."""
    return answer.body.read_bytes() if isinstance(answer.body, Path) else answer.body


#: Reads one kept answer (its sha256 last) into the store.
Reader = Callable[[Connection, Run, Answer, str], Ingested]
#: Writes one batch of records of a bulk file.
BulkWriter = Callable[[Connection, Run, Answer, Sequence[bytes]], Counts]

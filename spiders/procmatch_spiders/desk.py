"""The desk where a spider hands in what it fetched: the ingest workflow over one store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Protocol

from procmatch.model.answer import Answer
from procmatch.settings import Settings

if TYPE_CHECKING:
    from procmatch.store import Store
    from procmatch.workflows.ingest import Ingested, Run, RunReport

__all__ = ["Desk", "StoreDesk", "utc_now"]


class Desk(Protocol):
    """Begin a run, hand in answers, report what could not be had, end the run."""

    def begin(self, source: str) -> Run:
        """Open a run."""
        ...

    def ingest(self, run: Run, answer: Answer) -> Ingested:
        """Keep and read one answer."""
        ...

    def postpone(self, run: Run, key: str, error: str) -> None:
        """Note that a document could not be had now."""
        ...

    def finish(self, run: Run, *, complete: bool, error: str | None = None) -> RunReport:
        """Close the run."""
        ...

    def remembered(self, run: Run, name: str) -> str | None:
        """Return what an earlier run remembered under ``name``."""
        ...

    def remember(self, run: Run, name: str, value: str | None) -> None:
        """Remember ``value`` for later runs; None forgets."""
        ...

    def no_longer_active(self, run: Run, active: Collection[str]) -> Mapping[str, Collection[date]]:
        """Return what is listed as active and is not among ``active``, with its days of issue."""
        ...

    def unlist(self, run: Run, keys: Collection[str]) -> None:
        """Note that the source's list shows ``keys`` no more."""
        ...


def utc_now() -> datetime:
    """Return the time, aware, UTC."""
    return datetime.now(UTC)


class StoreDesk:
    """The real desk: every call is one transaction in ``store``.

    Args:
        settings: procmatch's settings.
        clock: aware UTC now.
        store: default the one at ``settings.database_url``.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime] = utc_now,
        store: Store | None = None,
    ) -> None:
        # Not at the top: a spider handed another desk needs no database.
        from procmatch.store import open_store  # noqa: PLC0415
        from procmatch.workflows import ingest, rounds  # noqa: PLC0415

        self._workflow = ingest
        self._rounds = rounds
        self._settings = settings
        self._clock = clock
        self._store = store or open_store(settings.database_url)

    def begin(self, source: str) -> Run:
        """Open a run of ``source``."""
        return self._workflow.begin(self._store, source, settings=self._settings, clock=self._clock)

    def ingest(self, run: Run, answer: Answer) -> Ingested:
        """Keep the raw answer, and what can be read from it."""
        return self._workflow.ingest(self._store, run, answer)

    def postpone(self, run: Run, key: str, error: str) -> None:
        """Note that the download of ``key`` failed."""
        self._workflow.postpone(self._store, run, key, error)

    def finish(self, run: Run, *, complete: bool, error: str | None = None) -> RunReport:
        """End the run and let go of the store."""
        try:
            return self._workflow.finish(self._store, run, complete=complete, error=error)
        finally:
            self._store.close()

    def remembered(self, run: Run, name: str) -> str | None:
        """Return what an earlier run remembered under ``name``."""
        return self._rounds.remembered(self._store, run, name)

    def remember(self, run: Run, name: str, value: str | None) -> None:
        """Remember ``value`` for later runs; None forgets."""
        self._rounds.remember(self._store, run, name, value)

    def no_longer_active(self, run: Run, active: Collection[str]) -> Mapping[str, Collection[date]]:
        """Return what is listed as active and is not among ``active``, with its days of issue."""
        return self._rounds.no_longer_active(self._store, run, active)

    def unlist(self, run: Run, keys: Collection[str]) -> None:
        """Note that the source's list shows ``keys`` no more."""
        self._rounds.unlist(self._store, run, keys)

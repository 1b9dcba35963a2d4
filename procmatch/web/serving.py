"""Pages by several processes at once: one keeps count of them, each answers a share of the readers.

The market is laid out once, into files that all of them map into memory: they share those pages.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
from multiprocessing import connection, get_context, parent_process

import msgspec
import uvicorn
from fastapi import FastAPI

from procmatch.settings import Settings
from procmatch.store import open_store
from procmatch.web.app import create_app, warm
from procmatch.workflows.market import load_market

__all__ = ["MOST_BY_DEFAULT", "many_by_default", "serve"]

#: Processes at the most, unless asked for more: each has its own memory beside what they share.
MOST_BY_DEFAULT = 4
#: By this variable a worker is given the settings of the process that started it.
_HANDED_DOWN = "SETTINGS_OF_PROCMATCH_SERVE"
#: New objects after which the garbage collector looks at the young, and how often at the older.
_GARBAGE = 50_000, 20, 50
#: A worker that lays out the market anew may be busy for so long; later it counts as hung.
_HUNG_S = 120


def many_by_default() -> int:
    """Return how many processes serve: one for each processor, up to four."""
    return min(MOST_BY_DEFAULT, os.cpu_count() or 1)


def serve(settings: Settings, *, host: str, port: int, workers: int) -> None:
    """Serve the pages until told to stop.

    A worker that dies or hangs is replaced; SIGHUP replaces each in turn, none of them missed.

    Args:
        settings: of the store and the pages.
        host: where to listen.
        port: there.
        workers: how many processes answer.

    Raises:
        StoreError: the store cannot be opened.
    """
    if workers == 1:
        app = create_app(settings)
        warm(app)
        _leave_alone()
        uvicorn.run(app, host=host, port=port, access_log=False, log_level="warning")
        return
    open_store(settings.database_url).close()
    _lay_out_once(settings)
    os.environ[_HANDED_DOWN] = msgspec.json.encode(settings).decode()
    uvicorn.run(
        "procmatch.web.serving:worker",
        factory=True,
        workers=workers,
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        timeout_worker_healthcheck=_HUNG_S,
    )


def worker() -> FastAPI:
    """Return the application of one worker, with the market read; it ends with its parent."""
    app = create_app(msgspec.json.decode(os.environ[_HANDED_DOWN], type=Settings))
    warm(app)
    _leave_alone()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    return app


def _leave_alone() -> None:
    """Let the garbage collector leave alone what is there for good, and look at the rest seldom.

    A look at all of it stops every page of the process for a third of a second.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)


def _lay_out_once(settings: Settings) -> None:
    """Lay out the market in a process of its own, whose memory is free again afterwards."""
    making = get_context("spawn").Process(target=_lay_out, args=(settings,))
    making.start()
    making.join()


def _lay_out(settings: Settings) -> None:
    load_market(open_store(settings.database_url), settings)

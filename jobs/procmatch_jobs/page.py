"""A small HTTP server for machines: ``/healthz`` and ``/metrics``, on loopback by default."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import make_wsgi_app

from procmatch.errors import SettingsError, StoreError
from procmatch.settings import Settings
from procmatch.store import Store, brake, leases
from procmatch_jobs.metrics import Metrics
from procmatch_jobs.schedule import Scheduler

__all__ = ["health", "serve"]

#: So many looks may be late before the scheduler counts as stuck.
_LATE_LOOKS = 4
_LEAST_S = 30.0
_Answer = tuple[bool, dict[str, object]]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: probes come every few seconds."""


def health(scheduler: Scheduler, store: Store, look_s: float) -> _Answer:
    """Return whether the store answers and the scheduler looks at it, and details."""
    late = time.monotonic() - scheduler.looked_at
    looks = scheduler.looked_at > 0 and late <= max(_LEAST_S, _LATE_LOOKS * look_s)
    try:
        with store.read() as connection:
            leases.states(connection)
            held = brake.state(connection).reason
        answers = True
    except StoreError:
        answers, held = False, ""
    said: dict[str, object] = {
        "status": "ok" if looks and answers else "failing",
        "store": "ok" if answers else "no answer",
        "scheduler": "ok" if looks else "does not look at the store",
        # Letters that are held do not make the scheduler ill: starting it anew helps nothing.
        "letters": f"held: {held}" if held else "ok",
        "running": list(scheduler.running),
    }
    return looks and answers, said


@contextmanager
def serve(
    scheduler: Scheduler, metrics: Metrics, store: Store, settings: Settings
) -> Iterator[tuple[str, int] | None]:
    """Serve until the block ends; yield the address, or None when the port is set to 0.

    Raises:
        SettingsError: the address cannot be used.
    """
    jobs = settings.jobs
    if not jobs.http_port:
        yield None
        return
    app = _app(scheduler, metrics, store, jobs.look_s)
    try:
        server = make_server(
            jobs.http_host, jobs.http_port, app, server_class=_Server, handler_class=_Quiet
        )
    except OSError as error:
        raise SettingsError(
            f"jobs.http_port: {jobs.http_host}:{jobs.http_port}: {error.strerror}"
        ) from None
    thread = Thread(target=server.serve_forever, args=(0.2,), daemon=True)
    thread.start()
    try:
        yield jobs.http_host, server.server_port
    finally:
        server.shutdown()
        server.server_close()


def _app(
    scheduler: Scheduler, metrics: Metrics, store: Store, look_s: float
) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    prometheus = make_wsgi_app(metrics.registry)

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/metrics":
            found: Iterable[bytes] = prometheus(environ, start)
            return found
        if environ["PATH_INFO"] != "/healthz":
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [b"/healthz and /metrics are here\n"]
        well, said = health(scheduler, store, look_s)
        status = "200 OK" if well else "503 Service Unavailable"
        start(status, [("Content-Type", "application/json"), ("Cache-Control", "no-store")])
        return [json.dumps(said).encode() + b"\n"]

    return answer

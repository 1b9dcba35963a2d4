"""One local HTTP server that plays all sources, each under its live paths."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit

from procmatch.demo.standins.codelists import CodeLists
from procmatch.demo.standins.content import Content
from procmatch.demo.standins.doffin import Doffin
from procmatch.demo.standins.doffin_webclient import Webclient
from procmatch.demo.standins.enhetsregisteret import Enhetsregisteret
from procmatch.demo.standins.exchange import Reply, Request
from procmatch.demo.standins.faults import Faults, Traps
from procmatch.demo.standins.ted import Ted

__all__ = ["Logged", "StandIn"]

_SECRETS = {"subscription-key"}
_NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Logged:
    """One request that was answered; keys are not kept, neither in headers nor in ``query``.

    Attributes:
        status: HTTP status; 0 when the server hung up without a word.
        at: seconds of a monotonic clock.
    """

    method: str
    path: str
    query: str
    status: int
    at: float


def _logged(request: Request, reply: Reply) -> Logged:
    asked = {name: values for name, values in request.query.items() if name not in _SECRETS}
    return Logged(
        method=request.method,
        path=request.path,
        query=urlencode(asked, doseq=True),
        status=0 if reply.drop else reply.status,
        at=time.monotonic(),
    )


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that went away in the middle: some are killed on purpose."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class StandIn:
    """Plays Doffin, TED, Enhetsregisteret, Regnskapsregisteret, KLASS, Kartverket and Bring.

    Use as a context manager; ``url`` is its address on loopback::

        with StandIn(sample_world(today), key="k") as server:
            ...  # server.url + "/public" is Doffin

    Args:
        content: what it serves.
        faults: which traps it sets; as live when left out.
        key: the only key that Doffin takes.
        port: 0 for any that is free.
        delay_s: seconds before each answer.
    """

    def __init__(
        self,
        content: Content,
        *,
        faults: Faults | None = None,
        key: str = "stand-in",
        port: int = 0,
        delay_s: float = 0.0,
    ) -> None:
        self.traps = Traps(faults or Faults())
        self.log: list[Logged] = []
        self.delay_s = delay_s
        registers = Enhetsregisteret(content, self.traps)
        ted = Ted(content, self.traps)
        doffin = Doffin(content, self.traps, key)
        self._rooms: tuple[tuple[str, Callable[[Request], Reply]], ...] = (
            ("/public/", doffin.answer),
            ("/webclient/", Webclient(doffin.index, doffin.notices).answer),
            ("/v3/", ted.answer),
            ("/en/notice/", ted.answer),
            ("/enhetsregisteret/", registers.answer),
            ("/regnskapsregisteret/", registers.answer),
            ("", CodeLists(content).answer),
        )
        handler = type("Handler", (_Handler,), {"stand_in": self})
        self._server = _Server(("127.0.0.1", port), handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )

    @property
    def url(self) -> str:
        """The address, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, request: Request) -> Reply:
        """Answer one request, whoever it is for."""
        room = next(answer for prefix, answer in self._rooms if request.path.startswith(prefix))
        return room(request)

    def wait(self) -> None:
        """Serve until somebody else stops the server."""
        self._thread.join()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    stand_in: StandIn
    protocol_version = "HTTP/1.1"
    # One write an answer: two small ones wait for each other's acknowledgement.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            method=self.command,
            path=parts.path,
            query=parse_qs(parts.query, keep_blank_values=True),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        if self.stand_in.delay_s:
            time.sleep(self.stand_in.delay_s)
        reply = self.stand_in.answer(request)
        # Noted before it is sent, so that who has the answer also finds it in the log.
        self.stand_in.log.append(_logged(request, reply))
        self.close_connection = self.close_connection or reply.cut or reply.drop
        if reply.drop:
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self._send(reply)

    do_GET = do_POST = do_HEAD = _serve  # noqa: N815 - names that http.server looks for

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.body:
            self.send_header("Content-Type", reply.media_type)
        if reply.status != _NOT_MODIFIED:
            self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body[: len(reply.body) // 2] if reply.cut else reply.body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: what was asked is in ``StandIn.log``."""

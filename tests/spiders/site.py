"""A site on loopback whose every answer a test writes."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit


@dataclass
class Asked:
    """One request as it came. ``nth`` counts from 1 for the same path, query and body."""

    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    nth: int
    at: float
    target: str
    body: bytes = b""


@dataclass
class Reply:
    """An answer. ``cut`` promises more bytes than it sends."""

    body: bytes = b""
    status: int = 200
    type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


class Site:
    def __init__(self, answer: Callable[[Asked], Reply]) -> None:
        self.asked: list[Asked] = []
        seen: Counter[str] = Counter()
        lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 16  # one write an answer: two meet the delayed ACK of 40 ms

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with lock:
                    seen[self.path + body.decode()] += 1
                    asked = Asked(
                        path=parts.path,
                        query=parse_qs(parts.query),
                        headers={name.lower(): value for name, value in self.headers.items()},
                        nth=seen[self.path + body.decode()],
                        at=time.monotonic(),
                        target=self.path,
                        body=body,
                    )
                    site.asked.append(asked)
                reply = answer(asked)
                self.send_response(reply.status)
                self.send_header("Content-Type", reply.type)
                self.send_header("Content-Length", str(len(reply.body) + 100 * reply.cut))
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body)
                if reply.cut:
                    self.close_connection = True

            do_POST = do_GET  # noqa: N815 - a name that http.server looks for

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

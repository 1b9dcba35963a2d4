"""10,000 letters to a mail server on this machine: ours against a bare smtplib loop.

Peer: ``smtplib.SMTP.sendmail`` of ready bytes over one connection, nothing kept. Ours claims the
letters in the outbox, looks at the limits, sends, and notes them. The server is a process of its
own that reads and forgets, and offers PIPELINING, of which ``smtplib`` makes no use. Rounds take
turns; a store each on SQLite, and on PostgreSQL where PROCMATCH_TEST_POSTGRES names a server.

    python benchmarks/bench_letters.py [letters]
"""

from __future__ import annotations

import multiprocessing
import os
import smtplib
import socket
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from procmatch.alerts.post import SmtpPost
from procmatch.model.subscription import Letter, Subscription
from procmatch.settings import Mail
from procmatch.store import open_store, outbox, subscriptions
from procmatch.workflows.deliver import send_letters

LETTERS, ROUNDS = 10_000, 3
#: Limits that are counted and never reached.
MANY = 1_000_000
POSTGRES = os.environ.get("PROCMATCH_TEST_POSTGRES", "")


def sink(listener: socket.socket) -> None:
    """Take what comes, one connection after another; knows pipelining."""
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection, connection.makefile("rb") as heard:
            connection.sendall(b"220 sink\r\n")
            in_data = False
            for line in heard:
                if in_data:
                    if line == b".\r\n":
                        in_data = False
                        connection.sendall(b"250 taken\r\n")
                    continue
                word = line[:4].upper()
                if word == b"DATA":
                    in_data = True
                    connection.sendall(b"354 go on\r\n")
                elif word == b"EHLO":
                    connection.sendall(b"250-sink\r\n250 PIPELINING\r\n")
                elif word == b"QUIT":
                    connection.sendall(b"221 bye\r\n")
                    break
                else:
                    connection.sendall(b"250 ok\r\n")


def letters(number: int) -> list[Letter]:
    line = b"Et anbud om br=C3=B8d og bakervarer til skoler og sykehjem i kommunen.\r\n"
    return [
        Letter(
            id=f"l{n}",
            to=f"post{n}@firma.example",
            subject="1 ny",
            message=b"Message-ID: <l%d@procmatch.example>\r\nSubject: 1 ny\r\n\r\n" % n
            + line * 120,
        )
        for n in range(number)
    ]


def bare(some: list[Letter], port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        for one in some:
            server.sendmail("varsel@procmatch.example", [one.to], one.message)


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def ours(some: list[Letter], port: int, url: str) -> float:
    store = open_store(url, create=True)
    now = datetime.now(UTC)
    with store.begin() as connection:
        wanted = Subscription(id="s1", email="a@b.example", cpv=("15",), created_at=now)
        subscriptions.save(connection, wanted)
        for one in some:
            outbox.queue(connection, "s1", one, (), now)
    if store.engine.dialect.name == "postgresql":
        with store.begin() as connection:
            connection.execute(text("ANALYZE"))  # as autovacuum does within a minute
    mail = Mail(
        smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", per_hour=MANY, per_domain=MANY
    )

    def work() -> None:
        with SmtpPost(mail) as post:
            done = send_letters(store, clock=lambda: datetime.now(UTC), post=post, mail=mail)
        assert done.sent == len(some), done

    taken = timed(work)
    store.close()
    return taken


def on_sqlite(some: list[Letter], port: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        return ours(some, port, f"sqlite:///{Path(folder) / 'own.db'}")


def on_postgres(some: list[Letter], port: int) -> float:
    base = make_url(POSTGRES).set(drivername="postgresql+psycopg")
    schema = f"bench_{uuid.uuid4().hex[:12]}"
    admin = create_engine(base)
    with admin.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    address = base.update_query_dict({"options": f"-csearch_path={schema}"})
    try:
        return ours(some, port, address.render_as_string(hide_password=False))
    finally:
        with admin.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        admin.dispose()


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else LETTERS
    some = letters(number)
    ways = {"SQLite": on_sqlite} | ({"PostgreSQL": on_postgres} if POSTGRES else {})
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = multiprocessing.get_context("fork").Process(
            target=sink, args=(listener,), daemon=True
        )
        server.start()
        port = listener.getsockname()[1]
        peer: list[float] = []
        own: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            peer.append(timed(lambda: bare(some, port)))
            for name, way in ways.items():
                own[name].append(way(some, port))
        server.terminate()
        server.join()
    base = statistics.median(peer)
    print(f"  {number:,} letters, median of {ROUNDS}")
    print(f"  bare smtplib, one connection {number / base:7.0f} letters/s")
    for name, taken in own.items():
        one = statistics.median(taken)
        print(f"  outbox on {name:18} {number / one:7.0f} letters/s  {base / one:5.2f}x")


if __name__ == "__main__":
    main()

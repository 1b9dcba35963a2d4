"""The pages under load, over a store as large as the country's register.

    python benchmarks/bench_web.py [--full] [--users 20] [--asked 400] [--report FILE]

Needs ``wrk`` (Debian: wrk). The server is as ``procmatch serve`` starts it. Of each kind of page so
many different addresses are asked for, by so many users at once. Half of them by users who read for
a second, more or less, before the next click (who fills in a form takes ten); the other half by
users who make no pause, three times. Beside the pages stands one that says the same always: what
the server itself costs.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import web_addresses
import web_store
from linkage_report import put_into

ROWS, TENDERS = 1_100_000, 1_500
_WAIT_S = 600
_PAUSE_MS, _FORM_MS = 1_000, 10_000
#: How addresses are asked for. The second time, half of them come to a process that does not know
#: them yet; the third time hardly any.
_ROUNDS = ("new, a second's pause", "new, no pause", "third time, no pause")
_SCRIPT = Path(__file__).with_name("web_addresses.lua")


@contextmanager
def served(database: str) -> Iterator[str]:
    """Serve a store as an operator would; yield the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "procmatch.cli", "serve", "--port", str(port)]
    settings = {"PROCMATCH_DATABASE_URL": database, "PROCMATCH_SECRET_KEY": "bench"}
    server = subprocess.Popen(command, env={**os.environ, **settings}, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + _WAIT_S
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{address}/style.css", timeout=5).close()
                break
            except OSError:
                time.sleep(1)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def asked(server: str, paths: Sequence[str], users: int, *, pause_ms: int = 0) -> dict[str, float]:
    """Return what ``wrk`` saw of some pages, each asked for once: milliseconds, a second, failed.

    Args:
        server: its address.
        paths: below it.
        users: who ask at once.
        pause_ms: that each makes before a click, on average.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write("\n".join(paths))
        listed.flush()
        command = ["wrk", "-t1", f"-c{users}", f"-d{_WAIT_S}s", "--timeout", "120s"]
        command += ["-s", str(_SCRIPT), server, "--", listed.name, str(pause_ms)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as asking:
            assert asking.stdout is not None
            for line in asking.stdout:
                if line == "all answered\n":
                    break
            asking.send_signal(signal.SIGINT)
            rest = asking.stdout.read()
    said = re.search(r"^median=.*$", rest, re.MULTILINE)
    if said is None:
        raise RuntimeError(rest)
    found = {name: float(value) for name, value in re.findall(r"(\w+)=([\d.]+)", said[0])}
    return {**found, "rate": found["asked"] / found["seconds"]}


def table(found: Mapping[str, Sequence[Mapping[str, float]]]) -> str:
    """Return the figures of each kind of page as Markdown; see :data:`_ROUNDS`."""
    heads = ["page", "addresses"]
    for told in _ROUNDS:
        heads += [f"{told}: median ms", "99th percentile"]
    heads += ["a second, no pause", "failed"]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for name, rounds in found.items():
        figures = " | ".join(f"{one['median']:.0f} | {one['p99']:.0f}" for one in rounds)
        wrong = sum(one["wrong"] for one in rounds)
        many = rounds[0]["asked"] + rounds[1]["asked"]
        lines.append(f"| {name} | {many:.0f} | {figures} | {rounds[1]['rate']:.0f} | {wrong:.0f} |")
    return "\n".join(lines)


def rounds_of(server: str, paths: Sequence[str], users: int) -> list[dict[str, float]]:
    """Ask one kind of page as told in :data:`_ROUNDS`."""
    first, second = paths[::2], paths[1::2]
    pause_ms = _FORM_MS if "\t" in first[0] else _PAUSE_MS
    paused = asked(server, first, users, pause_ms=pause_ms)
    new, _again, third = (asked(server, second, users) for _ in range(3))
    return [paused, new, third]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="1.1 million units, 1,500 tenders")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--tenders", type=int, default=100)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--asked", type=int, default=400)
    parser.add_argument("--folder", type=Path, help="where the store is kept")
    parser.add_argument("--report", type=Path, help="file whose section on pages is replaced")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed (Debian: apt-get install wrk)")
    rows, tenders = (ROWS, TENDERS) if options.full else (options.rows, options.tenders)
    folder = options.folder or Path(tempfile.gettempdir()) / "procmatch-bench-web"
    folder.mkdir(parents=True, exist_ok=True)
    store = web_store.make(folder, rows, tenders)
    pages = web_addresses.addresses(store, options.asked)
    database = store.engine.url.render_as_string(hide_password=False)
    store.close()
    with served(database) as address:
        asked(address, [next(iter(paths)) for paths in pages.values()], 1)
        found = {name: rounds_of(address, paths, options.users) for name, paths in pages.items()}
    said = (
        f"{rows:,} units, {tenders:,} tenders; {options.users} users at once; "
        f"{os.cpu_count()} processors, shared with the load tool `wrk`.\n\n"
        f"{table(found)}\n"
    )
    print(said)
    if options.report:
        put_into(options.report, "pages", said)


if __name__ == "__main__":
    main()

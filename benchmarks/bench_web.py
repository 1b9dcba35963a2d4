"""The pages under load, over a store as large as the country's register.

    python benchmarks/bench_web.py [--full] [--users 20] [--asked 400] [--report FILE]

Needs ``ab`` (Debian: apache2-utils). The server is one process, as ``procmatch serve`` starts it;
each page is asked for by so many users at once, without a pause between their clicks. Beside the
pages stands one that says the same always: what the server itself costs.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import web_store
from linkage_report import put_into

ROWS, TENDERS = 1_100_000, 1_500
#: Kind of page -> its address; the style sheet is what the server alone costs.
PAGES: Mapping[str, str] = {
    "style sheet (nothing but the server)": "/style.css",
    "front page": "/?lang=nb",
    "search": "/search?q=renhold+av+skoler&lang=nb",
    "open tenders": "/tenders?q=mat&lang=nb",
    "tender": "/tender/2026-500003?lang=nb",
    "firms for a lot": "/tender/2026-500003/suppliers?lang=nb",
    "what if it were divided": "/tender/2026-500003/what-if?way=value&lang=nb",
    "firm": "/supplier/{firm}?lang=nb",
    "need": "/need?q=brod+og+kaker&place=Asker&lang=nb",
    "municipality": "/municipality/3203?lang=nb",
    "leader": "/municipality/3203/leader?lang=nb",
    "purchaser": "/municipality/3203/purchaser?lang=nb",
    "unit head": "/municipality/3203/unit?group=bread&lang=nb",
    "guide": "/guide/food?lang=nb",
    "about the data": "/about?lang=nb",
    "subscribe": "/subscribe?lang=nb",
}
_WAIT_S = 600


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
        server.kill()
        server.wait(30)


def asked(address: str, users: int, times: int) -> dict[str, float]:
    """Return what ``ab`` saw of one page: median, 99th percentile (ms), rate, failures."""
    urllib.request.urlopen(address, timeout=_WAIT_S).read()
    command = ["ab", "-q", "-k", "-l", "-s", "120", "-c", str(users), "-n", str(times), address]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    def number(pattern: str) -> float:
        found = re.search(pattern, done.stdout)
        return float(found[1]) if found else 0.0

    return {
        "median": number(r"\n\s+50%\s+(\d+)"),
        "p99": number(r"\n\s+99%\s+(\d+)"),
        "rate": number(r"Requests per second:\s+([\d.]+)"),
        "bytes": number(r"Document Length:\s+(\d+)"),
        "wrong": number(r"Non-2xx responses:\s+(\d+)") + number(r"Failed requests:\s+(\d+)"),
    }


def table(found: Mapping[str, Mapping[str, float]]) -> str:
    """Return the figures as Markdown; the last column tells each page in style sheets."""
    least = next(iter(found.values()))["rate"]
    lines = [
        "| page | median ms | 99th percentile ms | a second | failed | of the rate of row 1 |",
        "|---|---|---|---|---|---|",
    ]
    for name, one in found.items():
        ratio = one["rate"] / least if least else 0.0
        lines.append(
            f"| {name} | {one['median']:.0f} | {one['p99']:.0f} | {one['rate']:.0f} | "
            f"{one['wrong']:.0f} | {ratio:.2f} |"
        )
    return "\n".join(lines)


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
    if shutil.which("ab") is None:
        sys.exit("ab is not installed (Debian: apt-get install apache2-utils)")
    rows, tenders = (ROWS, TENDERS) if options.full else (options.rows, options.tenders)
    folder = options.folder or Path(tempfile.gettempdir()) / "procmatch-bench-web"
    folder.mkdir(parents=True, exist_ok=True)
    store = web_store.make(folder, rows, tenders)
    firm = web_store.some_firm(store)
    database = store.engine.url.render_as_string(hide_password=False)
    store.close()
    with served(database) as address:
        found = {
            name: asked(f"{address}{path.format(firm=firm)}", options.users, options.asked)
            for name, path in PAGES.items()
        }
    said = (
        f"{rows:,} units, {tenders:,} tenders; {options.users} users at once, {options.asked} "
        f"pages of each kind; {os.cpu_count()} processors, shared with the load tool `ab`.\n\n"
        f"{table(found)}\n"
    )
    print(said)
    if options.report:
        put_into(options.report, "pages", said)


if __name__ == "__main__":
    main()

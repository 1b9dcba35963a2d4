"""Pages by several processes: all answer, one that dies is replaced, none outlives the first."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from procmatch.store import Store

_WAIT_S = 600
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux's /proc"),
]


def _until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + _WAIT_S
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.2)


def _workers(first: int) -> set[int]:
    """Return the processes that answer: children of the first that are no helpers of Python's."""
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    found = set()
    for child in children:
        try:
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.add(int(child))
        except OSError:
            continue
    return found


def _is_there(process: int) -> bool:
    try:
        return "\tZ" not in Path(f"/proc/{process}/status").read_text().split("State:")[1][:3]
    except OSError:
        return False


def _answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/?lang=nb", timeout=_WAIT_S) as answer:
            return answer.status == 200 and b"procmatch" in answer.read()
    except OSError:
        return False


@pytest.fixture
def served(matched: Store) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = matched.engine.url.render_as_string(hide_password=False)
    settings = {"PROCMATCH_DATABASE_URL": url, "PROCMATCH_SECRET_KEY": "s"}
    first = subprocess.Popen(
        [sys.executable, "-m", "procmatch.cli", "serve", "--port", str(port), "--workers", "2"],
        env={**os.environ, **settings},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield first, f"http://127.0.0.1:{port}"
    finally:
        first.kill()
        first.wait(30)


def test_a_worker_that_dies_is_replaced_and_all_end_with_the_first(
    served: tuple[subprocess.Popen[bytes], str],
) -> None:
    first, address = served
    _until(lambda: _answers(address))
    _until(lambda: len(_workers(first.pid)) == 2)
    one, *_ = before = sorted(_workers(first.pid))
    os.kill(one, signal.SIGKILL)
    _until(lambda: len(_workers(first.pid) - {one}) == 2)
    _until(lambda: _answers(address))
    workers = {*before, *_workers(first.pid)}
    first.terminate()
    assert first.wait(_WAIT_S) == 0
    _until(lambda: not any(map(_is_there, workers)))


def test_workers_do_not_outlive_a_first_process_that_was_killed(
    served: tuple[subprocess.Popen[bytes], str],
) -> None:
    first, address = served
    _until(lambda: _answers(address))
    _until(lambda: len(_workers(first.pid)) == 2)
    workers = _workers(first.pid)
    first.kill()
    first.wait(30)
    _until(lambda: not any(map(_is_there, workers)))

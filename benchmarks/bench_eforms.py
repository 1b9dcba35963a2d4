"""Reading eForms notices into the model, against parsing the same XML and nothing more.

Peer and limit: ``lxml.etree.fromstring``. Input: the sample world's notices, and real ones where
``../shared/data`` is beside the project.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from procmatch.demo import world
from procmatch.errors import ProcmatchError
from procmatch.sources import eforms

ROUNDS = 7
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "tenders" / "doffin_xml"


def readable(bodies: list[bytes]) -> list[bytes]:
    kept = []
    for body in bodies:
        try:
            eforms.read(body)
        except ProcmatchError:
            continue
        kept.append(body)
    return kept


def seconds(work: Callable[[bytes], object], bodies: list[bytes]) -> float:
    started = time.perf_counter()
    for body in bodies:
        work(body)
    return time.perf_counter() - started


def compare(name: str, bodies: list[bytes]) -> None:
    """Time both in turn, round by round, and print the median ratio."""
    kept = readable(bodies)
    ratios, speeds = [], []
    for _ in range(ROUNDS):
        parse = seconds(etree.fromstring, kept)
        read = seconds(eforms.read, kept)
        ratios.append(parse / read)
        speeds.append(len(kept) / read)
    print(
        f"  {name}: {len(kept)} notices, {statistics.median(speeds):.0f} notices/s, "
        f"{statistics.median(ratios):.2f} of the speed of lxml.etree.fromstring alone "
        f"(median of {ROUNDS}, {min(ratios):.2f}-{max(ratios):.2f})"
    )


if __name__ == "__main__":
    compare("sample world", list(world.notices().values()))
    if SHARED.is_dir():
        compare("real notices", [path.read_bytes() for path in sorted(SHARED.glob("*.xml"))])

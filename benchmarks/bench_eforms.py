"""Reading eForms notices into the model: of the speed of parsing alone, and against parsel.

Limit: ``lxml.etree.fromstring``, which parses the same bytes and reads nothing. Peer: parsel (the
selectors of Scrapy), in ``eforms_with_parsel.py``, which lists the fields: once the core ones only,
once all that ``procmatch.sources.eforms.read`` reads. Either way it gives texts and checks nothing,
where our reader gives dates, sums and codes and answers for every element. Input: the
sample world's notices, and real ones where ``../shared/data`` is beside the project. Time is that
of the processor, all in turn, round by round.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from eforms_with_parsel import read_with_parsel
from lxml import etree

from procmatch.demo import world
from procmatch.errors import ProcmatchError
from procmatch.sources import eforms

ROUNDS = 9
#: A round takes the notices as often as needed to have read about so many.
A_ROUND = 200
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
    started = time.process_time()
    for body in bodies:
        work(body)
    return time.process_time() - started


def agrees(body: bytes) -> bool:
    """Whether the peer finds the same id, number of buyers, lots, titles and main codes."""
    ours, theirs = eforms.read(body), read_with_parsel(body)
    return (
        ours.notice_id == theirs["notice_id"]
        and len(ours.buyers) == len({one["ref"] for one in theirs["buyers"]})
        and [lot.id for lot in ours.lots] == [lot["id"] for lot in theirs["lots"]]
        and [lot.cpv_main for lot in ours.lots] == [lot["cpv_main"] for lot in theirs["lots"]]
        and [lot.title.best() for lot in ours.lots] == [lot["title"] for lot in theirs["lots"]]
    )


def compare(name: str, bodies: list[bytes]) -> None:
    """Time the four in turn, round by round, and print the median ratios."""
    kept = readable(bodies)
    same = sum(map(agrees, kept))
    many = kept * max(1, A_ROUND // len(kept))
    of_parsing, of_core, of_all, speeds = [], [], [], []
    for _ in range(ROUNDS):
        parse = seconds(etree.fromstring, many)
        read = seconds(eforms.read, many)
        core = seconds(read_with_parsel, many)
        everything = seconds(partial(read_with_parsel, more=True), many)
        of_parsing.append(parse / read)
        of_core.append(core / read)
        of_all.append(everything / read)
        speeds.append(len(many) / read)
    print(
        f"  {name}: {len(kept)} notices of {sum(map(len, kept)) / len(kept) / 1000:.0f} kB, "
        f"{statistics.median(speeds):.0f} notices/s (median of {ROUNDS})\n"
        f"    {statistics.median(of_parsing):.2f} of the speed of lxml.etree.fromstring alone "
        f"({min(of_parsing):.2f}-{max(of_parsing):.2f})\n"
        f"    {statistics.median(of_all):.1f} times as fast as parsel, the same fields "
        f"({min(of_all):.1f}-{max(of_all):.1f})\n"
        f"    {statistics.median(of_core):.1f} times as fast as parsel, its core fields only "
        f"({min(of_core):.1f}-{max(of_core):.1f}); the two agree on {same} of {len(kept)}"
    )


if __name__ == "__main__":
    compare("sample world", list(world.notices().values()))
    if SHARED.is_dir():
        compare("real notices", [path.read_bytes() for path in sorted(SHARED.glob("*.xml"))])

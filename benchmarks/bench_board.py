"""The open lots for one firm: the board against asking lot by lot, in the same run.

    python benchmarks/bench_board.py [--rows N] [--lots N] [--firms N] [--report FILE]

An invented register and the tenders of the sample world, again and again, each somewhere else. Lot
by lot means that each lot is read, scored and judged by itself, with the firm laid out once. Both
must give the same matches, or the run fails. What is compared is processor time.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import linkage_register as register
import web_store
from linkage_report import machine, put_into

from procmatch.matching import DEFAULT_POLICY, Board, SupplierIndex
from procmatch.matching.board import LotOf
from procmatch.matching.common import asked
from procmatch.matching.criteria import points_of
from procmatch.matching.judging import Bench, relevant
from procmatch.matching.need import prepare
from procmatch.matching.profile import profile
from procmatch.matching.records import firm_of
from procmatch.matching.relevance.places import RADIUS_KM
from procmatch.model.match import Match
from procmatch.model.organisation import Supplier

ROWS, LOTS, FIRMS = 20_000, 1_000, 40
#: So many firms are asked lot by lot as well, which takes seconds for each.
COMPARED = 5


def lot_by_lot(
    supplier: Supplier, lots: Sequence[LotOf], index: SupplierIndex, now: datetime
) -> list[Match]:
    """Return a firm's matches, each lot by itself."""
    codes = index.codes
    bench = Bench(index=index, codes=codes, policy=DEFAULT_POLICY, radius_km=RADIUS_KM)
    one = profile(supplier, codes)
    firm = replace(firm_of(supplier, codes, one), blocked=False)
    alone = index.firms.alone(firm)
    pairs = []
    for notice, lot, buyer in lots:
        wanted = prepare(notice, lot, codes=codes, now=now, buyer_municipality=buyer)
        found = alone.points(wanted.need, [firm.key], radius_km=RADIUS_KM)
        points = points_of(wanted, {name: value for name, (value,) in found.items()})
        if relevant(wanted, one, points):
            pairs.append((bench.pair(wanted, one, points), wanted))
    pairs.sort(key=lambda two: (*two[0].rank, two[1].notice.source_id or "", two[1].lot.id))
    return [bench.match(wanted, asked(wanted.need), pair) for pair, wanted in pairs]


def measured(rows: int, lots: int, firms: int) -> str:
    """Return what was measured, as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "units.csv"
        register.write(file, rows)
        market = [Supplier(organisation=unit) for unit in web_store.firms(file)]
    index = SupplierIndex.build(market)
    now = datetime.now(UTC)
    every: list[LotOf] = [
        (notice, lot, None) for notice in web_store.competitions(lots, now) for lot in notice.lots
    ]
    every = every[:lots]
    known = [one for one in market if one.organisation.id in index]
    asking = known[:: max(1, len(known) // firms)][:firms]
    # What is compiled or read once in a process is no part of any figure.
    Board.prepare(every[:5], index=index).matches(asking[0], now=now)
    lot_by_lot(asking[0], every[:5], index, now)

    started = time.process_time()
    board = Board.prepare(every, index=index)
    prepared = time.process_time() - started
    started = time.process_time()
    Board.prepare(every, index=index, like=board)
    renewed = time.process_time() - started
    each, found = [], []
    for firm in asking:
        started = time.process_time()
        found.append(board.matches(firm, now=now))
        each.append(time.process_time() - started)
    alone = []
    for firm, matches in list(zip(asking, found, strict=True))[:COMPARED]:
        started = time.process_time()
        same = lot_by_lot(firm, every, index, now)
        alone.append(time.process_time() - started)
        if same != matches:
            sys.exit(f"{firm.organisation.name}: the board and lot by lot give different answers")
    ours, theirs = statistics.median(each), statistics.median(alone)
    return (
        f"{len(every):,} lots, {rows:,} firms ({machine(('numba',))}).\n\n"
        "| one firm, all lots | CPU ms (median) | most | lots that fit (median) |\n"
        "|---|---|---|---|\n"
        f"| lot by lot ({len(alone)} firms) | {theirs * 1000:,.0f} | {max(alone) * 1000:,.0f} | "
        f"{statistics.median(map(len, found[: len(alone)])):.0f} |\n"
        f"| the board ({len(each)} firms) | {ours * 1000:,.0f} | {max(each) * 1000:,.0f} | "
        f"{statistics.median(map(len, found)):.0f} |\n\n"
        f"The board takes **1/{theirs / ours:.0f}** of the time. It is prepared once, in "
        f"{prepared:.1f} s of CPU; renewed with the same lots in {renewed:.2f}.\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="firms of the market")
    parser.add_argument("--lots", type=int, default=LOTS, help="open lots")
    parser.add_argument("--firms", type=int, default=FIRMS, help="firms that ask")
    parser.add_argument("--report", type=Path, help="file whose section on the board is replaced")
    options = parser.parse_args()
    said = measured(options.rows, options.lots, options.firms)
    print(said)
    if options.report:
        put_into(options.report, "board", said)


if __name__ == "__main__":
    main()

"""Lots to firms, against what else one can install, on an invented market.

    python benchmarks/bench_matching.py [--rows N] [--lots N] [--only METHOD] [--report FILE]

Every method runs in a process of its own, on all processors, one after another. Ours answers by the
ranking policy, and its lists are compared with those of looking at every firm. The peers answer by
a plainer formula of their own, the cheaper task; see matching_peers.py. What is compared with them
is time: that of all processors for a lot, which other work on the machine disturbs least.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import linkage_register as register
import matching_market as market
import matching_ours as ours
import matching_peers as peers
import msgspec
from linkage_report import put_into
from matching_report import table
from own_process import in_own_process

from procmatch.matching.relevance import Firm, Need

ROWS, LOTS = 1_100_000, 5_000
OURS = "procmatch"
_WARM = 300


def prepare(folder: Path, rows: int, lots: int) -> None:
    """Write the invented market, unless it is there."""
    firms, asked = _files(folder, rows, lots)
    if firms.exists() and asked.exists():
        return
    file = folder / f"units-{rows}.csv"
    register.write(file, rows)
    units = list(register.read(file))
    file.unlink()
    encode = msgspec.json.encode
    with firms.with_suffix(".part").open("wb") as lines:
        lines.writelines(encode(firm) + b"\n" for firm in market.firms(units))
    asked.write_bytes(encode(market.lots(units, lots)))
    firms.with_suffix(".part").rename(firms)


def _files(folder: Path, rows: int, lots: int) -> tuple[Path, Path]:
    return folder / f"firms-{rows}.jsonl", folder / f"lots-{rows}-{lots}.json"


def stream(file: Path) -> Iterator[Firm]:
    """Yield the firms of a written market."""
    decoder = msgspec.json.Decoder(Firm)
    with file.open("rb") as lines:
        yield from map(decoder.decode, lines)


def memory() -> float:
    """Return the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(method: str, folder: Path, rows: int, lots: int) -> dict[str, object]:
    """Measure one method in this process."""
    file, asked = _files(folder, rows, lots)
    needs = msgspec.json.decode(asked.read_bytes(), type=list[Need])
    if method == OURS:
        ours.warm(list(islice(stream(file), _WARM)), needs)
        return {"method": method, **ours.whole(lambda: stream(file), needs, folder, memory)}
    firms = list(stream(file))
    known, peer = peers.facts(firms), peers.PEERS[method]
    needs = needs[: peer.sample]
    peers.asked(needs, known.trades, peer.read)
    before, started, worked = memory(), time.perf_counter(), time.process_time()
    answer = peer.make(peers.texts(firms, peer.read), known)
    build, build_cpu = time.perf_counter() - started, time.process_time() - worked
    most = memory() - before
    answer(peers.asked(needs[:20], known.trades, peer.read))
    started, worked = time.perf_counter(), time.process_time()
    found = answer(peers.asked(needs, known.trades, peer.read))
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    return {
        "method": method,
        "lots": len(needs),
        "rate": len(needs) / seconds,
        "cpu": cpu * 1000 / len(needs),
        "build": build,
        "build_cpu": build_cpu,
        "memory": most,
        "answered": sum(map(len, found)) / len(found),
    }


def options_given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=None, help="firms of the market")
    parser.add_argument("--lots", type=int, default=None, help="lots to be answered")
    parser.add_argument("--only", action="append", help="a method; may be given again")
    parser.add_argument("--report", type=Path, help="file whose section on matching is replaced")
    parser.add_argument("--folder", type=Path, help="where the invented market is kept")
    parser.add_argument("--full", action="store_true", help="1.1 million firms, 5,000 lots")
    parser.add_argument("--here", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.rows = options.rows or (ROWS if options.full else 50_000)
    options.lots = options.lots or (LOTS if options.full else 500)
    return options


def main() -> None:
    options = options_given()
    folder = options.folder or Path(tempfile.gettempdir()) / "procmatch-bench"
    folder.mkdir(parents=True, exist_ok=True)
    if options.here:
        print(json.dumps(run(options.here, folder, options.rows, options.lots)))
        return
    prepare(folder, options.rows, options.lots)
    found = []
    for method in options.only or [OURS, *peers.PEERS]:
        asked = ("--rows", str(options.rows), "--lots", str(options.lots))
        found.append(in_own_process(Path(__file__), method, *asked, "--folder", str(folder)))
        print(json.dumps(found[-1]), flush=True)
        if options.report:
            # After each method: what a quarter of an hour has measured is not lost with the last.
            put_into(options.report, "matching", table(found, rows=options.rows))
    print(table(found, rows=options.rows))


if __name__ == "__main__":
    main()

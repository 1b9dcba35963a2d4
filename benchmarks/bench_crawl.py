"""A crawl of Doffin's stand-in into a store, against a bare loop that only downloads the same.

Peer and limit: one connection, one request at a time, the same searches and downloads, nothing
read but the ids and nothing stored. The stand-in runs in a process of its own, without rate limit
and faults; the crawl without pauses. ``python benchmarks/bench_crawl.py [NOTICES] [--profile]``.
"""

from __future__ import annotations

import cProfile
import http.client
import json
import pstats
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from procmatch.demo import world
from procmatch.demo.standins.content import Content, Override, shifted
from procmatch.demo.standins.faults import Faults
from procmatch.demo.standins.notice_facts import read_facts
from procmatch.demo.standins.server import StandIn
from procmatch.model.answer import Answer
from procmatch.settings import Settings, Sources
from procmatch.store import open_store
from procmatch.store.runs import Counts
from procmatch.workflows.ingest import Ingested, Run, RunReport

KEY = "bench"
ROUNDS = 3
NOTICES = 1000
A_DAY = 60
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "tenders" / "doffin_xml"
UUID = re.compile(rb"(?<![0-9a-f-])[0-9a-f]{8}(-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")


def content(count: int) -> Content:
    """Repeat real notices, or else the sample world's, each time as others and on other days."""
    today = datetime.now(UTC).date()
    bodies = [path.read_bytes() for path in sorted(SHARED.glob("*.xml"))]
    bodies = bodies or list(world.notices().values())
    issued = [read_facts("", body).issued_at.date() for body in bodies]
    notices, overrides = {}, {}
    for n in range(count):
        body, was = bodies[n % len(bodies)], issued[n % len(bodies)]
        day = today - timedelta(days=n // A_DAY)
        move = (day - was).days
        key = f"{today.year}-{300000 + n}"
        mark = b"%08x" % n
        notices[key] = UUID.sub(mark + rb"\1", shifted(body, move))
        overrides[key] = Override(publication_date=day)
    return Content(today=today, notices=notices, overrides=overrides)


def serve(count: int) -> None:
    with StandIn(content(count), faults=Faults.none(), key=KEY) as server:
        print(server.url, flush=True)
        sys.stdin.read()


@contextmanager
def served(count: int) -> Iterator[str]:
    command = [sys.executable, __file__, "serve", str(count)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        assert server.stdin is not None
        server.stdin.close()


def since(count: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=count // A_DAY + 3)


def bare(url: str, count: int) -> tuple[float, int]:
    """Download what the crawl downloads; return the seconds, and how many notices it were.

    A few less than are served: those that a correction replaced are in no search.
    """
    from procmatch_spiders.doffin_windows import Window, weeks

    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    headers = {"Ocp-Apim-Subscription-Key": KEY}

    def get(path: str) -> bytes:
        connection.request("GET", f"/public/v2/{path}", headers=headers)
        return connection.getresponse().read()

    started = time.perf_counter()
    seen: set[str] = set()
    for window in [Window(), *weeks(since(count), datetime.now(UTC).date())]:
        page = total = 1
        while (page - 1) * 100 < total:
            answer = json.loads(get(f"search?{window.query(page)}"))
            keys = [hit["id"] for hit in answer["hits"]]
            for key in keys:
                if key not in seen:
                    get(f"download/{key}")
            seen.update(keys)
            total = 1 if window.everything else answer["numHitsTotal"]
            page += 1
    connection.close()
    return time.perf_counter() - started, len(seen)


class Nothing:
    """A desk that finds ids on a page and keeps nothing."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def begin(self, source: str) -> Run:
        return Run(
            id=1,
            source=source,
            settings=Settings(),
            clock=lambda: datetime.now(UTC),
            watermark=None,
            pending=(),
        )

    def ingest(self, _run: Run, answer: Answer) -> Ingested:
        if answer.kind != "search":
            return Ingested()
        assert isinstance(answer.body, bytes)
        page = json.loads(answer.body)
        keys = tuple(hit["id"] for hit in page["hits"])
        wanted = tuple(key for key in keys if key not in self._known)
        self._known.update(keys)
        total = page["numHitsTotal"]
        return Ingested(wanted=wanted, keys=keys, hits=len(keys), total=total, accessible=total)

    def postpone(self, *_: object) -> None:
        raise AssertionError("nothing fails here")

    def finish(self, *_: object, **__: object) -> RunReport:
        """Nothing to end."""
        return RunReport(outcome="ok", counts=Counts())

    def remembered(self, *_: object) -> None:
        """Nothing is remembered."""

    def remember(self, *_: object) -> None:
        """Nothing is remembered."""


def crawl(url: str, count: int, database: str, profile: str) -> None:
    """Crawl once in this process; print seconds, and seconds of the processor."""
    from procmatch_spiders import crawl as crawling

    settings = Settings(
        database_url=database or "sqlite://",
        doffin_key=KEY,
        requests_per_second=1e6,
        sources=Sources(doffin_url=f"{url}/public"),
    )
    profiler = cProfile.Profile()
    used, started = _processor(), time.perf_counter()
    if profile:
        profiler.enable()
    spider = crawling.run(
        "doffin",
        settings,
        arguments={"since": since(count), "until": datetime.now(UTC).date()},
        desk=None if database else Nothing(),  # type: ignore[arg-type]
        quiet=True,
    )
    profiler.disable()
    wall = time.perf_counter() - started
    tally = spider.tally
    assert not tally.postponed, crawling.summary(spider)
    assert not database or tally.new > count * 0.9, crawling.summary(spider)
    if profile:
        pstats.Stats(profiler, stream=sys.stderr).sort_stats("tottime").print_stats(35)
        pstats.Stats(profiler, stream=sys.stderr).sort_stats("cumtime").print_stats(60)
    print(json.dumps([wall, _processor() - used]))


def _processor() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def crawled(url: str, count: int, *, store: bool, profile: bool = False) -> tuple[float, float]:
    """Crawl in a process of its own: a reactor starts only once."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/bench.db" if store else ""
        if store:
            open_store(database, create=True).close()
        command = [sys.executable, __file__, "crawl", url, str(count), database]
        command += ["profile"] if profile else [""]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    wall, processor = json.loads(done.stdout.splitlines()[-1])
    return wall, processor


def main(count: int, *, profile: bool) -> None:
    with served(count) as url:
        if profile:
            crawled(url, count, store=True, profile=True)
            return
        rounds = []
        for _ in range(ROUNDS):
            used, (alone, notices) = _processor(), bare(url, count)
            loop = (alone, _processor() - used)
            rounds.append((loop, crawled(url, count, store=False), crawled(url, count, store=True)))
    # Where others use the processors too, time on the clock says more of them than of the crawl.
    for what, which in (("on the clock", 0), ("of the processor", 1)):
        loop, fetching, whole = (
            statistics.median(one[which] for one in column) for column in zip(*rounds, strict=True)
        )
        ratios = [one[0][which] / one[2][which] for one in rounds]
        print(
            f"  {notices} notices, time {what}: bare loop {notices / loop:.0f}/s, spider without a "
            f"store {notices / fetching:.0f}/s, crawl {notices / whole:.0f}/s: "
            f"{statistics.median(ratios):.3f} of the bare loop (median of {ROUNDS}, "
            f"{min(ratios):.3f}-{max(ratios):.3f}); {1 - fetching / whole:.0%} of the crawl is "
            "reading and storing"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(int(sys.argv[2]))
    elif sys.argv[1:2] == ["crawl"]:
        crawl(sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5])
    else:
        numbers = [int(text) for text in sys.argv[1:] if text.isdecimal()]
        main(numbers[0] if numbers else NOTICES, profile="--profile" in sys.argv)

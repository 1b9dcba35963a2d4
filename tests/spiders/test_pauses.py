from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from procmatch_spiders.pauses import Pauses, backoff, seconds_to_wait
from procmatch_spiders.retry_after import fault

NOW = datetime(2026, 10, 5, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("Mon, 05 Oct 2026 12:00:30 GMT", 30.0),
        ("Mon, 05 Oct 2026 11:59:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_may_be_seconds_or_a_date(header: str, seconds: float | None) -> None:
    assert seconds_to_wait(header, NOW) == seconds


def test_waits_double_and_are_spread() -> None:
    waits = [backoff(tries, 1.0) for tries in range(12)]
    assert all(2.0**n / 2 <= wait <= 2.0**n for n, wait in enumerate(waits[:6]))
    assert max(waits) <= 60.0
    assert len({backoff(3, 1.0) for _ in range(20)}) > 1


def held(pauses: Pauses, asked: str, *, tries: int = 0, busy: bool = False) -> float:
    async def hold() -> float:
        pauses.hold("a", tries=tries, asked=asked, busy=busy, now=NOW)
        return pauses.until["a"] - asyncio.get_running_loop().time()

    return asyncio.run(hold())


@pytest.mark.parametrize(
    ("asked", "wait"),
    [("4", 6.0), ("86400", 300.0), ("Mon, 05 Oct 2026 12:00:10 GMT", 12.0)],
)
def test_what_is_asked_for_gets_a_margin_and_a_cap(asked: str, wait: float) -> None:
    assert held(Pauses(), asked) == pytest.approx(wait, abs=0.1)


@pytest.mark.parametrize(("tries", "least"), [(0, 30.0), (1, 60.0), (2, 120.0), (4, 300.0)])
def test_a_site_that_is_busy_and_does_not_say_how_long_gets_a_growing_pause(
    tries: int, least: float
) -> None:
    wait = held(Pauses(refused=30.0), "", tries=tries, busy=True)
    assert least - 0.1 <= wait <= least + 4.0
    assert held(Pauses(refused=30.0), "4", busy=True) == pytest.approx(6.0, abs=0.1)
    assert held(Pauses(refused=30.0), "") <= 1.0


def test_a_longer_pause_is_not_shortened() -> None:
    pauses = Pauses()

    async def hold() -> float:
        pauses.hold("a", tries=0, asked="60", now=NOW)
        pauses.hold("a", tries=0, asked="1", now=NOW)
        return pauses.until["a"] - asyncio.get_running_loop().time()

    assert asyncio.run(hold()) == pytest.approx(62.0, abs=0.1)


def test_a_pause_holds_one_site_and_ends_when_the_crawl_is_stopped() -> None:
    pauses = Pauses(margin=0.0)

    async def crawl() -> tuple[float, float]:
        loop = asyncio.get_running_loop()
        pauses.hold("busy", tries=0, asked="60", now=NOW)
        began = loop.time()
        await pauses.wait("other", lambda: True)
        other = loop.time() - began
        await pauses.wait("busy", lambda: loop.time() - began < 0.3)
        return other, loop.time() - began

    other, busy = asyncio.run(crawl())
    assert other < 0.1
    assert busy < 1.0


@pytest.mark.parametrize(
    ("body", "expects", "problem"),
    [
        (b'{"a": 1}', "json", None),
        (b'{"a": "line\nbreak"}', "json", None),
        (b"[]", "json", None),
        (b'{"a": ', "json", "JSON"),
        (b"", "json", "JSON"),
        (b"\n <!DOCTYPE HTML><html>", "json", "HTML"),
        (b"<html lang='no'>", "xml", "HTML"),
        (b'<?xml version="1.0"?><a/>', "xml", None),
        (b"\xef\xbb\xbf<a/>", "xml", None),
        (b"{}", "xml", "no XML"),
        (b"<html>", None, None),
    ],
)
def test_a_body_that_holds_no_data_is_seen(
    body: bytes, expects: str | None, problem: str | None
) -> None:
    found = fault(body, expects)
    assert (found is None) if problem is None else (problem in (found or ""))

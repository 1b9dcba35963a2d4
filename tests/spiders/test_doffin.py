"""The Doffin spider against a site that has Doffin's habits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.spiders.conftest import KEY, Crawl
from tests.spiders.fake_doffin import TODAY, FakeDoffin, downloaded, notice
from tests.spiders.site import Asked, Reply, Site


def test_new_notices_are_read_back_to_a_little_behind_the_watermark(crawl_once: Crawl) -> None:
    hits = [notice(n, n // 10) for n in range(400)]  # ten a day
    watermark = (TODAY - timedelta(days=5)).isoformat()
    with Site(FakeDoffin([*hits, hits[3]])) as site:
        notes = crawl_once("doffin", site.url, watermark=watermark, pending=["2025-7"])
    pages = [asked.query["page"][0] for asked in site.asked if asked.path.endswith("search")]
    assert pages == ["1", "2"]
    assert notes["finished"] == {"complete": True, "error": None, "newest": "2026-01-01"}
    keys = downloaded(notes)
    assert "2025-7" in keys
    assert len(keys) == len(set(keys)) == 200
    queries = [asked.query for asked in site.asked if asked.path.endswith("search")]
    assert all(set(q) == {"numHitsPerPage", "page", "sortBy"} for q in queries)
    assert all(q["numHitsPerPage"] == ["100"] for q in queries)


def test_a_key_is_never_in_an_address_or_a_log(crawl_once: Crawl) -> None:
    with Site(FakeDoffin([notice(1, 0)])) as site:
        notes = crawl_once("doffin", site.url, above={"LOG_LEVEL": "DEBUG"})
    assert "Crawled (200)" in notes["log"]
    assert KEY not in notes["log"]
    assert not any(KEY in asked.target for asked in site.asked)
    assert not any(KEY in answer["url"] for answer in notes["answers"])


def test_a_refused_key_fails_at_once_in_one_clear_line(crawl_once: Crawl) -> None:
    with Site(FakeDoffin([])) as site:
        notes = crawl_once("doffin", site.url, settings={"doffin_key": "wrong-key"})
    assert notes["error"]["type"] == "SettingsError"
    assert "PROCMATCH_DOFFIN_KEY" in notes["error"]["text"]
    assert "wrong-key" not in notes["error"]["text"]
    assert notes["finished"]["complete"] is False
    assert len(site.asked) == 1
    assert notes["log"] == ""


def test_without_a_key_nothing_is_asked_and_no_run_is_opened(crawl_once: Crawl) -> None:
    with Site(FakeDoffin([])) as site:
        notes = crawl_once("doffin", site.url, settings={"doffin_key": ""})
    assert notes["error"]["type"] == "SettingsError"
    assert "sign up" in notes["error"]["text"]
    assert site.asked == []
    assert notes["finished"] is None


def test_retry_after_is_honoured(crawl_once: Crawl) -> None:
    fake = FakeDoffin([notice(n, 0) for n in range(3)])

    def too_fast(asked: Asked) -> Reply | None:
        if asked.path.endswith("2026-1") and asked.nth == 1:
            body = b'{"statusCode":429,"message":"Rate limit is exceeded."}'
            return Reply(body, status=429, headers={"Retry-After": "1"})
        return None

    fake.odd = too_fast
    with Site(fake) as site:
        notes = crawl_once("doffin", site.url)
    times = [asked.at for asked in site.asked]
    refused = next(n for n, asked in enumerate(site.asked) if asked.path.endswith("2026-1"))
    assert times[refused + 1] - times[refused] >= 1.2  # what was asked for and the margin
    assert sorted(downloaded(notes)) == ["2026-0", "2026-1", "2026-2"]


@pytest.mark.parametrize("status", [404, 500])
def test_a_notice_that_cannot_be_had_yet_is_postponed_and_the_run_is_whole(
    crawl_once: Crawl, status: int
) -> None:
    fake = FakeDoffin([notice(n, 0) for n in range(3)])
    fake.odd = lambda asked: Reply(status=status) if asked.path.endswith("2026-1") else None
    with Site(fake) as site:
        notes = crawl_once("doffin", site.url)
    assert notes["postponed"] == {"2026-1": f"HTTP {status}"}
    assert sorted(downloaded(notes)) == ["2026-0", "2026-2"]
    assert notes["finished"]["complete"] is True


@pytest.mark.parametrize(
    ("broken", "outcome"),
    [
        (Reply(b'{"numHitsTotal": 3, "hits": [{"id'), "retried"),
        (Reply(b'{"numHitsTotal": 3', cut=True), "retried"),
        (Reply(b"<!DOCTYPE html><html>maintenance", type="text/html"), "retried"),
        (Reply(b"<html>always", type="text/html"), "failed"),
    ],
)
def test_a_broken_page_is_asked_for_again(crawl_once: Crawl, broken: Reply, outcome: str) -> None:
    fake = FakeDoffin([notice(1, 0)])

    def answer(asked: Asked) -> Reply | None:
        search = asked.path.endswith("search")
        return broken if search and (asked.nth == 1 or outcome == "failed") else None

    fake.odd = answer
    with Site(fake) as site:
        notes = crawl_once("doffin", site.url)
    if outcome == "retried":
        assert notes["error"] is None
        assert downloaded(notes) == ["2026-1"]
    else:
        assert notes["error"]["type"] == "SourceUnavailable"
        assert "HTML" in notes["error"]["text"]
        assert notes["finished"]["complete"] is False


@pytest.mark.parametrize("empty", [False, True], ids=["400", "no hits"])
def test_beyond_the_cap_the_crawl_goes_on_by_issue_date(crawl_once: Crawl, empty: bool) -> None:
    # 150 a day for three days, two types a day: a day is beyond the cap and is split by type.
    types = ("PRE_ANNOUNCEMENT", "ADVISORY_NOTICE")
    recent = [notice(n, n // 150) | {"type": types[n % 2]} for n in range(450)]
    old = [notice(n, 40) | {"type": types[0]} for n in range(2000, 2010)]
    fake = FakeDoffin(recent + old, cap=100)
    fake.empty_beyond_cap = empty
    with Site(fake) as site:
        notes = crawl_once("doffin", site.url)
    assert notes["error"] is None
    assert len(downloaded(notes)) == 460
    assert notes["finished"]["complete"] is True


def test_a_filter_that_is_ignored_fails_the_run(crawl_once: Crawl) -> None:
    fake = FakeDoffin([notice(n, n // 30) for n in range(1200)])
    fake.deaf = True
    with Site(fake) as site:
        since = (TODAY - timedelta(days=20)).isoformat()
        until = (TODAY - timedelta(days=10)).isoformat()
        arguments = {"since": since, "until": until}
        notes = crawl_once("doffin", site.url, arguments=arguments)
    assert notes["error"]["type"] == "SourceChanged"
    assert "ignored" in notes["error"]["text"]


def test_a_backfill_reads_its_days_only_and_leaves_the_watermark(crawl_once: Crawl) -> None:
    with Site(FakeDoffin([notice(n, n) for n in range(200)])) as site:
        since = (TODAY - timedelta(days=180)).isoformat()
        until = (TODAY - timedelta(days=160)).isoformat()
        arguments = {"since": since, "until": until}
        notes = crawl_once("doffin", site.url, arguments=arguments, watermark=TODAY.isoformat())
    assert {f"2026-{n}" for n in range(160, 181)} <= set(downloaded(notes))
    assert notes["finished"] == {"complete": True, "error": None, "newest": None}


@pytest.mark.parametrize("broken", ["begin", "search", "notice"])
def test_a_bug_of_ours_never_passes_for_a_whole_run(crawl_once: Crawl, broken: str) -> None:
    with Site(FakeDoffin([notice(1, 0)])) as site:
        notes = crawl_once("doffin", site.url, broken=broken)
    assert "the spider broke" in notes["error"]["text"]
    assert "Traceback" in notes["log"]
    assert broken == "begin" or notes["finished"]["complete"] is False

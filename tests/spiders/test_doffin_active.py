"""Once a week the spider asks again what is active, and what became of what was."""

from __future__ import annotations

from tests.spiders.conftest import Crawl
from tests.spiders.fake_doffin import TODAY, FakeDoffin, Hit, ago, downloaded, notice, searches
from tests.spiders.site import Site

#: Under this name the spider remembers when it made the last round; as in ``crawl_once.py``, which
#: is not imported here: it would load Scrapy into the process of the tests.
ROUND = "last round of active notices"

ONLY = {"active": True}


def competition(number: int, days_ago: int, status: str = "ACTIVE") -> Hit:
    return notice(number, days_ago, type="ANNOUNCEMENT_OF_COMPETITION", status=status)


def asked_for_active(site: Site) -> bool:
    return any(one.get("status") == "ACTIVE" for one in searches(site))


def test_an_incremental_crawl_makes_the_round_when_a_week_has_passed(crawl_once: Crawl) -> None:
    for last, due in ((ago(6), False), (ago(7), True), (None, True)):
        with Site(FakeDoffin([competition(1, 0), competition(2, 90)])) as site:
            notes = crawl_once("doffin", site.url, marks={ROUND: last.isoformat()} if last else {})
        assert asked_for_active(site) is due
        assert notes["marks"][ROUND] == (TODAY.isoformat() if due else ago(6).isoformat())
        assert notes["finished"] == {"complete": True, "error": None, "newest": "2026-01-01"}


def test_a_backfill_makes_no_round(crawl_once: Crawl) -> None:
    days = {"since": ago(9).isoformat(), "until": ago(3).isoformat()}
    with Site(FakeDoffin([competition(1, 0)])) as site:
        crawl_once("doffin", site.url, arguments=days, marks={})
    assert not asked_for_active(site)


def test_on_demand_only_the_round_is_made_and_the_watermark_stays(crawl_once: Crawl) -> None:
    hits = [competition(n, n) for n in range(150)]
    with Site(FakeDoffin(hits)) as site:
        notes = crawl_once("doffin", site.url, arguments=ONLY)
    assert [one.get("status") for one in searches(site)] == [None, "ACTIVE", "ACTIVE"]
    assert len(downloaded(notes)) == 150
    assert notes["finished"]["newest"] is None


def test_more_active_notices_than_the_cap_are_read_by_type_and_by_halves(
    crawl_once: Crawl,
) -> None:
    hits = [competition(n, n) for n in range(450)]
    hits += [notice(1000 + n, n, type="QUALIFICATION_SCHEME", status="ACTIVE") for n in range(90)]
    with Site(FakeDoffin(hits, cap=200)) as site:
        notes = crawl_once("doffin", site.url, arguments=ONLY)
    assert notes["error"] is None
    assert len(set(downloaded(notes))) == 540


def test_the_days_of_what_is_active_no_more_are_read_again(crawl_once: Crawl) -> None:
    hits = [competition(1, 20, "EXPIRED"), competition(2, 21, "AWARDED"), competition(3, 50)]
    known = {
        f"2026-{n}": [day.isoformat()] for n, day in ((1, ago(20)), (2, ago(21)), (3, ago(50)))
    }
    with Site(FakeDoffin(hits)) as site:
        notes = crawl_once("doffin", site.url, arguments=ONLY, active=known)
    days = [one for one in searches(site) if "issueDateFrom" in one]
    assert [(one["issueDateFrom"], one["issueDateTo"]) for one in days] == [
        (ago(21).isoformat(), ago(20).isoformat())
    ]
    assert "status" not in days[0]
    assert notes["unlisted"] == []
    assert notes["marks"][ROUND] == TODAY.isoformat()


def test_what_its_own_day_does_not_show_either_is_unlisted(crawl_once: Crawl) -> None:
    known = {"2026-8": [ago(20).isoformat()], "2026-9": [ago(33).isoformat()]}
    hits = [competition(8, 20, "CANCELLED"), competition(1, 0)]
    with Site(FakeDoffin(hits)) as site:
        notes = crawl_once("doffin", site.url, arguments=ONLY, active=known)
    assert notes["unlisted"] == ["2026-9"]


def test_nothing_is_unlisted_when_a_day_or_the_active_ones_were_not_read_whole(
    crawl_once: Crawl,
) -> None:
    known = {"2026-9": [ago(33).isoformat()]}
    for hidden in (competition(7, 33, "EXPIRED"), competition(7, 2)):
        fake = FakeDoffin([competition(1, 0), hidden])
        fake.hidden = {"2026-7"}
        with Site(fake) as site:
            notes = crawl_once("doffin", site.url, arguments=ONLY, active=known, marks={})
        assert notes["unlisted"] is None
        assert ROUND not in notes["marks"]
        assert notes["error"]["type"] == "SourceChanged"


def test_an_empty_search_does_not_unlist_everything(crawl_once: Crawl) -> None:
    known = {f"2026-{n}": [ago(20).isoformat()] for n in range(100, 160)}
    with Site(FakeDoffin([competition(1, 0)])) as site:
        notes = crawl_once("doffin", site.url, arguments=ONLY, active=known, marks={})
    assert "60 of 60 notices that were active are in no search now" in notes["error"]["text"]
    assert notes["unlisted"] is None


def test_a_status_filter_that_is_ignored_fails_the_run(crawl_once: Crawl) -> None:
    fake = FakeDoffin([competition(n, n // 10) for n in range(1100)])
    fake.deaf = True
    with Site(fake) as site:
        notes = crawl_once("doffin", site.url, arguments=ONLY)
    assert "the filter ACTIVE was ignored" in notes["error"]["text"]

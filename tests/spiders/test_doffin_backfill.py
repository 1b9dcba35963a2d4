"""A backfill reads every window whole, says so when it cannot, and goes on where it was."""

from __future__ import annotations

import pytest

from tests.spiders.conftest import Crawl
from tests.spiders.fake_doffin import FakeDoffin, ago, downloaded, notice, searches
from tests.spiders.site import Asked, Reply, Site

SINCE, UNTIL = ago(120), ago(100)
DAYS = {"since": SINCE.isoformat(), "until": UNTIL.isoformat()}
MARK = f"backfill {SINCE}..{UNTIL}"


def weeks_read(site: Site) -> list[str]:
    """First days of the windows asked for, in order."""
    return [one["issueDateFrom"] for one in searches(site) if "issueDateFrom" in one]


def test_weeks_are_read_oldest_first_and_each_waits_for_the_downloads_of_the_last(
    crawl_once: Crawl,
) -> None:
    with Site(FakeDoffin([notice(n, n) for n in range(200)])) as site:
        notes = crawl_once("doffin", site.url, arguments=DAYS)
    assert weeks_read(site) == [ago(120).isoformat(), ago(113).isoformat(), ago(106).isoformat()]
    paths = [asked.target for asked in site.asked]
    second = next(n for n, path in enumerate(paths) if ago(113).isoformat() in path)
    assert {f"/public/v2/download/2026-{n}" for n in range(114, 121)} <= set(paths[:second])
    assert {f"2026-{n}" for n in range(100, 121)} <= set(downloaded(notes))
    assert not {f"2026-{n}" for n in [*range(121, 200)]} & set(downloaded(notes))


def test_what_pages_lose_between_them_is_found_in_smaller_windows(crawl_once: Crawl) -> None:
    fake = FakeDoffin([notice(n, 100 + n % 14) for n in range(300)])
    fake.lossy = True
    with Site(fake) as site:
        notes = crawl_once("doffin", site.url, arguments=DAYS)
    assert notes["error"] is None
    assert len(set(downloaded(notes))) == 300


def test_what_pages_of_one_day_and_type_lose_is_found_from_the_other_end(
    crawl_once: Crawl,
) -> None:
    fake = FakeDoffin([notice(n, 110) for n in range(250)])
    fake.lossy = True
    with Site(fake) as site:
        notes = crawl_once("doffin", site.url, arguments=DAYS)
    assert notes["error"] is None
    assert len(set(downloaded(notes))) == 250
    assert "PUBLICATION_DATE_ASC" in {one["sortBy"] for one in searches(site)}


def test_one_day_and_type_beyond_the_cap_is_read_from_both_ends(crawl_once: Crawl) -> None:
    fake = FakeDoffin([notice(n, 110) for n in range(350)], cap=200)
    with Site(fake) as site:
        notes = crawl_once("doffin", site.url, arguments=DAYS)
    assert notes["error"] is None
    assert len(set(downloaded(notes))) == 350


def test_a_page_refused_for_another_reason_than_the_cap_fails_the_run(crawl_once: Crawl) -> None:
    fake = FakeDoffin([notice(n, 110) for n in range(150)])

    def refuse(asked: Asked) -> Reply | None:
        if asked.query.get("page") == ["2"]:
            return Reply(b'{"reason": "Parameter numHitsPerPage must be 15"}', status=400)
        return None

    fake.odd = refuse
    with Site(fake) as site:
        notes = crawl_once("doffin", site.url, arguments=DAYS)
    assert notes["error"]["type"] == "SourceChanged"
    assert "must be 15" in notes["error"]["text"]


@pytest.mark.parametrize("name", ["issueDateFrom", "issueDateTo"])
def test_one_end_of_the_days_that_is_not_heard_fails_the_run(crawl_once: Crawl, name: str) -> None:
    fake = FakeDoffin([notice(n, n) for n in range(200)])
    fake.forgets = {name}
    with Site(fake) as site:
        notes = crawl_once("doffin", site.url, arguments=DAYS)
    assert notes["error"]["type"] == "SourceChanged"
    assert "was ignored" in notes["error"]["text"]
    assert len(weeks_read(site)) == 1


def test_a_window_that_never_shows_all_it_counts_is_named_and_the_rest_is_read(
    crawl_once: Crawl,
) -> None:
    fake = FakeDoffin([notice(n, n) for n in range(200)])
    fake.hidden = {"2026-110"}
    with Site(fake) as site:
        notes = crawl_once("doffin", site.url, arguments=DAYS)
    assert notes["error"]["type"] == "SourceChanged"
    assert f"{ago(113)}..{ago(107)}: 6 of 7" in notes["error"]["text"]
    assert {f"2026-{n}" for n in [*range(100, 110), *range(111, 121)]} <= set(downloaded(notes))
    assert notes["marks"][MARK] == ago(114).isoformat()
    assert notes["finished"]["complete"] is False


def test_a_type_that_we_do_not_know_is_noticed_where_types_are_asked_for(
    crawl_once: Crawl,
) -> None:
    hits = [
        notice(n, 110, type="NEW_IN_2027" if n == 120 else "PRE_ANNOUNCEMENT") for n in range(150)
    ]
    with Site(FakeDoffin(hits, cap=100)) as site:
        notes = crawl_once("doffin", site.url, arguments=DAYS)
    assert notes["error"]["type"] == "SourceChanged"
    assert "a type that we do not know" in notes["error"]["text"]


def test_a_backfill_goes_on_after_the_last_week_that_was_finished(crawl_once: Crawl) -> None:
    fake = FakeDoffin([notice(n, n) for n in range(200)])
    with Site(fake) as site:
        notes = crawl_once("doffin", site.url, arguments=DAYS, marks={MARK: ago(114).isoformat()})
    assert weeks_read(site) == [ago(113).isoformat(), ago(106).isoformat()]
    assert notes["error"] is None
    assert notes["marks"] == {}, "a whole backfill starts from its beginning next time"


def test_a_backfill_of_other_days_is_another_one(crawl_once: Crawl) -> None:
    other = f"backfill {ago(121)}..{UNTIL}"
    with Site(FakeDoffin([notice(n, n) for n in range(200)])) as site:
        notes = crawl_once("doffin", site.url, arguments=DAYS, marks={other: ago(114).isoformat()})
    assert weeks_read(site)[0] == SINCE.isoformat()
    assert notes["marks"] == {other: ago(114).isoformat()}


@pytest.mark.parametrize("broken", [True, False])
def test_each_finished_week_is_remembered_and_a_failed_one_is_not(
    crawl_once: Crawl, broken: bool
) -> None:
    fake = FakeDoffin([notice(n, n) for n in range(200)])
    if broken:
        fake.odd = lambda asked: (
            Reply(b"no", status=415)
            if asked.query.get("issueDateFrom") == [ago(106).isoformat()]
            else None
        )
    with Site(fake) as site:
        notes = crawl_once("doffin", site.url, arguments=DAYS)
    finished = [[MARK, ago(114).isoformat()], [MARK, ago(107).isoformat()]]
    if broken:
        assert notes["marked"] == finished
    else:
        assert notes["marked"] == [*finished, [MARK, UNTIL.isoformat()], [MARK, None]]
    assert (notes["error"] is not None) == broken


def test_reading_far_back_without_an_end_is_remembered_too(crawl_once: Crawl) -> None:
    hits = [notice(n, n // 10) for n in range(1500)]
    with Site(FakeDoffin(hits)) as site:
        notes = crawl_once("doffin", site.url, arguments={"since": ago(130).isoformat()})
    assert notes["error"] is None
    assert {name for name, _ in notes["marked"]} == {f"backfill {ago(140)}.."}
    assert len(set(downloaded(notes))) >= 1300
    assert notes["finished"]["newest"] == "2026-01-01"

"""Accounts one by one: what each status means."""

from __future__ import annotations

from tests.spiders.conftest import Crawl
from tests.spiders.site import Asked, Reply, Site

KEPT, NONE, BANK = "923609016", "974760673", "991825827"


def test_none_and_not_shown_are_answers(crawl_once: Crawl) -> None:
    replies = {KEPT: Reply(b"[{}]"), NONE: Reply(status=404), BANK: Reply(b"{}", status=500)}
    with Site(lambda asked: replies[asked.path.rpartition("/")[2]]) as site:
        notes = crawl_once(
            "accounts", site.url, pending=[KEPT, NONE, BANK], above={"RETRY_TIMES": 1}
        )
    answers = {one["key"]: (one["kind"], one["start"]) for one in notes["answers"]}
    assert answers == {
        KEPT: ("accounts", "[{}]"),
        NONE: ("accounts", "[]"),
        BANK: ("accounts-unavailable", "{}"),
    }
    assert notes["finished"]["complete"] is True


def test_too_many_requests_is_asked_again_whatever_the_status(crawl_once: Crawl) -> None:
    def answer(asked: Asked) -> Reply:
        busy = {1: Reply(b"Too many requests"), 2: Reply(b"Too many requests", status=503)}
        return busy.get(asked.nth, Reply(b"[]"))

    with Site(answer) as site:
        notes = crawl_once("accounts", site.url, pending=[KEPT])
    assert [one["key"] for one in notes["answers"]] == [KEPT]
    assert len(site.asked) == 3
    assert notes["error"] is None

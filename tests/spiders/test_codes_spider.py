from __future__ import annotations

from procmatch_spiders.codes import LISTS
from tests.spiders.conftest import Crawl
from tests.spiders.site import Asked, Reply, Site


def test_every_list_and_the_neighbours_of_every_municipality_are_fetched(
    crawl_once: Crawl,
) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/nabokommuner"):
            return Reply(status=404) if "/1151/" in asked.path else Reply(b"[]")
        if asked.path.startswith("/kommuneinfo"):
            return Reply(b'[{"kommunenummer": "3203"}, {"kommunenummer":"1151"}]')
        if asked.path.startswith("/codelists"):
            return Reply(b"<?xml version='1.0'?><gc/>", type="text/plain")
        if asked.path.endswith(".txt"):
            return Reply("0001\tOSLO\t0301\tOSLO\tP".encode("cp1252"), type="text/plain")
        if asked.headers["accept"] != "application/json":
            return Reply(b"<klass/>", type="application/xml")
        return Reply(b'{"codes": []}')

    with Site(answer) as site:
        notes = crawl_once("codes", site.url)
    assert notes["error"] is None
    kinds = sorted(one["kind"] for one in notes["answers"])
    assert kinds == sorted([*(wanted.kind for wanted in LISTS), "geonorge-neighbours"])
    neighbours = next(one for one in notes["answers"] if one["kind"] == "geonorge-neighbours")
    assert neighbours["key"] == "3203"
    assert notes["finished"]["complete"] is True


def test_a_site_that_does_not_answer_fails_the_run_in_one_line(crawl_once: Crawl) -> None:
    with Site(lambda _asked: Reply()) as site:
        url = site.url
    notes = crawl_once("codes", url, above={"RETRY_TIMES": 1})
    assert notes["error"]["type"] == "SourceUnavailable"
    assert "no answer from" in notes["error"]["text"]
    assert notes["finished"]["complete"] is False
    assert notes["log"] == ""

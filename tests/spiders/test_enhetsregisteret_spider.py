from __future__ import annotations

import gzip
import json

from tests.spiders.conftest import Crawl
from tests.spiders.site import Asked, Reply, Site

UNITS = gzip.compress(b"[" + b",".join(b'{"n":%d}' % n for n in range(50_000)) + b"]")
EMPTY = b'{"page": {"totalElements": 0}}'
FEED = "/enhetsregisteret/api/oppdateringer/{}"
BULK = "/enhetsregisteret/api/{}/lastned"


def test_both_nightly_files_go_to_disk_and_are_handed_in(crawl_once: Crawl) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.nth == 1 and asked.path == BULK.format("enheter"):
            return Reply(UNITS[:1000], type="application/gzip", cut=True)
        if "/oppdateringer/" in asked.path:
            return Reply(EMPTY)
        return Reply(UNITS, type="application/gzip")

    with Site(answer) as site:
        notes = crawl_once("enhetsregisteret", site.url)
    assert [(one["kind"], one["size"]) for one in notes["answers"]] == [
        ("units", len(UNITS)),
        ("establishments", len(UNITS)),
    ]
    assert notes["finished"]["complete"] is True
    units, under = BULK.format("enheter"), BULK.format("underenheter")
    assert site.paths() == [
        units,
        units,
        under,
        FEED.format("enheter"),
        FEED.format("underenheter"),
    ]
    assert notes["log"] == ""


def test_a_maintenance_page_in_place_of_a_file_fails_the_run(crawl_once: Crawl) -> None:
    with Site(lambda _asked: Reply(b"<html>vedlikehold</html>", type="text/html")) as site:
        notes = crawl_once("enhetsregisteret", site.url)
    assert notes["error"]["type"] == "SourceUnavailable"
    assert notes["answers"] == []


def test_single_numbers_are_looked_up(crawl_once: Crawl) -> None:
    def answer(asked: Asked) -> Reply:
        kind, number = asked.path.rsplit("/", 2)[-2:]
        found = {
            ("enheter", "923609016"): Reply(b'{"organisasjonsnummer":"923609016"}'),
            ("enheter", "974760673"): Reply(status=410),
            ("underenheter", "983498221"): Reply(b'{"organisasjonsnummer":"983498221"}'),
        }
        return found.get((kind, number), Reply(status=404))

    numbers = ["923 609 016", "974760673", "983498221", "991825827", "923609016"]
    with Site(answer) as site:
        notes = crawl_once("enhetsregisteret", site.url, arguments={"numbers": numbers})
    answers = {one["key"]: one for one in notes["answers"]}
    assert {key: one["kind"] for key, one in answers.items()} == {
        "923609016": "unit",
        "974760673": "unit",
        "983498221": "establishment",
    }
    assert json.dumps("organisasjonsnummer") in answers["974760673"]["start"]
    assert "does not know 991825827" in notes["log"]
    assert notes["finished"]["complete"] is True
    assert len(site.asked) == 6


def test_a_number_that_is_none_is_refused_before_anything_is_asked(crawl_once: Crawl) -> None:
    with Site(lambda _asked: Reply()) as site:
        notes = crawl_once("enhetsregisteret", site.url, arguments={"numbers": ["923609017"]})
    assert notes["error"]["type"] == "CodeError"
    assert site.asked == []

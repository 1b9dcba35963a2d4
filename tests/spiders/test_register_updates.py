"""The feed of changes: what is asked, what is handed in, and how far the position moves."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from tests.spiders.conftest import Crawl
from tests.spiders.site import Asked, Reply, Site

API = "/enhetsregisteret/api/"
ONE, TWO, THREE, PLACE = "923609016", "974760673", "991825827", "983498221"
MARKS = {
    "bulk": datetime.now(UTC).isoformat(),
    "feed enheter": "100@2026-09-01T00:00:00.000Z",
    "feed underenheter": "50@2026-09-01T00:00:00.000Z",
}


def event(number: int, unit: str, kind: str = "Endring") -> dict[str, object]:
    moment = f"2026-09-02T10:00:00.{number % 1000:03}Z"
    return {
        "oppdateringsid": number,
        "dato": moment,
        "organisasjonsnummer": unit,
        "endringstype": kind,
    }


def page(name: str, items: list[dict[str, object]]) -> Reply:
    embedded = {"_embedded": {name: items}} if items else {}
    return Reply(json.dumps(embedded | {"page": {"totalElements": len(items)}}).encode())


class Register:
    """Units by number, and events of each list."""

    def __init__(self, events: list[dict[str, object]], **replies: Reply) -> None:
        self.events = events
        self.alone = {name.removeprefix("n"): reply for name, reply in replies.items()}
        self.search: Reply | None = None

    def __call__(self, asked: Asked) -> Reply:
        path = asked.path.removeprefix(API)
        if path == "oppdateringer/enheter":
            first = int(asked.query["oppdateringsid"][0])
            found = [one for one in self.events if int(str(one["oppdateringsid"])) >= first]
            return page("oppdaterteEnheter", found)
        if path == "oppdateringer/underenheter":
            return page("oppdaterteUnderenheter", [])
        if path == "enheter":
            numbers = asked.query["organisasjonsnummer"][0].split(",")
            found = [{"organisasjonsnummer": n} for n in numbers if n not in self.alone]
            return self.search or page("enheter", found)
        return self.alone[path.rpartition("/")[2]]


def test_two_events_of_one_unit_are_one_question_and_the_position_ends_at_the_last(
    crawl_once: Crawl,
) -> None:
    register = Register([event(101, ONE, "Ny"), event(105, TWO), event(109, ONE)])
    with Site(register) as site:
        notes = crawl_once("enhetsregisteret", site.url, marks=dict(MARKS))
    assert notes["error"] is None
    assert [one["key"] for one in notes["answers"]] == [ONE, TWO]
    targets = [asked.target.removeprefix(API) for asked in site.asked]
    assert targets == [
        "oppdateringer/enheter?oppdateringsid=101&size=10000",
        f"enheter?organisasjonsnummer={ONE},{TWO}&size=100",
        "oppdateringer/enheter?oppdateringsid=110&size=10000",
        "oppdateringer/underenheter?oppdateringsid=51&size=10000",
    ]
    assert dict(notes["marked"]) == {"feed enheter": "109@2026-09-02T10:00:00.109Z"}


def test_deleted_and_removed_units_are_handed_in_and_the_unknown_wait(crawl_once: Crawl) -> None:
    register = Register(
        [event(101, ONE, "Sletting"), event(102, TWO, "Fjernet"), event(103, THREE, "Ny")],
        n923609016=Reply(b'{"organisasjonsnummer":"923609016","slettedato":"2026-09-02"}'),
        n974760673=Reply(status=410),
        n991825827=Reply(status=404),
    )
    with Site(register) as site:
        notes = crawl_once("enhetsregisteret", site.url, marks=dict(MARKS))
    answers = {one["key"]: one["start"] for one in notes["answers"]}
    assert set(answers) == {ONE, TWO}
    assert answers[TWO].startswith('{"organisasjonsnummer":"974760673","slet')
    assert TWO not in "".join(asked.target for asked in site.asked)
    assert notes["postponed"] == {f"enheter/{THREE}": "HTTP 404"}
    assert notes["finished"]["complete"] is True


def test_what_waits_is_asked_for_first(crawl_once: Crawl) -> None:
    register = Register([], n991825827=Reply(b'{"organisasjonsnummer":"991825827"}'))
    with Site(register) as site:
        notes = crawl_once(
            "enhetsregisteret", site.url, marks=dict(MARKS), pending=[f"enheter/{THREE}"]
        )
    assert site.paths()[0] == f"{API}enheter/{THREE}"
    assert [one["key"] for one in notes["answers"]] == [THREE]


def test_a_search_that_takes_no_list_leaves_one_by_one(crawl_once: Crawl) -> None:
    register = Register(
        [event(101, ONE), event(102, TWO)],
        n923609016=Reply(b'{"organisasjonsnummer":"923609016"}'),
        n974760673=Reply(b'{"organisasjonsnummer":"974760673"}'),
    )
    register.search = Reply(b"{}", status=400)
    with Site(register) as site:
        notes = crawl_once("enhetsregisteret", site.url, marks=dict(MARKS))
    assert [one["key"] for one in notes["answers"]] == [ONE, TWO]


def test_a_broken_batch_leaves_the_position_before_it(crawl_once: Crawl) -> None:
    numbers = list(map(str, range(910000000, 910000150)))
    register = Register([event(200 + 2 * n, unit) for n, unit in enumerate(numbers)])

    def answer(asked: Asked) -> Reply:
        is_second = asked.path == f"{API}enheter" and numbers[100] in asked.target
        return Reply(status=502) if is_second else register(asked)

    with Site(answer) as site:
        notes = crawl_once(
            "enhetsregisteret", site.url, marks=dict(MARKS), above={"RETRY_TIMES": 1}
        )
    assert notes["error"]["type"] == "SourceUnavailable"
    assert len(notes["answers"]) == 100
    assert notes["marks"]["feed enheter"] == "399@2026-09-02T10:00:00.400Z"


def test_a_feed_that_goes_back_ends_the_run(crawl_once: Crawl) -> None:
    with Site(lambda _asked: page("oppdaterteEnheter", [event(7, ONE)])) as site:
        notes = crawl_once("enhetsregisteret", site.url, marks=dict(MARKS))
    assert notes["error"]["type"] == "SourceChanged"
    assert notes["answers"] == []


def test_an_answer_that_is_no_page_ends_the_run(crawl_once: Crawl) -> None:
    with Site(lambda _asked: Reply(b"{}")) as site:
        notes = crawl_once("enhetsregisteret", site.url, marks=dict(MARKS))
    assert notes["error"]["type"] == "SourceChanged"


def test_a_file_that_is_the_same_is_not_fetched_again(crawl_once: Crawl) -> None:
    marks = MARKS | {"ETag enheter": '"a"', "ETag underenheter": '"b"'}

    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/lastned"):
            return Reply(status=304 if "if-none-match" in asked.headers else 500)
        return page("", [])

    with Site(answer) as site:
        notes = crawl_once("enhetsregisteret", site.url, marks=marks, arguments={"bulk": True})
    assert notes["answers"] == []
    assert notes["finished"]["complete"] is True
    assert list(dict(notes["marked"])) == ["bulk"]


def test_the_feed_is_replayed_from_before_the_file_but_never_skipped(crawl_once: Crawl) -> None:
    stamp = {"ETag": '"n"', "Last-Modified": "Mon, 07 Sep 2026 05:00:00 GMT"}

    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/lastned"):
            return Reply(b"[]", type="application/gzip", headers=stamp)
        return page("", [])

    later = {"feed underenheter": "90@2026-09-08T00:00:00.000Z"}
    with Site(answer) as site:
        notes = crawl_once(
            "enhetsregisteret", site.url, marks=MARKS | later, arguments={"bulk": True}
        )
    # The older position stays: files do not say what was deleted since.
    assert notes["marks"]["feed enheter"] == MARKS["feed enheter"]
    assert notes["marks"]["feed underenheter"] == "@2026-09-06T23:00:00.000Z"
    assert site.asked[-1].query["dato"] == ["2026-09-06T23:00:00.000Z"]
    assert notes["marks"]["ETag enheter"] == '"n"'


def test_a_file_that_broke_off_is_not_remembered(crawl_once: Crawl) -> None:
    with Site(lambda _asked: Reply(b"[]", headers={"ETag": '"n"'})) as site:
        notes = crawl_once("enhetsregisteret", site.url, broken="units")
    assert notes["error"]
    assert "ETag enheter" not in notes["marks"]
    assert "bulk" not in notes["marks"]


def test_only_updates_need_files_first(crawl_once: Crawl) -> None:
    with Site(lambda _asked: page("", [])) as site:
        notes = crawl_once("enhetsregisteret", site.url, arguments={"updates": True})
    assert "crawl without --updates" in notes["error"]["text"]
    assert site.asked == []

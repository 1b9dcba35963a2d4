"""Pages kept for a minute: for who asks the same again, and noted each time."""

from __future__ import annotations

import pytest
from fastapi.responses import Response
from fastapi.testclient import TestClient
from starlette.background import BackgroundTask

from procmatch.store import Store
from procmatch.web.answering import Answers
from procmatch.workflows.equal_treatment import was_shown

TYPED = "besøk hos hudlegen"
MARKET = object()


class Made:
    """A page that counts how often it is made."""

    def __init__(self, status: int = 200) -> None:
        self.times, self.status = 0, status

    def __call__(self) -> Response:
        self.times += 1
        return Response(f"{TYPED} {self.times}", status_code=self.status, media_type="text/plain")


def test_the_same_address_gets_the_same_page_and_its_headers_again() -> None:
    answers, made = Answers(), Made()
    first = answers.get("/need?q=a", (MARKET,), made)
    again = answers.get("/need?q=a", (MARKET,), made)
    assert (again.body, again.raw_headers) == (first.body, first.raw_headers)
    answers.get("/need?q=b", (MARKET,), made)
    assert made.times == 2


def test_no_page_is_found_by_what_was_typed_but_by_a_hash_of_this_process() -> None:
    one, other = Answers(), Answers()
    for answers in (one, other):
        answers.get(f"/need?q={TYPED}", (MARKET,), Made())
    (key,), (another,) = one._kept, other._kept
    assert key != another
    assert all(word.encode() not in key for word in TYPED.split())


@pytest.mark.parametrize("status", [303, 400, 404, 500])
def test_neither_errors_nor_the_way_elsewhere_are_kept(status: int) -> None:
    answers, made = Answers(), Made(status)
    answers.get("/", (MARKET,), made)
    answers.get("/", (MARKET,), made)
    assert made.times == 2
    assert not answers._kept


def test_a_page_is_made_anew_when_it_is_old_or_what_it_was_made_from_is_another() -> None:
    made = Made()
    old = Answers(fresh_s=-1)
    old.get("/", (MARKET,), made)
    old.get("/", (MARKET,), made)
    assert made.times == 2
    answers = Answers()
    answers.get("/", (MARKET, frozenset()), made)
    answers.get("/", (MARKET, frozenset({"1"})), made)
    assert made.times == 4
    assert len(answers._kept) == 1


def test_the_oldest_go_first_where_there_are_too_many() -> None:
    answers, made = Answers(most=2), Made()
    for address in ("a", "b", "c", "c", "b", "a"):
        answers.get(address, (MARKET,), made)
    assert made.times == 4


def test_what_is_done_once_a_page_is_sent_is_done_each_time() -> None:
    seen: list[int] = []

    def make() -> Response:
        return Response("", background=BackgroundTask(seen.append, 1))

    answers = Answers()
    tasks = [answers.get("/", (MARKET,), make).background for _ in range(2)]
    assert all(tasks)
    assert tasks[0] is tasks[1]


def test_a_redirect_of_the_search_box_is_followed_each_time(site: TestClient) -> None:
    for _ in range(2):
        answer = site.get("/search?q=2026-200101", follow_redirects=False)
        assert answer.status_code == 303


@pytest.mark.parametrize(
    "address",
    [
        "/need?q=renhold&place=9801",
        "/search?q=renhold",
        "/municipality/9801/unit?q=renhold",
        "/tender/2026-200101/suppliers",
    ],
)
def test_firms_on_a_page_that_was_kept_are_noted_again(
    site: TestClient, matched: Store, address: str
) -> None:
    log = site.app.state.context.shown  # type: ignore[attr-defined]

    def times() -> int:
        log.flush()
        return sum(one.times for one in was_shown(matched, limit=1_000))

    first = site.get(address)
    before = times()
    again = site.get(address)
    assert again.content == first.content
    assert times() == before + 1


def test_languages_are_kept_apart(site: TestClient) -> None:
    address = "/need?q=brød&place=9801"
    norwegian, english = (
        site.get(address, headers={"Accept-Language": language}).text for language in ("nb", "en")
    )
    assert 'lang="nb"' in norwegian
    assert '<html lang="en">' in english

"""What names nothing in common is put together only where everything else agrees."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from procmatch.model.notice import Change, Notice, NoticeKind
from procmatch.model.values import Text
from procmatch.procedures import attach, groups
from tests.procedures.make import START, notice, publication, result, uuid


def attached(*notices: Notice) -> dict[str, str]:
    found = groups([publication(one) for one in notices])
    return {found[at][0].ref.id: found[host][0].ref.id for at, host in attach(found).items()}


def titled(text: str) -> Text:
    return Text(versions=(("NOR", text),))


LOST = result(200, procedure_id=uuid(555))


def test_a_result_under_a_wrong_procedure_id_finds_its_competition() -> None:
    assert attached(notice(1), LOST) == {"2026-200": "2026-1"}


@pytest.mark.parametrize(
    "other",
    [
        notice(1, cpv_main="15812000"),
        notice(1, title=titled("Brød til sykehjemmene i kommunen")),
        notice(1, title=titled("Brød")),
        notice(1, buyers=()),
        notice(300),
    ],
    ids=["another CPV", "another title", "a shorter title", "no buyer number", "announced later"],
)
def test_anything_that_differs_keeps_them_apart(other: Notice) -> None:
    assert attached(other, LOST) == {}


def test_numbers_in_titles_must_agree() -> None:
    one = notice(1, title=titled("Rammeavtale elektriker, område 1"))
    other = result(200, procedure_id=uuid(555), title=titled("Rammeavtale elektriker, område 2"))
    assert attached(one, other) == {}


def test_a_competition_without_a_result_is_meant_before_one_that_has_its_own() -> None:
    newer = notice(100, procedure_id=uuid(61))
    own = result(150, procedure_id=uuid(61))
    assert attached(newer, own, LOST) == {"2026-200": "2026-100"}
    assert attached(notice(1), newer, own, LOST) == {"2026-200": "2026-1"}


def test_the_newest_of_several_competitions_is_meant() -> None:
    again = notice(60, procedure_id=uuid(61))
    assert attached(notice(1), again, LOST) == {"2026-200": "2026-60"}


def test_a_plan_sent_twice_within_three_days_is_one() -> None:
    first = notice(1, kind=NoticeKind.PLANNING, procedure_id=None)
    second = notice(2, kind=NoticeKind.PLANNING, procedure_id=None)
    late = notice(9, kind=NoticeKind.PLANNING, procedure_id=None)
    assert attached(first, second) == {"2026-2": "2026-1"}
    assert attached(first, late) == {}


def test_two_procedures_of_their_own_are_never_merged() -> None:
    other = notice(1000, procedure_id=uuid(61), dispatched_at=START + timedelta(days=1))
    assert attached(notice(1), other) == {}


def test_an_old_correction_that_names_an_unknown_number_finds_what_it_corrects() -> None:
    words = notice(
        9,
        kind=NoticeKind.CHANGE,
        procedure_id=None,
        lots=(),
        changes=Change(notice="17201-2026"),
    )
    plan = notice(1, kind=NoticeKind.PLANNING, procedure_id=None)
    assert attached(plan, words) == {"2026-9": "2026-1"}
    assert attached(notice(20, procedure_id=None), words) == {}
    assert attached(plan, replace(words, procedure_id="2026-5")) == {}

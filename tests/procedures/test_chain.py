"""Publications are sorted into purchases by every kind of reference that occurs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.model.notice import Change, Notice, NoticeKind
from procmatch.model.procedure import Publication, Ref
from procmatch.model.references import Reference, parse
from procmatch.procedures.chain import groups, in_order, parents, twins
from tests.procedures.make import START, change, notice, publication, result, uuid


def together(*notices: Notice) -> list[set[str]]:
    found = groups([publication(one) for one in notices])
    return sorted(({one.ref.id for one in group} for group in found), key=min)


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        (uuid(1), Reference(f"uuid:{uuid(1)}")),
        (f"{uuid(1)}-01", Reference(f"uuid:{uuid(1)}", "01")),
        (f" {uuid(1).upper()}-2 ", Reference(f"uuid:{uuid(1)}", "02")),
        ("403922-2019", Reference("ted:403922-2019")),
        ("2019/S 163-403922", Reference("ted:403922-2019")),
        ("2022/S 020-050665", Reference("ted:50665-2022")),
        ("00403922-2019", Reference("ted:403922-2019")),
        ("2019-403922", Reference("doffin:2019-403922")),
        ("2019-2020", Reference("doffin:2019-2020")),
        ("n.a.", None),
        ("", None),
        ("12-34", None),
    ],
)
def test_references_are_told_apart_by_shape(printed: str, read: Reference | None) -> None:
    assert parse(printed) == read


@pytest.mark.parametrize("reference", [f"{uuid(1)}-01", uuid(1), "2026-1"])
def test_a_change_joins_what_it_names(reference: str) -> None:
    assert together(notice(1), change(2, reference)) == [{"2026-1", "2026-2"}]


def test_a_ted_number_leads_to_the_doffin_notice_through_its_copy_on_ted() -> None:
    copy = notice(403922, source="ted", notice_id=uuid(1), dispatched_at=START)
    child = change(2, "403922-2026")
    assert together(notice(1), copy, child) == [{"2026-1", "2026-2", "403922-2026"}]
    assert parents([publication(one) for one in (notice(1), copy, child)]) == {
        Ref("doffin", "2026-2"): Ref("doffin", "2026-1")
    }


def test_an_old_form_99_is_joined_by_the_procedure_that_it_prints() -> None:
    old = notice(1, notice_id="2026-1", procedure_id="2026-1")
    words = notice(
        2, notice_id="2026-2", procedure_id="2026-1", kind=NoticeKind.CHANGE, lots=(), subtype="99"
    )
    assert together(old, words) == [{"2026-1", "2026-2"}]


def test_two_changes_of_a_notice_that_never_came_belong_together() -> None:
    assert together(change(2, uuid(1)), change(3, f"{uuid(1)}-01")) == [{"2026-2", "2026-3"}]


def test_results_are_joined_by_procedure_or_by_what_they_build_on() -> None:
    lost = result(5, procedure_id=uuid(77), previous_planning=(f"{uuid(1)}-01",))
    assert together(notice(1), result(4), lost) == [{"2026-1", "2026-4", "2026-5"}]


def test_a_planning_notice_stays_a_purchase_of_its_own() -> None:
    plan = notice(1, kind=NoticeKind.PLANNING, procedure_id=None)
    first = notice(2, procedure_id=uuid(70), previous_planning=(f"{uuid(1)}-01",))
    second = notice(3, procedure_id=uuid(71), previous_planning=(f"{uuid(1)}-01",))
    assert together(plan, first, second) == [{"2026-1"}, {"2026-2"}, {"2026-3"}]


def test_a_number_of_one_buyers_own_joins_nothing_of_another_buyer() -> None:
    other = replace(notice(2).buyers[0], name="Lillevik kommune", number="310000017")
    assert together(
        notice(1, procedure_id="22/14"), notice(2, procedure_id="22/14", buyers=(other,))
    ) == [{"2026-1"}, {"2026-2"}]
    assert together(notice(1, procedure_id="22/14"), notice(2, procedure_id="22/14")) == [
        {"2026-1", "2026-2"}
    ]


def test_a_new_version_follows_the_old_one_without_saying_so() -> None:
    again = notice(2, notice_id=uuid(1), version="02")
    third = notice(3, notice_id=uuid(1), version="03")
    assert parents([publication(one) for one in (third, again, notice(1))]) == {
        Ref("doffin", "2026-2"): Ref("doffin", "2026-1"),
        Ref("doffin", "2026-3"): Ref("doffin", "2026-2"),
    }


def test_a_later_version_is_not_what_a_change_names() -> None:
    second = notice(2, notice_id=uuid(1), version="02", changes=Change(notice=f"{uuid(1)}-01"))
    third = notice(3, notice_id=uuid(1), version="03", changes=Change(notice=f"{uuid(1)}-02"))
    assert parents([publication(one) for one in (second, third)]) == {
        Ref("doffin", "2026-3"): Ref("doffin", "2026-2")
    }


def test_two_children_of_one_parent_are_both_kept() -> None:
    found = [publication(one) for one in (notice(1), change(2, uuid(1)), change(3, uuid(1)))]
    assert parents(found) == {
        Ref("doffin", "2026-2"): Ref("doffin", "2026-1"),
        Ref("doffin", "2026-3"): Ref("doffin", "2026-1"),
    }


def test_a_change_comes_after_what_it_changes_whatever_the_clock_says() -> None:
    early = change(2, uuid(5), dispatched_at=START)
    ordered = in_order([publication(one) for one in (early, notice(5))])
    assert [one.ref.id for one in ordered] == ["2026-5", "2026-2"]


def test_publications_that_change_each_other_do_not_hang() -> None:
    first = replace(notice(1), changes=Change(notice=uuid(2)))
    second = replace(notice(2), changes=Change(notice=uuid(1)))
    itself = replace(notice(3), changes=Change(notice=uuid(3)))
    found = [publication(one) for one in (first, second, itself)]
    assert len(parents(found)) == 1
    assert len(in_order(found)) == 3


def test_the_same_notice_at_two_sources_has_doffin_as_master() -> None:
    copy = notice(900, source="ted", notice_id=uuid(1))
    found = [publication(one) for one in (copy, notice(1))]
    assert twins(found) == {Ref("ted", "900-2026"): Ref("doffin", "2026-1")}


_NUMBERS = st.integers(1, 6)


@st.composite
def _publications(draw: st.DrawFn) -> list[Publication]:
    found = []
    for number in range(1, draw(st.integers(2, 7))):
        target = draw(_NUMBERS)
        reference = draw(
            st.sampled_from([uuid(target), f"{uuid(target)}-01", f"2026-{target}", "nonsense"])
        )
        made = draw(
            st.sampled_from(
                [
                    notice(number, procedure_id=draw(st.sampled_from([None, uuid(90), uuid(91)]))),
                    change(number, reference),
                    result(number, previous_planning=(reference,)),
                    notice(number, notice_id=uuid(target), version="02"),
                ]
            )
        )
        found.append(publication(made))
    return found


@given(_publications(), st.randoms(use_true_random=False))
def test_the_order_in_which_publications_come_does_not_matter(
    found: list[Publication], random: st.DataObject
) -> None:
    def outcome(publications: list[Publication]) -> object:
        sorted_groups = groups(publications)
        return (
            {frozenset(one.ref for one in group) for group in sorted_groups},
            [tuple(one.ref for one in in_order(group)) for group in sorted_groups],
            [parents(group) for group in sorted_groups],
        )

    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert outcome(shuffled) == outcome(found)

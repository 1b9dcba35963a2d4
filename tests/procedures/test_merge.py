"""The merged state says what holds today, and how it came to that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from procmatch.model.notice import Award, Change, Notice, NoticeKind
from procmatch.model.procedure import Cancellation, Difference, Procedure, ProcedureState, Ref
from procmatch.model.values import Money, Text
from procmatch.procedures import assemble
from tests.procedures.make import (
    LOT,
    PROCEDURE,
    START,
    change,
    notice,
    publication,
    result,
    uuid,
)


def merged(*notices: Notice, status: dict[int, str] | None = None) -> Procedure:
    says = status or {}
    publications = [
        publication(one, status=says.get(number)) for number, one in enumerate(notices, start=1)
    ]
    return assemble(publications, {Ref(one.source, str(one.source_id)): one for one in notices})


def test_one_announcement_is_a_competition_under_its_own_procedure_id() -> None:
    found = merged(notice(1))
    assert (found.id, found.state, found.current) == (
        PROCEDURE,
        ProcedureState.COMPETITION,
        Ref("doffin", "2026-1"),
    )
    assert found.revisions == ()


def test_without_a_procedure_id_it_is_named_after_its_first_publication() -> None:
    assert merged(notice(1, procedure_id=None)).id == "doffin:2026-1"


def test_a_change_is_stated_field_by_field() -> None:
    later = replace(
        LOT,
        deadline=LOT.deadline + timedelta(days=7) if LOT.deadline else None,
        value=Money(amount=Decimal("1200000.00"), currency="NOK"),
    )
    extra = replace(LOT, id="LOT-0002", title=Text(versions=(("NOR", "Kaker"),)))
    found = merged(notice(1), change(2, f"{uuid(1)}-01", lots=(later, extra)))
    (revision,) = found.revisions
    assert (revision.by, revision.of) == (Ref("doffin", "2026-2"), Ref("doffin", "2026-1"))
    assert revision.reason == "update-add"
    assert set(revision.differences) == {
        Difference(
            field="deadline",
            lot="LOT-0001",
            before="2026-04-01T08:00:00+00:00",
            after="2026-04-08T08:00:00+00:00",
        ),
        Difference(field="value", lot="LOT-0001", after="1200000 NOK"),
        Difference(field="lots", lot="LOT-0002", after="Kaker"),
    }
    assert found.current == Ref("doffin", "2026-2")


def test_the_newest_of_two_changes_holds_and_both_are_told() -> None:
    found = merged(notice(1), change(3, uuid(1)), change(2, uuid(1)))
    assert found.current == Ref("doffin", "2026-3")
    assert [revision.by.id for revision in found.revisions] == ["2026-2", "2026-3"]


def test_an_old_form_99_changes_nothing_that_it_does_not_repeat() -> None:
    words = notice(
        2,
        kind=NoticeKind.CHANGE,
        lots=(),
        changes=Change(notice="2026-1", description=Text(versions=(("NOR", "Ny frist 1. mai"),))),
    )
    found = merged(notice(1), words)
    assert found.current == Ref("doffin", "2026-1")
    assert (found.revisions[0].text, found.revisions[0].differences) == ("Ny frist 1. mai", ())


def test_doffin_is_read_where_ted_has_the_same_and_the_copy_changes_nothing() -> None:
    copy = notice(900, source="ted", notice_id=uuid(1), dispatched_at=START + timedelta(days=1))
    found = merged(copy, notice(1))
    assert found.current == Ref("doffin", "2026-1")
    assert found.twins == ((Ref("ted", "900-2026"), Ref("doffin", "2026-1")),)
    assert found.revisions == ()
    assert merged(copy).current == Ref("ted", "900-2026")


def test_a_change_with_reason_cancel_calls_it_off() -> None:
    found = merged(notice(1), change(2, uuid(1), "cancel"))
    assert found.state is ProcedureState.CANCELLED
    assert found.cancelled == Cancellation(
        how="change", by=Ref("doffin", "2026-2"), at=START + timedelta(days=2), reason="cancel"
    )


def test_a_purchase_announced_anew_after_a_cancellation_is_open_again() -> None:
    found = merged(notice(1), change(2, uuid(1), "cancel"), change(3, uuid(2)))
    assert (found.state, found.cancelled) == (ProcedureState.COMPETITION, None)


def test_a_result_without_any_winner_calls_it_off() -> None:
    found = merged(notice(1), result(2, won=False))
    assert found.state is ProcedureState.CANCELLED
    assert found.cancelled is not None
    assert (found.cancelled.how, found.cancelled.reason) == ("result", "no-rece")
    assert found.current == Ref("doffin", "2026-1")


def test_one_lot_without_a_winner_is_closed_and_the_rest_goes_on() -> None:
    second = replace(LOT, id="LOT-0002")
    closed = merged(notice(1, lots=(LOT, second)), result(2, won=False))
    assert closed.state is ProcedureState.COMPETITION
    assert closed.closed_lots == ("LOT-0001",)
    won = replace(result(3), awards=(Award(lot="LOT-0002", result="selec-w"),))
    assert merged(notice(1, lots=(LOT, second)), result(2, won=False), won).state is (
        ProcedureState.AWARDED
    )


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("CANCELLED", ProcedureState.CANCELLED),
        ("AWARDED", ProcedureState.AWARDED),
        ("EXPIRED", ProcedureState.COMPETITION),
        ("ACTIVE", ProcedureState.COMPETITION),
    ],
)
def test_the_sources_list_has_a_say_where_no_notice_tells(
    status: str, state: ProcedureState
) -> None:
    found = merged(notice(1), status={1: status})
    assert found.state is state
    if status == "CANCELLED":
        assert found.cancelled == Cancellation(how="listing", by=Ref("doffin", "2026-1"))


def test_the_list_says_nothing_of_what_was_replaced() -> None:
    found = merged(notice(1), change(2, uuid(1)), status={1: "CANCELLED", 2: "ACTIVE"})
    assert found.state is ProcedureState.COMPETITION


def test_a_winner_makes_it_awarded() -> None:
    found = merged(notice(1), result(2))
    assert found.state is ProcedureState.AWARDED
    assert found.results == (Ref("doffin", "2026-2"),)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (NoticeKind.PLANNING, ProcedureState.PLANNED),
        (NoticeKind.DIRECT_AWARD, ProcedureState.INTENDED),
        (NoticeKind.MODIFICATION, ProcedureState.AWARDED),
    ],
)
def test_a_notice_alone_says_how_far_it_has_come(kind: NoticeKind, state: ProcedureState) -> None:
    assert merged(notice(1, kind=kind)).state is state

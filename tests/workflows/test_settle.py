"""Procedures are derived in the store, whatever the order in which notices come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from procmatch.model.notice import Notice, NoticeKind
from procmatch.model.procedure import Procedure, ProcedureState, Ref
from procmatch.store import Store, notices, open_store, procedures, tables
from procmatch.store.notices import Listing
from procmatch.workflows.settle import settle
from tests.procedures.make import PROCEDURE, START, change, notice, result, uuid

NOW = START + timedelta(days=5)
PLAN = notice(1, kind=NoticeKind.PLANNING, procedure_id=None)
FIRST = notice(2, previous_planning=(f"{uuid(1)}-01",))
MOVED = change(3, f"{uuid(2)}-01")
ON_TED = notice(700, source="ted", notice_id=uuid(2))
LOST = result(200, procedure_id=uuid(555))
OTHER = notice(8, procedure_id=uuid(80), cpv_main="90910000")
WORLD = (PLAN, FIRST, MOVED, ON_TED, LOST, OTHER)


def save(store: Store, *found: Notice) -> None:
    with store.begin() as connection:
        for one in found:
            notices.save(connection, one, "a" * 64)


def open_ids(store: Store) -> list[str | None]:
    with store.read() as connection:
        return [one.notice.source_id for one in notices.open_competitions(connection, NOW)]


def derived(store: Store) -> dict[str, Procedure]:
    with store.read() as connection:
        ids = connection.scalars(select(tables.procedures.c.id)).all()
        found = {key: procedures.find(connection, key) for key in ids}
    return {key: one for key, one in found.items() if one is not None}


def listing(status: str) -> Listing:
    return Listing(
        source="doffin",
        source_id="2026-2",
        digest=status,
        kind="ANNOUNCEMENT_OF_COMPETITION",
        status=status,
        published_on=None,
        document="{}",
    )


def test_a_correction_takes_the_place_of_what_it_corrects(store: Store) -> None:
    save(store, FIRST, MOVED)
    settle(store)
    assert open_ids(store) == ["2026-3"]
    with store.read() as connection:
        assert notices.find(connection, PROCEDURE).notice.source_id == "2026-3"
        chain = notices.of_procedure(connection, PROCEDURE)
    assert [one.notice.source_id for one in chain] == ["2026-2", "2026-3"]


@pytest.mark.parametrize(
    "end", [change(3, uuid(2), "cancel"), result(3, won=False)], ids=["by change", "by result"]
)
def test_a_cancelled_procedure_is_not_open(store: Store, end: Notice) -> None:
    save(store, FIRST, end)
    settle(store)
    assert open_ids(store) == []


def test_a_cancellation_that_only_the_list_knows_is_heard(store: Store) -> None:
    save(store, FIRST)
    with store.begin() as connection:
        notices.save_listings(connection, [listing("ACTIVE")])
    settle(store)
    assert open_ids(store) == ["2026-2"]
    with store.begin() as connection:
        notices.save_listings(connection, [listing("CANCELLED")])
    settle(store)
    assert open_ids(store) == []
    assert derived(store)[PROCEDURE].state is ProcedureState.CANCELLED


def test_a_passed_deadline_is_not_open(store: Store) -> None:
    save(store, FIRST)
    settle(store)
    with store.begin() as connection:
        connection.execute(update(tables.notices).values(deadline=NOW - timedelta(minutes=1)))
    assert open_ids(store) == []


def test_the_same_notice_from_two_sources_is_open_once(store: Store) -> None:
    save(store, ON_TED)
    settle(store)
    assert open_ids(store) == ["700-2026"]
    save(store, FIRST)
    settle(store)
    assert open_ids(store) == ["2026-2"]


def test_a_likely_result_moves_when_its_own_competition_comes(store: Store) -> None:
    save(store, FIRST, LOST)
    settle(store)
    assert derived(store)[PROCEDURE].probable == (Ref("doffin", "2026-200"),)
    save(store, notice(50, procedure_id=uuid(555), title=FIRST.title))
    settle(store)
    found = derived(store)
    assert found[PROCEDURE].probable == ()
    assert found[PROCEDURE].state is ProcedureState.COMPETITION
    assert found[uuid(555)].state is ProcedureState.AWARDED
    assert set(found) == {PROCEDURE, uuid(555)}


def test_planning_and_what_came_of_it_know_each_other(store: Store) -> None:
    save(store, FIRST, PLAN)
    settle(store)
    with store.read() as connection:
        assert procedures.related(connection, PROCEDURE) == {
            "before": [Ref("doffin", "2026-1")],
            "after": [],
        }
        assert procedures.related(connection, "doffin:2026-1")["after"] == [Ref("doffin", "2026-2")]


def test_nothing_is_done_twice(store: Store) -> None:
    save(store, *WORLD)
    assert settle(store).notices == len(WORLD)
    assert (settle(store).notices, settle(store).procedures) == (0, 0)
    save(store, *WORLD)
    assert settle(store).notices == 0


def test_what_was_told_follows_a_procedure_that_is_renamed(store: Store) -> None:
    late = notice(3, procedure_id=None, version="02", notice_id=uuid(2))
    save(store, late)
    settle(store)
    with store.begin() as connection:
        connection.execute(
            tables.subscriptions.insert().values(
                id="s", email="a@b.example", document="{}", created_at=NOW
            )
        )
        connection.execute(
            tables.told.insert().values(
                subscription="s",
                procedure="doffin:2026-3",
                lot="LOT-0001",
                fingerprint="f",
                notice="2026-3",
                letter="l",
                at=NOW,
            )
        )
    save(store, FIRST)
    settle(store)
    with store.read() as connection:
        assert connection.scalars(select(tables.told.c.procedure)).all() == [PROCEDURE]
        assert connection.scalar(select(func.count()).select_from(tables.procedures)) == 1


def _everything(store: Store) -> tuple[object, ...]:
    with store.read() as connection:
        stands = {
            (row.source_id, row.procedure, row.probable, row.settled)
            for row in connection.execute(select(tables.notices))
        }
    return derived(store), stands


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(WORLD), cuts=st.sets(st.integers(1, len(WORLD) - 1)))
def test_the_outcome_does_not_depend_on_order_or_on_when_it_is_derived(
    tmp_path_factory: pytest.TempPathFactory, order: Sequence[Notice], cuts: set[int]
) -> None:
    outcomes = []
    for sequence, stops in ((WORLD, set()), (order, cuts)):
        folder = tmp_path_factory.mktemp("settle")
        store = open_store(f"sqlite:///{folder / 'test.db'}", create=True)
        for count, one in enumerate(sequence, start=1):
            save(store, one)
            if count in stops:
                settle(store)
        settle(store)
        outcomes.append(_everything(store))
        store.close()
    assert outcomes[0] == outcomes[1]

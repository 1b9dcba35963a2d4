"""On a market with every trap set, each purchase comes out as it really was."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from functools import cache

import pytest

from procmatch.model.notice import Notice
from procmatch.model.procedure import Procedure, ProcedureState, Revision
from procmatch.model.references import parse
from procmatch.sources import eforms
from procmatch.store import Store, notices, open_store, procedures
from procmatch.store.notices import Listing
from procmatch.workflows.settle import settle
from tests.generated.chains import assert_every_chain_is_right, derived, keys
from tests.generated.market import Bodies, Market, generate
from tests.generated.model import Key

SIZE = 700


@cache
def market() -> Market:
    return generate(count=SIZE, seed=5)


@cache
def read() -> tuple[Notice, ...]:
    found = []
    for source, published in (("doffin", market().doffin), ("ted", market().ted)):
        bodies = Bodies(published)
        found += [
            eforms.read(bodies[key], source=source, source_id=key)
            for key, one in published.items()
            if not one.notice.unreadable
        ]
    random.Random(1).shuffle(found)
    return tuple(found)


def fill(store: Store) -> Store:
    listed = [
        Listing(
            source="doffin",
            source_id=key,
            digest="",
            kind=one.kind,
            status=one.status,
            published_on=one.published_on,
            document="{}",
        )
        for key, one in market().doffin.items()
        if one.searchable
    ]
    with store.begin() as connection:
        for notice in read():
            notices.save(connection, notice, "a" * 64)
        notices.save_listings(connection, listed)
    settle(store)
    return store


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('market') / 'test.db'}", create=True)
    yield fill(store)
    store.close()


def in_state(found: Iterable[Procedure], state: ProcedureState) -> set[Key]:
    return {key for one in found if one.state is state for key in keys(one.publications)}


def revisions(found: Iterable[Procedure]) -> Iterator[tuple[Key, Revision]]:
    for one in found:
        for revision in one.revisions:
            yield (revision.by.source, revision.by.id), revision


def test_each_purchase_comes_out_as_it_really_was(store: Store) -> None:
    found = derived(fill(store))
    truth = market().truth
    known = {(one.source, str(one.source_id)) for one in read()}
    assert len(known) > SIZE

    assert_every_chain_is_right(store, market())

    assert in_state(found, ProcedureState.CANCELLED) == truth.cancelled & known
    assert in_state(found, ProcedureState.AWARDED) == truth.awarded & known
    how = {
        key: one.cancelled.how for one in found if one.cancelled for key in keys(one.publications)
    }
    names = {"status": "listing"}
    assert how == {
        key: names.get(said, said) for key, said in truth.cancelled_how.items() if key in known
    }


def test_what_changed_what_and_how_is_told(settled: Store) -> None:
    truth = market().truth
    known = {(one.source, str(one.source_id)) for one in read()}
    told = dict(revisions(derived(settled)))
    wanted = {
        child: truth.copies.get(parent, parent)
        for child, parent in truth.changes.items()
        if child in known and parent in known and truth.copies.get(child) not in known
    }
    assert {child: (told[child].of.source, told[child].of.id) for child in wanted} == wanted
    for child in wanted:
        differences = {one.field for one in told[child].differences}
        for one in truth.differences[child]:
            if market().publications[child].notice.subtype == "99":
                assert told[child].differences == ()
            elif one.field in {"deadline", "value", "description"}:
                assert one.field in differences
            elif one.field == "cancelled":
                assert told[child].reason == "cancel"
        if not any(one.field == "deadline" for one in truth.differences[child]):
            assert "deadline" not in differences


def test_planning_notices_lead_to_what_came_of_them(settled: Store) -> None:
    truth = market().truth
    place = {key: one.id for one in derived(settled) for key in keys(one.publications)}
    named = {
        parse(name)
        for one in read()
        for name in (f"{one.notice_id}-{one.version}", str(one.source_id))
    }
    with settled.read() as connection:
        for call, plan in truth.planned.items():
            printed = market().publications[call].notice.earlier
            # Nobody tells the TED number of a converted plan but those who refer to it.
            if call in place and plan in place and (plan[0] == "ted" or parse(printed) in named):
                before = keys(procedures.related(connection, place[call])["before"])
                assert {truth.copies.get(key, key) for key in before} >= {
                    truth.copies.get(plan, plan)
                }
                after = keys(procedures.related(connection, place[plan])["after"])
                assert call in after


def test_what_is_only_likely_is_flagged(settled: Store) -> None:
    truth = market().truth
    known = {(one.source, str(one.source_id)) for one in read()}
    flagged = {key for one in derived(settled) for key in keys(one.probable)}
    assert flagged >= truth.probable & known
    # What else is flagged names the number of a notice that was never collected under it.
    for key in flagged - truth.probable:
        notice = market().publications[key].notice
        assert truth.ties.get(key) == "reference" or notice.subtype == "99"

"""Decisions are kept by what was printed, and go when the law has the unit removed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from procmatch.model.label import Decision, Label, Printed
from procmatch.model.organisation import NORWAY, Organisation, OrgId
from procmatch.store import Store, labels, organisations

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FIRM = Organisation(id=OrgId(NORWAY, "310000017"), name="STORFJORD BAKERI AS", legal_form="AS")
OTHER = Organisation(id=OrgId(NORWAY, "310000025"), name="BAKERI AS", legal_form="AS")
PERSON = Organisation(id=OrgId(NORWAY, "310000033"), name="KARI HANSEN", legal_form="ENK")
PRINTED = Printed(name="Storfjord Bakeri", place="Storfjord", street="Veien 1")


def label(
    decision: Decision, unit: Organisation | None = None, printed: Printed = PRINTED
) -> Label:
    return Label(
        key=printed.key,
        printed=printed,
        decision=decision,
        org=unit.id if unit else None,
        name=unit.name if unit else "",
        decided_at=NOW,
        source="review file",
    )


def saved(store: Store, *some: Label) -> list[Label]:
    with store.begin() as connection:
        organisations.save_organisations(connection, [FIRM, OTHER, PERSON])
        labels.save(connection, some)
        return list(labels.iterate(connection))


def test_what_was_kept_comes_back(store: Store) -> None:
    some = [label(Decision.NOT_SAME, OTHER), label(Decision.SAME, FIRM)]
    assert sorted(saved(store, *some), key=str) == sorted(some, key=str)


def test_the_same_again_is_nothing_new(store: Store) -> None:
    one = label(Decision.SAME, FIRM)
    saved(store, one)
    with store.begin() as connection:
        later = replace(one, decided_at=NOW + timedelta(1))
        assert labels.save(connection, [later]) == 0
        assert list(labels.iterate(connection)) == [one]


def test_a_party_has_one_final_answer(store: Store) -> None:
    first, second = label(Decision.SAME, FIRM), label(Decision.NOBODY)
    assert saved(store, first, label(Decision.NOT_SAME, OTHER), second) == saved(store, second)
    third = label(Decision.SAME, OTHER)
    assert saved(store, third) == [third]  # also where it was said not to be that unit


def test_of_a_sole_proprietor_no_name_is_kept(store: Store) -> None:
    of_another = label(Decision.NOT_SAME, PERSON)
    (kept,) = saved(store, of_another)
    assert (kept.name, kept.printed) == ("", PRINTED)
    found = saved(store, label(Decision.NOT_SAME, OTHER), label(Decision.SAME, PERSON))
    assert {one.decision for one in found} == {Decision.SAME, Decision.NOT_SAME}
    assert all(one.printed is None for one in found)
    assert all(one.key == PRINTED.key for one in found)


def test_with_a_removed_unit_goes_what_was_decided_of_its_name(store: Store) -> None:
    numbered = Printed(name="Ola", number=f"NO {FIRM.id.number} MVA")
    saved(
        store,
        label(Decision.SAME, FIRM),
        label(Decision.NOT_SAME, OTHER),
        label(Decision.NOBODY, None, numbered),
        kept := label(Decision.SAME, OTHER, Printed(name="Bakeri")),
        label(Decision.NOT_SAME, FIRM, Printed(name="Bakeri")),
    )
    with store.begin() as connection:
        organisations.purge(connection, FIRM.id)
        assert list(labels.iterate(connection)) == [kept]

"""Evidence is written when it changed, closed when it is no longer listed, and purged by law."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection

from procmatch.model.evidence import PrintedEvidence
from procmatch.model.organisation import NORWAY, Establishment, Organisation, OrgId
from procmatch.store import Store, evidence, evidence_known, organisations
from procmatch.store.evidence import Tie

ORG = OrgId(NORWAY, "310000108")
SHOP = "310000116"
NOW = datetime(2026, 6, 1, 6, tzinfo=UTC)
TODAY = NOW.date()
ROW = PrintedEvidence(
    source="list", kind="eco_lighthouse", key="1", name="Bakeriet AS", place="Asker",
    valid_from=date(2026, 1, 1),
)  # fmt: skip
TIE = Tie(org=ORG, method="name", score=0.97, certain=True)


def save(
    connection: Connection, *rows: PrintedEvidence, run: int = 1, now: datetime = NOW
) -> tuple[int, int]:
    return evidence.save(connection, rows, register=NORWAY, origin="crawl", run=run, now=now)


def tie(connection: Connection, tie: Tie | None = TIE, *, is_person: bool = False) -> None:
    (row,) = evidence.untied(connection)
    evidence.save_tie(connection, row, tie, is_person=is_person)


def add_unit(connection: Connection, form: str = "AS") -> None:
    unit = Organisation(id=ORG, name="BAKERIET AS", legal_form=form)
    organisations.save_organisations(connection, [unit])
    shop = Establishment(number=SHOP, name="BAKERIET AVD TORGET")
    organisations.save_establishments(connection, NORWAY, [(ORG.number, shop)])


def kinds(connection: Connection, today: date = TODAY) -> list[str]:
    return [fact.kind for fact in evidence_known.valid(connection, today).get(ORG, ())]


def test_only_what_changed_counts_as_changed(store: Store) -> None:
    with store.begin() as connection:
        assert save(connection, ROW) == (1, 0)
        assert save(connection, ROW) == (0, 0)
        assert save(connection, replace(ROW, valid_to=date(2028, 1, 1))) == (0, 1)
        assert save(connection, replace(ROW, key="2"), ROW, ROW) == (1, 1)


def test_a_tie_stays_when_the_term_moves_and_goes_when_the_name_does(store: Store) -> None:
    with store.begin() as connection:
        save(connection, ROW)
        tie(connection)
        save(connection, replace(ROW, valid_to=date(2028, 1, 1)))
        assert not evidence.untied(connection)
        save(connection, replace(ROW, name="Bakeri To AS"))
        assert len(evidence.untied(connection)) == 1


@pytest.mark.parametrize(
    ("first", "last", "today", "holds"),
    [
        (date(2026, 1, 1), None, TODAY, True),
        (date(2026, 1, 1), date(2026, 6, 1), TODAY, True),
        (date(2026, 1, 1), date(2026, 5, 31), TODAY, False),
        (date(2026, 6, 2), None, TODAY, False),
        (date(2022, 1, 1), None, TODAY, False),
        (None, None, TODAY, True),
        (None, None, TODAY + timedelta(days=2000), False),
    ],
)
def test_only_what_holds_today_counts(
    store: Store, first: date | None, last: date | None, today: date, holds: bool
) -> None:
    with store.begin() as connection:
        save(connection, replace(ROW, valid_from=first, valid_to=last))
        tie(connection)
        assert bool(kinds(connection, today)) is holds


def test_the_day_our_knowledge_grows_old_is_not_told_as_an_end(store: Store) -> None:
    with store.begin() as connection:
        save(connection, replace(ROW, kind="cleaning_register", valid_from=None))
        tie(connection)
        (fact,) = evidence_known.valid(connection, TODAY)[ORG]
        assert fact.valid_to is None
        assert not kinds(connection, TODAY + timedelta(days=32))


def test_what_is_possibly_somebodys_carries_how_surely(store: Store) -> None:
    with store.begin() as connection:
        save(connection, ROW)
        tie(connection, replace(TIE, score=0.8, certain=False))
        (fact,) = evidence_known.valid(connection, TODAY, org=ORG)[ORG]
        assert (fact.certainty, fact.tied_by) == (0.8, "name")
        assert len(evidence.untied(connection)) == 1


def test_nobody_is_remembered_and_tried_again(store: Store) -> None:
    with store.begin() as connection:
        save(connection, ROW)
        tie(connection, None)
        (row,) = evidence.untied(connection)
        assert row.method == "nobody"
        (seen,) = evidence_known.overview(connection)
        assert (seen["certain"], seen["possible"], seen["nobody"]) == (0, 0, 1)


def test_what_a_whole_list_no_longer_names_is_closed_and_may_come_back(store: Store) -> None:
    with store.begin() as connection:
        save(connection, ROW)
        tie(connection)
        save(connection, replace(ROW, key="2"), run=2)
        later = NOW + timedelta(days=1)
        assert evidence.close_unlisted(connection, "list", run=2, now=later) == 1
        assert not kinds(connection)
        (closed,) = evidence_known.of_organisation(connection, ORG)
        assert closed["withdrawn_at"] == later
        assert save(connection, ROW, run=3) == (0, 1)
        assert kinds(connection) == ["eco_lighthouse"]


def test_another_source_or_a_file_is_not_closed_with_it(store: Store) -> None:
    with store.begin() as connection:
        save(connection, replace(ROW, source="other"))
        evidence.save(connection, [ROW], register=NORWAY, origin="file", run=1, now=NOW)
        assert evidence.close_unlisted(connection, "list", run=2, now=NOW) == 0


def test_a_source_may_ask_that_nothing_be_kept(store: Store) -> None:
    with store.begin() as connection:
        save(connection, ROW)
        tie(connection)
        assert evidence.close_unlisted(connection, "list", run=2, now=NOW, forget=True) == 1
        assert evidence_known.of_organisation(connection, ORG) == []


def test_a_removed_unit_leaves_no_evidence_not_even_of_its_establishments(store: Store) -> None:
    with store.begin() as connection:
        add_unit(connection)
        save(
            connection,
            ROW,
            replace(ROW, key="2", name="", number=ORG.number),
            replace(ROW, key="3", name="", number=SHOP),
        )
        for row in evidence.untied(connection):
            if row.key == "1":
                evidence.save_tie(connection, row, TIE)
        organisations.purge(connection, ORG)
        assert evidence_known.overview(connection) == []


def test_a_person_found_behind_a_name_loses_the_name_for_good(store: Store) -> None:
    with store.begin() as connection:
        add_unit(connection, "ENK")
        save(connection, ROW)
        tie(connection, is_person=True)
        (row,) = evidence_known.of_organisation(connection, ORG)
        assert (row["name"], row["place"]) == ("", None)
        assert save(connection, ROW) == (0, 0)
        (row,) = evidence_known.of_organisation(connection, ORG)
        assert (row["name"], row["place"]) == ("", None)


def test_a_person_known_by_number_never_has_a_name(store: Store) -> None:
    with store.begin() as connection:
        add_unit(connection, "ENK")
        save(connection, replace(ROW, number=SHOP))
        (row,) = evidence.untied(connection)
        assert (row.name, row.place) == ("", None)


def test_numbers_of_units_and_establishments_lead_to_the_unit(store: Store) -> None:
    with store.begin() as connection:
        add_unit(connection)
        found = evidence.owners(connection, NORWAY, [ORG.number, SHOP, "310000124"])
    assert found == {ORG.number: (ORG, False), SHOP: (ORG, False)}


def test_many_rows_go_in_at_once(store: Store) -> None:
    rows = [replace(ROW, key=str(number)) for number in range(2500)]
    with store.begin() as connection:
        assert save(connection, *rows) == (2500, 0)
        assert save(connection, *rows, run=2) == (0, 0)
        assert evidence.seen(connection, "list", 2) == 2500

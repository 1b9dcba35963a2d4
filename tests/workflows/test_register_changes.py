"""What the register's changes do to the store: removal, persons, accounts that are not shown."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from procmatch.errors import NotFound
from procmatch.model.answer import Answer
from procmatch.model.organisation import NORWAY, IndustryCode, Organisation, OrgId
from procmatch.settings import Settings
from procmatch.store import Store, accounts, organisations, runs
from procmatch.store.tables import establishments, raw_answers, raw_chunks
from procmatch.workflows import ingest
from tests.workflows.conftest import NOW, clock, take

UNIT: dict[str, object] = {
    "organisasjonsnummer": "923609016",
    "navn": "EKSEMPEL BAKERI AS",
    "organisasjonsform": {"kode": "AS"},
    "sisteInnsendteAarsregnskap": "2025",
    "institusjonellSektorkode": {"kode": "2100"},
}
PLACE: dict[str, object] = {
    "organisasjonsnummer": "983498221",
    "navn": "EKSEMPEL BAKERI AVD ASKER",
    "overordnetEnhet": "923609016",
    "beliggenhetsadresse": {
        "kommunenummer": "3203",
        "postnummer": "1383",
        "poststed": "ASKER",
        "landkode": "NO",
    },
}
ORG = OrgId(NORWAY, "923609016")


def take_json(store: Store, kind: str, *items: dict[str, object]) -> None:
    if kind.endswith("s"):
        take(store, "enhetsregisteret", kind, "all", json.dumps(items).encode())
    for item in () if kind.endswith("s") else items:
        number = str(item["organisasjonsnummer"])
        take(store, "enhetsregisteret", kind, number, json.dumps(item).encode())


def find(store: Store) -> Organisation:
    with store.read() as connection:
        return organisations.find(connection, ORG)


def test_a_removed_unit_takes_its_establishments_accounts_and_raw_answers_along(
    store: Store,
) -> None:
    take_json(store, "units", UNIT)
    take_json(store, "establishments", PLACE)
    take_json(store, "unit", UNIT | {"konkurs": True})
    take(store, "accounts", "accounts", ORG.number, b"[]")
    gone: dict[str, object] = {"organisasjonsnummer": ORG.number, "slettedato": "2026-05-30"}
    take_json(store, "unit", gone)
    with pytest.raises(NotFound):
        find(store)
    with store.read() as connection:
        assert accounts.every(connection) == {}
        assert connection.execute(establishments.select()).all() == []
        assert connection.execute(raw_answers.select()).all() == []
        assert connection.execute(raw_chunks.select()).all() == []


def test_a_removal_leaves_the_raw_answers_of_others(store: Store) -> None:
    other = UNIT | {"organisasjonsnummer": "991825827"}
    take_json(store, "unit", UNIT, other)
    take_json(store, "unit", {"organisasjonsnummer": ORG.number, "slettedato": "2026-05-30"})
    with store.read() as connection:
        assert [row.key for row in connection.execute(raw_answers.select())] == ["991825827"]
        assert len(connection.execute(raw_chunks.select()).all()) == 1


def test_a_removed_establishment_leaves_its_unit(store: Store) -> None:
    take_json(store, "units", UNIT)
    take_json(store, "establishments", PLACE)
    gone: dict[str, object] = {"organisasjonsnummer": "983498221", "slettedato": "2026-05-30"}
    take_json(store, "establishment", gone)
    assert find(store).establishments == ()


@pytest.mark.parametrize("order", ["unit first", "establishment first"])
def test_an_establishment_of_a_sole_proprietor_keeps_only_the_municipality(
    store: Store, order: str
) -> None:
    person = UNIT | {"organisasjonsform": {"kode": "ENK"}}
    steps = [("unit", person), ("establishment", PLACE)]
    for kind, item in steps if order == "unit first" else reversed(steps):
        take_json(store, kind, item)
    (place,) = find(store).establishments
    assert place.name == ""
    assert (place.place.municipality, place.place.city, place.place.postcode) == (
        "3203",
        None,
        None,
    )


def test_a_second_bulk_finds_persons_unchanged(store: Store) -> None:
    take_json(store, "units", UNIT | {"organisasjonsform": {"kode": "ENK"}})
    take_json(store, "establishments", PLACE)
    run = ingest.begin(store, "enhetsregisteret", settings=Settings(), clock=clock)
    body = json.dumps([PLACE]).encode()
    answer = Answer(
        source="enhetsregisteret",
        kind="establishments",
        key="all",
        url="x",
        body=body,
        fetched_at=NOW,
    )
    assert ingest.ingest(store, run, answer).changed == 0


def test_a_unit_that_waited_is_off_the_queue_when_it_was_read(store: Store) -> None:
    run = ingest.begin(store, "enhetsregisteret", settings=Settings(), clock=clock)
    ingest.postpone(store, run, f"enheter/{ORG.number}", "HTTP 404")
    take_json(store, "unit", UNIT)
    with store.read() as connection:
        later = NOW + timedelta(days=9)
        assert runs.pending(connection, "enhetsregisteret", later) == ()


def wanted(store: Store, days: int = 0) -> tuple[OrgId, ...]:
    unit = find(store)
    with store.read() as connection:
        return accounts.wanting(connection, [unit], NOW + timedelta(days=days))


def test_accounts_that_do_not_exist_are_not_asked_for_every_day(store: Store) -> None:
    take_json(store, "unit", UNIT)
    assert wanted(store) == (ORG,)
    take(store, "accounts", "accounts", ORG.number, b"[]")
    assert wanted(store, days=29) == ()
    assert wanted(store, days=30) == (ORG,)


def test_a_newer_year_asks_again_even_where_there_were_none(store: Store) -> None:
    take_json(store, "unit", UNIT)
    take(store, "accounts", "accounts", ORG.number, b"[]")
    take_json(store, "unit", UNIT | {"sisteInnsendteAarsregnskap": "2026"})
    assert wanted(store) == (ORG,)


@pytest.mark.parametrize(("sector", "waiting"), [("3200", ()), ("2100", (ORG.number,))])
def test_a_500_is_an_answer_for_a_bank_and_a_fault_for_others(
    store: Store, sector: str, waiting: tuple[str, ...]
) -> None:
    take_json(store, "unit", UNIT | {"institusjonellSektorkode": {"kode": sector}})
    with store.begin() as connection:
        runs.queue(connection, "accounts", [ORG.number], NOW)
    take(store, "accounts", "accounts-unavailable", ORG.number, b"{}")
    with store.read() as connection:
        assert runs.pending(connection, "accounts", NOW + timedelta(days=1)) == waiting
        assert accounts.every(connection) == ({} if waiting else {ORG: ()})


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["10.710"], "SN2025"),
        (["08.111"], "SN2007"),
        (["47.810|Detaljhandel med motorvogner"], "SN2025"),
        (["47.810|Torghandel med næringsmidler, drikkevarer og tobakksvarer"], "SN2007"),
        (["47.810", "08.111"], "SN2007"),
        (["47.810"], "SN2025"),
    ],
)
def test_the_codes_of_a_unit_tell_which_list_they_are_from(
    store: Store, codes: list[str], expected: str
) -> None:
    fields: dict[str, object] = {}
    for place, text in enumerate(codes, start=1):
        code, _, label = text.partition("|")
        fields[f"naeringskode{place}"] = {"kode": code, "beskrivelse": label}
    take_json(store, "unit", UNIT | fields)
    found = find(store).industry_codes
    assert found == tuple(IndustryCode(expected, text.partition("|")[0]) for text in codes)

"""A bulk file says the same as its units one by one; what it repeats is passed over."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from procmatch.codes import orgnr
from procmatch.demo import world
from procmatch.errors import SourceError, StoreError
from procmatch.model.answer import Answer
from procmatch.model.organisation import NORWAY, Organisation, OrgId, OrgStatus
from procmatch.settings import Settings
from procmatch.sources import enhetsregisteret, json_stream
from procmatch.store import Store, bulk, ledger, open_store, organisations, raw
from procmatch.store.runs import Counts
from procmatch.store.tables import establishments, raw_answers, raw_chunks, set_aside
from procmatch.store.tables import organisations as units_table
from procmatch.workflows import ingest
from procmatch.workflows.readers import bulk as reader

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
Records = Sequence[dict[str, object]]


def readable(unit: dict[str, object]) -> bool:
    try:
        return isinstance(enhetsregisteret.read_unit(unit), Organisation)
    except SourceError:
        return False


UNITS = [unit for unit in world.units() if readable(unit) and "slettedato" not in unit][:12]
FIRST = str(UNITS[0]["organisasjonsnummer"])


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several batches, also of a small file."""
    monkeypatch.setattr(reader, "_BATCH", 3)
    monkeypatch.setattr(json_stream, "_PIECE", 2048)


def packed(records: Records) -> bytes:
    return gzip.compress(json.dumps(records, ensure_ascii=False).encode())


def take(store: Store, body: bytes | Path, kind: str = "units", key: str = "all") -> Counts:
    run = ingest.begin(store, "enhetsregisteret", settings=Settings(), clock=lambda: NOW)
    answer = Answer(
        source="enhetsregisteret", kind=kind, key=key, url="http://x", body=body, fetched_at=NOW
    )
    counts = ingest.ingest(store, run, answer).counts
    ingest.finish(store, run, complete=True)
    return counts


def rows(store: Store) -> dict[str, tuple[object, ...]]:
    """Return all stored units, without the marks of their records."""
    with store.read() as connection:
        found = connection.execute(select(units_table).order_by(units_table.c.number))
        return {row.number: tuple(row)[:-1] for row in found}


def status(store: Store, number: str) -> OrgStatus:
    with store.read() as connection:
        return organisations.find(connection, OrgId(NORWAY, number)).status


def renamed(unit: dict[str, object], name: str = "NYTT NAVN AS") -> dict[str, object]:
    return {**unit, "navn": name}


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Store]:
    """A second store, filled one unit at a time."""
    opened = open_store(f"sqlite:///{tmp_path / 'plain.db'}", create=True)
    yield opened
    opened.close()


records = st.lists(
    st.builds(
        lambda unit, change: {**unit, **change},
        st.sampled_from(UNITS),
        st.sampled_from(
            [
                {},
                {"navn": "NYTT NAVN AS"},
                {"navn": 'Å "}{" \\ AS', "organisasjonsform": {"kode": "ENK"}},
                {
                    "historiskeNavn": [
                        {"navn": "GAMMEL"},
                        {"navn": "ELDRE", "tilDato": "2001-01-01"},
                    ]
                },
                {"nyttFelt": 1},
                {"organisasjonsnummer": "123456789"},
                {"navn": None, "slettedato": "2026-05-01"},
                {"antallAnsatte": 7, "konkurs": True},
            ]
        ),
    ),
    max_size=12,
)


def clear(store: Store) -> None:
    with store.begin() as connection:
        for table in (units_table, set_aside):
            connection.execute(delete(table))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(nights=st.lists(records, min_size=1, max_size=3), one_line=st.booleans())
def test_a_bulk_file_says_what_its_units_say_one_by_one(
    store: Store, plain: Store, nights: list[list[dict[str, object]]], *, one_line: bool
) -> None:
    clear(store)
    clear(plain)
    for night in nights:
        # What an earlier night listed is listed again first, so that nothing goes missing.
        listed = [unit for unit in UNITS if unit["organisasjonsnummer"] in rows(store)] + night
        text = json.dumps(listed, separators=(",", ":") if one_line else None)
        counts = take(store, text.encode())
        one_by_one = sum(
            take(plain, json.dumps(record).encode(), "unit", str(key)).set_aside
            for key, record in enumerate(listed)
        )
        assert rows(store) == rows(plain)
        assert counts.set_aside == one_by_one


def test_each_record_counts_as_new_changed_or_neither(store: Store) -> None:
    assert take(store, packed(UNITS)) == Counts(new=len(UNITS))
    second = [renamed(UNITS[0]), {**UNITS[1], "telefon": "12345678"}, *UNITS[2:]]
    assert take(store, packed(second)) == Counts(changed=1)
    assert take(store, packed(second)) == Counts()


def test_what_did_not_change_is_not_read_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(store, packed(UNITS))
    read: list[bytes] = []
    original = enhetsregisteret.plain_number_of
    kept = reader._Batch.take

    def spy(self: object, record: bytes, *rest: object) -> None:
        read.append(record)
        kept(self, record, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(reader._Batch, "take", spy)
    take(store, packed([*UNITS[:5], renamed(UNITS[5]), *UNITS[6:]]))
    assert [original(record) for record in read] == [int(str(UNITS[5]["organisasjonsnummer"]))]


def test_another_parser_reads_everything_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(store, packed(UNITS))
    with store.begin() as connection:
        connection.execute(units_table.update().values(name="read wrongly"))
    assert take(store, packed(UNITS)) == Counts()
    monkeypatch.setattr(reader, "_VERSION", 7)
    assert take(store, packed(UNITS)) == Counts(changed=len(UNITS))


def test_of_a_number_listed_twice_the_last_record_counts(store: Store) -> None:
    twice = [UNITS[0], renamed(UNITS[0], "FØRST"), *UNITS[1:8], renamed(UNITS[0], "SIST")]
    assert take(store, packed(twice)).new == 8
    assert rows(store)[FIRST][2] == "SIST"
    back = [renamed(UNITS[0], "NYEST"), *UNITS[1:8], renamed(UNITS[0], "SIST")]
    take(store, packed(back))
    assert rows(store)[FIRST][2] == "SIST"


def test_what_came_from_elsewhere_is_read_again_from_the_next_file(store: Store) -> None:
    take(store, packed(UNITS))
    take(store, json.dumps(renamed(UNITS[0])).encode(), "unit", FIRST)
    assert take(store, packed(UNITS)) == Counts(changed=1)
    assert rows(store)[FIRST][2] == UNITS[0]["navn"]


def test_a_unit_no_longer_listed_is_deleted_but_stays(store: Store) -> None:
    take(store, packed(UNITS))
    assert take(store, packed(UNITS[1:])) == Counts(changed=1)
    assert status(store, FIRST) is OrgStatus.DELETED
    assert take(store, packed(UNITS[1:])) == Counts()
    assert take(store, packed(UNITS)) == Counts(changed=1)
    assert status(store, FIRST) is not OrgStatus.DELETED


def test_a_unit_newer_than_the_file_is_not_missed(store: Store) -> None:
    take(store, packed(UNITS[1:]))
    take(store, json.dumps(UNITS[0]).encode(), "unit", FIRST)
    take(store, packed(UNITS[1:]))
    assert status(store, FIRST) is not OrgStatus.DELETED


def test_a_unit_that_cannot_be_read_any_more_is_still_listed(store: Store) -> None:
    take(store, packed(UNITS))
    odd = [{**UNITS[0], "nyttFelt": 1}, *UNITS[1:]]
    assert take(store, packed(odd)) == Counts(set_aside=1)
    assert status(store, FIRST) is not OrgStatus.DELETED
    with store.read() as connection:
        (row,) = ledger.newest_set_aside(connection)
        assert (row["key"], row["field"], row["reason"]) == (
            FIRST,
            "nyttFelt",
            f"unknown field (unit {FIRST})",
        )
    take(store, packed(UNITS))
    with store.read() as connection:
        assert ledger.newest_set_aside(connection) == []


def test_a_file_that_lists_far_less_than_before_is_not_believed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_FEW_GONE", 2)
    take(store, packed(UNITS))
    with pytest.raises(SourceError, match="of 12 units listed before, 9 are missing"):
        take(store, packed([renamed(UNITS[0]), *UNITS[1:3]]))
    assert rows(store)[FIRST][2] == "NYTT NAVN AS"
    assert status(store, str(UNITS[11]["organisasjonsnummer"])) is not OrgStatus.DELETED


def test_a_file_cut_short_takes_nothing_out_and_is_resumed(store: Store) -> None:
    take(store, packed(UNITS[:6]))
    body = packed(UNITS[3:])
    cut = gzip.compress(gzip.decompress(body), compresslevel=0)[:-2000]
    with pytest.raises(SourceError, match="too early"):
        take(store, cut)
    assert status(store, FIRST) is not OrgStatus.DELETED
    done = len(rows(store))
    assert 6 < done < len(UNITS)
    assert take(store, packed(UNITS)) == Counts(new=len(UNITS) - done)


def test_a_run_killed_while_writing_is_resumed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, calls = bulk.save, 0

    def dies(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise StoreError("no space left")
        return original(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk, "save", dies)
    with pytest.raises(StoreError):
        take(store, packed(UNITS))
    done = len(rows(store))
    assert 0 < done < len(UNITS)
    monkeypatch.undo()
    assert take(store, packed(UNITS)) == Counts(new=len(UNITS) - done)


def test_an_establishment_no_longer_listed_goes(store: Store) -> None:
    shops: list[dict[str, object]] = [
        {
            "organisasjonsnummer": f"{body}{orgnr.check_digit(str(body))}",
            "navn": f"AVD {body}",
            "overordnetEnhet": FIRST,
        }
        for body in (31000001, 31000003, 31000004)
    ]
    take(store, packed(UNITS))
    assert take(store, packed(shops), "establishments") == Counts(new=3)
    moved = {**shops[1], "overordnetEnhet": str(UNITS[1]["organisasjonsnummer"])}
    assert take(store, packed([shops[0], moved]), "establishments") == Counts(changed=2)
    with store.read() as connection:
        found = connection.execute(select(establishments.c.number, establishments.c.parent))
        assert {row.number: row.parent for row in found} == {
            shops[0]["organisasjonsnummer"]: FIRST,
            shops[1]["organisasjonsnummer"]: UNITS[1]["organisasjonsnummer"],
        }


def test_a_sole_proprietor_is_kept_without_an_address(store: Store) -> None:
    address = {"adresse": ["Hjemveien 1"], "postnummer": "0001", "kommunenummer": "0301"}
    person: dict[str, object] = {
        "organisasjonsnummer": FIRST,
        "navn": "OLA NORDMANN",
        "organisasjonsform": {"kode": "ENK"},
        "forretningsadresse": address,
        "telefon": "12345678",
    }
    take(store, packed([person]))
    (row,) = rows(store).values()
    assert "Hjemveien" not in str(row)
    assert "12345678" not in str(row)
    assert "0001" not in str(row)
    assert row[5] == "0301"


def test_a_gzip_file_is_kept_as_it_came(store: Store, tmp_path: Path) -> None:
    body = packed(UNITS)
    file = tmp_path / "enheter.json.gz"
    file.write_bytes(body)
    take(store, file)
    with store.read() as connection:
        sha256 = connection.scalar(select(raw_answers.c.sha256))
        assert raw.load(connection, str(sha256)) == body
        size = connection.scalar(select(func.sum(func.length(raw_chunks.c.data))))
    assert len(body) < int(size or 0) < len(body) + 100

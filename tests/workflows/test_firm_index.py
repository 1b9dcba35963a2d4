"""The firms laid out for search are kept beside the store and follow it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from procmatch import codes
from procmatch.matching import SupplierIndex, match_lot
from procmatch.matching.index import FirmIndex
from procmatch.model.match import Match
from procmatch.model.organisation import (
    NORWAY,
    Accounts,
    Establishment,
    IndustryCode,
    Organisation,
    OrgId,
    OrgStatus,
    Supplier,
)
from procmatch.model.values import Place
from procmatch.settings import Settings
from procmatch.store import Store, accounts, open_store, organisations
from procmatch.workflows.firm_index import firm_folder, open_suppliers
from tests.linkage.register import number
from tests.matching.market import criterion, lot, notice
from tests.workflows.test_register_index import crawl

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CODES = codes.builtin()
ASKER, TROMSO = "3203", "5501"


def firm(at: int, name: str, trade: str, activity: str, **facts: object) -> Organisation:
    return Organisation(
        id=OrgId(NORWAY, number(at)),
        name=name,
        industry_codes=(IndustryCode("SN2025", trade),),
        activity=activity,
        business_place=Place(municipality=ASKER),
        **facts,  # type: ignore[arg-type]
    )


BAKER = firm(1, "KORNBUA AS", "10.710", "Baker brød og rundstykker.")
FISH = firm(2, "NATTLINEN AS", "10.203", "Foredling av fersk fisk.")
PERSON = firm(3, "OLA BRØD", "10.710", "Baker brød.", legal_form="ENK")
#: So many that a few changes are no reason to lay out all.
MANY = [firm(100 + at, f"Bank {at} AS", "64.190", "Bankvirksomhet.") for at in range(60)]


@pytest.fixture
def filled(store: Store) -> Store:
    crawl(store, BAKER, FISH, PERSON, *MANY)
    return store


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one whenever all firms are laid out."""
    seen: list[int] = []
    build = FirmIndex.build

    def counted(*given: object, **named: object) -> FirmIndex:
        seen.append(1)
        return build(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(FirmIndex, "build", staticmethod(counted))
    return seen


def market(store: Store, folder: Path | None) -> SupplierIndex:
    return open_suppliers(store, codes=CODES, today=NOW.date, folder=folder)


def ranked(found: SupplierIndex, *, at: str = ASKER, value: float | None = None) -> list[Match]:
    one = lot("Brød", "15811000", at=at, value=value)
    return match_lot(notice(one), one, found, now=NOW)


def names(found: SupplierIndex) -> list[str]:
    return [match.supplier_name for match in ranked(found)]


def test_firms_are_laid_out_once_and_opened_afterwards(
    filled: Store, tmp_path: Path, built: list[int]
) -> None:
    first, second = (market(filled, tmp_path / "firms") for _ in range(2))
    assert len(built) == 1
    assert len(first) == len(second) == 2 + len(MANY)
    assert names(first) == names(second) == ["KORNBUA AS"]
    assert market(filled, None).firms.search([]) == []
    assert names(market(filled, None)) == names(second)


def test_a_sole_proprietor_is_in_no_file(filled: Store, tmp_path: Path) -> None:
    market(filled, tmp_path / "firms")
    kept = [path for path in (tmp_path / "firms").rglob("*") if path.is_file()]
    # Marks name every unit of the register by its number, and by nothing else.
    assert not any(
        PERSON.id.number.encode() in path.read_bytes()
        for path in kept
        if path.name != "marks.msgpack"
    )
    crawl(filled, replace(BAKER, legal_form="ENK"))
    assert names(market(filled, tmp_path / "firms")) == []


def test_what_changed_is_found_without_laying_out_the_rest(
    filled: Store, tmp_path: Path, built: list[int]
) -> None:
    market(filled, tmp_path / "firms")
    crawl(
        filled,
        replace(BAKER, industry_codes=(IndustryCode("SN2025", "64.190"),), activity="Bank."),
        firm(4, "STEINOVNEN AS", "10.710", "Surdeigsbrød fra steinovn."),
    )
    for _ in range(2):
        found = market(filled, tmp_path / "firms")
        assert names(found) == ["STEINOVNEN AS"]
    assert len(built) == 1


def test_a_new_place_of_work_moves_a_firm(filled: Store, tmp_path: Path, built: list[int]) -> None:
    def km(found: SupplierIndex) -> float | None:
        return ranked(found, at=TROMSO)[0].distance_km

    away = km(market(filled, tmp_path / "firms"))
    assert away is not None
    assert away > 100
    with filled.begin() as connection:
        shop = Establishment(number=number(98), name="KORNBUA", place=Place(municipality=TROMSO))
        organisations.save_establishments(connection, NORWAY, [(BAKER.id.number, shop)])
    crawl(filled)
    found = market(filled, tmp_path / "firms")
    assert km(found) == 0.0
    assert len(built) == 1


def test_accounts_that_came_later_are_read(filled: Store, tmp_path: Path, built: list[int]) -> None:
    def capacity(found: SupplierIndex) -> float:
        (match,) = ranked(found, value=2_000_000)
        return criterion(match, "capacity").points

    assert capacity(market(filled, tmp_path / "firms")) == 0.5
    with filled.begin() as connection:
        year = Accounts(year=2025, turnover=Decimal(50_000_000))
        accounts.save(connection, BAKER.id, (year,), NOW)
    assert capacity(market(filled, tmp_path / "firms")) == 1.0
    assert len(built) == 1


def test_who_is_gone_is_listed_no_more(filled: Store, tmp_path: Path, built: list[int]) -> None:
    market(filled, tmp_path / "firms")
    crawl(filled, replace(BAKER, status=OrgStatus.BANKRUPT))
    assert names(market(filled, tmp_path / "firms")) == []
    assert len(built) == 1
    crawl(filled, gone=BAKER)
    assert BAKER.id not in market(filled, tmp_path / "firms")
    assert len(built) == 2


@pytest.mark.parametrize("broken", ["state.json", "marks.msgpack", "", "foreign"])
def test_what_is_missing_or_foreign_is_made_again(
    filled: Store, tmp_path: Path, built: list[int], broken: str
) -> None:
    folder = tmp_path / "firms"
    market(filled, folder)
    if broken == "foreign":
        shutil.rmtree(folder)
        folder.mkdir()
        (folder / "notes.txt").write_text("not an index", encoding="utf-8")
    elif broken:
        (folder / broken).write_bytes(b"{}")
        crawl(filled, firm(4, "STEINOVNEN AS", "10.710", "Surdeigsbrød fra steinovn."))
    else:
        shutil.rmtree(folder)
    assert "KORNBUA AS" in names(market(filled, folder))
    assert len(built) == 2


def test_a_truncated_column_is_no_crash(filled: Store, tmp_path: Path, built: list[int]) -> None:
    folder = tmp_path / "firms"
    market(filled, folder)
    largest = max(
        (path for path in folder.rglob("*") if path.suffix == ".npy"),
        key=lambda path: path.stat().st_size,
    )
    largest.write_bytes(largest.read_bytes()[:40])
    assert names(market(filled, folder)) == ["KORNBUA AS"]
    assert len(built) == 2


def test_only_those_who_are_shown_are_read_in_full(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = market(filled, tmp_path / "firms")
    read: list[OrgId] = []
    fetch = found.fetch

    def counted(wanted: Sequence[OrgId]) -> Mapping[OrgId, Supplier]:
        read.extend(wanted)
        return fetch(wanted)

    assert names(replace(found, fetch=counted)) == ["KORNBUA AS"]
    assert BAKER.id in read
    assert PERSON.id not in read
    with pytest.raises(KeyError):
        found.supplier(OrgId(NORWAY, number(97)))


def test_it_is_kept_beside_the_store_it_is_of(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}", create=True)
    assert firm_folder(Settings(index_dir="here"), store) == Path("here-firms")
    assert firm_folder(Settings(), store) == tmp_path / "a.db.index-firms"
    store.close()

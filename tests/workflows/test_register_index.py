"""The laid-out register is kept, follows the store, and is made again when it must be."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from procmatch.linkage import Linker
from procmatch.model.organisation import Establishment, Organisation
from procmatch.settings import Settings
from procmatch.store import Store, organisations, runs
from procmatch.store.runs import Counts
from procmatch.workflows.register_index import index_folder, open_register
from tests.linkage.register import BAKER, CHAIN, REGISTER, number, unit

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
#: So many that a few changes are no reason to lay out all.
MANY = [unit(100 + at, f"FJELLVANG {at} AS") for at in range(60)]


def crawl(store: Store, *units: Organisation, gone: Organisation | None = None) -> None:
    """Write units as a run of the register does."""
    with store.begin() as connection:
        run = runs.open_run(connection, "enhetsregisteret", NOW)
        organisations.save_organisations(connection, units)
        if gone:
            organisations.purge(connection, gone.id)
        runs.add_counts(connection, run, Counts(changed=len(units) + (gone is not None)))
        runs.close(connection, run, outcome="ok", message="", now=NOW, move_watermark_to=None)


@pytest.fixture
def filled(store: Store) -> Store:
    crawl(store, *REGISTER, *MANY)
    return store


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one whenever the whole register is laid out."""
    seen: list[int] = []
    build = Linker.build

    def counted(units: object) -> Linker:
        seen.append(1)
        return build(units)  # type: ignore[arg-type]

    monkeypatch.setattr(Linker, "build", counted)
    return seen


def found(linker: Linker, name: str) -> str | None:
    linked = linker.link(name)
    return linked.name if linked else None


def test_it_is_laid_out_once_and_opened_afterwards(
    filled: Store, tmp_path: Path, built: list[int]
) -> None:
    folder = tmp_path / "deep" / "index"
    first = open_register(filled, folder)
    second = open_register(filled, folder)
    assert len(built) == 1
    assert len(first) == len(second) == len(REGISTER) + len(MANY)
    assert first.link_many([]) == second.link_many([])
    assert found(second, BAKER.name) == BAKER.name
    # Nothing half-made stays; the lock by which processes take turns does.
    assert {path.name for path in folder.parent.iterdir()} == {"index", ".index.lock"}


def test_changed_and_new_units_are_laid_out_beside_the_rest(
    filled: Store, tmp_path: Path, built: list[int]
) -> None:
    open_register(filled, tmp_path / "index")
    crawl(filled, replace(BAKER, name="KVERNEN MØLLE AS"), unit(99, "SJØBRIS HOTELL AS"))
    with filled.begin() as connection:
        shop = Establishment(number=number(98), name="BRYGGA VERTSHUS")
        organisations.save_establishments(connection, "NO-BRC", [(CHAIN.id.number, shop)])
    for _ in range(2):
        linker = open_register(filled, tmp_path / "index")
        assert found(linker, "Kvernen Mølle AS") == "KVERNEN MØLLE AS"
        assert found(linker, "Sjøbris Hotell AS") == "SJØBRIS HOTELL AS"
        assert found(linker, "Brygga Vertshus") == CHAIN.name
        assert found(linker, BAKER.name) != BAKER.name
    assert len(built) == 1


def test_of_a_removed_unit_no_name_stays_in_the_folder(
    filled: Store, tmp_path: Path, built: list[int]
) -> None:
    def holds(text: bytes) -> bool:
        return any(text in path.read_bytes() for path in (tmp_path / "index").iterdir())

    open_register(filled, tmp_path / "index")
    assert holds(BAKER.name.encode())
    crawl(filled, gone=BAKER)
    linker = open_register(filled, tmp_path / "index")
    assert len(built) == 2
    assert BAKER.id not in {one.org for one in linker.candidates(BAKER.name)}
    assert not holds(BAKER.name.encode())


def test_when_much_has_changed_all_is_laid_out_anew(
    filled: Store, tmp_path: Path, built: list[int]
) -> None:
    open_register(filled, tmp_path / "index")
    for some in (MANY[:4], MANY[4:8]):
        crawl(filled, *(replace(one, name=f"{one.name} NY") for one in some))
        open_register(filled, tmp_path / "index")
    assert len(built) == 2


@pytest.mark.parametrize("missing", ["linker.json", "state.json", "marks.msgpack", ""])
def test_what_is_broken_is_made_again(
    filled: Store, tmp_path: Path, built: list[int], missing: str
) -> None:
    folder = tmp_path / "index"
    open_register(filled, folder)
    if missing:
        (folder / missing).write_bytes(b"{}")
        crawl(filled, unit(99, "SJØBRIS HOTELL AS"))
    else:
        shutil.rmtree(folder)
    assert found(open_register(filled, folder), BAKER.name) == BAKER.name
    assert len(built) == 2


def test_a_folder_that_cannot_be_written_is_said_and_no_error(
    filled: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_bytes(b"")
    linker = open_register(filled, tmp_path / "file" / "index")
    assert found(linker, BAKER.name) == BAKER.name
    assert "is not kept" in caplog.text


def test_where_it_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert index_folder(Settings()) == Path("procmatch.db.index")
    assert index_folder(Settings(database_url="sqlite://")) is None
    assert index_folder(Settings(index_dir="here")) == Path("here")
    one = index_folder(Settings(database_url="postgresql://me:secret@host/a"))
    other = index_folder(Settings(database_url="postgresql://me:other@host/a"))
    assert one == other
    assert one is not None
    assert one.parent == tmp_path / "procmatch"

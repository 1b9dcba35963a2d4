"""A saved index answers as the one that was saved; one that is not whole is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from procmatch.errors import StoreError
from procmatch.matching.index import FirmIndex
from procmatch.matching.relevance import Award, Need
from procmatch.matching.relevance.records import Firm

FIRMS = [
    Firm(
        key=f"{at:03d}",
        name=f"{word} {at} AS",
        text=f"{word} til skoler og sykehjem",
        language="nb",
        industries=(trade,),
        nace="SN2025",
        municipalities=(town,),
        turnover=1e6 * at,
    )
    for at, (word, trade, town) in enumerate(
        [
            ("Bakeri", "10.710", "3203"), ("Renhold", "81.210", "3201"), ("Fisk", "10.203", "5501"),
            ("Catering", "56.210", "3203"), ("Æøå brød", "10.710", "0301"),
            ("Snø", "81.300", "3203"),
        ] * 4
    )
]  # fmt: skip
BREAD = Need(key="n", title="Brød", language="nb", cpv=("15811000",), municipalities=("3203",))
NEEDS = [BREAD, Need(key="m", title="Kontorrenhold", language="nb", cpv=("90919200",))]


@pytest.fixture
def index() -> FirmIndex:
    return FirmIndex.build(FIRMS, [Award(need=BREAD, winners=("000",))])


def test_it_answers_as_before_from_files_that_are_mapped(index: FirmIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "index")
    loaded = FirmIndex.load(tmp_path / "index")
    assert loaded.search(NEEDS, limit=20) == index.search(NEEDS, limit=20)
    keys = [firm.key for firm in FIRMS]
    assert loaded.points(BREAD, keys) == index.points(BREAD, keys)
    assert len(loaded) == len(index)
    assert isinstance(loaded.base.columns.row_value.base, np.memmap)


def test_what_changed_is_kept_too(index: FirmIndex, tmp_path: Path) -> None:
    moved = replace(FIRMS[0], municipalities=("5501",))
    changed = index.update([moved], gone=["003"])
    changed.save(tmp_path / "index")
    loaded = FirmIndex.load(tmp_path / "index")
    assert loaded.search(NEEDS, limit=30) == changed.search(NEEDS, limit=30)
    assert "003" not in loaded


def test_saving_again_takes_the_place_and_leaves_nothing_beside(
    index: FirmIndex, tmp_path: Path
) -> None:
    folder = tmp_path / "index"
    index.save(folder)
    kept = FirmIndex.load(folder)
    before = kept.search(NEEDS, limit=5)
    FirmIndex.build(FIRMS[:3]).save(folder)
    assert len(FirmIndex.load(folder)) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["index"]
    # Whoever holds the old one open goes on with it.
    assert kept.search(NEEDS, limit=5) == before


def test_a_folder_that_is_not_whole_is_refused_by_name(index: FirmIndex, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with pytest.raises(StoreError, match="no index"):
        FirmIndex.load(folder)
    index.save(folder)
    path = folder / "column_row_value.npy"
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(StoreError, match="column_row_value"):
        FirmIndex.load(folder)


def test_another_version_is_refused(
    index: FirmIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("procmatch.matching.index.saving.VERSION", 0)
    index.save(tmp_path / "index")
    monkeypatch.undo()
    with pytest.raises(StoreError, match="another version"):
        FirmIndex.load(tmp_path / "index")


def test_an_empty_market_is_saved_too(tmp_path: Path) -> None:
    FirmIndex.build([]).save(tmp_path / "index")
    assert FirmIndex.load(tmp_path / "index").search(NEEDS) == [[], []]

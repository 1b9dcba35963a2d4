"""Compiled releases: the state of today, without asking the network."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from types import ModuleType

import pytest

from procmatch.errors import ExtraMissing
from procmatch.model.notice import NoticeKind
from procmatch.ocds.merging import compiler
from procmatch.ocds.validation import checker
from tests.ocds.made import FIRM, award, correction, exported, kroner, lot, notice, said


def test_later_words_win_and_earlier_ones_stay() -> None:
    opened = datetime(2026, 6, 1, tzinfo=UTC)
    moved = datetime(2026, 6, 9, tzinfo=UTC)
    first = notice(1, description=said("Brød"), lots=(lot(deadline=opened, value=kroner(5)),))
    second = notice(2, changes=correction(first), lots=(lot(deadline=moved, value=kroner(5)),))
    third = notice(3, NoticeKind.RESULT, awards=(award(FIRM, concluded_on=date(2026, 7, 1)),))
    releases = exported(first, second, third)
    compiled = compiler()(releases)
    assert compiled["tag"] == ["compiled"]
    assert compiled["id"] == f"{compiled['ocid']}-2026-05-03T10:00:00Z"
    assert compiled["date"] == "2026-05-03T10:00:00Z"
    tender = compiled["tender"]
    assert (tender["status"], tender["description"]) == ("complete", "Brød")
    assert [one["tenderPeriod"]["endDate"] for one in tender["lots"]] == ["2026-06-09T00:00:00Z"]
    assert len(tender["items"]) == 1
    assert len(tender["documents"]) == 3
    assert [one["id"] for one in tender["amendments"]] == [releases[1]["id"]]
    assert len(compiled["parties"]) == 2
    assert len(compiled["awards"]) == len(compiled["contracts"]) == 1


def test_lists_without_ids_are_replaced_as_a_whole() -> None:
    first = notice(1, lots=(lot(cpv_additional=("15811100", "15811200")),))
    second = notice(2, changes=correction(first), lots=(lot(cpv_additional=("15811300",)),))
    compiled = compiler()(exported(first, second))
    (item,) = compiled["tender"]["items"]
    assert [code["id"] for code in item["additionalClassifications"]] == ["15811300"]


def test_a_dropped_lot_is_not_open_in_the_end() -> None:
    first = notice(1, lots=(lot("LOT-0001"), lot("LOT-0002")))
    second = notice(2, changes=correction(first), lots=(lot("LOT-0002"),))
    compiled = compiler()(exported(first, second))
    assert {one["id"]: one["status"] for one in compiled["tender"]["lots"]} == {
        "LOT-0001": "cancelled",
        "LOT-0002": "active",
    }


def test_releases_are_not_changed_by_merging() -> None:
    releases = exported(notice())
    compiler()(releases)
    assert releases == exported(notice())


@pytest.mark.parametrize("package", ["ocdsmerge", "jsonschema"])
def test_a_missing_library_is_named_with_its_extra(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = builtins.__import__

    def without(
        name: str,
        globals_: Mapping[str, object] | None = None,
        locals_: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        if name.partition(".")[0] == package:
            raise ModuleNotFoundError(name=package)
        return whole(name, globals_, locals_, fromlist or (), level)

    for loaded in [one for one in sys.modules if one.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ExtraMissing, match=rf"{package}: pip install 'procmatch\[ocds\]'"):
        compiler() if package == "ocdsmerge" else checker({})

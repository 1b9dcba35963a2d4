"""The benchmarks' own make-believe: the same every time, and labelled right."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from procmatch.matching.index import Hit

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import bench_linkage
import linkage_noise
import linkage_register
import linkage_report
import matching_market
import matching_ours
import matching_peers
import matching_report


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> bench_linkage.World:
    return bench_linkage.world(tmp_path_factory.mktemp("bench"), 2_000, 300)


def test_the_register_is_the_same_every_time_and_its_numbers_are_unique(tmp_path: Path) -> None:
    for name in ("one", "two"):
        linkage_register.write(tmp_path / name, 500)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    units = list(linkage_register.read(tmp_path / "one"))
    assert len({unit.number for unit in units}) == len(units) == 500


def test_companies_have_names_of_their_own(world: bench_linkage.World) -> None:
    names = [unit.name.casefold() for unit in world.units if unit.form in {"AS", "DA", "ANS"}]
    assert len(set(names)) == len(names)


def test_names_are_printed_the_same_every_time_and_never_empty(world: bench_linkage.World) -> None:
    again = linkage_noise.print_names(world.units, [], 100, seed=2)
    assert again == linkage_noise.print_names(world.units, [], 100, seed=2)
    assert all(one.name.strip() for one in [*world.test, *world.tune])


def test_no_unit_is_printed_both_to_choose_by_and_to_judge_by(world: bench_linkage.World) -> None:
    tune = {one.number for one in world.tune if one.number}
    assert tune.isdisjoint({one.number for one in world.test if one.number})


def test_a_unit_that_is_absent_is_not_in_the_register(tmp_path: Path) -> None:
    here = bench_linkage.world(tmp_path, 3_000, 300)
    numbers = {unit.number for unit in here.units}
    assert any(one.number is None for one in here.test)
    assert all(one.number in numbers for one in here.test if one.number)


def test_f1_of_a_worked_example() -> None:
    is_right = np.array([True, False, True, True])
    score = np.array([0.9, 0.8, 0.7, 0.1])
    both, precision, recall = bench_linkage.f1(is_right, score, 0.5, wanted=4)
    assert (precision, recall) == (2 / 3, 1 / 2)
    assert both == pytest.approx(4 / 7)


def test_a_section_of_a_document_is_replaced_and_a_missing_one_is_said(tmp_path: Path) -> None:
    file = tmp_path / "doc.md"
    file.write_text("a\n<!-- begin x -->\nold\n<!-- end x -->\nb\n")
    linkage_report.put_into(file, "x", "new\n")
    assert file.read_text() == "a\n<!-- begin x -->\nnew\n<!-- end x -->\nb\n"
    with pytest.raises(ValueError, match="no section"):
        linkage_report.put_into(file, "y", "")


def test_the_market_is_the_same_every_time(world: bench_linkage.World) -> None:
    one, other = (list(matching_market.firms(world.units[:200])) for _ in range(2))
    assert one == other
    assert matching_market.lots(world.units, 20) == matching_market.lots(world.units, 20)


@pytest.mark.parametrize("method", list(matching_peers.PEERS))
def test_a_peer_finds_the_firm_that_says_what_is_asked_for(
    method: str, world: bench_linkage.World
) -> None:
    for package in (matching_peers.PEERS[method].package, "bm25s"):
        pytest.importorskip(package, reason="peers come with the group bench")
    firms = list(matching_market.firms(world.units[:500]))
    known = matching_peers.facts(firms)
    peer = matching_peers.PEERS[method]
    answer = peer.make(matching_peers.texts(firms, peer.read), known)
    wanted = firms[7]
    alike = matching_peers.Asked(
        words=list(dict.fromkeys(peer.read(f"{wanted.name} {wanted.text}"))),
        trades=np.array([trade == wanted.industries[0] for trade in known.trades]),
        town=wanted.municipalities[0],
        yearly=0.0,
    )
    assert answer([alike])[0][0] == 7


def test_a_peer_as_installed_keeps_the_general_words_that_our_reading_leaves_out() -> None:
    pytest.importorskip("bm25s", reason="peers come with the group bench")
    text = "Levering av brød til 3 skoler"
    assert matching_peers.plain_words(text) == ["levering", "brød", "skoler"]
    assert matching_peers.our_words(text) == ["brød", "skoler"]


def test_recall_takes_any_of_equal_scores() -> None:
    exact = [[Hit("a", 0.9), Hit("b", 0.5)]]
    assert matching_ours.recall([[Hit("a", 0.9), Hit("c", 0.5)]], exact) == 1.0
    assert matching_ours.recall([[Hit("a", 0.9), Hit("d", 0.4)]], exact) == 0.5


def test_a_market_of_fewer_firms_than_would_change_is_measured_all_the_same(
    world: bench_linkage.World, tmp_path: Path
) -> None:
    firms = list(matching_market.firms(world.units[:200]))
    lots = matching_market.lots(world.units, 4)
    found = matching_ours.whole(lambda: iter(firms), lots, tmp_path, lambda: 0.0)
    assert found["changed"] == len(firms)
    assert found["recall"] == 1.0


def test_the_table_says_how_many_times_faster_and_what_was_left_out() -> None:
    peer = {"method": "peer", "lots": 10, "rate": 4.0, "cpu": 5.0, "build": 1.0, "build_cpu": 1.0,
            "memory": 2.0}  # fmt: skip
    ours = peer | dict.fromkeys(
        (
            *("least", "most", "recall", "compared", "one_ms", "one_most", "one_cpu"),
            *("reading", "load", "changed", "update", "update_cpu"),
        ),
        1.0,
    )
    ours |= {"method": "ours", "rate": 100.0, "cpu": 0.2}
    gone = {"method": "gone", "left_out": "not installed"}
    found = matching_report.table([ours, peer, gone], rows=1_000)
    assert "| peer | 10 | 4 | 5.00 | **25.0** |" in found
    assert "| ours | 10 | 100 | 0.20 |  |" in found
    assert "left out: not installed" in found

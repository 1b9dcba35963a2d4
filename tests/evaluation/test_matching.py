"""Evaluation of matching: what is known before, what is measured, and what is written."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from procmatch.cli import main
from procmatch.errors import EvaluationError
from procmatch.evaluation.matching.catalonia import read_catalonia
from procmatch.evaluation.matching.codes import certainties, measure_codes, read_codes
from procmatch.evaluation.matching.europe import read_ted
from procmatch.evaluation.matching.evaluate import TASKS, evaluate
from procmatch.evaluation.matching.france import read_france
from procmatch.evaluation.matching.measure import gini, lists, quality, ranks, summarise
from procmatch.evaluation.matching.report import report
from procmatch.evaluation.matching.systems import OURS
from procmatch.evaluation.matching.united_kingdom import read_uk
from procmatch.evaluation.matching.world import Inclusion, World
from procmatch.evaluation.runs import read_run
from procmatch.matching.relevance import Award, Firm, Need
from tests.evaluation.awards import write

FIRMS = tuple(Firm(key=key, name=key) for key in "abcd")
WORLD = World(
    needs=(Need(key="q"), Need(key="r")),
    firms=FIRMS,
    awards=(Award(need=Need(key=""), winners=("a",)),),
    wanted={"q": frozenset("ab"), "r": frozenset("d")},
    groups={"q": "g", "r": "h"},
    of_firm={"a": Inclusion(small=True, local="x"), "b": Inclusion(small=False, local="y")},
    home={"q": "x", "r": "x"},
)
SCORES = np.array([[0.9, 0.5, 0.5, 0.1], [0.4, 0.3, 0.2, 0.0]])


def test_ties_count_against_the_system_and_share_no_place() -> None:
    assert ranks(np.array([0.9, 0.5, 0.5, 0.1]), [0, 1]) == [1, 3]
    assert ranks(np.array([0.5, 0.5]), [0, 1]) == [2, 2]
    assert ranks(np.zeros(4), [2]) == [4]


def test_measures_worked_by_hand() -> None:
    found = quality(SCORES, FIRMS, WORLD)
    assert found["q"]["R@1"] == 0.5
    assert found["q"]["R@5"] == 1
    assert found["q"]["MRR"] == 1
    ideal = 1 + 1 / math.log2(3)
    assert found["q"]["nDCG@10"] == pytest.approx((1 + 1 / math.log2(4)) / ideal)
    assert found["r"]["MRR"] == 0.25
    mean = summarise("x", found, WORLD.groups)
    assert mean.values["R@1"].value == 0.25
    assert mean.queries == 2


def test_a_winner_who_is_no_candidate_is_missed() -> None:
    world = World(
        needs=(Need(key="q"),),
        firms=FIRMS,
        awards=(),
        wanted={"q": frozenset({"z"})},
        groups={"q": "g"},
    )
    assert quality(SCORES[:1], FIRMS, world)["q"]["R@100"] == 0


def test_newcomers_are_queries_of_which_no_winner_had_won_before() -> None:
    assert WORLD.newcomers() == {"r"}


def test_the_lists_tell_who_is_shown_beside_the_register() -> None:
    found = lists([(SCORES, FIRMS, WORLD)])
    assert found.small == 0.5
    assert found.local == 0.5
    assert found.newcomers == 0.75
    assert found.newcomers_of_register == 0.75
    assert found.different == found.firms == 4
    assert found.gini == 0


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40))
def test_gini_is_between_equal_and_one_takes_all(counts: list[float]) -> None:
    assert -1e-9 <= gini(counts) < 1


def test_gini_worked_by_hand() -> None:
    assert gini([1, 1, 1]) == pytest.approx(0)
    assert gini([0, 0, 0, 4]) == pytest.approx(0.75)
    assert gini([0, 0]) == 0


def test_only_what_was_known_before_is_read(tmp_path: Path) -> None:
    data = write(tmp_path)
    for task in (read_catalonia(data), read_france(data)):
        (world,) = task.worlds
        asked = {need.key for need in world.needs}
        assert asked == set(world.wanted)
        assert not asked & {award.need.key for award in world.awards}
    (world,) = read_catalonia(data).worlds
    assert len(world.awards) == 3


def test_a_partnership_that_files_no_industry_is_taken_for_one_of_the_professions(
    tmp_path: Path,
) -> None:
    folder = write(tmp_path) / "uk_lancashire"
    (folder / "register_suppliers.csv").write_text(
        "company_number,company_name,company_type,sic_codes\n"
        "1,WIGG LLP,llp,\n2,WIG LTD,ltd,\n3,BAKERS LLP,llp,10710\n",
        encoding="utf-8",
    )
    (world,) = read_uk(tmp_path).worlds
    industries = [firm.industries for firm in world.firms]
    assert industries[0][0] == "69.10"
    assert industries[1:] == [(), ("10.71",)]


def test_foreign_winners_are_not_sought_and_a_small_country_is_left_out(tmp_path: Path) -> None:
    (world,) = read_ted(write(tmp_path)).worlds
    assert [need.key for need in world.needs] == ["t1"]
    assert world.wanted["t1"] == {"DE|Reinigung Nord GmbH"}
    assert len(world.firms) == 101


def test_all_tasks_of_a_folder(tmp_path: Path) -> None:
    found = evaluate(write(tmp_path))
    assert [one.task for one in found.results] == list(TASKS)
    assert not found.skipped
    assert [row.file for row in found.aside] == [
        "norway/no_competitions_2020.csv",
        "es_catalonia/catalonia_covid_awards_2020.train.csv",
    ]
    ours = {
        one.task: {system.system: system.values for system in one.systems} for one in found.results
    }
    assert ours["t1_ted"][OURS]["R@1"].value == 1
    assert ours["t1_uk"][OURS]["R@1"].value >= 2 / 3  # type: ignore[operator]
    text = report(found)
    assert text == report(evaluate(tmp_path))
    assert "## Chosen on, kept apart" in text
    assert "Cold start: the 1 queries" in text


def test_a_task_without_its_files_is_skipped_and_says_which(tmp_path: Path) -> None:
    found = evaluate(write(tmp_path, "fr/winners.csv"), ["t1_decp", "t0"])
    assert [one.task for one in found.results] == ["t0"]
    assert found.skipped[0][0] == "t1_decp"
    assert "fr/winners.csv" in found.skipped[0][1]
    with pytest.raises(EvaluationError, match="no task 't9'"):
        evaluate(tmp_path, ["t9"])
    with pytest.raises(EvaluationError, match=r"fr/winners.csv"):
        evaluate(tmp_path, ["t1_decp"])


def test_codes_learned_from_other_buyers_only(tmp_path: Path) -> None:
    task = read_codes(write(tmp_path))
    assert task.queries == ("0", "1", "3")
    found = measure_codes("x", certainties(task, learn=True), task)
    assert found.values["acc@1"].value == 1


def test_the_command_writes_run_files_and_a_report(tmp_path: Path) -> None:
    data = write(tmp_path / "data")
    arguments = ["evaluate", "matching", "--data", str(data), "--format", "json"]
    arguments += ["--task", "t1_uk", "--run-file", str(tmp_path / "out.tsv")]
    arguments += ["--report", str(tmp_path / "quality.md")]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.stderr
    assert {row["task"] for row in json.loads(done.stdout)} == {"t1_uk"}
    run = read_run(tmp_path / "out.tsv")
    assert set(run) == {"n1", "n2", "n3"}
    assert max(run["n1"], key=lambda key: run["n1"][key]) == "00000001"
    assert "## t1_uk" in (tmp_path / "quality.md").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.shared
def test_the_aims_that_are_reached_stay_reached(shared_data: Path) -> None:
    found = evaluate(shared_data / "eval", ["t0", "t1_uk", "t1_catalonia"])
    values = {one.task: one.systems[-2 if one.task != "t0" else -1].values for one in found.results}
    assert values["t0"]["acc@1"].value > 0.60  # type: ignore[operator]
    assert values["t0"]["acc@3"].value > 0.78  # type: ignore[operator]
    assert values["t1_uk"]["R@10"].value > 0.25  # type: ignore[operator]
    assert values["t1_uk"]["R@50"].value >= 0.60  # type: ignore[operator]
    assert values["t1_catalonia"]["R@1"].value > 0.13  # type: ignore[operator]
    assert values["t1_catalonia"]["R@10"].value > 0.30  # type: ignore[operator]

"""A municipality over the years, from the command line."""

from __future__ import annotations

import csv
import io
import json

from procmatch.insight.shares import Measure, Question, share
from procmatch.insight.trends import imported
from tests.cli.test_cli import Run, filled, run  # noqa: F401 - fixtures
from tests.workflows.conftest import world_file  # noqa: F401 - a fixture

PLACE = "9801"


def test_the_exported_rows_give_the_shares_that_are_shown(filled: Run) -> None:  # noqa: F811
    rows = imported(
        csv.DictReader(io.StringIO(filled("trends", PLACE, "--rows", "--format", "csv").output))
    )
    shown = json.loads(filled("trends", PLACE, "--format", "json").output)
    assert rows
    assert shown
    for one in shown:
        own = [row for row in rows if row.year == one["year"]]
        again = share(own, Question(one["question"]), Measure(one["measure"]))
        assert (again.low, again.high) == (one["low"], one["high"])
        assert float(again.unknown) == one["unknown"]


def test_each_cut_and_the_comparison_are_shown(filled: Run) -> None:  # noqa: F811
    for options in (("--by", "category"), ("--by", "unit"), ("--spend",)):
        assert filled("trends", PLACE, *options).exit_code == 0
    compared = filled("trends", PLACE, "--compare", "--format", "json")
    assert compared.exit_code == 0, compared.output
    assert json.loads(compared.output)[0]["number"] == PLACE


def test_a_target_is_set_followed_and_taken_back(filled: Run) -> None:  # noqa: F811
    asked = ("targets", PLACE, "--question", "small", "--year", "2027")
    result = filled(*asked, "--percent", "30", "--format", "json")
    assert result.exit_code == 0, result.output
    (row,) = json.loads(result.output)
    assert (row["percent"], row["standing"]) == (30, "nothing")
    assert filled(*asked, "--percent", "300").exit_code == 2
    assert filled(*asked).exit_code == 2
    assert json.loads(filled(*asked, "--remove", "--format", "json").output) == []


def test_nothing_was_shown_yet(filled: Run) -> None:  # noqa: F811
    assert json.loads(filled("shown", "--format", "json").output) == []

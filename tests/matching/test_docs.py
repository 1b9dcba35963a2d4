"""The page on matching shows the policy that the code has."""

from __future__ import annotations

import os
import re
from pathlib import Path

from procmatch.matching import DEFAULT_POLICY
from procmatch.matching.asked_words import ASKED
from procmatch.matching.hurdle_kinds import HURDLE_KINDS
from procmatch.matching.place import TRAVEL
from procmatch.matching.regulated import REGULATED
from procmatch.matching.relevance import POLICY, Criterion

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-matching-works.md"
MARKED = re.compile(r"(<!-- policy -->\n).*?(<!-- /policy -->)", re.DOTALL)


def _past(row: Criterion) -> str:
    if row.measured:
        return "yes, in the evaluation only"
    return "yes" if row.history else ""


def table() -> str:
    rows = [
        f"| {row.name} | {row.weight:g} | {DEFAULT_POLICY.share(row.name):.0%} "
        f"| {_past(row)} | {row.measures} | {row.direction} |"
        for row in POLICY.rows
    ]
    return "\n".join(
        [
            "| criterion | weight | share by default | past awards | what it measures | higher |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def test_the_table_of_criteria_is_fresh() -> None:
    text = PAGE.read_text(encoding="utf-8")
    expected = MARKED.sub(lambda found: found[1] + table() + found[2], text)
    if os.environ.get("PROCMATCH_WRITE_DOCS"):
        PAGE.write_text(expected, encoding="utf-8")
    assert text == expected, "run `make examples`"
    assert MARKED.search(text)


def marked(name: str, rows: list[str]) -> None:
    """Hold a part of the page between two marks against rows printed from the code."""
    part = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    text = PAGE.read_text(encoding="utf-8")
    assert part.search(text), f"no marks for {name}"
    expected = part.sub(lambda found: found[1] + "\n".join([*rows, ""]) + found[2], text)
    if os.environ.get("PROCMATCH_WRITE_DOCS"):
        PAGE.write_text(expected, encoding="utf-8")
    assert text == expected, "run `make examples`"


def test_the_table_of_hurdles_is_fresh() -> None:
    head = ["| hurdle | read in | met by, or set against | weighs |", "|---|---|---|---|"]
    rows = [
        f"| `{one.name}` | {one.lot} | {one.supplier} | {' or '.join(one.weights)} |"
        for one in HURDLE_KINDS
    ]
    marked("hurdles", [*head, *rows])


def test_the_table_of_travel_is_fresh() -> None:
    head = ["| role | goes, in parts of the radius |", "|---|---|"]
    marked("travel", [*head, *(f"| {role} | {times:g} |" for role, times in TRAVEL.items())])


def test_every_requirement_that_can_be_found_is_a_kind_of_hurdle() -> None:
    names = [one.name for one in HURDLE_KINDS]
    assert len(names) == len(set(names))
    assert {*ASKED, "turnover", *(rule.kind for rule in REGULATED)} <= set(names)

"""The page on matching shows the policy that the code has."""

from __future__ import annotations

import os
import re
from pathlib import Path

from procmatch.matching import DEFAULT_POLICY
from procmatch.matching.asked_words import ASKED
from procmatch.matching.relevance import POLICY

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-matching-works.md"
MARKED = re.compile(r"(<!-- policy -->\n).*?(<!-- /policy -->)", re.DOTALL)


def table() -> str:
    rows = [
        f"| {row.name} | {row.weight:g} | {DEFAULT_POLICY.share(row.name):.0%} "
        f"| {'yes' if row.history else ''} | {row.measures} | {row.direction} |"
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
    assert text == expected, "run with PROCMATCH_WRITE_DOCS=1"
    assert MARKED.search(text)


def test_every_hurdle_is_named_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for kind in ASKED:
        assert f"`{kind}`" in text

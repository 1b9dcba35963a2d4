"""The page on a real notice in the docs is what the command gives."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from procmatch.cli import main

PAGE = Path(__file__).resolve().parents[2] / "docs" / "example-meeting-food.md"
WORDS = (
    "--language", "en", "who", "{data}/tenders/doffin_xml/2023-307227.xml",
    "--register", "{data}/suppliers/brreg/enheter_real_no_enk.csv",
    "--day", "2023-10-05", "--limit", "5",
)  # fmt: skip


def _parts(page: str) -> dict[str, str]:
    head, *parts = re.split(r"^## ", page, flags=re.MULTILINE)
    return {"": head} | {part[:8]: part for part in parts}


def test_the_page_tells_its_command() -> None:
    command = " ".join(WORDS).replace("{data}", "DATA")
    assert f"procmatch {command}" in PAGE.read_text("utf-8")


def test_firms_for_work_inclusion_stand_first_where_a_part_is_kept_for_them() -> None:
    parts = _parts(PAGE.read_text("utf-8"))
    for number in range(1, 7):
        assert "keeps the lot for" not in parts[f"PAR-{number:04}"]
    rows = [row for row in parts["PAR-0007"].splitlines() if row.startswith("| ")][2:]
    assert len(rows) == 5
    assert all("Work inclusion" in row and "keeps the lot for" not in row for row in rows)


def test_other_pages_tell_the_same_figures_of_it() -> None:
    told = re.findall(
        r"^- In (?:one contract|10 parts): (\d+) firms.*?(\d+) of them small",
        PAGE.read_text("utf-8"),
        re.MULTILINE,
    )
    (whole, small), (parts, small_parts) = told
    page = (PAGE.parent / "municipality.md").read_text("utf-8")
    assert f"in one contract {whole} firms could bid alone, {small} of them small" in page
    assert f"in ten parts {parts}, {small_parts} of them small" in page


@pytest.mark.shared
def test_the_page_is_what_the_command_gives(shared_data: Path) -> None:
    done = CliRunner().invoke(main, [word.format(data=shared_data) for word in WORDS])
    assert done.exit_code == 0, done.output
    page = PAGE.read_text("utf-8")
    # What stands above the answer is written by hand.
    expected = page[: page.index("\n# ") + 1] + done.stdout
    if os.environ.get("PROCMATCH_WRITE_DOCS"):
        PAGE.write_text(expected, encoding="utf-8")
        page = expected
    assert page == expected, "the command says something else by now: run `make examples`"

"""The table of kinds of evidence, and the page that shows it."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest

from procmatch.codes.evidence import DIMENSIONS, EvidenceKind, ends_on, find, kinds
from procmatch.errors import CodeError
from procmatch.matching.asked import PROOFS
from procmatch.sources.evidence import COLUMNS, SOURCES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "evidence.md"
SEEN = date(2026, 6, 1)


def test_every_kind_has_what_people_and_programs_need() -> None:
    for kind in kinds().values():
        assert kind.dimension in DIMENSIONS
        assert all(kind.labels.values())
        assert kind.licence
        assert kind.attribution
        assert kind.source in {*SOURCES, "file", "enhetsregisteret"}
    assert {kind.dimension for kind in kinds().values()} == set(DIMENSIONS)


def test_what_proves_a_requirement_is_a_kind() -> None:
    for proofs in PROOFS.values():
        assert proofs <= set(kinds())


@pytest.mark.parametrize(
    ("kind", "first", "last", "end"),
    [
        ("eco_lighthouse", date(2025, 1, 1), date(2025, 6, 1), date(2025, 6, 1)),
        ("eco_lighthouse", date(2025, 1, 1), None, date(2028, 1, 2)),
        ("eco_lighthouse", None, None, date(2029, 6, 1)),
        ("cleaning_register", date(2000, 1, 1), None, date(2026, 7, 2)),
        ("cooperative", None, None, None),
    ],
)
def test_how_long_a_fact_holds(
    kind: str, first: date | None, last: date | None, end: date | None
) -> None:
    assert ends_on(kind, valid_from=first, valid_to=last, seen_on=SEEN) == end


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Miljøfyrtårn", "did you mean eco_lighthouse"),
        ("iso14001", "did you mean iso_14001"),
        ("xyzzy", "docs/evidence.md"),
    ],
)
def test_a_kind_that_there_is_not_leads_to_one_that_is_like_it(asked: str, said: str) -> None:
    with pytest.raises(CodeError, match=said):
        find(asked)


def term(kind: EvidenceKind) -> str:
    if kind.days is None:
        return "while listed"
    start = "its start" if kind.from_start else "it was last seen"
    return f"{kind.days} days after {start}"


def kinds_table() -> str:
    names = (
        "kind", "dimension", "bokmål", "nynorsk", "English", "usual source",
        "holds, if no end is given", "tied by", "note",
    )  # fmt: skip
    lines = [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]
    for kind in kinds().values():
        tied = "number only" if kind.exact else "number or name"
        labels = " | ".join(kind.labels[language] for language in ("nb", "nn", "en"))
        cells = (f"`{kind.kind}`", kind.dimension, labels, kind.source, term(kind), tied, kind.note)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def licences_table() -> str:
    lines = ["| source | licence | name it as |", "|---|---|---|"]
    known = {kind.source: kind for kind in kinds().values() if kind.source != "file"}
    lines += [
        f"| `{source}` | {known[source].licence} | {known[source].attribution} |"
        for source in sorted(known)
    ]
    return "\n".join([*lines, ""])


def columns_table() -> str:
    lines = ["| column | what it holds |", "|---|---|"]
    lines += [f"| `{name}` | {what} |" for name, what in COLUMNS.items()]
    return "\n".join([*lines, ""])


@pytest.mark.parametrize("part", ["kinds", "licences", "columns"])
def test_the_page_shows_the_tables(part: str) -> None:
    made = {"kinds": kinds_table, "licences": licences_table, "columns": columns_table}[part]()
    text = PAGE.read_text(encoding="utf-8")
    marked = re.compile(rf"(<!-- {part} -->\n).*?(<!-- /{part} -->)", re.DOTALL)
    assert marked.search(text)
    expected = marked.sub(lambda found: found[1] + made + found[2], text)
    if os.environ.get("PROCMATCH_WRITE_DOCS"):
        PAGE.write_text(expected, encoding="utf-8")
    assert text == expected, "run `make examples`"


def test_every_source_has_its_own_part_of_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for source in SOURCES:
        assert f"### `{source}`" in text

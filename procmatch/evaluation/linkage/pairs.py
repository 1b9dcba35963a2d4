"""Pairs of names: tables of hard pairs, and labelled pairs of a benchmark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from procmatch.errors import EvaluationError
from procmatch.evaluation.folders import Row, SetAside, Table, read_table
from procmatch.evaluation.linkage.measure import Build
from procmatch.linkage import Linker, Query
from procmatch.model.match import Linked
from procmatch.model.organisation import Organisation, OrgId
from procmatch.model.values import Place

__all__ = [
    "BENCH",
    "BenchPair",
    "BenchResult",
    "HardPair",
    "Meant",
    "TableResult",
    "evaluate_bench",
    "evaluate_pairs",
    "read_bench",
    "read_hard_pairs",
]

BENCH = "os_name_bench_cases"
_BENCH_FILE = f"er/{BENCH}.csv"
#: Schemas of a benchmark that are organisations; people and ships are not linked.
_ORGANISATIONS = frozenset({"Company", "Organization", "LegalEntity", "PublicBody"})
_TRUTHS = {"true": True, "false": False}
_COLUMNS = ("table", "register_name", "printed_name", "same")


class Meant(StrEnum):
    """What is known of a pair.

    ``YES``: the printed name means that unit. ``NO``: it does not. ``NOBODY``: it means no unit of
    the table, or none can be told.
    """

    YES = "yes"
    NO = "no"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class HardPair:
    """A unit of a small register, and a printed name that means it or does not.

    Attributes:
        table: pairs of one table share a register. same: what is known. why: in words.
    """

    table: str
    register_name: str
    register_place: str | None
    printed_name: str
    printed_place: str | None
    same: Meant
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableResult:
    """What was said to the pairs of a table.

    Attributes:
        pairs: how many; ``meant`` of these mean a unit.
        right: meant, and linked to it. missed: meant, and nobody was named.
        wrong: meant, and linked to another; or not meant, and linked all the same.
        kept_apart: not meant, and not linked to it.
    """

    table: str
    pairs: int
    meant: int
    right: int
    missed: int
    wrong: int
    kept_apart: int


def read_hard_pairs(folder: Path) -> tuple[list[HardPair], list[SetAside]]:
    """Read all tables (``*.tsv``, ``*.csv``) of a folder.

    Raises:
        EvaluationError: no table, or one that lacks a column.
    """
    paths = sorted((*folder.glob("*.tsv"), *folder.glob("*.csv")))
    if not paths:
        raise EvaluationError(f"{folder}: no table of hard pairs (*.tsv or *.csv)")
    pairs: list[HardPair] = []
    aside: list[SetAside] = []
    for path in paths:
        delimiter = "\t" if path.suffix == ".tsv" else ","
        table = read_table(folder, path.name, needs=_COLUMNS, delimiter=delimiter)
        pairs += [pair for row in table.rows if (pair := _hard_pair(row, table))]
        aside += table.aside
    return pairs, aside


def _hard_pair(row: Row, table: Table) -> HardPair | None:
    try:
        same = Meant(row["same"].strip())
    except ValueError:
        table.set_aside(row.line, "same", "neither yes, no nor nobody")
        return None
    return HardPair(
        table=row["table"],
        register_name=row["register_name"],
        register_place=row.get("register_place"),
        printed_name=row["printed_name"],
        printed_place=row.get("printed_place"),
        same=same,
        why=row.get("why") or "",
    )


def _place(printed: str | None) -> Place:
    """Return a place as a table prints it: a town, "5020 Bergen" or a municipality's number."""
    words = (printed or "").split()
    if len(words) == 1 and words[0].isdecimal():
        return Place(municipality=words[0])
    if words and words[0].isdecimal():
        return Place(postcode=words[0], city=" ".join(words[1:]))
    return Place(city=" ".join(words) or None)


def evaluate_pairs(
    rows: Sequence[HardPair], build: Build = Linker.build, *, automatic: bool = True
) -> list[TableResult]:
    """Link every printed name in the small register that the rows of its table make up.

    Args:
        rows: pairs of any number of tables.
        build: makes a linker of a register.
        automatic: count answers that need no person; False: any answer.

    Returns:
        One result for each table, in order of first appearance.
    """
    tables: dict[str, list[HardPair]] = defaultdict(list)
    for row in rows:
        tables[row.table].append(row)
    return [_table_result(name, own, build, automatic) for name, own in tables.items()]


def _table_result(
    name: str,
    rows: Sequence[HardPair],
    build: Build,
    automatic: bool,  # noqa: FBT001
) -> TableResult:
    units: dict[tuple[str, str | None], OrgId] = {}
    for row in rows:
        units.setdefault(
            (row.register_name, row.register_place), OrgId("PAIRS", str(len(units) + 1))
        )
    linker = build(
        Organisation(id=org, name=named, business_place=_place(where))
        for (named, where), org in units.items()
    )
    links = linker.link_many(
        [Query(name=row.printed_name, place=row.printed_place) for row in rows]
    )
    counts: dict[str, int] = dict.fromkeys(("right", "missed", "wrong", "kept_apart"), 0)
    for row, linked in zip(rows, links, strict=True):
        org = units[row.register_name, row.register_place]
        said = linked.org if linked and (linked.certain or not automatic) else None
        counts[_outcome(row.same, org, said)] += 1
    meant = sum(row.same is Meant.YES for row in rows)
    return TableResult(table=name, pairs=len(rows), meant=meant, **counts)


def _outcome(same: Meant, org: OrgId, said: OrgId | None) -> str:
    if same is Meant.YES:
        return "missed" if said is None else "right" if said == org else "wrong"
    if same is Meant.NO:
        return "wrong" if said == org else "kept_apart"
    return "kept_apart" if said is None else "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchPair:
    """Two names and whether they are one organisation's. ``category``: the kind of difference."""

    first: str
    second: str
    same: bool
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchResult:
    """How many pairs were put together; of ``true`` as many as possible, of ``false`` none.

    Attributes:
        true, false: how many pairs there are.
        true_first, false_first: the other name is the best candidate, alone on its rank.
        true_linked, false_linked: it is the answer, though a person should see it.
        true_automatic, false_automatic: it is the answer without a person.
        units: names in the register.
    """

    true: int
    false: int
    true_first: int
    false_first: int
    true_linked: int
    false_linked: int
    true_automatic: int
    false_automatic: int
    units: int


def read_bench(folder: Path) -> tuple[list[BenchPair], Table]:
    """Read the labelled pairs of organisations; those of people and others are passed over.

    Raises:
        EvaluationError: no such file, a column that is missing, or no pair of organisations.
    """
    table = read_table(
        folder,
        _BENCH_FILE,
        needs=("schema", "name1", "name2", "is_match"),
        filled=("schema", "is_match"),
    )
    pairs = [
        pair
        for row in table.rows
        if row["schema"] in _ORGANISATIONS and (pair := _bench_pair(row, table))
    ]
    if not pairs:
        raise EvaluationError(f"{table.file}: no pair of organisations")
    return pairs, table


def _bench_pair(row: Row, table: Table) -> BenchPair | None:
    for column in ("name1", "name2"):
        if not row.get(column):
            table.set_aside(row.line, column, "empty")
            return None
    same = _TRUTHS.get(row["is_match"].strip().lower())
    if same is None:
        table.set_aside(row.line, "is_match", "neither true nor false")
        return None
    return BenchPair(
        first=row["name1"], second=row["name2"], same=same, category=row.get("category") or ""
    )


def evaluate_bench(pairs: Sequence[BenchPair], build: Build = Linker.build) -> BenchResult:
    """Ask each first name in a register of all second names: is the pair's own the answer?"""
    names = dict.fromkeys(pair.second for pair in pairs)
    units = {name: OrgId("PAIRS", str(at)) for at, name in enumerate(names, start=1)}
    linker = build(Organisation(id=org, name=name) for name, org in units.items())
    queries = [Query(name=pair.first) for pair in pairs]
    links = linker.link_many(queries)
    ranked = linker.candidates_many(queries, limit=2)
    counts = dict.fromkeys(
        (f"{truth}_{level}" for truth in _TRUTHS for level in ("first", "linked", "automatic")), 0
    )
    for pair, linked, best in zip(pairs, links, ranked, strict=True):
        org, truth = units[pair.second], str(pair.same).lower()
        alone = len(best) == 1 or (bool(best) and best[0].score > best[1].score)
        counts[f"{truth}_first"] += alone and best[0].org == org
        counts[f"{truth}_linked"] += _is(linked, org)
        counts[f"{truth}_automatic"] += linked is not None and linked.certain and _is(linked, org)
    true = sum(pair.same for pair in pairs)
    return BenchResult(true=true, false=len(pairs) - true, units=len(units), **counts)


def _is(linked: Linked | None, org: OrgId) -> bool:
    return linked is not None and linked.org == org

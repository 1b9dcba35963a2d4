"""Resolve: which register unit does each row of somebody's table mean?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path

from procmatch.errors import SourceError
from procmatch.linkage import Linker, link_decided
from procmatch.linkage.decisions import Rulings
from procmatch.model.label import Printed
from procmatch.model.match import Linked
from procmatch.workflows.csv_in import Row, Table, open_table, position
from procmatch.workflows.csv_out import Writer, safe, whole_file, writer
from procmatch.workflows.review_file import COLUMNS, write_question
from procmatch.workflows.review_list import Places, Question, ask, in_words, with_places

__all__ = ["ADDED", "Asked", "ResolveReport", "Review", "resolve"]

#: Columns that are added to the table.
ADDED = (
    "procmatch_number", "procmatch_name", "procmatch_status", "procmatch_score", "procmatch_why",
    "procmatch_runner_up",
)  # fmt: skip
#: Rows read, linked and written together.
_BATCH = 4_000
_POSTCODE_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The columns that hold what is asked, by name; None where the table has none."""

    name: str
    number: str | None = None
    place: str | None = None
    postcode: str | None = None
    street: str | None = None
    website: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The list for a person.

    Attributes:
        path: where it is written. places: says where candidates are.
        carried: rows with decisions that stay in it, by column.
    """

    path: Path
    places: Places
    carried: Sequence[Mapping[str, str]] = ()


@dataclass(slots=True, kw_only=True)
class ResolveReport:
    """How many rows had which answer, and how many parties a person is asked about."""

    rows: int = 0
    certain: int = 0
    uncertain: int = 0
    nobody: int = 0
    not_read: int = 0
    questions: int = 0
    is_fallback: bool = False


def resolve(
    path: Path,
    *,
    asked: Asked,
    out: Path,
    linker: Linker,
    rulings: Rulings,
    review: Review | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> ResolveReport:
    """Write a table again with the unit that each row means; in constant memory.

    The files are whole or not there: when this breaks off, what was there before stays.

    Args:
        path: the table.
        asked: its columns.
        out: where it is written, with the columns :data:`ADDED`.
        linker: the register.
        rulings: what persons decided; it wins over the linker.
        review: where parties that are not certain go, if anywhere.
        progress: called with (rows done, about all).

    Raises:
        SourceError: the table cannot be read, lacks a column, or has one of those to be added.
    """
    table = open_table(path, [name for name in _names(asked).values() if name])
    if taken := [name for name in ADDED if name in table.columns]:
        reason = "the table has this column already; take it out first"
        raise SourceError(reason, source=path.name, where=taken[0])
    report = ResolveReport(is_fallback=table.is_fallback)
    work = _Work(table, _positions(table, asked), linker, rulings, report)
    with ExitStack() as stack:
        # A spreadsheet takes a file without the mark for Windows-1252.
        encoding = "utf-8" if table.encoding == "utf-8" else "utf-8-sig"
        rows_out = writer(stack.enter_context(whole_file(out, encoding)), table.delimiter)
        rows_out.writerow((*table.columns, *ADDED))
        asking = _Asking(stack, review, table.delimiter) if review else None
        rows = table.rows()
        while batch := list(islice(rows, _BATCH)):
            work.answer(batch, rows_out, asking)
            progress(min(report.rows, table.lines), table.lines)
        progress(table.lines, table.lines)
    return report


def _names(asked: Asked) -> dict[str, str | None]:
    return {field.name: getattr(asked, field.name) for field in fields(Asked)}


def _positions(table: Table, asked: Asked) -> dict[str, int]:
    return {
        field: position(table.path, table.columns, name)
        for field, name in _names(asked).items()
        if name is not None
    }


class _Asking:
    """Writes questions, each party once."""

    def __init__(self, stack: ExitStack, review: Review, delimiter: str) -> None:
        file = stack.enter_context(whole_file(review.path, "utf-8-sig"))
        self._writer = writer(file, delimiter)
        self._writer.writerow(COLUMNS)
        self._places = review.places
        self._asked: set[str] = set()
        self._carried = {(row["query"], row["candidate_number"]) for row in review.carried}
        for row in review.carried:
            self._writer.writerow([safe(row.get(name, "")) for name in COLUMNS])

    def is_new(self, printed: Printed) -> bool:
        """Whether this party was not asked about yet."""
        key = printed.key
        if key in self._asked:
            return False
        self._asked.add(key)
        return True

    def write(self, questions: Sequence[Question]) -> None:
        """Write questions, without the rows that stand in the list already."""
        for question in with_places(questions, self._places):
            write_question(self._writer, question, but=self._carried)


@dataclass(frozen=True, slots=True)
class _Work:
    table: Table
    at: Mapping[str, int]
    linker: Linker
    rulings: Rulings
    report: ResolveReport

    def answer(self, rows: Sequence[Row], rows_out: Writer, asking: _Asking | None) -> None:
        """Link some rows and write them, each party once linked."""
        parties = [None if row.problem else self._printed(row) for row in rows]
        each = list(dict.fromkeys(one for one in parties if one is not None))
        linked = dict(zip(each, link_decided(self.linker, each, self.rulings), strict=True))
        for row, printed in zip(rows, parties, strict=True):
            answer = linked[printed] if printed is not None else None
            status = self._status(row, answer)
            rows_out.writerow((*row.cells, *_cells(row, status, answer)))
        if asking is not None:
            unsure = [one for one in each if not _is_certain(linked[one]) and asking.is_new(one)]
            answers = [linked[one] for one in unsure]
            questions = list(ask(self.linker, unsure, answers, self.rulings))
            asking.write(questions)
            self.report.questions += len(questions)

    def _printed(self, row: Row) -> Printed:
        values = {field: row.cells[at].strip() or None for field, at in self.at.items()}
        if (code := values.get("postcode")) and code.isdecimal():
            # A spreadsheet that takes "0150" for a number drops its first digit.
            values["postcode"] = code.zfill(_POSTCODE_DIGITS)
        name = values.pop("name") or ""
        return Printed(name=name, **values)

    def _status(self, row: Row, answer: Linked | None) -> str:
        report = self.report
        report.rows += 1
        if row.problem:
            report.not_read += 1
            return "not read"
        if answer is None:
            report.nobody += 1
            return "nobody"
        if answer.certain:
            report.certain += 1
            return "certain"
        report.uncertain += 1
        return "uncertain"


def _is_certain(answer: Linked | None) -> bool:
    return answer is not None and answer.certain


def _cells(row: Row, status: str, answer: Linked | None) -> Iterator[str]:
    """Yield the cells of :data:`ADDED`."""
    if answer is None:
        why = f"Line {row.line}: {row.problem}." if row.problem else ""
        yield from ("", "", status, "", safe(why), "")
        return
    runner_up = f"{answer.runner_up[0]} ({answer.runner_up[1]:.2f})" if answer.runner_up else ""
    yield from (
        answer.org.number,
        safe(answer.name),
        status,
        f"{answer.score:.4f}",
        safe(in_words(answer.criteria)),
        runner_up,
    )

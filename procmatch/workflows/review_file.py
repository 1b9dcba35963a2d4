"""The review list as a file: a person writes yes, no or nobody beside each candidate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from procmatch.codes import orgnr
from procmatch.errors import CodeError
from procmatch.model.evidence import Unread
from procmatch.model.label import KEY, Decision, Label, Printed
from procmatch.model.organisation import OrgId
from procmatch.workflows.csv_in import open_table
from procmatch.workflows.csv_out import Writer, plain, safe
from procmatch.workflows.review_list import Question

__all__ = ["COLUMNS", "TIMES", "Decided", "Known", "read_decisions", "write_question"]

#: How often a party occurs; in lists over the store only.
TIMES = "times"
COLUMNS = (
    "query", "name", "number", "place", "postcode", "street", "website",
    "candidate_number", "candidate_name", "candidate_place", "score", "why", "decision",
)  # fmt: skip
_NEEDED = ("query", "name", "candidate_number", "decision")
_WORDS = {
    "yes": Decision.SAME, "no": Decision.NOT_SAME, "nobody": Decision.NOBODY,
    "ja": Decision.SAME, "nei": Decision.NOT_SAME, "ingen": Decision.NOBODY,
}  # fmt: skip
_SOURCE = "review file"
_SHOWN = 40

#: Says of numbers which unit each leads to; one that the register does not know is left out.
Known: TypeAlias = Callable[[Collection[str]], Mapping[str, OrgId]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a person wrote.

    Attributes:
        labels: decisions that count. unread: rows that do not, and why.
        rows: of the labels, as they stand in the file, by column.
        bad: likewise those that do not count.
    """

    labels: tuple[Label, ...] = ()
    unread: tuple[Unread, ...] = ()
    rows: tuple[Mapping[str, str], ...] = ()
    bad: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Answer:
    line: int
    row: Mapping[str, str]
    decision: Decision | None
    number: str
    problem: tuple[str, str] | None


def write_question(
    writer: Writer,
    question: Question,
    columns: Sequence[str] = COLUMNS,
    *,
    but: Collection[tuple[str, str]] = (),
) -> None:
    """Write one row for each candidate.

    Args:
        writer: to which the header was written.
        question: what is asked.
        columns: of the header.
        but: (key, number of the candidate) of rows that are not written.
    """
    printed = question.printed
    for one in question.candidates:
        if (printed.key, one.org.number) in but:
            continue
        row = {
            "query": printed.key,
            TIMES: str(question.times),
            "name": printed.name,
            "number": printed.number or "",
            "place": printed.place or "",
            "postcode": printed.postcode or "",
            "street": printed.street or "",
            "website": printed.website or "",
            "candidate_number": one.org.number,
            "candidate_name": one.name,
            "candidate_place": one.place,
            "score": f"{one.score:.2f}",
            "why": one.why,
        }
        writer.writerow([safe(row.get(name, "")) for name in columns])


def read_decisions(path: Path, known: Known, now: datetime) -> Decided:
    """Read what a person wrote; rows without a decision are passed over.

    A bad decision is named and left out with all others about the same party, as they may belong
    together.

    Args:
        path: a review list, as it was written or as a spreadsheet saved it.
        known: asked for the units of all decisions.
        now: aware UTC; when they count as decided.

    Raises:
        SourceError: the file is no review list.
    """
    table = open_table(path, _NEEDED)
    answers = []
    for row in table.rows():
        cells = dict(zip(table.columns, map(plain, row.cells), strict=True))
        word = cells["decision"].strip().casefold()
        if row.problem or word:
            answers.append(_answer(row.line, cells, word, row.problem))
    units = known({one.number for one in answers if one.number})
    found: dict[str, list[_Answer]] = {}
    for one in answers:
        found.setdefault(one.row["query"].strip(), []).append(one)
    labels: list[Label] = []
    unread: list[tuple[int, Unread]] = []
    rows: list[Mapping[str, str]] = []
    bad: list[Mapping[str, str]] = []
    for some in found.values():
        if problems := list(_problems(some, units)):
            unread += problems
            bad += [one.row for one in some]
            continue
        labels += [_label(one, units, now) for one in some]
        rows += [one.row for one in some]
    return Decided(
        labels=tuple(labels),
        unread=tuple(one for _line, one in sorted(unread, key=lambda pair: pair[0])),
        rows=tuple(rows),
        bad=tuple(bad),
    )


def _answer(line: int, row: Mapping[str, str], word: str, problem: str) -> _Answer:
    decision = _WORDS.get(word)
    wrong: tuple[str, str] | None = None
    number = ""
    if problem:
        wrong = ("", problem)
    elif not KEY.fullmatch(row["query"].strip()):
        wrong = ("query", "not the key of a party")
    elif decision is None:
        wrong = ("decision", f"{word[:_SHOWN]!r} is none of yes, no and nobody")
    elif decision is not Decision.NOBODY:
        try:
            number = orgnr.clean(row["candidate_number"])
        except CodeError as error:
            wrong = ("candidate_number", str(error))
    return _Answer(line, row, decision, number, wrong)


def _problems(
    answers: Sequence[_Answer], units: Mapping[str, OrgId]
) -> Iterator[tuple[int, Unread]]:
    """Yield what is wrong with the decisions about one party."""
    for one in answers:
        if one.problem:
            yield _unread(one, *one.problem)
        elif one.number and one.number not in units:
            yield _unread(one, "candidate_number", f"{one.number} is not in the register")
    final = [one for one in answers if one.decision in {Decision.SAME, Decision.NOBODY}]
    for one in final[1:]:
        if _meant(one, units) != _meant(final[0], units):
            reason = f"line {final[0].line} says otherwise: a party is one unit or nobody"
            yield _unread(one, "decision", reason)
    meant = _meant(final[0], units) if final else None
    for one in answers:
        excluded = units.get(one.number) if one.decision is Decision.NOT_SAME else None
        if excluded is not None and excluded == meant:
            yield _unread(one, "decision", f"line {final[0].line} says yes to the same unit")


def _unread(one: _Answer, where: str, reason: str) -> tuple[int, Unread]:
    return one.line, Unread(key=f"line {one.line}", where=where, reason=reason)


def _meant(one: _Answer, units: Mapping[str, OrgId]) -> OrgId | None:
    return units.get(one.number) if one.decision is Decision.SAME else None


def _label(answer: _Answer, units: Mapping[str, OrgId], now: datetime) -> Label:
    row = answer.row

    def text(name: str) -> str | None:
        return row.get(name, "").strip() or None

    assert answer.decision is not None
    return Label(
        key=row["query"].strip(),
        printed=Printed(
            name=row["name"],
            number=text("number"),
            place=text("place"),
            postcode=text("postcode"),
            street=text("street"),
            website=text("website"),
        ),
        decision=answer.decision,
        org=units[answer.number] if answer.number else None,
        name=row.get("candidate_name", "") if answer.number else "",
        decided_at=now,
        source=_SOURCE,
    )

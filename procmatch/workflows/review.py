"""Review: ask a person about the parties and evidence that linkage leaves unsure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec

from procmatch.linkage import Linker, link_decided, rulings_of
from procmatch.linkage.decisions import Rulings
from procmatch.model.evidence import Unread
from procmatch.model.label import Label, Printed
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.store import Store, evidence, labels
from procmatch.store import review as waiting
from procmatch.workflows.csv_out import safe, whole_file, writer
from procmatch.workflows.register_index import open_register
from procmatch.workflows.review_file import (
    COLUMNS,
    TIMES,
    Decided,
    read_decisions,
    write_question,
)
from procmatch.workflows.review_list import Places, Question, ask, with_places

__all__ = [
    "Taken",
    "export_labels",
    "known_units",
    "open_questions",
    "places_in",
    "stored_rulings",
    "take_decisions",
    "write_list",
]

Progress = Callable[[int, int], None]
#: Parties asked together.
_BATCH = 4_000
_LIST = (COLUMNS[0], TIMES, *COLUMNS[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of a file of decisions.

    Attributes:
        read: decisions that count. kept: of them, new or other than before.
        unread: rows that do not count, and why. bad: these rows, by column.
    """

    read: int
    kept: int
    unread: tuple[Unread, ...]
    bad: tuple[Mapping[str, str], ...]


def known_units(store: Store, numbers: Collection[str]) -> dict[str, OrgId]:
    """Return which unit each number leads to; an establishment's leads to its owner."""
    with store.read() as connection:
        found = evidence.owners(connection, NORWAY, numbers)
    return {number: org for number, (org, _is_person) in found.items()}


def places_in(store: Store) -> Places:
    """Return what tells where units of the store are."""

    def places(orgs: Collection[OrgId]) -> Mapping[OrgId, str]:
        with store.read() as connection:
            return waiting.places(connection, orgs)

    return places


def stored_rulings(store: Store) -> Rulings:
    """Return all that was decided."""
    with store.read() as connection:
        return rulings_of(labels.iterate(connection))


def take_decisions(store: Store, path: Path, *, now: datetime) -> Taken:
    """Keep the decisions in a review list as labels; the bad ones are named, the rest counts.

    Raises:
        SourceError: the file is no review list.
    """
    decided = read_decisions(path, partial(known_units, store), now)
    return keep(store, decided)


def keep(store: Store, decided: Decided) -> Taken:
    """Keep decisions that were read."""
    with store.begin() as connection:
        kept = labels.save(connection, decided.labels)
    return Taken(read=len(decided.labels), kept=kept, unread=decided.unread, bad=decided.bad)


def open_questions(
    store: Store,
    *,
    index: Path | None = None,
    limit: int | None = None,
    progress: Progress = lambda _done, _all: None,
) -> list[Question]:
    """Return what a person should be asked; what occurs most comes first, then what won most.

    A party is asked about once, however many notices and pieces of evidence print it.

    Args:
        store: linked.
        index: see :func:`~procmatch.workflows.link.link`.
        limit: how many at most.
        progress: called with (done, all) now and then.
    """
    linker = open_register(store, index)
    rulings = stored_rulings(store)
    parties, only_printed = _unsure(store)
    each = list(parties)
    found: list[Question] = []
    for start in range(0, len(each), _BATCH):
        batch = each[start : start + _BATCH]
        found += _asked(linker, batch, rulings, only_printed)
        progress(min(len(each), start + _BATCH), len(each))
    weighed = [
        replace(one, times=parties[one.printed][0], value=parties[one.printed][1]) for one in found
    ]
    weighed.sort(key=lambda one: (-one.times, -one.value, one.printed.name, one.printed.key))
    return with_places(weighed[:limit], places_in(store))


def _unsure(store: Store) -> tuple[dict[Printed, tuple[int, int]], frozenset[Printed]]:
    """Return how often each party occurs and NOK it won, and those that notices print."""
    found: dict[Printed, tuple[int, int]] = {}
    with store.read() as connection:
        for row in waiting.unsure_parties(connection):
            one = Printed(name=row.name, number=row.number, place=row.place, postcode=row.postcode)
            found[one] = (row.times, int(row.value))
        in_notices = frozenset(found)
        for row in waiting.unsure_evidence(connection):
            one = Printed(name=row.name, number=row.number, place=row.place, postcode=row.postcode)
            times, value = found.get(one, (0, 0))
            found[one] = (times + row.times, value)
    return found, in_notices


def _asked(
    linker: Linker, parties: Sequence[Printed], rulings: Rulings, in_notices: Collection[Printed]
) -> list[Question]:
    answers = link_decided(linker, parties, rulings)
    # What is certain by now the next linking settles. Evidence that needs a number is never
    # certain by its name, so there a person may say that the name is enough.
    unsure = [
        (one, answer)
        for one, answer in zip(parties, answers, strict=True)
        if answer is None or not answer.certain or one not in in_notices
    ]
    return list(ask(linker, [one for one, _ in unsure], [link for _, link in unsure], rulings))


def write_list(
    questions: Sequence[Question], path: Path, carried: Sequence[Mapping[str, str]] = ()
) -> None:
    """Write a review list.

    Args:
        questions: in their order.
        path: where; what is there is replaced when all is written.
        carried: rows, by column, that stand at its beginning.
    """
    there = {(row.get("query", ""), row.get("candidate_number", "")) for row in carried}
    with whole_file(path, "utf-8-sig") as file:
        rows = writer(file)
        rows.writerow(_LIST)
        for row in carried:
            rows.writerow([safe(row.get(name, "")) for name in _LIST])
        for question in questions:
            write_question(rows, question, _LIST, but=there)


def export_labels(store: Store, path: Path) -> int:
    """Write all decisions as JSON lines, oldest first; return how many.

    Those about sole proprietors hold no name, and are left out.
    """
    encode = msgspec.json.Encoder(order="deterministic").encode
    count = 0
    with store.read() as connection, whole_file(path) as file:
        for label in labels.iterate(connection):
            if label.printed is not None and (label.org is None or label.name):
                file.write(f"{encode(_line(label)).decode()}\n")
                count += 1
    return count


def _line(label: Label) -> dict[str, object]:
    return {
        "decision": label.decision,
        "printed": label.printed,
        "org": label.org,
        "name": label.name or None,
        "decided_at": label.decided_at,
        "source": label.source,
    }

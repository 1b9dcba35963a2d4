"""Link evidence: whose is each certificate, approval or grant?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row

from procmatch.codes.evidence import kinds
from procmatch.linkage import Linker, link_decided, rulings_of
from procmatch.linkage.decisions import DECIDED, is_overruled
from procmatch.model.label import Printed
from procmatch.model.match import Linked
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.store import Store, evidence, labels, organisations
from procmatch.store.evidence import Tie

__all__ = [
    "EvidenceLinks",
    "Owner",
    "Question",
    "count",
    "find_owners",
    "link_evidence",
    "question",
    "register_of",
    "save_owner",
    "to_tie",
]

#: What an organisation says of itself is shown, and proves nothing.
_DECLARED = 0.8
_NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLinks:
    """How many rows were looked at, and what came of it."""

    rows: int = 0
    certain: int = 0
    possible: int = 0
    nobody: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whose is this? A row as printed, kept or about to be."""

    kind: str
    name: str
    number: str | None
    place: str | None
    postcode: str | None
    origin: str

    @property
    def printed(self) -> Printed:
        """What linkage is asked."""
        return Printed(name=self.name, number=self.number, place=self.place, postcode=self.postcode)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The answer: a tie or nobody, and whether it is a sole proprietor."""

    tie: Tie | None = None
    is_person: bool = False


def _by_number(question: Question, org: OrgId) -> Tie:
    declared = question.origin == "declared"
    return Tie(
        org=org,
        method="declared" if declared else "exact",
        score=_DECLARED if declared else 1.0,
        certain=not declared,
    )


def _by_linkage(question: Question, linked: Linked) -> Tie | None:
    by_number = linked.method.startswith("number")
    if not by_number and linked.method != DECIDED and kinds()[question.kind].exact:
        return None
    if question.origin == "declared":
        score = min(_DECLARED, linked.score)
        return Tie(org=linked.org, method="declared", score=score, certain=False)
    if linked.method == DECIDED:
        return Tie(org=linked.org, method=DECIDED, score=1.0, certain=True)
    method = "exact" if by_number else "name"
    return Tie(org=linked.org, method=method, score=linked.score, certain=linked.certain)


def find_owners(
    connection: Connection, questions: Sequence[Question], linker: Callable[[], Linker]
) -> list[Owner]:
    """Say whose each row is, in order.

    What a person decided of a printed party comes first. A number without a name is the source's
    own key, and certain when the register knows it. A number with a name goes through linkage like
    any party, which doubts a number whose unit has another name. A name alone is certain only when
    more than the name confirms it.

    Args:
        connection: a view of the store.
        questions: the rows.
        linker: gives the register laid out for look-up; asked only if a name must be looked up.
    """
    numbers = [one.number for one in questions if one.number]
    known = evidence.owners(connection, NORWAY, numbers)
    linked = _linked([one.printed for one in questions if _is_named(one)], connection, linker)
    found: list[Owner] = []
    for one in questions:
        tie: Tie | None = None
        if _is_named(one):
            unit = linked[one.printed]
            tie = _by_linkage(one, unit) if unit else None
        elif one.kind in kinds() and one.number and one.number in known:
            tie = _by_number(one, known[one.number][0])
        found.append(Owner(tie=tie))
    tied = {owner.tie.org.number for owner in found if owner.tie}
    who = evidence.owners(connection, NORWAY, tied)
    return [
        replace(owner, is_person=owner.tie.org.number in who and who[owner.tie.org.number][1])
        if owner.tie
        else owner
        for owner in found
    ]


def _is_named(one: Question) -> bool:
    """Whether a row must go through linkage; a kind of another version of the table does not."""
    return one.kind in kinds() and bool(one.name or not one.number)


def _linked(
    parties: Sequence[Printed], connection: Connection, linker: Callable[[], Linker]
) -> Mapping[Printed, Linked | None]:
    each = list(dict.fromkeys(parties))
    if not each:
        return {}
    rulings = rulings_of(labels.iterate(connection))
    return dict(zip(each, link_decided(linker(), each, rulings), strict=True))


def count(owners: Sequence[Owner]) -> EvidenceLinks:
    """Count what came of a search."""
    certain = sum(owner.tie is not None and owner.tie.certain for owner in owners)
    nobody = sum(owner.tie is None for owner in owners)
    return EvidenceLinks(
        rows=len(owners),
        certain=certain,
        possible=len(owners) - certain - nobody,
        nobody=nobody,
    )


def link_evidence(
    store: Store,
    *,
    linker: Linker | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> EvidenceLinks:
    """Link every row that is not certainly somebody's yet; safe to run again at any time.

    Args:
        store: holds the register and the evidence.
        linker: the register laid out for look-up; built when it is needed and not given.
        progress: called with (done, all) now and then.
    """
    with store.read() as connection:
        rows = to_tie(connection)
        owners = find_owners(connection, list(map(question, rows)), register_of(connection, linker))
    with store.begin() as connection:
        for done, (row, owner) in enumerate(zip(rows, owners, strict=True), start=1):
            save_owner(connection, row, owner)
            progress(done, len(rows))
    return count(owners)


def to_tie(connection: Connection, run: int | None = None) -> list[Row[Any]]:
    """Return the rows (that ``run`` saw) whose owner is to be searched.

    Those that are not certainly anybody's, and those whose owner a person no longer agrees with.
    A row that is tied to a sole proprietor has no name left to search by, and stays as it is.
    """
    rulings = rulings_of(labels.iterate(connection))
    return [
        *(row for row in evidence.untied(connection, run) if row.name or row.printed_number),
        *(
            row
            for row in evidence.tied_by_name(connection, run)
            if is_overruled(
                question(row).printed, OrgId(row.register, row.number), row.method, rulings
            )
        ),
    ]


def question(row: Row[Any]) -> Question:
    """Ask for the owner of a kept row."""
    return Question(
        kind=row.kind,
        name=row.name,
        number=row.printed_number,
        place=row.place,
        postcode=row.postcode,
        origin=row.origin,
    )


def save_owner(connection: Connection, row: Row[Any], owner: Owner) -> None:
    """Write whose a kept row is."""
    if owner.tie is not None or row.method != _NOBODY:
        evidence.save_tie(connection, row, owner.tie, is_person=owner.is_person)


def register_of(connection: Connection, linker: Linker | None = None) -> Callable[[], Linker]:
    """Return what gives the register laid out for look-up; it is built once, when first asked."""

    @cache
    def register() -> Linker:
        return linker or Linker.build(organisations.iterate(connection))

    return register

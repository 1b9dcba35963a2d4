"""Decisions of persons about printed names.

They are kept by what was printed, so that they outlive the notices and rows that were asked about.
Who decided is not kept. Of sole proprietors only the key and the number stay, no name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, delete, or_, select, update

from procmatch.model.label import Decision, Label, Printed
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.store.evidence import owners
from procmatch.store.tables import link_labels
from procmatch.store.upsert import put

__all__ = ["forget", "iterate", "save"]

_BATCH = 500
#: What is printed around the digits of a number.
_OTHER = re.compile(r"[^0-9]")
_FINAL = (Decision.SAME, Decision.NOBODY)
_PRINTED_COLUMNS = (
    "printed_name", "printed_number", "place", "postcode", "street", "website",
)  # fmt: skip

#: The key of a row: of what was printed, the unit's register and its number.
Place: TypeAlias = tuple[str, str, str]


def save(connection: Connection, labels: Sequence[Label]) -> int:
    """Keep decisions; a newer one takes the place of an older one about the same.

    A party has one final answer: which unit it is, or that it is nobody. Of labels given at once
    the later ones count.

    Returns:
        How many are new or say something else than before.
    """
    saved = 0
    for start in range(0, len(labels), _BATCH):
        saved += _save(connection, labels[start : start + _BATCH])
    return saved


def _save(connection: Connection, labels: Sequence[Label]) -> int:
    who = owners(connection, NORWAY, {label.org.number for label in labels if label.org})
    persons = {number for number, (_org, is_person) in who.items() if is_person}
    of_persons = {
        label.key
        for label in labels
        if label.decision is Decision.SAME and label.org and label.org.number in persons
    }
    rows = {_place(row): row for row in (_row(label, persons, of_persons) for label in labels)}
    final = {place[0]: place for place, row in rows.items() if row["decision"] in _FINAL}
    rows = {
        place: row
        for place, row in rows.items()
        if row["decision"] not in _FINAL or final[place[0]] == place
    }
    fresh = list(_overrule(connection, rows, final))
    put(connection, link_labels, fresh)
    connection.execute(
        update(link_labels)
        .where(link_labels.c.key.in_(of_persons))
        .values(dict.fromkeys(_PRINTED_COLUMNS))
    )
    return len(fresh)


def _overrule(
    connection: Connection, rows: Mapping[Place, dict[str, Any]], final: Mapping[str, Place]
) -> Iterator[dict[str, Any]]:
    """Delete older final answers about the same; yield the rows that say something new."""
    keys = {place[0] for place in rows}
    query = select(link_labels).where(link_labels.c.key.in_(keys))
    known = {(row.key, row.register, row.number): row.decision for row in connection.execute(query)}
    overruled = [
        place
        for place, decision in known.items()
        if decision in _FINAL and final.get(place[0], place) != place
    ]
    for key, register, number in overruled:
        connection.execute(
            delete(link_labels).where(
                link_labels.c.key == key,
                link_labels.c.register == register,
                link_labels.c.number == number,
            )
        )
    for place, row in rows.items():
        if known.get(place) != row["decision"]:
            yield row


def _place(row: Mapping[str, Any]) -> Place:
    return row["key"], row["register"], row["number"]


def _row(label: Label, persons: AbstractSet[str], of_persons: AbstractSet[str]) -> dict[str, Any]:
    printed = None if label.key in of_persons else label.printed
    return {
        "key": label.key,
        "register": label.org.register if label.org else "",
        "number": label.org.number if label.org else "",
        "decision": label.decision.value,
        "printed_name": printed.name if printed else None,
        "printed_number": printed.number if printed else None,
        "place": printed.place if printed else None,
        "postcode": printed.postcode if printed else None,
        "street": printed.street if printed else None,
        "website": printed.website if printed else None,
        "name": "" if label.org and label.org.number in persons else label.name,
        "decided_at": label.decided_at,
        "source": label.source,
    }


def _label(row: Row[Any]) -> Label:
    printed = None
    if row.printed_name is not None:
        printed = Printed(
            name=row.printed_name,
            number=row.printed_number,
            place=row.place,
            postcode=row.postcode,
            street=row.street,
            website=row.website,
        )
    return Label(
        key=row.key,
        printed=printed,
        decision=Decision(row.decision),
        org=OrgId(row.register, row.number) if row.number else None,
        name=row.name,
        decided_at=row.decided_at,
        source=row.source,
    )


def iterate(connection: Connection) -> Iterator[Label]:
    """Yield all decisions, oldest first."""
    order = (link_labels.c.decided_at, link_labels.c.key, link_labels.c.number)
    for row in connection.execute(select(link_labels).order_by(*order)):
        yield _label(row)


def forget(connection: Connection, register: str, numbers: Sequence[str]) -> None:
    """Delete all that was decided of parties that are, or print the number of, these units.

    Decisions that another party is *not* one of them go as well; the rest about it stays.
    """
    mine = (link_labels.c.register == register) & link_labels.c.number.in_(numbers)
    same = link_labels.c.decision == Decision.SAME.value
    keys = set(connection.scalars(select(link_labels.c.key).where(mine & same)))
    printed = select(link_labels.c.key, link_labels.c.printed_number).where(
        link_labels.c.printed_number.is_not(None)
    )
    gone = set(numbers)
    keys |= {
        row.key for row in connection.execute(printed) if _OTHER.sub("", row.printed_number) in gone
    }
    connection.execute(delete(link_labels).where(or_(link_labels.c.key.in_(keys), mine)))

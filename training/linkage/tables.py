"""Pairs of names that people judged by hand: tables to learn from, and tables to be tested by."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from procmatch.codes.orgnr import check_digit
from procmatch.linkage import Query
from procmatch.model.organisation import NORWAY, Organisation, OrgId
from procmatch.model.values import Place
from procmatch.text.normalise import parse_name
from training.linkage.dice import spots

__all__ = ["COLUMNS", "HARD", "PAIRS", "SAME", "HandPair", "read", "register_of"]

_FOLDER = Path(__file__).parent
#: Learned from.
PAIRS = _FOLDER / "pairs"
#: Never learned from.
HARD = _FOLDER / "hard_pairs"
COLUMNS = (
    "table", "register_name", "register_place", "printed_name", "printed_place", "same", "why",
)  # fmt: skip
SAME = ("yes", "no", "nobody")
#: First eight digits of numbers kept for tests, beyond those of the made-up register.
_FIRST_NUMBER = 33_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HandPair:
    """A name of a register beside a printed one.

    Attributes:
        table: the subject. register_name, register_place: the unit and its town.
        printed_name, printed_place: as printed; the place may be ``""``.
        same: ``yes``, ``no`` (this unit is not meant) or ``nobody`` (no unit of the table is meant,
            or nobody can tell). why: the reason.
    """

    table: str
    register_name: str
    register_place: str
    printed_name: str
    printed_place: str
    same: str
    why: str

    @property
    def unit(self) -> tuple[str, str]:
        """What tells units of a table apart."""
        return self.register_name, self.register_place

    @property
    def query(self) -> Query:
        """The printed party."""
        return Query(name=self.printed_name, place=self.printed_place or None)


def read(folder: Path) -> Iterator[HandPair]:
    """Yield the pairs of all tables in a folder.

    Raises:
        ValueError: a file with other columns.
    """
    for path in sorted(folder.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if tuple(rows.fieldnames or ()) != COLUMNS:
                raise ValueError(f"{path.name}: columns {rows.fieldnames}")
            for row in rows:
                yield HandPair(**row)


def register_of(pairs: Iterable[HandPair]) -> dict[tuple[str, str], Organisation]:
    """Return the units of a table, by name and town, each once."""
    found: dict[tuple[str, str], Organisation] = {}
    body = _FIRST_NUMBER
    for pair in pairs:
        if pair.unit in found:
            continue
        while (digit := check_digit(str(body))) is None:
            body += 1
        found[pair.unit] = _organisation(f"{body}{digit}", *pair.unit)
        body += 1
    return found


def _organisation(number: str, name: str, town: str) -> Organisation:
    spot = next((one for one in spots() if one.town.casefold() == town.casefold()), None)
    place = Place(
        city=town or None,
        postcode=spot.postcode if spot else None,
        municipality=spot.municipality if spot else None,
    )
    form = parse_name(name).legal_form
    if form is None and name.casefold().endswith(" kommune"):
        form = "KOMM"
    return Organisation(id=OrgId(NORWAY, number), name=name, legal_form=form, business_place=place)

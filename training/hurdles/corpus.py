"""The labelled notices: their lots from the data folder, their labels from this folder."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from procmatch.model.notice import Lot, Notice
from procmatch.model.values import Text
from procmatch.sources import eforms

__all__ = ["Label", "Listed", "Read", "listed", "lots_of", "notices_of", "part_of", "read_labels"]

HERE = Path(__file__).resolve().parent
#: Where the notices lie inside the data folder, and the table of notices of 2020.
FOLDERS = (Path("tenders/doffin_xml"), Path("tenders/ted_xml"))
TABLE = Path("eval/norway/no_competitions_2020.csv")
TABLE_PREFIX = "no2020-"
_EVERY_NTH = 3


@dataclass(frozen=True, slots=True)
class Label:
    """One requirement read in a notice; ``lot`` is ``*`` for all of its lots."""

    notice: str
    lot: str
    kind: str
    value: str
    field: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A notice that was read: its id, the ids of its lots, and its part.

    Parts: ``tuning`` and ``apart`` by buyer; ``foreign``: in neither Norwegian nor English.
    """

    notice: str
    lots: tuple[str, ...]
    part: str


def part_of(buyer: str) -> str:
    """Return the part that a buyer (organisation number, else name) belongs to."""
    digest = int(hashlib.sha256(buyer.encode()).hexdigest(), 16)
    return "apart" if digest % _EVERY_NTH == 0 else "tuning"


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t")


def read_labels(name: str) -> tuple[Label, ...]:
    """Read ``pass_a``, ``pass_b`` or ``labels``."""
    return tuple(Label(**row) for row in _rows(HERE / f"{name}.tsv"))


def listed() -> tuple[Listed, ...]:
    """Return every notice that was read."""
    return tuple(
        Listed(row["notice"], tuple(row["lots"].split()), row["part"])
        for row in _rows(HERE / "notices.tsv")
    )


@dataclass(frozen=True, slots=True)
class Read:
    """What the data folder holds of a notice: its lots, and the buyer that it is split by."""

    lots: tuple[Lot, ...]
    buyer: str


def notices_of(data: Path) -> dict[str, Read]:
    """Return notice id -> what is read of it, for every listed notice that ``data`` holds."""
    wanted = {one.notice for one in listed()}
    found: dict[str, Read] = {}
    for folder in FOLDERS:
        for path in sorted((data / folder).glob("*.xml")):
            if path.stem in wanted:
                notice = eforms.read(path.read_bytes())
                found[path.stem] = Read(notice.lots, first_buyer(notice))
    for name, lot, buyer in table(data):
        if name in wanted:
            found[name] = Read((lot,), buyer)
    return found


def lots_of(data: Path) -> dict[str, tuple[Lot, ...]]:
    """Return notice id -> lots, for every listed notice that ``data`` holds."""
    return {name: one.lots for name, one in notices_of(data).items()}


def table(data: Path) -> Iterator[tuple[str, Lot, str]]:
    """Yield id, lot and buyer of each notice of the table of 2020, which has no lots of its own."""
    with (data / TABLE).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            lot = Lot(
                id="LOT-0000", title=_text(row["title"]), description=_text(row["description"])
            )
            yield TABLE_PREFIX + row["row"], lot, row["buyer_orgnr"] or row["buyer_name"]


def _text(words: str) -> Text:
    return Text(versions=(("NOR", words),)) if words else Text()


def first_buyer(notice: Notice) -> str:
    """Return what the split goes by: the first buyer's number, else its name."""
    buyer = notice.buyers[0]
    return buyer.number or buyer.name

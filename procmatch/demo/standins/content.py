"""What a stand-in serves: the bundled sample world, or a folder of real notices and registers."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from procmatch.demo import world
from procmatch.demo.standins.registry_rows import unit_from_row

__all__ = ["Content", "Town", "from_folder", "sample_world", "shifted"]

_DATE = re.compile(rb"(?<![\d-])(\d{4}-\d{2}-\d{2})(?![\d-]|\d)")
_WEEK = 7
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A municipality as Kartverket, KLASS and Bring know it."""

    number: str
    name: str
    county: str
    county_name: str
    lat: float | None = None
    lon: float | None = None
    neighbours: tuple[str, ...] = ()
    postcodes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything that is served.

    Attributes:
        today: the day that statuses (ACTIVE, EXPIRED) are judged by.
        notices: Doffin id -> XML. ted: TED publication number -> XML.
        units, establishments: Enhetsregisteret v2 objects. accounts: number -> JSON array.
        towns: municipalities. industries: (revision, code, parent, label) rows.
        cpv, nuts: (code, English, bokmål) rows.
    """

    today: date
    notices: Mapping[str, bytes] = field(default_factory=dict)
    ted: Mapping[str, bytes] = field(default_factory=dict)
    units: Sequence[Json] = ()
    establishments: Sequence[Json] = ()
    accounts: Callable[[str], list[Json]] = lambda _number: []
    towns: Sequence[Town] = ()
    industries: Sequence[tuple[str, str, str, str]] = ()
    cpv: Sequence[tuple[str, str, str]] = ()
    nuts: Sequence[tuple[str, str, str]] = ()


def shifted(xml: bytes, days: int) -> bytes:
    """Return a notice with every ISO date moved by ``days``."""

    def move(found: re.Match[bytes]) -> bytes:
        try:
            moved = date.fromisoformat(found[1].decode()) + timedelta(days=days)
        except ValueError:
            return found[0]
        return moved.isoformat().encode()

    return _DATE.sub(move, xml)


def _ted_numbers(notices: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give the notices of EU level invented publication numbers."""
    european = [xml for _, xml in sorted(notices.items()) if b":eforms:eu" in xml]
    return {f"{900001 + i}-2026": xml for i, xml in enumerate(european)}


def sample_world(today: date) -> Content:
    """Serve the bundled world as if it had been published around ``today``.

    Dates move by whole weeks, so that weekdays stay.
    """
    facts = world.world()
    days = (today - date.fromisoformat(facts["anchor"])).days // _WEEK * _WEEK
    notices = {key: shifted(xml, days) for key, xml in world.notices().items()}
    towns = [
        Town(
            number=town["number"],
            name=town["name"],
            county=facts["county"]["number"],
            county_name=facts["county"]["name"],
            lat=town["lat"],
            lon=town["lon"],
            neighbours=tuple(town["neighbours"]),
            postcodes=tuple((code, place) for code, place, *_ in town["postcodes"]),
        )
        for town in facts["municipalities"]
    ]
    return Content(
        today=today,
        notices=notices,
        ted=_ted_numbers(notices),
        units=world.units(),
        establishments=world.establishments(),
        accounts=world.accounts,
        towns=towns,
        nuts=[(facts["county"]["nuts"], facts["county"]["name"], facts["county"]["name"])],
    )


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _xml(folder: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted(folder.glob("*.xml"))}


def _town(row: Mapping[str, str], postcodes: Mapping[str, list[tuple[str, str]]]) -> Town:
    number = row["kommunenummer"]
    return Town(
        number=number,
        name=row["navn"],
        county=row["fylkesnummer"],
        county_name=row["fylke"],
        lat=float(row["point_lat"] or row["centroid_lat"]),
        lon=float(row["point_lon"] or row["centroid_lon"]),
        neighbours=tuple(row["land_neighbours"].split()),
        postcodes=tuple(postcodes.get(number, ())),
    )


def from_folder(folder: Path, today: date | None = None) -> Content:
    """Serve a folder with ``tenders/`` and ``suppliers/`` as collected from the live sources."""
    notices = _xml(folder / "tenders" / "doffin_xml")
    suppliers = folder / "suppliers"
    postcodes: dict[str, list[tuple[str, str]]] = {}
    for row in _rows(suppliers / "geo" / "postcodes_2026.csv"):
        values = list(row.values())
        postcodes.setdefault(values[2], []).append((values[0], values[1]))
    klass = suppliers / "klass"
    industries = [
        (revision, row["code"], row["parent"], row["name_nb"])
        for revision in ("sn2007", "sn2025")
        for row in _rows(klass / f"{revision}.csv")
    ]
    return Content(
        today=today or date.today(),  # noqa: DTZ011 - a stand-in's own calendar
        notices=notices,
        ted=_ted_numbers(notices) | _xml(folder / "tenders" / "ted_xml"),
        units=[
            unit_from_row(row) for row in _rows(suppliers / "brreg" / "enheter_real_no_enk.csv")
        ],
        towns=[
            _town(row, postcodes) for row in _rows(suppliers / "geo" / "municipalities_2024.csv")
        ],
        industries=industries,
        cpv=[
            (row["code"], row["en"], row["nb"])
            for row in _rows(folder / "tenders" / "codelists" / "cpv_2008_en_nb.csv")
        ],
    )

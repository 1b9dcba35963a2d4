"""What a stand-in serves: the bundled sample world, or a folder of real notices and registers."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from procmatch.codes.tables import rows as table
from procmatch.demo import world
from procmatch.demo.standins.hits import Override, Publication
from procmatch.demo.standins.registry_rows import (
    accounts_from_row,
    establishment_from_row,
    establishment_from_view,
    unit_from_row,
)

__all__ = ["Content", "Override", "Town", "from_folder", "sample_world", "shifted"]

_DATE = re.compile(rb"(?<![\d-])(\d{4}-\d{2}-\d{2})(?![\d-])")
_TED_FILE = re.compile(r"(\d{4})-OJS\d+-0*(\d+)")
_WEEK = 7
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A municipality as Kartverket, KLASS and Bring know it.

    Attributes:
        lat, lon: degrees. neighbours: municipality numbers.
        postcodes: (postcode, place, category) with G street, P boxes, B both, S service.
    """

    number: str
    name: str
    county: str
    county_name: str
    lat: float | None = None
    lon: float | None = None
    neighbours: tuple[str, ...] = ()
    postcodes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything that is served.

    Attributes:
        today: the day that statuses (ACTIVE, EXPIRED) are judged by.
        notices: Doffin id -> XML. ted: TED publication number -> XML. Either may print its files
            when they are asked for, and then comes with what the searches know of them:
        index: Doffin id -> entry in the search; None to read all notices for it.
        ted_rows: what TED's search shows of each notice; None likewise.
        overrides: Doffin id -> what the search says instead of what follows from the XML.
        units, establishments: Enhetsregisteret v2 objects; one whose ``respons_klasse`` is
            "Fjernet" was removed by law, one with ``slettedato`` is deleted.
        accounts: number -> JSON array of Regnskapsregisteret, empty when there are none.
        towns: municipalities. industries: (revision, code, parent, label) rows.
        cpv, nuts: (code, English, bokmål) rows.
    """

    today: date
    notices: Mapping[str, bytes] = field(default_factory=dict)
    ted: Mapping[str, bytes] = field(default_factory=dict)
    index: Mapping[str, Publication] | None = None
    ted_rows: Sequence[Json] | None = None
    overrides: Mapping[str, Override] = field(default_factory=dict)
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


def _built_in_industries() -> list[tuple[str, str, str, str]]:
    return [
        (revision, row["code"], row["parent"], row["nb"])
        for revision in ("sn2007", "sn2025")
        for row in table(revision)
    ]


def sample_world(today: date) -> Content:
    """Serve the bundled world as if it had been published around ``today``.

    Dates move by whole weeks, so that weekdays stay.
    """
    facts = world.world()
    days = (today - date.fromisoformat(facts["anchor"])).days // _WEEK * _WEEK
    notices = {key: shifted(xml, days) for key, xml in world.notices().items()}
    county = facts["county"]
    towns = [
        Town(
            number=town["number"],
            name=town["name"],
            county=county["number"],
            county_name=county["name"],
            lat=town["lat"],
            lon=town["lon"],
            neighbours=tuple(town["neighbours"]),
            postcodes=tuple((code, place, "G") for code, place, *_ in town["postcodes"]),
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
        industries=_built_in_industries(),
        cpv=[(row["code"], row["en"], row["nb"]) for row in table("cpv")],
        nuts=[(county["nuts"], county["name"], county["name"])],
    )


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _xml(folder: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted(folder.glob("*.xml"))}


def _ted_number(stem: str) -> str:
    """Return ``47522-2024`` for a file named ``2024-OJS017-00047522``."""
    found = _TED_FILE.fullmatch(stem)
    return f"{found[2]}-{found[1]}" if found else stem


def _town(row: Mapping[str, str], postcodes: Mapping[str, list[tuple[str, str, str]]]) -> Town:
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


def _towns(geo: Path) -> list[Town]:
    postcodes: dict[str, list[tuple[str, str, str]]] = {}
    for row in _rows(geo / "postcodes_2026.csv"):
        entry = (row["postnummer"], row["poststed"], row["kategori"])
        postcodes.setdefault(row["kommunenummer"], []).append(entry)
    return [_town(row, postcodes) for row in _rows(geo / "municipalities_2024.csv")]


def _establishments(brreg: Path) -> list[Json]:
    """Return the rows of both files; of a number in both, the fuller."""
    view = [establishment_from_view(row) for row in _rows(brreg / "underenheter_real_web_view.csv")]
    flat = [
        establishment_from_row(row) for row in _rows(brreg / "underenheter_real_2015_no_enk.csv")
    ]
    return list({one["organisasjonsnummer"]: one for one in [*view, *flat]}.values())


def from_folder(folder: Path, today: date | None = None) -> Content:
    """Serve a folder with ``tenders/`` and ``suppliers/`` as collected from the live sources.

    What is missing in the folder is served as an empty list.
    """
    notices = _xml(folder / "tenders" / "doffin_xml")
    ted = _xml(folder / "tenders" / "ted_xml")
    suppliers = folder / "suppliers"
    industries = [
        (revision, row["code"], row["parent"], row["name_nb"])
        for revision in ("sn2007", "sn2025")
        for row in _rows(suppliers / "klass" / f"{revision}.csv")
    ]
    accounts = {
        row["organisasjonsnummer"]: accounts_from_row(row)
        for row in _rows(suppliers / "regnskap" / "carworkshops_regnskap_2025.csv")
    }
    counties = _rows(suppliers / "geo" / "counties_2024.csv")
    return Content(
        today=today or date.today(),  # noqa: DTZ011 - a stand-in's own calendar
        notices=notices,
        ted=_ted_numbers(notices) | {_ted_number(stem): xml for stem, xml in ted.items()},
        units=[
            unit_from_row(row) for row in _rows(suppliers / "brreg" / "enheter_real_no_enk.csv")
        ],
        establishments=_establishments(suppliers / "brreg"),
        accounts=lambda number: [accounts[number]] if number in accounts else [],
        towns=_towns(suppliers / "geo"),
        industries=industries,
        cpv=[
            (row["code"], row["en"], row["nb"])
            for row in _rows(folder / "tenders" / "codelists" / "cpv_2008_en_nb.csv")
        ],
        nuts=[(row["nuts3_2024"], row["fylke"], row["fylke"]) for row in counties],
    )

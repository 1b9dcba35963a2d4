"""The judged lots and the market they were judged against, read from the data folder."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from procmatch.codes import builtin
from procmatch.matching.need import notice_codes, yearly_value
from procmatch.matching.place import lot_municipalities, supplier_municipalities
from procmatch.matching.relevance import Firm, Need
from procmatch.model.notice import Lot, Notice, NoticeKind, OrganisationRef
from procmatch.model.organisation import Organisation, OrgStatus
from procmatch.model.values import Place, Text
from procmatch.sources import eforms, enhetsregisteret_csv

#: Notice and lot.
Key: TypeAlias = tuple[str, str]
__all__ = ["HERE", "Judged", "Key", "firms", "judged", "lots", "needs", "units"]

HERE = Path(__file__).resolve().parent
NOTICES = Path("tenders/doffin_xml")
TABLE = Path("eval/norway/no_competitions_2020.csv")
TABLE_PREFIX = "no2020-"
REGISTER = Path("suppliers/brreg/enheter_real_no_enk.csv")
_DEAD = {OrgStatus.BANKRUPT, OrgStatus.DISSOLVING, OrgStatus.DELETED}


@dataclass(frozen=True, slots=True)
class Judged:
    """A firm for a lot: 2 could clearly deliver, 1 perhaps, 0 no."""

    notice: str
    lot: str
    firm: str
    label: int


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (HERE / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t")


def judged(name: str) -> tuple[Judged, ...]:
    """Read ``pass_a``, ``pass_b`` or ``labels``."""
    return tuple(
        Judged(row["notice"], row["lot"], row["firm"], int(row["label"])) for row in _rows(name)
    )


def lots(data: Path) -> dict[tuple[str, str], tuple[Notice, Lot]]:
    """Return every lot of ``lots.tsv`` with its notice, in its order.

    Raises:
        KeyError: one of them is not in the data folder.
    """
    wanted = [(row["notice"], row["lot"]) for row in _rows("lots")]
    notices = dict(_table(data))
    for name in {notice for notice, _ in wanted if not notice.startswith(TABLE_PREFIX)}:
        notices[name] = eforms.read((data / NOTICES / f"{name}.xml").read_bytes())
    found = {}
    for name, lot in wanted:
        notice = notices[name]
        found[name, lot] = (notice, next(one for one in notice.lots if one.id == lot))
    return found


def _table(data: Path) -> Iterator[tuple[str, Notice]]:
    """Yield the notices of a table, which holds title, text, codes and the buyer's town."""
    with (data / TABLE).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            lot = Lot(
                id="LOT-0000",
                title=_text(row["title"]),
                description=_text(row["description"]),
                cpv_main=row["cpv_main"],
                cpv_additional=tuple(row["cpv_extra"].replace(";", " ").split()),
            )
            town = Place(city=row["buyer_town"] or None)
            yield (
                f"{TABLE_PREFIX}{row['row']}",
                Notice(
                    notice_id=f"{TABLE_PREFIX}{row['row']}",
                    version="01",
                    kind=NoticeKind.COMPETITION,
                    title=lot.title,
                    buyers=(OrganisationRef(name=row["buyer_name"], place=town),),
                    lots=(lot,),
                ),
            )


def _text(words: str) -> Text:
    return Text(versions=(("NOR", words),)) if words else Text()


def units(data: Path) -> list[Organisation]:
    """Return the register excerpt, which holds no sole proprietor; codes are of SN2007."""
    with (data / REGISTER).open(encoding="utf-8", newline="") as file:
        read = list(enhetsregisteret_csv.read_units(file, revision="SN2007"))
    return [unit for unit in read if isinstance(unit, Organisation) and not unit.is_person]


def firms(every: list[Organisation]) -> list[Firm]:
    """Return units as relevance sees them."""
    industry = builtin().industry
    found = []
    for unit in every:
        labels = [industry.label(one.revision, one.code) for one in unit.industry_codes]
        found.append(
            Firm(
                key=unit.id.number,
                name=unit.name,
                text=" ".join((unit.activity, unit.purpose, *labels)),
                language=unit.language or "nb",
                industries=tuple(one.code for one in unit.industry_codes),
                nace="SN2007",
                municipalities=supplier_municipalities(unit),
                blocked=unit.status in _DEAD or unit.is_helper_unit,
            )
        )
    return found


def needs(every: Mapping[tuple[str, str], tuple[Notice, Lot]]) -> list[Need]:
    """Return lots as relevance sees them."""
    places = builtin().places
    found = []
    for (name, key), (notice, lot) in every.items():
        towns, _ = lot_municipalities(notice, lot, places, None)
        yearly = yearly_value(notice, lot)
        found.append(
            Need(
                key=f"{name} {key}",
                title=str(lot.title) if len(notice.lots) > 1 else f"{lot.title} {notice.title}",
                text=str(lot.description) or str(notice.description),
                language="nb",
                cpv=lot.cpv or notice_codes(notice),
                municipalities=tuple(sorted(towns)),
                yearly=None if yearly is None else float(yearly),
                work_training=bool(lot.reserved),
            )
        )
    return found

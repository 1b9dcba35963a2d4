"""Code lists as their official publishers send them: bytes -> CodeEntry.

| kind | publisher | form |
|---|---|---|
| ``klass-131``, ``klass-104`` | Statistics Norway, KLASS: municipalities, counties | JSON |
| ``klass-6-sn2007``, ``klass-6-sn2025`` | the same: industries | JSON |
| ``klass-sn2007-sn2025`` | the same: which industry became which | JSON |
| ``geonorge-municipalities`` | Kartverket: counties with municipalities and points | JSON |
| ``geonorge-neighbours`` | the same: the neighbours of the municipality in ``key`` | JSON |
| ``bring-postcodes`` | Bring: postcodes | tab-separated, Windows-1252 |
| ``cpv``, ``nuts`` | Publications Office of the EU: genericode | XML |
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec
from lxml import etree

from procmatch.codes.entry import CodeEntry
from procmatch.codes.revision import only_in
from procmatch.errors import SourceChanged, SourceError

__all__ = ["read"]

T = TypeVar("T")
_POSTCODE_COLUMNS = 5
_LANGUAGES = {"Name": "en", "eng_label": "en", "nob_label": "nb", "nno_label": "nn"}
#: Values that stand for "not stated" in the lists of municipalities and of counties.
_UNSTATED = {"municipality": "9999", "county": "99"}
_FOUR_DIGITS = re.compile(r"[0-9]{4}")
_PLACE = re.compile(r"\$[^`]*")
#: Wide around Norway and Svalbard: catches swapped axes and metres instead of degrees.
_LATITUDES, _LONGITUDES = (55.0, 82.0), (-12.0, 40.0)


class _KlassItem(msgspec.Struct, rename="camel"):
    code: str
    name: str
    parent_code: str | None = None
    valid_to: str | None = None
    # A list asked for over a period states the end here, and leaves ``validTo`` empty.
    valid_to_in_requested_range: str | None = None

    @property
    def ended(self) -> str:
        """The first day on which the code no longer holds, or ``""``."""
        return self.valid_to_in_requested_range or self.valid_to or ""


class _Klass(msgspec.Struct):
    codes: list[_KlassItem]


class _KlassPair(msgspec.Struct, rename="camel"):
    source_code: str
    target_code: str | None = None  # none: the industry has no successor


class _KlassPairs(msgspec.Struct, rename="camel"):
    correspondence_items: list[_KlassPair] | None = None
    correspondence_maps: list[_KlassPair] | None = None


class _Point(msgspec.Struct):
    coordinates: tuple[float, float]


class _Municipality(
    msgspec.Struct,
    rename={"number": "kommunenummer", "point": "punktIOmrade", "name": "kommunenavnNorsk"},
):
    number: str
    name: str
    point: _Point | None = None


class _County(
    msgspec.Struct,
    rename={"number": "fylkesnummer", "name": "fylkesnavn", "municipalities": "kommuner"},
):
    number: str
    name: str
    municipalities: list[_Municipality]


class _Neighbour(msgspec.Struct, rename={"number": "kommunenummer"}):
    number: str


def _decode(kind: str, body: bytes, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        reason, _, rest = str(error).partition(" - at ")
        place = _PLACE.search(rest)
        raise SourceChanged(reason, source=kind, where=place[0] if place else "$") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"not JSON: {error}", source=kind) from error


def _filled(kind: str, where: str, entries: list[CodeEntry]) -> list[CodeEntry]:
    """An empty list is never what a publisher means to send."""
    if not entries:
        raise SourceChanged("no rows", source=kind, where=where)
    return entries


def _klass(name: str) -> Callable[[str, str, bytes], list[CodeEntry]]:
    def read_list(kind: str, _key: str, body: bytes) -> list[CodeEntry]:
        items = _decode(kind, body, _Klass).codes
        # Those in force first, then the latest, so that a code that lived twice means what it
        # means today.
        items.sort(key=lambda item: item.ended or "9999", reverse=True)
        entries: dict[str, CodeEntry] = {}
        for item in items:
            if item.code == _UNSTATED.get(name):
                continue
            extra = {"valid_to": item.ended} if item.ended else {}
            entries.setdefault(
                item.code,
                CodeEntry(
                    list=name,
                    code=item.code,
                    parent=item.parent_code or None,
                    labels={"nb": item.name.strip()},
                    extra=extra,
                ),
            )
        return _filled(kind, "$.codes", list(entries.values()))

    return read_list


def _klass_pairs(kind: str, _key: str, body: bytes) -> list[CodeEntry]:
    found = _decode(kind, body, _KlassPairs)
    items = found.correspondence_items or found.correspondence_maps or []
    pairs = [(item.source_code, item.target_code) for item in items if item.target_code]
    # A table between two versions may be drawn either way; its own codes say which.
    sources = Counter(only_in(source) for source, _ in pairs)
    if sources["SN2025"] > sources["SN2007"]:
        pairs = [(target, source) for source, target in pairs]
    codes = dict.fromkeys(f"{old}-{new}" for old, new in pairs)
    entries = [CodeEntry(list="sn2007-sn2025", code=code) for code in codes]
    return _filled(kind, "$.correspondenceItems", entries)


def _municipalities(kind: str, _key: str, body: bytes) -> list[CodeEntry]:
    # No row of its own for a county: those come from KLASS, and two publishers of one row would
    # overwrite each other at every crawl.
    entries = [
        CodeEntry(
            list="municipality-point",
            code=_number(kind, one.number),
            parent=county.number,
            labels={"nb": one.name.strip()},
            extra={"county": county.name.strip(), **_degrees(kind, one)},
        )
        for county in _decode(kind, body, list[_County])
        for one in county.municipalities
    ]
    return _filled(kind, "$[].kommuner", entries)


def _degrees(kind: str, one: _Municipality) -> dict[str, str]:
    if one.point is None:
        return {}
    lon, lat = one.point.coordinates
    if not (_LATITUDES[0] <= lat <= _LATITUDES[1] and _LONGITUDES[0] <= lon <= _LONGITUDES[1]):
        raise SourceChanged(
            f"not longitude and latitude of a place in Norway: {lon}, {lat}",
            source=kind,
            where=f"punktIOmrade of {one.number}",
        )
    return {"lat": f"{lat:.5f}", "lon": f"{lon:.5f}"}


def _number(kind: str, number: str) -> str:
    if not _FOUR_DIGITS.fullmatch(number):
        raise SourceChanged(f"not four digits: {number!r}", source=kind, where="kommunenummer")
    return number


def _neighbours(kind: str, key: str, body: bytes) -> list[CodeEntry]:
    own = _number(kind, key)
    return [
        CodeEntry(list="neighbour", code=f"{own}-{_number(kind, one.number)}")
        for one in _decode(kind, body, list[_Neighbour])
        if one.number != own
    ]


def _postcodes(kind: str, _key: str, body: bytes) -> list[CodeEntry]:
    try:
        text = body.decode("cp1252")
    except UnicodeDecodeError as error:
        raise SourceChanged(f"not Windows-1252: {error.reason}", source=kind) from error
    entries = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        columns = [column.strip() for column in line.split("\t")]
        if len(columns) < _POSTCODE_COLUMNS or not (
            _FOUR_DIGITS.fullmatch(columns[0]) and _FOUR_DIGITS.fullmatch(columns[2])
        ):
            raise SourceChanged(
                "not postcode, place, municipality, name, category",
                source=kind,
                where=f"line {number}",
            )
        code, place, municipality, _name, category = columns[:_POSTCODE_COLUMNS]
        entries.append(
            CodeEntry(
                list="postcode",
                code=code,
                parent=municipality,
                labels={"nb": place},
                extra={"category": category},
            )
        )
    if not entries:
        raise SourceChanged("no postcodes", source=kind)
    return entries


def _genericode(kind: str, _key: str, body: bytes) -> list[CodeEntry]:
    entries: list[CodeEntry] = []
    try:
        for values in _rows(body):
            code = values.get("code") or values.get("Code")
            if not code:
                raise SourceChanged(
                    f"row {len(entries) + 1} has no code", source=kind, where="Row/Value[code]"
                )
            labels = {
                language: values[column]
                for column, language in _LANGUAGES.items()
                if values.get(column)
            }
            parent = values.get("parentCode") or None
            entries.append(CodeEntry(list=kind, code=code, parent=parent, labels=labels))
    except etree.XMLSyntaxError as error:
        raise SourceError(f"not XML: {error.msg}", source=kind) from error
    return _filled(kind, "SimpleCodeList", entries)


def _rows(body: bytes) -> Iterator[dict[str, str]]:
    """Yield column -> text of each row; the CPV list is 32 MB, so what was read is let go."""
    options = {"resolve_entities": False, "no_network": True, "huge_tree": False}
    for _event, row in etree.iterparse(io.BytesIO(body), tag="{*}Row", **options):
        values = {}
        for value in row.iterfind("{*}Value"):
            text = value.findtext("{*}SimpleValue")
            if text is not None:
                values[str(value.get("ColumnRef"))] = text.strip()
        yield values
        row.clear()
        while row.getprevious() is not None:
            del row.getparent()[0]


_READERS: dict[str, Callable[[str, str, bytes], list[CodeEntry]]] = {
    "klass-131": _klass("municipality"),
    "klass-104": _klass("county"),
    "klass-6-sn2007": _klass("sn2007"),
    "klass-6-sn2025": _klass("sn2025"),
    "klass-sn2007-sn2025": _klass_pairs,
    "geonorge-municipalities": _municipalities,
    "geonorge-neighbours": _neighbours,
    "bring-postcodes": _postcodes,
    "cpv": _genericode,
    "nuts": _genericode,
}


def read(kind: str, key: str, body: bytes) -> list[CodeEntry]:
    """Read one published list.

    Args:
        kind: which list; see the table above.
        key: for neighbours the municipality's number.
        body: as sent.

    Raises:
        SourceChanged: well formed, but not in the agreed form; names line or path.
        SourceError: not of the format at all, or no such kind.
    """
    reader = _READERS.get(kind)
    if reader is None:
        raise SourceError("no such list", source=kind)
    return reader(kind, key, body)

"""Code lists as their official publishers send them: bytes -> CodeEntry.

| kind | publisher | form |
|---|---|---|
| ``klass-131``, ``klass-104`` | Statistics Norway, KLASS: municipalities, counties | JSON |
| ``klass-6-sn2007``, ``klass-6-sn2025`` | the same: industries | JSON |
| ``geonorge-municipalities`` | Kartverket: counties with municipalities and points | JSON |
| ``geonorge-neighbours`` | the same: the neighbours of the municipality in ``key`` | JSON |
| ``bring-postcodes`` | Bring: postcodes | tab-separated, Windows-1252 |
| ``cpv``, ``nuts`` | Publications Office of the EU: genericode | XML |
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec
from lxml import etree

from procmatch.codes.entry import CodeEntry
from procmatch.errors import SourceChanged, SourceError

__all__ = ["read"]

T = TypeVar("T")
_POSTCODE_COLUMNS = 5
_POSTCODE_DIGITS = 4
_LANGUAGES = {"eng_label": "en", "nob_label": "nb", "nno_label": "nn", "Name": "en"}
_XML = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


class _KlassItem(msgspec.Struct, rename="camel"):
    code: str
    name: str
    parent_code: str | None = None
    level: str | int | None = None
    valid_to: str | None = None


class _Klass(msgspec.Struct):
    codes: list[_KlassItem]


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
        raise SourceChanged(str(error), source=kind) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"not JSON: {error}", source=kind) from error


def _klass(name: str) -> Callable[[str, str, bytes], list[CodeEntry]]:
    def read_list(kind: str, _key: str, body: bytes) -> list[CodeEntry]:
        items = _decode(kind, body, _Klass).codes
        # Newest first, so that of a code that lived twice the present meaning stays.
        items.sort(key=lambda item: item.valid_to or "9999", reverse=True)
        entries: dict[str, CodeEntry] = {}
        for item in items:
            extra = {"valid_to": item.valid_to} if item.valid_to else {}
            entries.setdefault(
                item.code,
                CodeEntry(
                    list=name,
                    code=item.code,
                    parent=item.parent_code or None,
                    labels={"nb": item.name},
                    extra=extra,
                ),
            )
        return list(entries.values())

    return read_list


def _municipalities(kind: str, _key: str, body: bytes) -> list[CodeEntry]:
    entries = []
    for county in _decode(kind, body, list[_County]):
        entries.append(CodeEntry(list="county", code=county.number, labels={"nb": county.name}))
        for one in county.municipalities:
            extra = {}
            if one.point:
                lon, lat = one.point.coordinates
                extra = {"lat": f"{lat:.5f}", "lon": f"{lon:.5f}"}
            entries.append(
                CodeEntry(
                    list="municipality-point",
                    code=one.number,
                    parent=county.number,
                    labels={"nb": one.name},
                    extra=extra,
                )
            )
    return entries


def _neighbours(kind: str, key: str, body: bytes) -> list[CodeEntry]:
    return [
        CodeEntry(list="neighbour", code=f"{key}-{one.number}")
        for one in _decode(kind, body, list[_Neighbour])
        if one.number != key
    ]


def _postcodes(kind: str, _key: str, body: bytes) -> list[CodeEntry]:
    entries = []
    for number, line in enumerate(body.decode("cp1252").splitlines(), start=1):
        if not line.strip():
            continue
        columns = line.split("\t")
        code = columns[0].strip()
        if len(columns) < _POSTCODE_COLUMNS or not (
            len(code) == _POSTCODE_DIGITS and code.isdigit()
        ):
            raise SourceChanged(
                "not postcode, place, municipality, name, category",
                source=kind,
                where=f"line {number}",
            )
        _code, place, municipality, _name, category = columns[:_POSTCODE_COLUMNS]
        entries.append(
            CodeEntry(
                list="postcode",
                code=code,
                parent=municipality.strip(),
                labels={"nb": place.strip()},
                extra={"category": category.strip()},
            )
        )
    if not entries:
        raise SourceChanged("no postcodes", source=kind)
    return entries


def _genericode(kind: str, _key: str, body: bytes) -> list[CodeEntry]:
    try:
        root = etree.fromstring(body, _XML)
    except etree.XMLSyntaxError as error:
        raise SourceError(f"not XML: {error.msg}", source=kind) from error
    entries = []
    for row in root.iter("{*}Row"):
        values = {}
        for value in row.iterfind("{*}Value"):
            text = value.findtext("{*}SimpleValue")
            if text is not None:
                values[str(value.get("ColumnRef"))] = text.strip()
        code = values.get("code") or values.get("Code")
        if not code:
            raise SourceChanged("a row without a code", source=kind, where="Row/Value[Code]")
        labels = {
            language: values[column] for column, language in _LANGUAGES.items() if column in values
        }
        entries.append(
            CodeEntry(list=kind, code=code, parent=values.get("parentCode") or None, labels=labels)
        )
    if not entries:
        raise SourceChanged("no rows", source=kind, where="SimpleCodeList")
    return entries


_READERS: dict[str, Callable[[str, str, bytes], list[CodeEntry]]] = {
    "klass-131": _klass("municipality"),
    "klass-104": _klass("county"),
    "klass-6-sn2007": _klass("sn2007"),
    "klass-6-sn2025": _klass("sn2025"),
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

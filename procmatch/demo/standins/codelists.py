"""Kartverket's municipalities, Bring's postcodes and the EU's code lists; KLASS is asked too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

from procmatch.demo.standins.content import Content, Town
from procmatch.demo.standins.exchange import Reply, Request, as_json
from procmatch.demo.standins.klass import Klass

__all__ = ["CodeLists"]

_KOMMUNEINFO = "/kommuneinfo/v1/"
_MUNICIPALITY = re.compile(r"kommuner/(\d{4})(/nabokommuner)?")
_COUNTY = re.compile(r"fylker/(\d{2})")
_CRS = {"properties": {"name": "EPSG:4258"}, "type": "name"}
_HALF_A_BOX = 0.1


class CodeLists:
    """Answers the paths of four publishers."""

    def __init__(self, content: Content) -> None:
        self.klass = Klass(content)
        self.towns = {town.number: town for town in content.towns}
        self.counties = dict(
            sorted({town.county: town.county_name for town in content.towns}.items())
        )
        self.files = {
            "/postnummerregister-ansi.txt": _bring(content.towns),
            "/codelists/cpv.gc": _genericode("cpv", content.cpv),
            "/codelists/nuts_nuts-lvl3.gc": _genericode("nuts-lvl3", content.nuts),
        }

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        if request.path.startswith("/api/klass/v1/"):
            return self.klass.answer(request)
        if request.path.startswith(_KOMMUNEINFO):
            return self._kommuneinfo(request.path.removeprefix(_KOMMUNEINFO))
        return self.files.get(request.path, Reply(status=404))

    def _kommuneinfo(self, rest: str) -> Reply:
        if rest == "kommuner":
            return as_json([_short(town) for town in self.towns.values()])
        if rest == "fylker":
            return as_json([_county(number, name) for number, name in self.counties.items()])
        if rest == "fylkerkommuner":
            return as_json(
                [
                    _county(number, name) | {"kommuner": [_full(t) for t in self._of(number)]}
                    for number, name in self.counties.items()
                ]
            )
        if (county := _COUNTY.fullmatch(rest)) and county[1] in self.counties:
            inside = [_short(town) for town in self._of(county[1])]
            return as_json(_county(county[1], self.counties[county[1]]) | {"kommuner": inside})
        found = _MUNICIPALITY.fullmatch(rest)
        town = self.towns.get(found[1]) if found else None
        if town is None or found is None:
            return Reply(status=404)
        if found[2]:
            near = [self.towns[one] for one in town.neighbours if one in self.towns]
            return as_json([_short(one) for one in near])
        return as_json(_full(town))

    def _of(self, county: str) -> list[Town]:
        return [town for town in self.towns.values() if town.county == county]


def _county(number: str, name: str) -> dict[str, object]:
    return {"fylkesnavn": name, "fylkesnummer": number}


def _short(town: Town) -> dict[str, object]:
    return {
        "kommunenavn": town.name,
        "kommunenavnNorsk": town.name,
        "kommunenummer": town.number,
    }


def _full(town: Town) -> dict[str, object]:
    found = (
        _county(town.county, town.county_name)
        | _short(town)
        | {
            "gyldigeNavn": [{"navn": town.name, "prioritet": 1, "sprak": "Norsk"}],
            "samiskForvaltningsomrade": False,
        }
    )
    if town.lat is not None and town.lon is not None:
        west, east = town.lon - _HALF_A_BOX, town.lon + _HALF_A_BOX
        south, north = town.lat - _HALF_A_BOX, town.lat + _HALF_A_BOX
        ring = [[west, south], [west, north], [east, north], [east, south], [west, south]]
        found["punktIOmrade"] = {"coordinates": [town.lon, town.lat], "crs": _CRS, "type": "Point"}
        found["avgrensningsboks"] = {"coordinates": [ring], "crs": _CRS, "type": "Polygon"}
    return found


def _bring(towns: Sequence[Town]) -> Reply:
    """Tab-separated, Windows-1252, sorted by postcode."""
    lines = [
        f"{code}\t{place}\t{town.number}\t{town.name.upper()}\t{category}\r\n"
        for town in towns
        for code, place, category in town.postcodes
    ]
    body = "".join(sorted(lines)).encode("cp1252", errors="replace")
    return Reply(body=body, media_type="text/plain")


def _genericode(name: str, rows: Sequence[tuple[str, str, str]]) -> Reply:
    """Return an OASIS genericode list with the columns that the eForms code lists use."""
    names = ("code", "Name", "eng_label", "nob_label")
    columns = "".join(
        f'<Column Id="{one}" Use="{"required" if one == "code" else "optional"}">'
        f'<ShortName>{one}</ShortName><Data Type="normalizedString"/></Column>'
        for one in names
    )
    items = "".join(
        "<Row>"
        + "".join(
            f'<Value ColumnRef="{one}"><SimpleValue>{escape(text)}</SimpleValue></Value>'
            for one, text in zip(names, (code, english, english, bokmaal), strict=True)
        )
        + "</Row>"
        for code, english, bokmaal in rows
    )
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/">'
        f"<Identification><ShortName>{name}</ShortName><Version>1</Version></Identification>"
        f'<ColumnSet>{columns}<Key Id="codeKey"><ShortName>CodeKey</ShortName>'
        '<ColumnRef Ref="code"/></Key></ColumnSet>'
        f"<SimpleCodeList>{items}</SimpleCodeList></gc:CodeList>"
    ).encode()
    return Reply(body=body, media_type="application/xml")

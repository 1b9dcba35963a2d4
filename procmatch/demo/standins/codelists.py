"""KLASS, Kartverket, Bring and the EU's code lists."""

from __future__ import annotations

from xml.sax.saxutils import escape

from procmatch.demo.standins.content import Content, Town
from procmatch.demo.standins.exchange import Reply, Request, as_json

__all__ = ["CodeLists"]

_KLASS = "/api/klass/v1/classifications/"
_KOMMUNEINFO = "/kommuneinfo/v1/"
_SN2025_FROM = "2025-01-01"


def _town_json(town: Town) -> dict[str, object]:
    found: dict[str, object] = {
        "kommunenavn": town.name,
        "kommunenavnNorsk": town.name,
        "kommunenummer": town.number,
        "samiskForvaltningsomrade": False,
    }
    if town.lat is not None:
        found["punktIOmrade"] = {"type": "Point", "coordinates": [town.lon, town.lat]}
    return found


class CodeLists:
    """Answers the paths of four publishers."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.towns = {town.number: town for town in content.towns}
        self.counties = {town.county: town.county_name for town in content.towns}

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        path = request.path
        if path.startswith(_KLASS):
            return self._klass(path.removeprefix(_KLASS), request)
        if path.startswith(_KOMMUNEINFO):
            return self._kommuneinfo(path.removeprefix(_KOMMUNEINFO))
        if path == "/postnummerregister-ansi.txt":
            return self._bring()
        if path == "/codelists/cpv.gc":
            return _genericode("cpv", self.content.cpv)
        if path == "/codelists/nuts-lvl3.gc":
            return _genericode("nuts-lvl3", self.content.nuts)
        return Reply(status=404)

    def _klass(self, rest: str, request: Request) -> Reply:
        number = rest.partition("/")[0]
        if number == "131":
            rows = [(town.number, "", town.name) for town in self.content.towns]
        elif number == "104":
            rows = [(code, "", name) for code, name in sorted(self.counties.items())]
        elif number == "6":
            day = request.one("date") or request.one("from") or _SN2025_FROM
            revision = "sn2025" if day >= _SN2025_FROM else "sn2007"
            rows = [
                (code, parent, label)
                for kind, code, parent, label in self.content.industries
                if kind == revision
            ]
        else:
            return Reply(status=404)
        if "json" not in request.headers.get("accept", ""):
            items = "".join(
                f"<codeItem><code>{escape(code)}</code><name>{escape(name)}</name></codeItem>"
                for code, _, name in rows
            )
            body = f"<?xml version='1.0' encoding='UTF-8'?><codeList>{items}</codeList>".encode()
            return Reply(body=body, media_type="application/xml;charset=UTF-8")
        return as_json(
            {
                "codes": [
                    {
                        "code": code,
                        "parentCode": parent or None,
                        "level": "1",
                        "name": name,
                        "shortName": "",
                        "presentationName": "",
                        "validFrom": None,
                        "validTo": None,
                        "notes": "",
                    }
                    for code, parent, name in rows
                ]
            }
        )

    def _kommuneinfo(self, rest: str) -> Reply:
        if rest == "fylkerkommuner":
            return as_json(
                [
                    {
                        "fylkesnavn": name,
                        "fylkesnummer": county,
                        "kommuner": [
                            _town_json(town) for town in self.content.towns if town.county == county
                        ],
                    }
                    for county, name in sorted(self.counties.items())
                ]
            )
        if rest == "kommuner":
            return as_json([_town_json(town) for town in self.content.towns])
        _, number, *more = rest.split("/")
        town = self.towns.get(number)
        if town is None:
            return Reply(status=404)
        if more == ["nabokommuner"]:
            near = [self.towns[one] for one in town.neighbours if one in self.towns]
            return as_json(
                [
                    {
                        "kommunenavn": one.name,
                        "kommunenavnNorsk": one.name,
                        "kommunenummer": one.number,
                    }
                    for one in near
                ]
            )
        return as_json(_town_json(town)) if not more else Reply(status=404)

    def _bring(self) -> Reply:
        lines = [
            f"{code}\t{place}\t{town.number}\t{town.name.upper()}\tG"
            for town in self.content.towns
            for code, place in town.postcodes
        ]
        body = "\r\n".join(sorted(lines)).encode("cp1252", errors="replace")
        return Reply(body=body, media_type="text/plain")


def _genericode(name: str, rows: object) -> Reply:
    assert isinstance(rows, (list, tuple))
    items = "".join(
        f'<Row><Value ColumnRef="code"><SimpleValue>{escape(code)}</SimpleValue></Value>'
        f'<Value ColumnRef="eng_label"><SimpleValue>{escape(english)}</SimpleValue></Value>'
        f'<Value ColumnRef="nob_label"><SimpleValue>{escape(bokmaal)}</SimpleValue></Value></Row>'
        for code, english, bokmaal in rows
    )
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/">'
        f"<Identification><ShortName>{name}</ShortName></Identification>"
        f"<SimpleCodeList>{items}</SimpleCodeList></gc:CodeList>"
    ).encode()
    return Reply(body=body, media_type="application/xml")

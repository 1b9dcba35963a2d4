"""The sources of evidence, each in its own form: XML, JSON, pages, CSV in two encodings.

Which firms they list follows from the world's rows of evidence and from its register.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from urllib.parse import unquote
from xml.sax.saxutils import escape

from procmatch.codes.orgnr import is_valid
from procmatch.demo.standins.content import Content, Json
from procmatch.demo.standins.exchange import Reply, Request, as_json
from procmatch.demo.standins.faults import Traps

__all__ = ["Evidence"]

_PAGE = 5
_CSV = "text/csv"
_APPRENTICE_TRADE = "BATMF3"
_NON_PROFIT = "7000"
_STATUSES = ("Godkjent med ansatte", "Godkjent uten ansatte")
_Row = Mapping[str, str]


def _delimited(columns: Sequence[str], rows: Iterable[Sequence[object]], encoding: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def _norwegian(day: str, form: str) -> str:
    return date.fromisoformat(day).strftime(form)


class Evidence:
    """Answers under the live paths of seven sources.

    Renholdsregisteret refuses a caller without a name (403); the lists are small, so a page of
    lærebedrift holds five firms.
    """

    def __init__(self, content: Content, traps: Traps) -> None:
        self.traps = traps
        self.rows = content.evidence
        self.voluntary = [
            unit
            for unit in content.units
            if unit.get("institusjonellSektorkode", {}).get("kode") == _NON_PROFIT
        ]
        self.establishment_of = {
            item["overordnetEnhet"]: item["organisasjonsnummer"]
            for item in reversed(content.establishments)
        }
        self._rooms: Mapping[str, Callable[[Request], Reply]] = {
            "/renhold_register.xml": self._cleaning,
            "/opendata/renhold.xml": self._cleaning_of_old,
            "/api/enterprises.json": self._approvals,
            "/finnlarebedrift/bedrift": self._apprenticeship,
            "/tildelingsrapport/Tildelinger.csv": self._grants,
            "/frivillighetsregisteret/api/lastned/csv": self._voluntary,
            "/smilefjes-tilsyn.csv": self._food,
            "/api/acm/companies": self._organic,
        }

    def knows(self, path: str) -> bool:
        """Return whether a path belongs to one of these sources."""
        return path in self._rooms or path.startswith("/api/enterprises/")

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        if self.traps.faults.busy_evidence and self.traps.nth("evidence") == 1:
            return Reply(status=503, body=b"busy", media_type="text/plain")
        room = self._rooms.get(request.path)
        if room is None:
            return self._approval(unquote(request.path.rpartition("/")[2]))
        reply = room(request)
        if self.traps.faults.cut_evidence and self.traps.nth(f"cut {request.path}") == 1:
            return Reply(body=reply.body, media_type=reply.media_type, cut=True)
        return reply

    def _of(self, kind: str) -> list[_Row]:
        return [row for row in self.rows if row["kind"] == kind]

    def _numbered(self, kind: str) -> list[_Row]:
        return [row for row in self._of(kind) if row["number"]]

    def _named_caller(self, request: Request, body: str) -> Reply:
        if not request.headers.get("user-agent", "").strip():
            return Reply(status=403, body=b"Forbidden", media_type="text/plain")
        return Reply(body=body.encode(), media_type="text/xml; charset=utf-8")

    def _cleaning(self, request: Request) -> Reply:
        firms = "".join(
            "<Virksomhet><Hovedenhet>"
            f"<Organisasjonsnummer>{row['number']}</Organisasjonsnummer>"
            f"<Navn>{escape(row['name'])}</Navn>"
            "<Organisasjonsform>AS</Organisasjonsform>"
            f"<Godkjenningsstatus>{_STATUSES[at % 2]}</Godkjenningsstatus>"
            "<Postadresse/><Forretningsadresse>"
            f"<Poststed>{escape(row['place'].upper())}</Poststed></Forretningsadresse>"
            "</Hovedenhet></Virksomhet>"
            for at, row in enumerate(self._numbered("cleaning_register"))
        )
        refused = (
            "<Virksomhet><Hovedenhet><Organisasjonsnummer>310000108</Organisasjonsnummer>"
            "<Navn>IKKE GODKJENT RENHOLD AS</Navn>"
            "<Godkjenningsstatus>Ikke godkjent</Godkjenningsstatus></Hovedenhet></Virksomhet>"
        )
        head = '<?xml version="1.0" encoding="utf-8"?>'
        return self._named_caller(request, f"{head}<Register>{firms}{refused}</Register>")

    def _cleaning_of_old(self, request: Request) -> Reply:
        firms = "".join(
            f"<Renholdsvirksomhet><Organisasjonsnummer>{row['number']}</Organisasjonsnummer>"
            "<Status>Godkjent med ansatte</Status></Renholdsvirksomhet>"
            for row in self._numbered("cleaning_register")
        )
        body = f"<ArrayOfRenholdsvirksomhet>{firms}</ArrayOfRenholdsvirksomhet>"
        return self._named_caller(request, body)

    def _enterprise(self, row: _Row) -> Json:
        return {
            "organizational_number": row["number"],
            "name": row["name"],
            "phone": None,
            "email": None,
            "www": None,
            "businessaddress": {"postal_code": None, "postal_town": row["place"]},
            "status": {"approved": True, "approval_period_to": row["valid_to"]},
            "additional_terms": {"educational_enterprise_approved": False},
            "valid_approval_areas": [
                {
                    "function": "Utførende",
                    "subject_area": "Arbeid på bygninger",
                    "pbl": "2010",
                    "grade": "1",
                }
            ],
        }

    def _approvals(self, _request: Request) -> Reply:
        found = [self._enterprise(row) for row in self._numbered("central_approval")]
        return as_json({"enterprises": found})

    def _approval(self, number: str) -> Reply:
        row = next(
            (one for one in self._numbered("central_approval") if one["number"] == number), None
        )
        if row is None or not is_valid(number):
            return Reply(status=404)
        item = self._enterprise(row)
        apart = {"status", "additional_terms", "valid_approval_areas"}
        inner = {name: item[name] for name in apart}
        inner["enterprise"] = {name: item[name] for name in item if name not in apart}
        return as_json({"dibk-sgdata": inner})

    def _apprenticeship(self, request: Request) -> Reply:
        found = self._numbered("apprenticeship") if request.one("fag") == _APPRENTICE_TRADE else []
        page = int(request.one("page", "1"))
        pages = -(-len(found) // _PAGE)
        shown = [
            {
                "orgnr": self.establishment_of.get(row["number"], row["number"]),
                "navn": row["name"],
                "forradrfylkenr": "98",
                "forradrkommnr": "9801",
            }
            for row in found[(page - 1) * _PAGE : page * _PAGE]
        ]
        paging = {"total_pages": pages, "current_page": page}
        return as_json({"pagination": paging, "bedrifter": shown})

    def _grants(self, _request: Request) -> Reply:
        columns = (
            "Fylkesnavn", "Kommunenavn", "Org-nr", "Bedriftsnavn", "Virkemiddelkategori",
            "Underkategori", "Innvilget beløp", "Innvilget dato", "Beslutningsenhet",
            "Næringshovedområde", "Næring", "Type finansiering",
        )  # fmt: skip
        rows = []
        for at, row in enumerate(self._numbered("innovation_grant")):
            granted = _norwegian(row["valid_from"], "%d.%m.%Y")
            facts = ("Havfjord", row["place"], row["number"], row["name"], "Innovasjon")
            rest = (granted, "Havfjord", "Industri", "Næringsmidler", "Tilskudd")
            rows.append((*facts, "Miljøteknologi", f"{500 + at}000,50", *rest))
            if at == 0:  # paid back in part
                rows.append((*facts, "Miljøteknologi", "-1000,00", *rest))
        return Reply(body=_delimited(columns, rows, "cp1252"), media_type=_CSV)

    def _voluntary(self, _request: Request) -> Reply:
        columns = ("organisasjonsnummer", "navn", "kategori1", "kategori1_tekst")
        rows = [
            (unit["organisasjonsnummer"], unit["navn"], "4100", "Sosiale tjenester")
            for unit in self.voluntary
        ]
        return Reply(body=_delimited(columns, rows, "utf-8"), media_type=_CSV)

    def _food(self, _request: Request) -> Reply:
        columns = (
            "tilsynsobjektid", "orgnummer", "navn", "adrlinje1", "adrlinje2", "postnr", "poststed",
            "tilsynid", "sakref", "status", "dato", "total_karakter", "tilsynsbesoektype",
            "tema1_no", "tema1_nn", "karakter1",
        )  # fmt: skip
        rows = []
        for at, row in enumerate(self._numbered("food_inspection")):
            number = self.establishment_of.get(row["number"], row["number"])
            place = (f"Z{at:06d}_Tilsynsobjekt", number, row["name"], "Kaia 1", "", "9070", "")
            day = _norwegian(row["valid_from"], "%d%m%Y")
            for visit, earlier in ((f"{at}-1", "01012020"), (f"{at}-2", day)):
                rows.append((*place, visit, "2026/1", "0", earlier, at % 3, "0", "", "", "0"))
        return Reply(body=_delimited(columns, rows, "utf-8"), media_type=_CSV)

    def _organic(self, _request: Request) -> Reply:
        companies = [
            {
                "partner_sid": 5000 + at,
                "company_tags": None,
                "attachments": [],
                "sales_channels": [{"id": 1, "content": "Salg til storhusholdning"}],
                "display_name": row["name"],
                "description1": "",
                "contact_name": None,
                "contact_phone": None,
                "contact_mail": None,
                "website": None,
                "area": None,
            }
            for at, row in enumerate(self._of("organic_certificate"))
        ]
        return as_json(companies)

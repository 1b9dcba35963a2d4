"""What the search engines of Doffin and TED know of a notice, read from its eForms XML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from lxml import etree

from procmatch.errors import SourceChanged

__all__ = ["Facts", "LotFacts", "Party", "is_norwegian", "read_facts", "spoken"]

_NS = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "efac": "http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1",
    "efbc": "http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1",
}
_SOURCE = "stand-in"
_OSLO = ZoneInfo("Europe/Oslo")
_NORWEGIAN = ("NOR", "NOB", "NNO")
_PROJECT = "cac:ProcurementProject"
_PERIODS = (
    "/cac:TenderSubmissionDeadlinePeriod",
    "/cac:ParticipationRequestReceptionPeriod",
    "//efac:InterestExpressionReceptionPeriod",
)
_DATE_LENGTH, _TIME_LENGTH = 10, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An organisation as printed: the number may hold spaces, letters or nothing."""

    name: str
    number: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LotFacts:
    """One lot or planned part; texts are language -> text."""

    id: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    winners: tuple[Party, ...]


def is_norwegian(language: str) -> bool:
    """Return whether a three-letter code is one of those used for Norwegian."""
    return language in _NORWEGIAN


def spoken(texts: Mapping[str, str]) -> str:
    """Return the Norwegian text, else the first; ``""`` without any."""
    found = next((texts[code] for code in _NORWEGIAN if code in texts), "")
    return found or next(iter(texts.values()), "")


class Facts:
    """One notice, read lazily."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root

    def texts(self, path: str, node: etree._Element | None = None) -> list[str]:
        """Return the texts at a path, of elements or attributes, without the empty ones."""
        found = (self.root if node is None else node).xpath(path, namespaces=_NS)
        assert isinstance(found, list)
        texts = (
            (one.text if isinstance(one, etree._Element) else str(one)) or ""  # noqa: SLF001
            for one in found
        )
        return [text.strip() for text in texts if text.strip()]

    def first(self, path: str, node: etree._Element | None = None) -> str:
        """Return the first text at a path, or ``""``."""
        return next(iter(self.texts(path, node)), "")

    def by_language(self, path: str, node: etree._Element | None = None) -> dict[str, str]:
        """Return the texts at a path by their ``languageID``."""
        start = self.root if node is None else node
        return {
            str(one.get("languageID") or "NOR"): (one.text or "").strip()
            for one in start.iterfind(path, _NS)
        }

    @cached_property
    def reference(self) -> str:
        """BT-701 and BT-757: notice UUID, dash, version."""
        return f"{self.first('cbc:ID')}-{self.first('cbc:VersionID') or '01'}"

    @cached_property
    def issued_at(self) -> datetime:
        """BT-05, UTC."""
        found = _moment(self.first("cbc:IssueDate"), self.first("cbc:IssueTime"))
        if found is None:
            raise SourceChanged("no date of issue", source=_SOURCE, where="cbc:IssueDate")
        return found

    @cached_property
    def deadline(self) -> datetime | None:
        """BT-131, else BT-1311, else BT-630, of the first lot that has one; UTC."""
        for period in _PERIODS:
            path = f"cac:ProcurementProjectLot/cac:TenderingProcess{period}"
            found = _moment(self.first(f"{path}/cbc:EndDate"), self.first(f"{path}/cbc:EndTime"))
            if found:
                return found
        return None

    @cached_property
    def titles(self) -> dict[str, str]:
        """BT-21 of the procedure."""
        return self.by_language(f"{_PROJECT}/cbc:Name")

    @cached_property
    def descriptions(self) -> dict[str, str]:
        """BT-24 of the procedure."""
        return self.by_language(f"{_PROJECT}/cbc:Description")

    @cached_property
    def cpv(self) -> list[str]:
        """BT-262 and BT-263 of procedure and lots, each once."""
        path = f".//{_PROJECT}/*/cbc:ItemClassificationCode"
        return list(dict.fromkeys(self.texts(path)))

    @cached_property
    def locations(self) -> list[str]:
        """BT-5071 and BT-727 of procedure and lots, each once."""
        at = f".//{_PROJECT}/cac:RealizedLocation/cac:Address"
        found = self.texts(f"{at}/cbc:CountrySubentityCode") + self.texts(f"{at}/cbc:Region")
        return list(dict.fromkeys(found))

    @cached_property
    def value(self) -> tuple[float, str] | None:
        """BT-27 of the procedure, else of the first lot that has one: amount and currency."""
        path = f"{_PROJECT}/cac:RequestedTenderTotal/cbc:EstimatedOverallContractAmount"
        for start in (path, f"cac:ProcurementProjectLot/{path}"):
            amount = self.first(start)
            if amount:
                return float(amount), self.first(f"{start}/@currencyID")
        return None

    @cached_property
    def _companies(self) -> dict[str, etree._Element]:
        found = self.root.iterfind(".//efac:Company", _NS)
        return {self.first("cac:PartyIdentification/cbc:ID", one): one for one in found}

    def party(self, reference: str) -> Party | None:
        """Return the organisation behind ``ORG-0001``; None if the notice does not hold it."""
        company = self._companies.get(reference)
        if company is None:
            return None
        return Party(
            name=spoken(self.by_language("cac:PartyName/cbc:Name", company)),
            number=self.first("cac:PartyLegalEntity/cbc:CompanyID", company),
            country=self.first("cac:PostalAddress/cac:Country/cbc:IdentificationCode", company),
        )

    @cached_property
    def buyers(self) -> tuple[Party, ...]:
        """OPT-300 of the contracting parties, in order, repeats included."""
        path = "cac:ContractingParty/cac:Party/cac:PartyIdentification/cbc:ID"
        return tuple(party for one in self.texts(path) if (party := self.party(one)))

    @cached_property
    def lots(self) -> tuple[LotFacts, ...]:
        """Lots and planned parts, not groups of lots."""
        winners = self._winners_by_lot()
        known = self.texts("cac:ProcurementProjectLot/cbc:ID")
        if known:
            # Converted notices name a lot MISSING: what is won then counts for the first.
            stray = [one for lot in winners if lot not in known for one in winners[lot]]
            winners[known[0]] = list(dict.fromkeys([*winners.get(known[0], []), *stray]))
        return tuple(
            LotFacts(
                id=key,
                titles=self.by_language(f"{_PROJECT}/cbc:Name", lot),
                descriptions=self.by_language(f"{_PROJECT}/cbc:Description", lot),
                winners=tuple(party for one in winners.get(key, ()) if (party := self.party(one))),
            )
            for lot in self.root.iterfind("cac:ProcurementProjectLot", _NS)
            if self.first("cbc:ID/@schemeName", lot) in {"Lot", "Part"}
            for key in [self.first("cbc:ID", lot)]
        )

    def _winners_by_lot(self) -> dict[str, list[str]]:
        """Follow OPT-315, BT-3202, OPT-310 and OPT-300 from each lot's result to organisations."""
        result = self.root.find(".//efac:NoticeResult", _NS)
        if result is None:
            return {}
        contracts = {
            self.first("cbc:ID", one): self.texts("efac:LotTender/cbc:ID", one)
            for one in result.iterfind("efac:SettledContract", _NS)
        }
        tenders = {
            self.first("cbc:ID", one): self.first("efac:TenderingParty/cbc:ID", one)
            for one in result.iterfind("efac:LotTender", _NS)
        }
        parties = {
            self.first("cbc:ID", one): self.texts("efac:Tenderer/cbc:ID", one)
            for one in result.iterfind("efac:TenderingParty", _NS)
        }
        found: dict[str, list[str]] = {}
        for one in result.iterfind("efac:LotResult", _NS):
            own = set(self.texts("efac:LotTender/cbc:ID", one))
            for contract in self.texts("efac:SettledContract/cbc:ID", one):
                for tender in contracts.get(contract, ()):
                    # A contract may cover several lots; each lot lists its own tenders.
                    if not own or tender in own:
                        lot = found.setdefault(self.first("efac:TenderLot/cbc:ID", one), [])
                        lot += parties.get(tenders.get(tender, ""), [])
        return {lot: list(dict.fromkeys(references)) for lot, references in found.items()}


def _moment(day: str, at: str) -> datetime | None:
    """Join a date and a time; without an offset it is Norwegian time, without a time 00:00 UTC."""
    if not day:
        return None
    try:
        on = date.fromisoformat(day[:_DATE_LENGTH])
        if not at:
            return datetime.combine(on, time(), UTC)
        clock = time.fromisoformat(at[:_TIME_LENGTH])
        offset = at[_TIME_LENGTH:].partition("+")[2] or day[_DATE_LENGTH:].partition("+")[2]
        if offset:
            zone = datetime.fromisoformat(f"2000-01-01T00:00:00+{offset}").tzinfo
        else:
            zone = UTC if "Z" in at + day else _OSLO
    except ValueError as error:
        raise SourceChanged(str(error), source=_SOURCE, where=f"{day} {at}") from error
    return datetime.combine(on, clock, zone).astimezone(UTC)


def read_facts(key: str, xml: bytes) -> Facts:
    """Return what the XML of notice ``key`` says.

    Raises:
        SourceChanged: it is not XML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return Facts(etree.fromstring(xml, parser))
    except etree.XMLSyntaxError as error:
        raise SourceChanged(f"not XML: {error.msg}", source=_SOURCE, where=key) from error

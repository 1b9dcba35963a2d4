"""Renholdsregisteret (Arbeidstilsynet): who may sell cleaning.

One XML file a day. Two forms are read: today's (``Virksomhet`` with a ``Hovedenhet`` that has
*Godkjenningsstatus*) and the earlier one (``Renholdsvirksomhet`` with *Status*). The register holds
refused firms too; to stand in it proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from procmatch.errors import SourceChanged, SourceError
from procmatch.model.evidence import PrintedEvidence, Reading
from procmatch.sources._evidence.shapes import BadValue, Strange, each, number, one_line

__all__ = ["SOURCE", "read"]

SOURCE = "renhold"
_FIRMS = ("Virksomhet", "Renholdsvirksomhet")
_STATUS = ("Godkjenningsstatus", "Status")
_APPROVED = {"godkjent", "godkjent med ansatte", "godkjent uten ansatte"}
_NOT_APPROVED = {
    "ikke godkjent", "under behandling", "under hms-kortbestilling", "avslag", "trukket tilbake",
    "ikke registrert", "slettet",
}  # fmt: skip
#: Elements that are left out: names and addresses stand in Enhetsregisteret.
_KNOWN = frozenset(
    {
        *_FIRMS, "Hovedenhet",
        "Underenhet", "Underenheter", "Underavdelinger", "Avdeling", "Avdelinger",
        "Organisasjonsnummer", "Godkjenningsstatus", "Status", "StatusEndret", "Navn",
        "Organisasjonsform", "Postadresse", "Forretningsadresse", "Beliggenhetsadresse", "Adresse",
        "Poststed", "Postnummer", "Kommunenavn", "Kommunenummer", "Fylke", "Land", "Landkode",
    }
)  # fmt: skip


def _firms(body: bytes) -> Iterator[etree._Element]:
    # No entity is resolved and nothing is fetched: the file comes from outside.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(f"not XML: {error}", source=SOURCE) from None
    found = [one for one in root.iter() if _name(one) in _FIRMS]
    if not found:
        raise SourceChanged("no Virksomhet", source=SOURCE, where=_name(root))
    return iter(found)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _child(element: etree._Element, *names: str) -> etree._Element | None:
    return next((one for one in element if _name(one) in names), None)


def _text(element: etree._Element, *names: str) -> str:
    found = _child(element, *names)
    return "" if found is None else (found.text or "").strip()


def _one(firm: etree._Element) -> list[PrintedEvidence]:
    head = _child(firm, "Hovedenhet")
    head = firm if head is None else head
    org = number(_text(head, "Organisasjonsnummer"), "Organisasjonsnummer")
    status = one_line(_text(head, *_STATUS) or _text(firm, *_STATUS))
    if status.casefold() in _NOT_APPROVED:
        return []
    if status.casefold() not in _APPROVED:
        raise BadValue("Godkjenningsstatus", f"{status!r} is not a known status")
    kind = "cleaning_register"
    return [PrintedEvidence(source=SOURCE, kind=kind, key=org, number=org, text=status)]


def read(_key: str, body: bytes) -> Reading:
    """Read the whole register.

    Raises:
        SourceError: not XML. SourceChanged: no firm in it.
    """
    firms = list(_firms(body))
    strange = Strange()
    strange.note((_name(one) for firm in firms for one in firm.iter() if _name(one)), _KNOWN)
    rows, unread = each(((f"firm {at}", firm) for at, firm in enumerate(firms, 1)), _one)
    return Reading(rows=tuple(rows), unread=(*unread, *strange.unread()))

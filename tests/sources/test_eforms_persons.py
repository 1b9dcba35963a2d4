"""No person of a notice is kept: not their name, not how to reach them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from procmatch.demo import world
from procmatch.errors import ProcmatchError, SourceError
from procmatch.sources import eforms
from procmatch.store.documents import encode

GOLDEN = {
    path.parent.name: path.read_bytes()
    for path in sorted((Path(__file__).parent / "golden").glob("*/in.xml"))
}
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "tenders" / "doffin_xml"
CONTACT = (
    "<cac:Contact><cbc:Name>Ola Hemmelig</cbc:Name><cbc:JobTitle>Sjef Hemmelig</cbc:JobTitle>"
    "<cbc:Telephone>+47 999 88 777</cbc:Telephone><cbc:Telefax>+47 999 88 778</cbc:Telefax>"
    "<cbc:ElectronicMail>ola.hemmelig@example.com</cbc:ElectronicMail></cac:Contact>"
)
TOUCH_POINT = (
    "<efac:TouchPoint><cbc:WebsiteURI>https://hemmelig.example.com</cbc:WebsiteURI>"
    "<cbc:EndpointID>hemmelig.endpoint@example.com</cbc:EndpointID>"
    "<cac:PartyIdentification><cbc:ID>TPO-0999</cbc:ID></cac:PartyIdentification>"
    "<cac:PartyName><cbc:Name>Kontor Hemmelig</cbc:Name></cac:PartyName>"
    "<cac:PostalAddress><cbc:StreetName>Hemmelig vei 1</cbc:StreetName></cac:PostalAddress>"
    f"{CONTACT}</efac:TouchPoint>"
)
OWNER = (
    "<efac:UltimateBeneficialOwner><cbc:ID>UBO-0001</cbc:ID>"
    "<cbc:FirstName>Kari</cbc:FirstName><cbc:FamilyName>Hemmelig</cbc:FamilyName>"
    "<cac:Nationality><cbc:NationalityID>NOR</cbc:NationalityID></cac:Nationality>"
    "<cac:ResidenceAddress><cbc:StreetName>Hemmelig vei 2</cbc:StreetName></cac:ResidenceAddress>"
    f"{CONTACT}</efac:UltimateBeneficialOwner>"
)
SECRETS = ("hemmelig", "Kari", "999 88", "UBO-0001")


def with_persons(xml: bytes) -> bytes:
    """Give every organisation a contact, a touch point and an owner, all with telling names."""
    text = xml.decode()
    text = re.sub(r"<cac:Contact>.*?</cac:Contact>", "", text, flags=re.DOTALL)
    text = text.replace("</efac:Company>", f"{CONTACT}</efac:Company>{TOUCH_POINT}{OWNER}")
    text = text.replace("</efac:Organizations>", f"{OWNER}</efac:Organizations>")
    natural = "<efac:Organization><efbc:NaturalPersonIndicator>true</efbc:NaturalPersonIndicator>"
    return text.replace("<efac:Organization>", natural).encode()


@pytest.mark.parametrize("name", GOLDEN)
def test_persons_are_nowhere_in_what_is_kept(name: str) -> None:
    xml = with_persons(GOLDEN[name])
    assert xml.count(b"Ola Hemmelig") >= 3
    kept = encode(eforms.read(xml))
    for secret in SECRETS:
        assert secret.casefold() not in kept.casefold()


def test_persons_of_roles_are_not_kept_either() -> None:
    xml = GOLDEN["competition_with_lots"].replace(
        b"</cac:TenderRecipientParty>", CONTACT.encode() + b"</cac:TenderRecipientParty>"
    )
    try:
        kept = encode(eforms.read(xml))
    except SourceError as error:
        kept = str(error)
    assert "hemmelig" not in kept.casefold()


def printed_persons(xml: bytes) -> set[str]:
    """Return names, numbers and addresses inside contacts, owners and committees."""
    inside = ("Contact", "UltimateBeneficialOwner", "TechnicalCommitteePerson")
    told = {"Name", "FirstName", "FamilyName", "Telephone", "Telefax", "ElectronicMail"}
    root = etree.fromstring(xml)
    return {
        (node.text or "").strip()
        for kind in inside
        for outer in root.iter(f"{{*}}{kind}")
        for node in outer.iter("{*}*")
        if etree.QName(node).localname in told and len((node.text or "").strip()) > 5
    }


@pytest.mark.parametrize("name", sorted(world.notices()))
def test_no_contact_of_the_sample_world_is_kept(name: str) -> None:
    xml = world.notices()[name]
    kept = encode(eforms.read(xml))
    assert not [one for one in printed_persons(xml) if one in kept]


def leaves(value: object) -> Iterator[object]:
    """Yield the single values of decoded JSON."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from leaves(one)
    else:
        yield value


@pytest.mark.shared
def test_no_value_of_a_real_notice_is_a_contact() -> None:
    """A buyer may still write an address into a description: that text is kept as it is."""
    seen = 0
    for path in sorted(SHARED.glob("*.xml")):
        xml = path.read_bytes()
        try:
            kept = set(leaves(json.loads(encode(eforms.read(xml)))))
        except ProcmatchError:
            continue
        persons = printed_persons(xml)
        seen += len(persons)
        assert not persons & kept, path.name
    assert seen > 100

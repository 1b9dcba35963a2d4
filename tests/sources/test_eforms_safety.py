"""Hostile and broken bytes never do harm."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from procmatch.errors import SourceChanged, SourceError, SourceRefused
from procmatch.model.notice import Notice
from procmatch.model.plain import notice_as_dict
from procmatch.sources import eforms

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*/in.xml"))
XML = (Path(__file__).parent / "golden" / "cancellation" / "in.xml").read_bytes()
COMPETITION = (Path(__file__).parent / "golden" / "competition_with_lots" / "in.xml").read_text(
    "utf-8"
)
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'

LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>
<lolz x="&c;">&c;</lolz>"""
OUTSIDE = b"""<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>"""


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (b"", "not well-formed"),
        (b"   ", "not well-formed"),
        (b"not xml", "not well-formed"),
        (XML[: len(XML) // 2], "not well-formed"),
        (XML.replace(b"UTF-8", b"UTF-16", 1), "not well-formed"),
        (XML.replace(b"UTF-8", b"no-such-code", 1), "not well-formed"),
        (XML.replace(b"Fjordvik", b"Fj\xf8rdvik", 1), "not well-formed"),
        (XML.replace(b"<cac:", b"<zzz:"), "not well-formed"),
        (b"<!DOCTYPE html><html><body>Sorry</body></html>", "HTML"),
        (b"\n<HTML lang='nb'><body>Sorry</body></HTML>", "HTML"),
        (b'{"message": "no"}', "not well-formed"),
        (LAUGHS, "document type"),
        (OUTSIDE, "document type"),
        (XML.replace(DECLARATION, DECLARATION + b"<!DOCTYPE ContractNotice>"), "document type"),
        (b"<!--" + b" " * 5000 + b"-->" + LAUGHS.partition(b"?>")[2].strip(), "document type"),
        (XML + b" " * 10_000_000, "larger than 10 MB"),
        (b"<a>" * 400 + b"</a>" * 400, "not well-formed"),
        (b"<a/>", "not an eForms notice"),
        (b'<ContractNotice xmlns="urn:other"/>', "not an eForms notice"),
    ],
)
def test_what_is_no_notice_is_refused_with_a_reason(xml: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        eforms.read(xml)
    assert "passwd" not in str(caught.value)


def test_xml_from_before_eforms_is_refused_by_name() -> None:
    with pytest.raises(SourceRefused, match="before eForms"):
        eforms.read(b'<TED_EXPORT xmlns="http://publications.europa.eu/TED_schema/Export"/>')


def test_other_encodings_are_read_when_declared() -> None:
    text = XML.decode().replace("UTF-8", "UTF-16", 1)
    assert eforms.read(text.encode("utf-16")) == eforms.read(XML)


NORDIC = XML.decode().replace("Fjordvik", "Fjørdvik")


def declared(encoding: str) -> str:
    """The notice as text, with another encoding in its declaration."""
    return NORDIC.replace("UTF-8", encoding, 1)


@pytest.mark.parametrize(
    "xml",
    [
        b"\xef\xbb\xbf" + NORDIC.encode(),
        # The mark at the start says more than the declaration.
        declared("UTF-8").encode("utf-16"),
        declared("UTF-16").encode("utf-16"),
        declared("UTF-16").encode("utf-16-le").join((b"\xff\xfe", b"")),
        declared("UTF-16").encode("utf-16-be").join((b"\xfe\xff", b"")),
        declared("ISO-8859-1").encode("latin-1", "xmlcharrefreplace"),
        declared("windows-1252").encode("cp1252", "xmlcharrefreplace"),
        declared("ASCII").encode("ascii", "xmlcharrefreplace"),
        NORDIC.partition("?>")[2].strip().encode(),
        # Declared as Latin-1, and really UTF-8: one encoding too many, which is undone.
        declared("ISO-8859-1").encode(),
    ],
)
def test_a_notice_is_the_same_in_every_encoding(xml: bytes) -> None:
    notice = eforms.read(xml)
    assert notice.buyers[0].name.startswith("Fjørdvik")
    assert notice == eforms.read(NORDIC.encode())


@pytest.mark.parametrize(
    "xml",
    [
        declared("UTF-8").encode("latin-1"),
        declared("UTF-16").encode(),
        declared("EBCDIC-CP-US").encode(),
        NORDIC.encode("utf-16-le")[:-1],
    ],
)
def test_an_encoding_other_than_declared_is_refused(xml: bytes) -> None:
    with pytest.raises(SourceError, match="not well-formed"):
        eforms.read(xml)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE ContractNotice SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE ContractNotice SYSTEM "http://127.0.0.1:9/outside.dtd">',
        '<!DOCTYPE ContractNotice [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
        '<!DOCTYPE ContractNotice [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        "<!doctype ContractNotice>",
        "<!-- " + "x" * 5000 + " --><!DOCTYPE ContractNotice>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_wherever_it_hides(declaration: str, encoding: str) -> None:
    start, end, rest = declared(encoding).partition("?>")
    with pytest.raises(SourceError, match=r"document type|not well-formed") as caught:
        eforms.read(f"{start}{end}{declaration}{rest}".encode(encoding))
    assert "root:" not in str(caught.value)


def test_an_inclusion_is_not_followed() -> None:
    include = b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'
    with pytest.raises(SourceChanged, match="include"):
        eforms.read(XML.replace(b"</ContractNotice>", include + b"</ContractNotice>"))


def test_a_style_sheet_and_comments_are_passed_over() -> None:
    style = b'<?xml-stylesheet href="file:///etc/passwd"?><!-- a note -->'
    xml = XML.replace(DECLARATION, DECLARATION + style).replace(b"<cbc:", b"<!-- x --><cbc:")
    assert eforms.read(xml) == eforms.read(XML)


@pytest.mark.parametrize("depth", [200, 300, 100_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    deep = b"<cac:Deeper>" * depth + b"</cac:Deeper>" * depth
    with pytest.raises(SourceError) as caught:
        eforms.read(XML.replace(b"</ContractNotice>", deep + b"</ContractNotice>"))
    assert len(str(caught.value)) < 1000


def test_a_text_of_very_many_elements_is_one_text() -> None:
    many = '<cbc:Description languageID="NOR">a</cbc:Description>' * 100_000
    text = COMPETITION.replace("<cbc:Description", f"{many}<cbc:Description", 1)
    assert len(text) < 10_000_000
    notice = eforms.read(text.encode())
    assert (
        max(len(one.best()) for one in (notice.description, *(x.description for x in notice.lots)))
        > 199_000
    )


def test_a_value_of_megabytes_is_refused_in_few_words() -> None:
    long = XML.replace(b"<cbc:VersionID>", b"<cbc:VersionID>" + b"9" * 5_000_000)
    assert len(eforms.read(long).version) > 5_000_000
    with pytest.raises(SourceError) as caught:
        eforms.read(XML.replace(b'listName="', b'listName="' + b"x" * 5_000_000))
    assert len(str(caught.value)) < 1000


def read_or_error(xml: bytes) -> Notice | SourceError:
    try:
        return eforms.read(xml)
    except SourceError as error:
        return error


JUNK = st.sampled_from(
    (
        *("", " ", "-1", "abc", "NaN", "1e9999", "9" * 400, "unpublished", "true"),
        *("0001-01-01+14:00", "9999-12-31-14:00", "24:00:00", "LOT-0001", "ORG-0001"),
        *("\u0663", "\u200b", "\u0663-\u0664"),
    )
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_mutated_notice_gives_a_notice_or_a_named_error(data: st.DataObject) -> None:
    root = etree.fromstring(data.draw(st.sampled_from(GOLDEN)).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        nodes = [node for node in root.iter() if isinstance(node.tag, str)]
        node = nodes[data.draw(st.integers(1, len(nodes) - 1))]
        parent = node.getparent()
        assert parent is not None
        match data.draw(st.sampled_from(["text", "drop", "twice", "attributes", "rename", "move"])):
            case "text":
                node.text = data.draw(JUNK)
            case "drop":
                parent.remove(node)
            case "twice":
                node.addnext(copy.deepcopy(node))
            case "attributes":
                for name in list(node.attrib):
                    node.set(name, data.draw(JUNK))
            case "rename":
                node.tag = data.draw(st.sampled_from(nodes)).tag
            case _:
                root.append(node)
    read = read_or_error(etree.tostring(root))
    assert isinstance(read, SourceError) or notice_as_dict(read)["notice_id"]


@settings(max_examples=150, deadline=None)
@given(start=st.integers(0, len(XML)), length=st.integers(0, 40), new=st.binary(max_size=6))
def test_damaged_bytes_give_a_notice_or_a_named_error(start: int, length: int, new: bytes) -> None:
    read = read_or_error(XML[:start] + new + XML[start + length :])
    assert isinstance(read, (Notice, SourceError))


def test_an_organisation_that_only_its_contact_point_names_is_read() -> None:
    xml = (Path(__file__).parent / "golden" / "result_with_consortium" / "in.xml").read_bytes()
    own = re.compile(
        rb"(<efac:Company>.*?)<cac:PartyIdentification>.*?</cac:PartyIdentification>", re.DOTALL
    )
    first = re.search(rb'<cbc:ID schemeName="organization">([^<]+)', xml)
    assert first is not None
    point = (
        b"</efac:Company><efac:TouchPoint><cac:PartyIdentification>"
        b'<cbc:ID schemeName="touchpoint">' + first[1] + b"</cbc:ID>"
        b"</cac:PartyIdentification></efac:TouchPoint>"
    )
    without = own.sub(rb"\1", xml, count=1).replace(b"</efac:Company>", point, 1)
    assert without != xml
    found = eforms.read(without)
    named = [*found.buyers, *(winner for award in found.awards for winner in award.winners)]
    assert first[1].decode() in {party.ref for party in named}

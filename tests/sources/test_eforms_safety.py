"""Hostile and broken bytes never do harm."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from procmatch.errors import SourceError, SourceRefused
from procmatch.model.notice import Notice
from procmatch.model.plain import notice_as_dict
from procmatch.sources import eforms

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*/in.xml"))
XML = (Path(__file__).parent / "golden" / "cancellation" / "in.xml").read_bytes()
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

"""Whatever a source sends, a reader returns an object of the model or raises an error of ours."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from procmatch.demo import world
from procmatch.demo.world import register
from procmatch.errors import CodeError, SourceError
from procmatch.model.notice import Notice
from procmatch.sources import accounts, doffin, eforms, enhetsregisteret
from procmatch.store.documents import decode, encode

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "tenders"
NOTICES = tuple(world.notices().values())
XML_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\t\n\x85"), max_size=30
)
VALUES = st.sampled_from(
    (
        *("", " ", "-1", "none", "unpublished", "true", "NaN", "Infinity", "1e9999", "9" * 5000),
        *("0001-01-01+14:00", "9999-12-31-14:00", "1970-01-01", "2026-02-30", "24:00:00"),
        *("23:59:59.9999999Z", "LOT-0001", "ORG-0001", "TEN-0001", "NOK", "NOR", "\u0663", "1_0"),
        *("\u200b", "\ufeff", "Ã¸", "x" * 50_000, "[" * 5000),
    )
)


def attempt(xml: bytes) -> Notice | SourceError | CodeError:
    try:
        return eforms.read(xml)
    except (SourceError, CodeError) as error:
        return error


def outcome(xml: bytes) -> Notice | SourceError | CodeError:
    """Read twice; a notice must also come back from the store as it went in."""
    first, second = attempt(xml), attempt(xml)
    if isinstance(first, Notice):
        assert first == second
        assert decode(encode(first), Notice) == first
    else:
        assert (type(first), str(first)) == (type(second), str(second))
        assert len(str(first)) < 1000, "longer than anybody reads"
    return first


def mutate(data: st.DataObject, root: etree._Element) -> None:
    """Change one element: its text, attributes or name, where it stands and how often."""
    nodes = [node for node in root.iter() if isinstance(node.tag, str)]
    if len(nodes) < 2:
        return
    node = nodes[data.draw(st.integers(1, len(nodes) - 1))]
    parent = node.getparent()
    assert parent is not None
    other = data.draw(st.sampled_from(nodes[1:]))
    match data.draw(
        st.sampled_from(("text", "drop", "twice", "swap", "attributes", "rename", "note", "empty"))
    ):
        case "text":
            node.text = data.draw(VALUES | XML_TEXT)
        case "drop":
            parent.remove(node)
        case "twice":
            node.addnext(copy.deepcopy(node))
        case "swap":
            node.addnext(copy.deepcopy(other))
            parent.remove(node)
        case "attributes":
            name = data.draw(
                st.sampled_from(("listName", "schemeName", "languageID", *node.attrib))
            )
            node.set(name, data.draw(VALUES | XML_TEXT))
        case "rename":
            node.tag = other.tag
        case "note":
            node.insert(0, etree.Comment("note"))
        case _:
            for child in list(node):
                node.remove(child)


@settings(max_examples=200)
@given(data=st.data())
def test_a_changed_notice_is_read_or_refused(data: st.DataObject) -> None:
    root = etree.fromstring(data.draw(st.sampled_from(NOTICES)))
    for _ in range(data.draw(st.integers(1, 5))):
        mutate(data, root)
    outcome(etree.tostring(root, encoding="utf-8"))


@pytest.mark.shared
@settings(max_examples=100)
@given(data=st.data())
def test_a_changed_real_notice_is_read_or_refused(data: st.DataObject) -> None:
    paths = sorted((SHARED / "doffin_xml").glob("*.xml"))
    root = etree.fromstring(data.draw(st.sampled_from(paths)).read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        mutate(data, root)
    outcome(etree.tostring(root, encoding="utf-8"))


@settings(max_examples=200)
@given(data=st.data())
def test_damaged_bytes_are_read_or_refused(data: st.DataObject) -> None:
    xml = bytearray(data.draw(st.sampled_from(NOTICES)))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(xml) - 1))
        xml[at] ^= data.draw(st.integers(1, 255))
    end = data.draw(st.just(len(xml)) | st.integers(0, len(xml)))
    outcome(bytes(xml[:end]))


@given(xml=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_bytes_that_are_no_notice_are_refused(xml: bytes) -> None:
    assert isinstance(outcome(xml), SourceError)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | VALUES | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


def changed(data: st.DataObject, record: Any) -> Any:  # noqa: ANN401 - JSON may be anything
    """Return a copy with one value, at any depth, replaced, dropped or named otherwise."""
    if isinstance(record, dict) and record:
        found = dict(record)
        name = data.draw(st.sampled_from(sorted(found)))
    elif isinstance(record, list) and record:
        found = dict(enumerate(record))
        name = data.draw(st.integers(0, len(record) - 1))
    else:
        return data.draw(JSON)
    match data.draw(st.sampled_from(("deeper", "deeper", "replace", "drop", "rename"))):
        case "deeper":
            found[name] = changed(data, found[name])
        case "replace":
            found[name] = data.draw(JSON)
        case "drop":
            del found[name]
        case _:
            found["unknown"] = found.pop(name)
    return found if isinstance(record, dict) else list(found.values())


def as_json(data: st.DataObject, record: object) -> bytes:
    """Return the changed record as it might arrive, whole or damaged."""
    body = json.dumps(changed(data, record), ensure_ascii=data.draw(st.booleans())).encode(
        "utf-8", "surrogatepass"
    )
    kind = data.draw(st.sampled_from(("whole", "whole", "short", "flipped")))
    at = data.draw(st.integers(0, len(body) - 1))
    if kind == "short":
        return body[:at]
    return body[:at] + b"\xff" + body[at + 1 :] if kind == "flipped" else body


HIT = {
    "id": "2026-000001",
    "buyer": [{"id": "b1", "organizationId": "310 000 019", "name": "Fjordvik kommune"}],
    "heading": "Mat",
    "type": "ANNOUNCEMENT_OF_COMPETITION",
    "status": "ACTIVE",
    "issueDate": "2026-07-30T12:36:32Z",
    "deadline": "2026-09-01T10:00:00Z",
    "publicationDate": "2026-08-03",
    "lots": [{"heading": "Mat", "description": "", "winner": []}],
}
READERS: dict[str, tuple[Callable[[bytes], object], tuple[object, ...]]] = {
    "search": (
        doffin.read_search,
        ({"numHitsTotal": 1, "numHitsAccessible": 1, "hits": [HIT]},),
    ),
    "unit": (enhetsregisteret.read_unit, tuple(register.units()[:20])),
    "establishment": (enhetsregisteret.read_establishment, tuple(register.establishments()[:20])),
    "accounts": (
        accounts.read,
        tuple(
            found
            for unit in register.units()
            if (found := register.accounts(unit["organisasjonsnummer"]))
        )[:20],
    ),
}


def same(reader: Callable[[bytes], object], body: bytes) -> None:
    try:
        found = reader(body)
    except (SourceError, CodeError):
        return
    assert reader(body) == found
    kind: type[object] = type(found)
    if reader is enhetsregisteret.read_unit:
        assert decode(encode(found), kind) == found


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=150)
@given(data=st.data())
def test_a_changed_answer_is_read_or_refused(name: str, data: st.DataObject) -> None:
    reader, records = READERS[name]
    same(reader, as_json(data, data.draw(st.sampled_from(records))))


@pytest.mark.parametrize("name", READERS)
@given(body=st.binary(max_size=100) | JSON.map(json.dumps).map(str.encode))
def test_an_answer_of_any_kind_is_read_or_refused(name: str, body: bytes) -> None:
    same(READERS[name][0], body)


@pytest.mark.parametrize("name", READERS)
def test_deep_nesting_is_refused(name: str) -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    reader, (record, *_) = READERS[name]
    with pytest.raises(SourceError):
        reader(deep)
    inside = record[0] if isinstance(record, list) else record
    assert isinstance(inside, dict)
    for key in inside:
        body = json.dumps(inside | {key: "HERE"}).encode().replace(b'"HERE"', deep)
        with pytest.raises(SourceError):
            reader(b"[" + body + b"]" if isinstance(record, list) else body)


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "-Infinity", "1e99999", "9" * 30])
def test_an_amount_that_is_none_is_refused(amount: str) -> None:
    numbers = (unit["organisasjonsnummer"] for unit in register.units())
    year = next(found[0] for number in numbers if (found := register.accounts(number)))
    body = json.dumps([year | {"eiendeler": {"sumEiendeler": amount}}]).encode()
    with pytest.raises(SourceError, match=r"sumEiendeler: .* is not an amount"):
        accounts.read(body)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("organisasjonsnummer", "9" * 5000),
        ("sisteInnsendteAarsregnskap", "9" * 5000),
        ("sisteInnsendteAarsregnskap", "\u0662\u0660\u0662\u0665"),
        ("maalform", "x" * 5000),
        ("antallAnsatte", 10**30),
        ("antallAnsatte", -1),
        ("u" * 5000, 1),
    ],
)
def test_a_value_without_measure_is_refused_in_few_words(field: str, value: object) -> None:
    with pytest.raises(SourceError) as caught:
        enhetsregisteret.read_unit(json.dumps(register.units()[0] | {field: value}).encode())
    assert len(str(caught.value)) < 1000


BULK = json.dumps(register.units()[:3]).encode()


@given(
    data=st.data(),
    packed=st.booleans(),
    cut=st.integers(1, 4000),
)
def test_a_damaged_bulk_file_gives_what_was_whole_or_an_error(
    data: st.DataObject, packed: bool, cut: int
) -> None:
    body = bytearray(gzip.compress(BULK) if packed else BULK)
    for _ in range(data.draw(st.integers(0, 3))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    whole = bytes(body[: data.draw(st.just(len(body)) | st.integers(0, len(body)))])
    chunks = [whole[at : at + cut] for at in range(0, len(whole), cut)]
    try:
        for group in enhetsregisteret.stream(chunks):
            for record in group:
                same(enhetsregisteret.read_unit, record)
                assert isinstance(enhetsregisteret.number_of(record), str)
    except SourceError:
        pass

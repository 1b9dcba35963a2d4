"""A draft is looked at before it is published, and nothing of it is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from procmatch.errors import SourceError
from procmatch.insight.lots import Way
from procmatch.workflows.drafts import look_at, read_draft
from tests.insight.test_what_if import market
from tests.matching.market import CODES, NOW, firm
from tests.sources.test_draft import DRAFT, docx, paragraphs

BAKER = firm("Bakeren AS", "10.710", "Baking av brød.", turnover=4e6, employees=5, in_group=False)
FISH = firm("Fisken AS", "10.200", "Foredling av fisk.", turnover=4e6, employees=5, in_group=False)


def test_words_and_the_same_in_a_document_are_the_same_draft() -> None:
    words = read_draft(DRAFT, codes=CODES)
    document = read_draft(docx(paragraphs(*DRAFT.splitlines())), codes=CODES)
    assert (words.kind, document.kind) == ("text", "docx")
    assert words.notice == document.notice


def test_codes_are_proposed_where_the_draft_names_none() -> None:
    found = read_draft(DRAFT, codes=CODES)
    assert found.suggested.keys() == {"LOT-0002"}
    assert found.notice.lots[1].cpv_main in {"03310000", "15200000", "03311000"}


def test_a_draft_that_names_no_place_is_where_the_buyer_says() -> None:
    found = read_draft("Kjøp av brød", codes=CODES, place="3203")
    assert [place.municipality for place in found.notice.lots[0].places] == ["3203"]


def test_parts_are_held_against_one_contract() -> None:
    found = look_at(market(BAKER, FISH), read_draft(DRAFT, codes=CODES), clock=lambda: NOW)
    assert found.together is not None
    assert (found.together.before.firms, found.divided) == (0, ())
    kinds = {effect.kind for lot in found.hurdles for effect in lot.effects}
    assert {"turnover", "references"} <= kinds


def test_one_lot_is_divided_in_each_way_that_suits_it() -> None:
    text = "Mat\nKjøp av brød og fisk. CPV 15811000 og 15200000. Verdi 8 millioner kroner."
    draft = read_draft(text, codes=CODES, place="3203")
    found = look_at(market(BAKER, FISH), draft, clock=lambda: NOW)
    ways = {division.way: answer for division, answer in found.divided}
    assert ways.keys() >= {Way.PRODUCT, Way.VALUE, Way.RESERVED}
    assert (ways[Way.PRODUCT].before.firms, ways[Way.PRODUCT].after.firms) == (0, 2)


@pytest.mark.shared
def test_an_eforms_file_is_a_draft_too(shared_data: Path) -> None:
    xml = (shared_data / "tenders" / "doffin_xml" / "2023-307227.xml").read_bytes()
    found = read_draft(xml, codes=CODES)
    assert found.kind == "eforms"
    assert len(found.notice.lots) == 10


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7 ...",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50,
        b"{\\rtf1 Brod}",
        b"PK\x03\x04 no document",
        b"<html><body>Konkurranse</body></html>",
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
        b"\x00\x01\x02\x03",
        b"",
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(body: bytes) -> None:
    with pytest.raises(SourceError) as refused:
        read_draft(body, codes=CODES)
    assert "\n" not in str(refused.value)


def test_a_text_of_windows_is_read_with_its_letters() -> None:
    found = read_draft("Kjøp av brød på Øya".encode("cp1252"), codes=CODES)
    assert str(found.notice.title) == "Kjøp av brød på Øya"

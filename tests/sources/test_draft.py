"""A draft in plain words or in a Word document, as buyers write it and as an attacker would."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.codes import builtin
from procmatch.errors import SourceError
from procmatch.sources.docx import read_words
from procmatch.sources.draft import MOST_CHARACTERS, read_draft_text

CODES = builtin()
DRAFT = """Rammeavtale om mat til skoler og sykehjem

1 Om anskaffelsen
Kommunen skal kjøpe ferske matvarer. Estimert verdi er kr 4 000 000 i avtaleperioden.
Avtalen har en varighet på 4 år. Leveringssted: Asker og Bærum.
Tilbudsfrist: 12.03.2027 kl. 12:00.

Delkontrakt 1: Brød og bakervarer
Ferskt brød hver dag. CPV 15811000-6. Verdi 1,5 millioner kroner.
Delkontrakt 2 – Fisk
Fersk fisk en gang i uken.

3. Kvalifikasjonskrav
• Leverandøren skal ha en årlig omsetning på minst 10 000 000 kroner.
• Leverandøren skal ha minst tre referanser fra siste tre år.

4. Tildelingskriterier
- Pris 60 %
- Kvalitet 40 %

5. Kontraktsvilkår
Kommunens egen avtale brukes.
"""
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(document: str, **others: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", document)
        for name, body in others.items():
            packed.writestr(name, body)
    return file.getvalue()


def paragraphs(*lines: str) -> str:
    said = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    return f'<w:document xmlns:w="{W}"><w:body>{said}</w:body></w:document>'


def test_lots_requirements_and_figures_are_read() -> None:
    found = read_draft_text(DRAFT, codes=CODES)
    assert str(found.title) == "Rammeavtale om mat til skoler og sykehjem"
    bread, fish = found.lots
    assert (bread.id, str(bread.title)) == ("LOT-0001", "Brød og bakervarer")
    assert (fish.id, str(fish.title)) == ("LOT-0002", "Fisk")
    assert bread.cpv_main == "15811000"
    assert bread.value is not None
    assert bread.value.amount == Decimal(1_500_000)
    assert found.value is not None
    assert found.value.amount == Decimal(4_000_000)
    assert fish.value is None
    for lot in found.lots:
        assert [str(one.description)[:11] for one in lot.selection_criteria] == ["Leverandøre"] * 2
        assert [one.weight for one in lot.award_criteria] == [60, 40]
        assert [place.municipality for place in lot.places] == ["3203", "3201"]
        assert lot.deadline is not None
        assert lot.deadline.astimezone(UTC) == datetime(2027, 3, 12, 11, tzinfo=UTC)
        assert lot.term is not None
        assert (lot.term.length, lot.term.unit) == (4, "YEAR")
    assert "Kommunens egen avtale" in str(found.description)


def test_a_draft_without_lots_is_one() -> None:
    found = read_draft_text("Kjøp av brød\nFerskt brød til skolene.", codes=CODES)
    (lot,) = found.lots
    assert str(lot.title) == "Kjøp av brød"
    assert str(lot.description) == "Ferskt brød til skolene."


def test_a_table_of_contents_makes_no_second_lot() -> None:
    text = "Mat\nDelkontrakt 1 Brød\nDelkontrakt 2 Fisk\nOm avtalen\nDelkontrakt 1 Brød\nDaglig."
    found = read_draft_text(text, codes=CODES)
    assert [str(lot.title) for lot in found.lots] == ["Brød", "Fisk"]
    assert "Daglig." in str(found.lots[0].description)


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u200b\n"])
def test_nothing_is_said_to_be_nothing(text: str) -> None:
    with pytest.raises(SourceError, match="empty"):
        read_draft_text(text, codes=CODES)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("x" * (MOST_CHARACTERS + 1), "longer than"), ("a\0b", "zero bytes")],
)
def test_what_is_no_text_is_refused(text: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        read_draft_text(text, codes=CODES)


@pytest.mark.parametrize(
    "text",
    [
        "Delkontrakt 1\n" * 20_000,
        "Kvalifikasjonskrav\n" + "Krav.\n" * 20_000,
        "verdi " * 80_000,
        "verdi 1 000 " + "000 " * 100_000,
        "Leveringssted: " + "Asker " * 60_000,
        "1.1.1.1.1.1.1.1 " * 30_000,
        "tilbudsfrist 99.99.2027",
        "varighet på 0 år",
        "=cmd|'/c calc'!A1\nDelkontrakt 1: =HYPERLINK(1)",
        "<script>alert(1)</script>\nDel 1: <img src=x onerror=alert(1)>",
        "\u202eDraft\u2066 with\u200b hidden marks",
    ],
)
def test_hostile_words_are_words(text: str) -> None:
    found = read_draft_text(text, codes=CODES)
    assert 1 <= len(found.lots) <= 40
    assert len(str(found.description)) <= 20_000
    assert "\u202e" not in str(found.title)


@given(st.text(min_size=1))
def test_no_words_make_the_reader_fall(text: str) -> None:
    try:
        found = read_draft_text(text, codes=CODES)
    except SourceError:
        return
    assert found.lots


def test_the_words_of_a_document_are_its_paragraphs_and_cells() -> None:
    cell = "<w:tc><w:p><w:r><w:t>Pris</w:t></w:r></w:p></w:tc>"
    table = f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>"
    body = paragraphs("Mat", "Del 1: Brød &amp; kaker").replace("</w:body>", table + "</w:body>")
    deleted = body.replace("</w:body>", "<w:p><w:del><w:r><w:delText>x</w:delText></w:r></w:del>"
                           "</w:p></w:body>")  # fmt: skip
    assert read_words(docx(deleted)) == "Mat\nDel 1: Brød & kaker\nPris\n"


def test_a_bomb_is_unpacked_no_further_than_the_limit() -> None:
    with pytest.raises(SourceError, match="when unpacked"):
        read_words(docx("<a>" + " " * 40_000_000))


def test_a_size_that_lies_does_no_harm() -> None:
    body = docx(paragraphs("x" * 5_000))
    at = body.index(b"PK\x01\x02")
    lying = body[: at + 24] + struct.pack("<I", 7) + body[at + 28 :]
    with pytest.raises(SourceError):
        read_words(lying)


@pytest.mark.parametrize(
    "entity",
    [
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE d [<!ENTITY x "aaaa"><!ENTITY y "&x;&x;&x;&x;">]>',
        '<!DOCTYPE d SYSTEM "http://127.0.0.1/x.dtd">',
    ],
)
def test_entities_and_document_types_are_refused(entity: str) -> None:
    with pytest.raises(SourceError):
        read_words(docx(entity + paragraphs("&x;")))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"PK\x03\x04",
        b"PK\x03\x04" + b"\0" * 200,
        docx(paragraphs("x"))[:100],
        docx("<not-a-document/>"),
        docx("<w:document>"),
        docx(""),
        b"x" * 10_000_001,
    ],
)
def test_what_is_no_document_is_refused(body: bytes) -> None:
    with pytest.raises(SourceError):
        read_words(body)


def test_a_workbook_is_no_document() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(SourceError, match="no Word document"):
        read_words(file.getvalue())


@given(st.binary(max_size=300), st.integers(0, 300))
def test_a_document_broken_anywhere_is_read_or_refused(noise: bytes, at: int) -> None:
    whole = docx(paragraphs("Brød"))
    try:
        read_words(whole[:at] + noise + whole[at + len(noise) :])
    except SourceError:
        return

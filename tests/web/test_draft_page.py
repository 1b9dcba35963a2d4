"""A draft is read, looked at and forgotten, whatever is sent."""

from __future__ import annotations

import io
import zipfile

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from procmatch.store import Store
from procmatch.store.tables import metadata
from tests.sources.test_draft import docx, paragraphs

DRAFT = """Rammeavtale mat til Brattdal kommune

Lot 1: Brød og bakervarer
Ferskt brød til skoler og sykehjem. CPV 15811000. Verdi 2 millioner kroner.

Lot 2: Fisk
Fersk fisk. Verdi 3 millioner kroner.

Kvalifikasjonskrav
Leverandøren skal ha en årlig omsetning på minst 20 millioner kroner.
Leverandøren skal være sertifisert etter ISO 9001.
"""


def packed(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return file.getvalue()


def test_a_pasted_draft_shows_hurdles_proportion_and_division(site: TestClient) -> None:
    answer = site.post("/draft?lang=nb", data={"text": DRAFT, "place": "Brattdal"})
    assert answer.status_code == 200
    for said in (
        "Dette ble lest",
        "Brødprodukter (15811000)",
        "Tatt fra ordene",
        "10,0 ganger kontraktens verdi",
        "Alle deler i én kontrakt, mot delene slik de er",
        "kan verken være et krav eller et tildelingskriterium",
    ):
        assert said in answer.text, said
    assert answer.headers["cache-control"] == "no-store"


def test_a_word_document_says_the_same(site: TestClient) -> None:
    body = docx(paragraphs(*DRAFT.splitlines()))
    answer = site.post(
        "/draft?lang=nb", data={"place": "Brattdal"}, files={"file": ("a.docx", body)}
    )
    assert answer.status_code == 200
    assert "10,0 ganger kontraktens verdi" in answer.text


def test_one_lot_is_divided_in_the_ways_that_suit_it(site: TestClient) -> None:
    text = "Mat\nKjøp av brød og fisk. CPV 15811000 og 15200000. Verdi 8 millioner kroner."
    answer = site.post("/draft?lang=nb", data={"text": text, "place": "9803"})
    assert "Delt etter vareslag" in answer.text
    assert "reservert for vernede virksomheter" in answer.text


def test_nothing_of_a_draft_is_stored(site: TestClient, matched: Store) -> None:
    def counts() -> dict[str, int]:
        with matched.read() as connection:
            return {
                table.name: connection.scalar(select(func.count()).select_from(table)) or 0
                for table in metadata.sorted_tables
            }

    before = counts()
    assert site.post("/draft", data={"text": DRAFT}).status_code == 200
    assert counts() == before


HOSTILE = {
    "nothing": b"",
    "a program": b"MZ\x90\x00" + bytes(range(256)) * 20,
    "a PDF": b"%PDF-1.7\n1 0 obj",
    "an old Word file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "an archive that is no document": packed({"a.txt": b"x"}),
    "a broken archive": packed({"word/document.xml": b"<w/>"})[:-30],
    "a bomb": packed({"word/document.xml": b" " * 60_000_000}),
    "an entity that reads a file": (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    ),
    "entities that grow": (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">'
        b'<!ENTITY c "&b;&b;&b;&b;">]><x>&c;</x>'
    ),
    "an entity in a document": packed(
        {
            "word/document.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM '
            b'"file:///etc/passwd">]><w:document xmlns:w="http://schemas.openxmlformats.org/'
            b'wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body>'
            b"</w:document>"
        }
    ),
    "markup": b"<script>alert(1)</script><img src=x onerror=alert(1)>",
    "words with markup in them": b"Lot 1: <script>alert(1)</script>\nBr\xc3\xb8d {{ 7*7 }}",
    "many lots": b"".join(b"Lot %d: Bread\nBread.\n" % at for at in range(1, 90)),
    "one endless word": b"a" * 400_000,
    "endless brackets": b"(" * 200_000,
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_does_no_harm(site: TestClient, body: bytes) -> None:
    answer = site.post("/draft?lang=nb", files={"file": ("x.docx", body)})
    assert answer.status_code in {200, 400}
    for harmful in ("root:x:0", "<script>alert", "<img src=x", ">49<"):
        assert harmful not in answer.text
    if answer.status_code == 400:
        assert 'role="alert"' in answer.text


def test_what_is_too_long_or_has_no_length_is_not_read(site: TestClient) -> None:
    assert site.post("/draft", content=b"a" * 13_000_000).status_code == 413
    assert site.post("/subscribe", content=b"a" * 200_000).status_code == 413
    assert site.post("/draft", content=iter([b"a", b"b"])).status_code == 411


def test_other_forms_take_no_file(site: TestClient) -> None:
    answer = site.post("/subscribe", files={"file": ("x", b"x")}, data={"email": "a@b.example"})
    assert answer.status_code == 400

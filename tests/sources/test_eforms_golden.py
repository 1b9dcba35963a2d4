"""Small notices written by hand, and exactly what is read from them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from procmatch.model.plain import notice_as_dict
from procmatch.sources import eforms

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("folder", sorted(GOLDEN.iterdir()), ids=lambda folder: folder.name)
def test_a_notice_reads_as_written_down(folder: Path) -> None:
    notice = eforms.read((folder / "in.xml").read_bytes())
    assert notice_as_dict(notice) == json.loads((folder / "out.json").read_text("utf-8"))


@pytest.mark.parametrize("folder", sorted(GOLDEN.iterdir()), ids=lambda folder: folder.name)
def test_persons_are_never_read(folder: Path) -> None:
    notice = eforms.read((folder / "in.xml").read_bytes())
    assert "Person" not in repr(notice)
    assert "person@" not in repr(notice)


def test_all_languages_are_kept() -> None:
    notice = eforms.read((GOLDEN / "competition_with_lots" / "in.xml").read_bytes())
    assert notice.title.versions == (("ENG", "Food and transport"), ("NOR", "Mat og transport"))
    assert notice.title.best("ENG") == "Food and transport"


def test_source_and_id_are_the_callers() -> None:
    xml = (GOLDEN / "cancellation" / "in.xml").read_bytes()
    notice = eforms.read(xml, source="ted", source_id="123456-2026")
    assert (notice.source, notice.source_id) == ("ted", "123456-2026")
    assert notice.changes is not None
    assert notice.changes.cancels

"""A municipality's pages as files: whole, offline, every link leads to a file or out."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest

from procmatch.errors import NotFound, SourceError
from procmatch.store import Store
from procmatch.web.report import Written, write_report
from tests.web.conftest import SETTINGS
from tests.workflows.conftest import NOW

PLACE = "9801"
LINK = re.compile(r'(?:href|src|action)="([^"]*)"')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("report") / "out"


@pytest.fixture(scope="module")
def written(matched: Store, folder: Path) -> Written:
    return write_report(SETTINGS, PLACE, folder, clock=lambda: NOW, store=matched)


def pages(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}


def test_the_three_doors_the_food_groups_and_the_guide_are_there(
    written: Written, folder: Path
) -> None:
    found = pages(folder)
    assert written.first == folder / "index.html"
    assert written.pages == len(found)
    assert {
        "index.html", "leader.html", "purchaser.html", "unit.html", "unit-bread.html",
        "levers.html", "trends.html", "trends-unit.html", "leakage.html", "guide-food.html",
        "about.html",
    } <= found.keys()  # fmt: skip
    assert all("Skrevet 1. juni 2026" in text for text in found.values())


@pytest.mark.usefixtures("written")
def test_every_link_leads_to_a_file_that_is_there_or_out_of_it(folder: Path) -> None:
    for name, text in pages(folder).items():
        for link in LINK.findall(text):
            parts = urlsplit(link)
            if parts.scheme:
                assert parts.scheme in {"https", "mailto"}, (name, link)
            elif parts.path:
                assert (folder / parts.path).is_file(), (name, link)


@pytest.mark.usefixtures("written")
def test_nothing_in_it_needs_a_server(folder: Path) -> None:
    for text in pages(folder).values():
        assert "<form" not in text
        assert "<script" not in text
        assert not re.search(r"<(?:img|iframe|link)[^>]+https?://", text)


@pytest.mark.usefixtures("written")
def test_the_first_page_lists_all_others(folder: Path) -> None:
    found = pages(folder)
    for name in found.keys() - {"index.html"}:
        assert f'href="{name}"' in found["index.html"]


@pytest.mark.usefixtures("written")
def test_a_unit_head_finds_each_food_group_by_its_name(folder: Path) -> None:
    found = pages(folder)
    assert "Brød og bakervarer</a>" in found["unit.html"]
    assert "Brød og bakervarer</h1>" in found["unit-bread.html"]
    titles = re.findall(r'<li><a href="unit[^"]*">([^<]*)</a></li>', found["index.html"])
    assert len(set(titles)) == len(titles)


@pytest.mark.usefixtures("written")
def test_the_tables_lie_beside_the_pages(folder: Path) -> None:
    with (folder / "leader.csv").open(encoding="utf-8-sig", newline="") as file:
        assert "question" in next(csv.reader(file))
    with (folder / "trends-purchases.csv").open(encoding="utf-8-sig", newline="") as file:
        assert "local" in next(csv.reader(file))
    assert (folder / "leader.xlsx").read_bytes().startswith(b"PK")


def test_it_is_written_in_each_language(matched: Store, tmp_path: Path) -> None:
    english = msgspec.structs.replace(SETTINGS, language="en")
    write_report(english, PLACE, tmp_path / "en", clock=lambda: NOW, store=matched)
    assert "Written on" in (tmp_path / "en" / "index.html").read_text(encoding="utf-8")


def test_a_place_that_is_not_there_is_said_so(matched: Store, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        write_report(SETTINGS, "1234", tmp_path / "x", clock=lambda: NOW, store=matched)
    assert not (tmp_path / "x").exists()


def test_a_folder_that_cannot_be_made_is_said_so(matched: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(SourceError):
        write_report(SETTINGS, PLACE, tmp_path / "file", clock=lambda: NOW, store=matched)

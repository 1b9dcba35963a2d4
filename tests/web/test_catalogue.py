"""Every sentence of a page exists in both written forms of Norwegian."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from procmatch import web
from procmatch.text.messages import LOCALE_DIR, translate
from procmatch.web.divided import WAYS
from procmatch.web.municipal import DOORS, MEASURES, MORE, OF, QUESTIONS, SHORT
from procmatch.web.pages import food
from procmatch.web.pages.levers import LEVER_NAMES, TOOLS
from procmatch.web.pages.municipality import ABOUT
from procmatch.web.pages.need import DIMENSIONS
from procmatch.web.pages.supplier import STATUS
from procmatch.web.pages.trends import CUTS
from procmatch.web.trend_tables import COUNTED, GROUPS, STANDINGS, TARGET_OF
from procmatch.web.versions import KINDS
from tests.alerts.test_catalogues import fields

HERE = Path(str(web.__file__)).parent
#: Sentences that pages choose by a value.
TABLES: tuple[Mapping[Any, str], ...] = (
    ABOUT, DIMENSIONS, DOORS, KINDS, LEVER_NAMES, MEASURES, MORE, OF, QUESTIONS, SHORT, STATUS,
    WAYS, COUNTED, CUTS, GROUPS, STANDINGS, TARGET_OF, food.COUNTED,
    {key: said for key, (_path, said) in TOOLS.items()},
)  # fmt: skip


def sentences() -> set[str]:
    found: set[str] = set()
    for path in (HERE / "templates").iterdir():
        with path.open("rb") as file:
            for _line, _function, message, _comments in babel_extract(file, ["_"], [], {}):
                found.add(str(message[0] if isinstance(message, tuple) else message))
    for path in HERE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "phrase":
                found |= texts(*ast.walk(node.args[0]))
            if isinstance(node, ast.IfExp):
                found |= {text for text in texts(node.body, node.orelse) if text.endswith(".")}
            if isinstance(node, ast.keyword):
                found |= {text for text in texts(node.value) if text.endswith(".")}
    for table in TABLES:
        found |= set(table.values())
    return found


def texts(*nodes: ast.AST) -> set[str]:
    return {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def translations(language: str, ending: str) -> dict[str, str]:
    path = LOCALE_DIR / language / "LC_MESSAGES" / f"web.{ending}"
    with path.open("rb") as file:
        read = (
            read_po(file, locale=language, abort_invalid=True) if ending == "po" else read_mo(file)
        )
    return {str(one.id): str(one.string) for one in read if one.id}


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_sentence_is_translated_and_none_is_left_over(language: str) -> None:
    asked = sentences()
    assert len(asked) > 60
    untranslated = {one for one in asked if translate(one, language) == one}
    assert untranslated <= {"CPV-koder", "Open", "kroner"}
    assert set(translations(language, "po")) <= asked


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_translations_fill_in_the_same_values_and_are_compiled(language: str) -> None:
    written = translations(language, "po")
    assert translations(language, "mo") == written, "run: make tables"
    for sentence, translated in written.items():
        assert fields(translated) == fields(sentence), sentence

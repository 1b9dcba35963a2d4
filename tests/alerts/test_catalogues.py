"""Every sentence of a letter exists in both written forms of Norwegian."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from procmatch import alerts
from procmatch.alerts import (
    asked,
    content,
    nearby,
    phrases,
    preferences,
    revisions,
    statement_letter,
)
from procmatch.text.messages import LOCALE_DIR

HERE = Path(str(alerts.__file__)).parent
CALLS = {"phrase", "translate", "Message"}


def in_templates() -> set[str]:
    found: set[str] = set()
    for path in (HERE / "templates").iterdir():
        with path.open("rb") as file:
            for _line, _function, message, _comments in babel_extract(file, ["_"], [], {}):
                found.add(str(message[0] if isinstance(message, tuple) else message))
    return found


def in_code() -> set[str]:
    found: set[str] = set()
    for path in HERE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in CALLS
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(str(node.args[0].value))
    return found


def in_tables() -> set[str]:
    found = {
        *revisions.FIELDS.values(),
        *phrases.WEEKDAYS,
        *phrases.MONTHS,
        *phrases.REGIONS.values(),
    }
    found |= {*content.NEWS.values(), *content.DEADLINES.values(), *content.VALUES}
    found |= {*content.REASONS.values(), *(row.said for row in preferences.RULE.values())}
    found |= {asked.CONSENT, *asked.EVERY.values(), *asked.QUIET.values()}
    found |= {*asked.RESERVED.values(), *nearby.FITTING.values(), *nearby.STOPPED}
    found |= {*statement_letter.SAYS.values(), *statement_letter.PARTS.values()}
    for table in (content.HEADINGS, content.COUNTS):
        found |= {text for pair in table.values() for text in pair}
    return found


def catalogue(language: str) -> Catalog:
    with (LOCALE_DIR / language / "LC_MESSAGES" / "alerts.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


ALL = in_templates() | in_code() | in_tables()


def test_sentences_are_found_in_templates_code_and_tables() -> None:
    assert "Announcement" in in_templates()
    assert "The buyer writes: {text}" in in_code()
    assert "1 new tender" in in_tables()


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_sentence_is_translated_and_no_translation_is_left_over(language: str) -> None:
    translated = {str(m.id): str(m.string) for m in catalogue(language) if m.id}
    assert set(translated) == ALL
    assert all(translated.values())


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_a_translation_fills_in_the_same_values(language: str) -> None:
    for message in catalogue(language):
        assert fields(str(message.string)) == fields(str(message.id)), message.id


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_the_compiled_catalogue_is_as_new_as_its_source(language: str) -> None:
    with (LOCALE_DIR / language / "LC_MESSAGES" / "alerts.mo").open("rb") as file:
        compiled = {str(m.id): str(m.string) for m in read_mo(file) if m.id}
    written = {str(m.id): str(m.string) for m in catalogue(language) if m.id}
    assert compiled == written, "run: make tables"

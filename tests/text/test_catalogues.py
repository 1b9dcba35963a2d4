"""Every sentence for people exists in bokmål, nynorsk and English, with the same values."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import procmatch
from procmatch.text.messages import DOMAINS, LOCALE_DIR, Message, say

ROOT = Path(procmatch.__file__).parent
TRANSLATED = ("nb", "nn")


def templates(folder: str) -> Iterator[str]:
    """Yield the first argument of every ``Message("...")`` and ``phrase("...")``."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"Message", "phrase"}
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                yield str(node.args[0].value)


def catalogue(domain: str, language: str) -> dict[str, str]:
    path = LOCALE_DIR / language / "LC_MESSAGES" / f"{domain}.po"
    with path.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id}


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("domain", DOMAINS)
def test_every_sentence_is_translated(domain: str, language: str) -> None:
    # A sentence that two parts of the house say is translated once, in either's catalogue.
    known = {sentence for one in DOMAINS for sentence in catalogue(one, language)}
    wanted = set(templates(domain))
    assert wanted
    assert wanted - known == set()


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("domain", DOMAINS)
def test_translations_keep_the_values(domain: str, language: str) -> None:
    for template, translation in catalogue(domain, language).items():
        assert translation, template
        assert fields(translation) == fields(template)


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("domain", DOMAINS)
def test_compiled_catalogues_are_fresh(domain: str, language: str) -> None:
    folder = LOCALE_DIR / language / "LC_MESSAGES"
    with (folder / f"{domain}.po").open("rb") as file:
        expected = {m.id: m.string for m in read_po(file) if m.id}
    with (folder / f"{domain}.mo").open("rb") as file:
        compiled = {m.id: m.string for m in read_mo(file) if m.id}
    assert compiled == expected, "run make tables"


def test_a_message_is_said_in_each_language() -> None:
    message = Message("Works in {own}, next to {town}.", (("own", "Asker"), ("town", "Bærum")))
    assert say(message, "en") == "Works in Asker, next to Bærum."
    assert say(message, "nb") == "Holder til i Asker, nabokommunen til Bærum."
    assert say(message, "nn").startswith("Held til")


def test_a_value_may_have_its_own_versions() -> None:
    bread = Message("15811000", words=(("nb", "brød {0}"), ("en", "bread")))
    message = Message("Trade: {trade}. The lot is for {goods}.", (("trade", "x"), ("goods", bread)))
    assert say(message, "nn").endswith("brød {0}.")
    assert say(message, "en").endswith("bread.")

"""Sentences for people in bokmål, nynorsk and English, through gettext catalogues.

A sentence is written in English where it is made, as a ``str.format`` template with named
fields; the catalogues under ``locale/`` hold its translations. One catalogue ("domain") a part
of the house, so that each can be read and reviewed alone.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

__all__ = ["DOMAINS", "LANGUAGES", "LOCALE_DIR", "Message", "say", "translate"]

LOCALE_DIR = Path(__file__).parent / "locale"
LANGUAGES = ("nb", "nn", "en")
DOMAINS = ("matching", "alerts", "web", "insight")
#: Sentences of which the translation is at hand: all there are, in each language.
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence to be said in any language: an English template and its values.

    ``text`` is a ``str.format`` template with named fields and the key of the catalogues;
    ``values`` are (name, value) pairs. A value that itself needs translation (a trade, a unit) is
    a ``Message``. ``words`` holds (language, text) pairs for a text that has its own versions, such
    as the label of a code; then ``text`` is the last resort and nothing is filled in.
    """

    text: str
    values: tuple[tuple[str, str | int | float | Message], ...] = ()
    words: tuple[tuple[str, str], ...] = ()


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    chain: gettext.NullTranslations = gettext.NullTranslations()
    # Nynorsk falls back on bokmål: a reader of one reads the other better than English.
    for code in {"nb": ("nb",), "nn": ("nn", "nb")}.get(language, ()):
        for domain in DOMAINS:
            found = gettext.translation(domain, LOCALE_DIR, [code], fallback=True)
            if isinstance(found, gettext.GNUTranslations):
                if isinstance(chain, gettext.GNUTranslations):
                    chain.add_fallback(found)
                else:
                    chain = found
    return chain


@lru_cache(maxsize=_REMEMBERED)
def translate(text: str, language: str) -> str:
    """Return the template ``text`` in ``language`` (nb, nn or en), or as it is."""
    return _catalogue(language).gettext(text) if text else ""


def say(message: Message, language: str) -> str:
    """Return the sentence in ``language`` with its values filled in."""
    if message.words:
        known = dict(message.words)
        return known.get(language) or known.get("nb") or message.text
    values = {name: _shown(value, language) for name, value in message.values}
    return translate(message.text, language).format(**values)


def _shown(value: str | float | Message, language: str) -> str | int:
    """A decimal number has a comma in Norwegian."""
    if isinstance(value, Message):
        return say(value, language)
    if isinstance(value, float):
        text = f"{value:.1f}"
        return text if language == "en" else text.replace(".", ",")
    return value

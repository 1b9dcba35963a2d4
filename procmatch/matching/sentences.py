"""The sentences of a text as buyers write it: run together, with bullets and abbreviations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procmatch.model.values import Text

__all__ = ["NORWEGIAN", "denied", "denies", "readings", "sentences"]

#: Codes of Norwegian in the EU's list of languages, and of its two written forms.
NORWEGIAN = ("NOR", "NOB", "NNO")
#: The full stop of these ends no sentence; Python wants a fixed length behind.
_SHORT = ("iht", "eks", "jf", "ca", "pkt", "nr", "min", "kl", "inkl", "hht", "mht", "e.g")
_NOT_SHORT = "".join(rf"(?<!\b{re.escape(one)}\.)" for one in _SHORT)
_END = re.compile(rf"{_NOT_SHORT}(?<=[.!?;:])\s*(?=[A-ZÆØÅ•\-–])|\n+|\s[•·]\s|\s-\s(?=[A-ZÆØÅ])")
#: "Not older than" sets a limit and denies nothing.
_NOT = r"\b(?:ikke|ikkje|ingen|uten|utan|not|no|without)\b(?! eldre| older)"
_DENIAL = re.compile(_NOT, re.IGNORECASE)
_DENIED_BEFORE = re.compile(rf"{_NOT}[^.;]{{0,40}}$", re.IGNORECASE)


def readings(*texts: Text) -> Iterator[str]:
    """Yield the texts joined, once for each language; translations of Norwegian are left out."""
    languages = dict.fromkeys(language for text in texts for language, _ in text.versions)
    native = [language for language in languages if language in NORWEGIAN]
    for language in native or languages:
        yield "\n".join(words for text in texts for at, words in text.versions if at == language)


def sentences(words: str) -> tuple[str, ...]:
    """Return the sentences, headings and bullet points of a text, lower case, each on one line."""
    return tuple(" ".join(part.split()).lower() for part in _END.split(words) if part.strip())


def denies(sentence: str) -> bool:
    """Tell whether a sentence denies anything."""
    return bool(_DENIAL.search(sentence))


def denied(sentence: str, at: int) -> bool:
    """Tell whether what stands at a place of a sentence is denied by what stands before it."""
    return bool(_DENIED_BEFORE.search(sentence[:at]))

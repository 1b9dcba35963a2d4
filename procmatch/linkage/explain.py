"""What a comparison says, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from procmatch.linkage.query import Asked
from procmatch.linkage.words import words_of

__all__ = ["Compared", "number_in_words", "say"]

_EXACT = 0.9999
_FORM = {0: "differs", 1: "left out", 2: "akin", 3: "agrees"}
_PLACE = {0: "differs", 1: "near", 2: "agrees", 3: "agrees"}
_SAME = {0: "differs", 1: "agrees"}
_FIGURES = {1: "on one side only", 2: "differ"}
_MOST_WORDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One printed name beside one name of the register.

    Attributes:
        printed, known: their keys. kind: what the register's name is. reading: how the printed
            one is read.
        features: by name, see :data:`~procmatch.linkage.features.FEATURES`.
        seen: how many names of the register hold each word of ``known``.
    """

    printed: str
    known: str
    kind: str
    reading: str
    features: Mapping[str, float]
    seen: Mapping[str, int]


def number_in_words(asked: Asked) -> tuple[tuple[str, str], ...]:
    """Say why a printed number did not decide."""
    if asked.number_problem:
        return (("number", asked.number_problem),)
    return (("number", "valid, but not in the register"),) if asked.number else ()


def _words(compared: Compared) -> list[tuple[str, str]]:
    """Say which words agree, with how many names hold each, and which do not."""
    mine, its = words_of(compared.printed), words_of(compared.known)
    shared = [f"{word} ({compared.seen.get(word, 1)})" for word in mine if word in its]
    said = [("words that agree", ", ".join(shared[:_MOST_WORDS]))] if shared else []
    ours = [word for word in mine if word not in its]
    theirs = [word for word in its if word not in mine]
    if ours:
        said.append(("only printed", " ".join(ours[:_MOST_WORDS])))
    if theirs:
        said.append(("only in the register", " ".join(theirs[:_MOST_WORDS])))
    return said


def say(compared: Compared) -> tuple[tuple[str, str], ...]:
    """Return what agreed, what did not, and how rare the agreeing words are."""
    features = compared.features
    is_exact = compared.printed == compared.known or features["compact"] >= _EXACT
    how = "is exactly the" if is_exact else f"{features['sorted']:.2f} like the"
    said = [("name", f"{how} {compared.kind}")]
    if compared.reading != "whole":
        said.append(("read", compared.reading))
    said += _words(compared)
    for name, label, words in (
        ("form", "legal form", _FORM),
        ("place", "place", _PLACE),
        ("street", "street", _SAME),
        ("site", "website", _SAME),
        ("figures", "figures", _FIGURES),
    ):
        value = features[name]
        if not math.isnan(value) and value in words:
            said.append((label, words[int(value)]))
        elif math.isnan(value) and name in {"form", "place"}:
            said.append((label, "unknown"))
    if features["group"]:
        said.append(("group", "a word that tells companies of a group apart is on one side only"))
    if not features["living"]:
        said.append(("status", "deleted from the register"))
    if features["namesakes"]:
        said.append(("units of this name", str(round(2 ** features["namesakes"]))))
    return tuple(said)

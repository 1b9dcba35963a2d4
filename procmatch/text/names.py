"""Organisation names taken apart: what it is called, its legal form, and which part of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from procmatch.text.folding import fold, fold_ascii

__all__ = ["LEGAL_FORMS", "Name", "ascii_key", "name_key", "parse_name", "take_apart"]

#: Words that state a legal form, and the register's code for it ("" where it has none).
LEGAL_FORMS = {
    **{form: form.upper() for form in ("as", "asa", "sa", "ba", "da", "ans", "kf", "iks", "enk")},
    **{form: form.upper() for form in ("nuf", "sti", "fkf", "sf")},
    # The register files regional and local health enterprises under one or two codes by age.
    **dict.fromkeys(("hf", "rhf"), "HF"),
    **dict.fromkeys(("aksjeselskap", "aksjeselskapet", "aksjeselskab"), "AS"),
    **dict.fromkeys(("stiftelsen", "stiftelse", "stiftinga", "stifting"), "STI"),
    **dict.fromkeys(("samvirkeforetak", "samvirkeforetaket"), "SA"),
    **dict.fromkeys(("al", "ks", "ab", "aps", "oy", "oyj", "gmbh", "ltd", "limited"), ""),
    **dict.fromkeys(
        ("plc", "inc", "llc", "bv", "nv", "kg", "ohg", "srl", "sarl", "sas", "slu"), ""
    ),
    **dict.fromkeys(
        ("lda", "ltda", "sro", "doo", "kft", "zrt", "nyrt", "uab", "sia", "ou", "eood"), ""
    ),
    **dict.fromkeys(("еоод", "оод", "еад", "ооо", "оао", "ltee", "cie", "gesmbh", "mbh"), ""),
}
_SLASHED = (
    (re.compile(r"(?<!\w)a\s?[/.]\s?s\b\.?", re.IGNORECASE), " as "),
    # "v/": by somebody, or the part of the organisation that buys.
    (re.compile(r"(?<!\w)(?:v|c|co)\s?/\s?(?:o\b)?", re.IGNORECASE), " avd "),
)
#: Forms of other countries, written with full stops: without these they are other words.
_DOTTED = re.compile(
    r"(?<!\w)(?:s\.\s?p\.\s?a|s\.\s?r\.\s?l|s\.\s?r\.\s?o|d\.\s?o\.\s?o|d\.\s?d|a\.\s?d|s\.\s?l|i\.\s?p"
    r"|s\.\s?c|b\.\s?v|n\.\s?v|s\.\s?a\.\s?s|s\.\s?a\.\s?r\.\s?l|sp\.\s?z\s?o\.\s?o)\b\.?",
    re.IGNORECASE,
)
#: What the register adds to the name of a unit that is on its way out.
_LEAVING = re.compile(
    r"\bunder (?:sletting|avvikling|tvangsavvikling|oppløsning|konkursbehandling)\b"
    r"(?: fra [\d.]+)?",
    re.IGNORECASE,
)
_PART_WORDS = ("avd", "avdeling", "avdelinga", "attn")
_FORMER_WORDS = ("tidl", "tidligere", "tidlegare", "formerly")
_AND = ("og", "and")
_MARKERS = frozenset({*_PART_WORDS, *_FORMER_WORDS})
_DROPPED = frozenset({*LEGAL_FORMS, *_MARKERS, *_AND})
_NUMBER_LENGTH = 9
#: Longer names are cut: nothing in a register is as long, and work must stay bounded.
LONGEST_NAME = 300
MOST_TOKENS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """An organisation name taken apart.

    Attributes:
        core: the words that tell it from others, in order, as :func:`fold` writes them.
        legal_form: the register's code for the form stated in the name, or None.
        department: what follows "avd.", "v/" or "c/o", folded, or ``""``.
        former: what follows "tidl.", folded, or ``""``.
    """

    core: tuple[str, ...]
    legal_form: str | None = None
    department: str = ""
    former: str = ""

    @property
    def key(self) -> str:
        """The core as one string; equal keys are the same name."""
        return " ".join(self.core)


def _cut(words: list[str], markers: tuple[str, ...]) -> tuple[list[str], str]:
    """Split at the first marker that has something before it; other markers go."""
    start = next((at for at, word in enumerate(words) if word not in markers), len(words))
    end = next((at for at in range(start, len(words)) if words[at] in markers), len(words))
    rest = (word for word in words[end:] if word not in markers)
    return words[start:end], " ".join(rest)


def _join_initials(words: list[str]) -> list[str]:
    joined: list[str] = []
    open_run = False
    for word in words:
        single = len(word) == 1 and word.isalpha()
        if single and open_run:
            joined[-1] += word
        else:
            joined.append(word)
        open_run = single
    return joined


def _is_number(word: str) -> bool:
    return len(word) == _NUMBER_LENGTH and word.isdecimal()


def _core(words: list[str]) -> tuple[list[str], str | None]:
    """Strip forms, "og" and nine-digit numbers until nothing changes, but never everything."""
    form: str | None = None
    if min(map(len, words), default=0) > 1:
        # Without single letters nothing can be written together: once is enough.
        kept = [word for word in words if word not in _DROPPED and not _is_number(word)]
        if kept:
            stated = [LEGAL_FORMS[word] for word in words if LEGAL_FORMS.get(word)]
            return kept, stated[-1] if stated else None
    if words[-2:] == ["a", "s"]:
        words = [*words[:-2], "as"]
    while True:
        words = _join_initials(words)
        stated = [LEGAL_FORMS[word] for word in words if LEGAL_FORMS.get(word)]
        form = form or (stated[-1] if stated else None)
        kept = [word for word in words if word not in _DROPPED and not _is_number(word)]
        if not kept:
            return [word for word in words if word not in _MARKERS], form
        if kept == words:
            return words, form
        words = kept


@lru_cache(maxsize=50_000)
def parse_name(name: str) -> Name:
    """Return :func:`take_apart`, remembered: the same names are printed again and again."""
    return take_apart(name)


def take_apart(name: str) -> Name:
    """Take an organisation name apart.

    Legal forms are found anywhere ("AS Vinmonopolet", "Vinmonopolet A/S"); initials are written
    together ("C. I. Pedersen", "CI Pedersen"); "og" and "&" do not count. Only the first
    300 characters and 24 words are read.
    """
    text = name[:LONGEST_NAME]
    if "/" in text or "." in text:
        for pattern, plain in _SLASHED:
            text = pattern.sub(plain, text)
        # A name that is nothing but such letters keeps them.
        text = _DOTTED.sub(" ", text) if _DOTTED.sub("", text).strip(" .,") else text
    if "under" in text.lower():
        text = _LEAVING.sub(" ", text)
    # Folding may lengthen; cutting again keeps the key of a key the same.
    words = fold(text)[:LONGEST_NAME].split()
    former = department = ""
    if not _MARKERS.isdisjoint(words):
        words, former = _cut(words, _FORMER_WORDS)
        words, department = _cut(words, _PART_WORDS)
    core, form = _core(words[:MOST_TOKENS])
    return Name(core=tuple(core), legal_form=form, department=department, former=former)


def name_key(name: str) -> str:
    """Return the words that tell an organisation from others, without legal form and part.

    ``name_key(name_key(name)) == name_key(name)``.
    """
    return parse_name(name).key


def ascii_key(name: str) -> str:
    """Return :func:`name_key` with æ, ø, å and accents written out (see :func:`fold_ascii`)."""
    return fold_ascii(name_key(name))

"""Names and texts brought to one form, so that spellings of the same thing meet.

Two keys of growing tolerance: :func:`fold` keeps æ, ø and å apart from other letters;
:func:`fold_ascii` writes them out, so that "Håland", "Haaland" and "HAALAND" meet. Each of the
functions that return text gives the same again when applied to its own answer.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["fold", "fold_ascii", "spell_out", "tokens"]

_SEPARATORS = re.compile(r"[\W_]+")
#: Letters that Unicode does not take apart, with the spelling used where keyboards lack them.
_SPELT_OUT = str.maketrans(
    {
        "æ": "ae",
        "ä": "ae",
        "ø": "oe",
        "ö": "oe",
        "å": "aa",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ł": "l",
        "ŧ": "t",
        "ŋ": "n",
        "œ": "oe",
    }
)
#: Letters that Unicode normalisation leaves as they are and that have one small form: with these
#: alone, which is nearly every name in a register, folding is one substitution.
_PLAIN = re.compile(r"[ -~À-ÖØ-Þà-öø-þ]+")
#: Rounds after which Unicode normalisation and case folding certainly agree with each other.
_ROUNDS = 4


def _one_round(text: str) -> str:
    seen = unicodedata.normalize("NFKC", text)
    # Format characters (zero-width joiners, soft hyphens, marks of direction) are not seen.
    kept = "".join(char for char in seen if unicodedata.category(char) != "Cf")
    # A mark that modifies its letter belongs to the word although \w does not know it.
    words = "".join(
        char if char.isalnum() or unicodedata.category(char)[0] == "M" else " "
        for char in kept.casefold()
    )
    return " ".join(words.split())


def fold(text: str) -> str:
    """Return ``text`` in lower case, punctuation as single spaces; æ, ø and å are kept.

    Compatibility forms (full-width letters, ligatures, no-break spaces) become plain; zero-width
    and other format characters go. ``fold(fold(text)) == fold(text)``.
    """
    if text.isascii() or _PLAIN.fullmatch(text):
        if text.isalnum():
            return text.lower()
        return _SEPARATORS.sub(" ", text.lower()).strip()
    return _fold_rare(text)


@lru_cache(maxsize=50_000)
def _fold_rare(text: str) -> str:
    for _ in range(_ROUNDS):
        folded = _one_round(text)
        if folded == text:
            break
        text = folded
    return text


def fold_ascii(text: str) -> str:
    """Return :func:`fold` with æ, ø, å written as ae, oe, aa and other accents taken off.

    Letters of other scripts stay as they are, without their accents.
    """
    return spell_out(fold(text))


def spell_out(folded: str) -> str:
    """Return what :func:`fold` gave as :func:`fold_ascii` would give it."""
    if folded.isascii():
        return folded
    if _PLAIN.fullmatch(folded):
        return folded.translate(_LETTERS)
    return _spell_out_rare(folded)


@lru_cache(maxsize=50_000)
def _spell_out_rare(folded: str) -> str:
    apart = unicodedata.normalize("NFKD", folded.translate(_SPELT_OUT))
    plain = "".join(char for char in apart if not unicodedata.combining(char))
    return fold(plain.translate(_SPELT_OUT))


def _spell_out(letter: str) -> str:
    apart = unicodedata.normalize("NFKD", letter.translate(_SPELT_OUT))
    return "".join(char for char in apart if not unicodedata.combining(char))


#: The same for single letters, of those that fold plainly.
_LETTERS = {code: _spell_out(chr(code)) for code in range(0xE0, 0xFF) if chr(code).isalpha()}


#: What folding makes of the letters of :data:`_PLAIN`, byte by byte.
_BYTES = bytes(
    ord(chr(code).lower()) if _PLAIN.fullmatch(chr(code)) and chr(code).isalnum() else ord(" ")
    for code in range(256)
)


def tokens(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` as :func:`fold` writes them, in order."""
    if text.isascii() or _PLAIN.fullmatch(text):
        # Byte by byte: a register has a hundred million of them.
        return tuple(text.encode("latin-1").translate(_BYTES).decode("latin-1").split())
    return tuple(_fold_rare(text).split())

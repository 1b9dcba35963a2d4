from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procmatch.linkage.index.spelling import spell, spell_compounds
from procmatch.linkage.index.vocabulary import Vocabulary, as_bytes, deletions, hashes

_WORDS = sorted(
    [
        "bakeri",
        "byggservice",
        "eiendom",
        "elektro",
        "entreprenoer",
        "fjoes",
        "gaard",
        "gartneri",
        "hoenseri",
        "nord",
        "regnskap",
        "roerlegger",
        "samdrift",
        "service",
        "undheim",
        "bygg",
    ]
)


def _vocabulary(words: list[str] = _WORDS, seen: int = 1) -> Vocabulary:
    return Vocabulary.of(as_bytes(words), np.full(len(words), seen))


def _spelt(word: str, vocabulary: Vocabulary | None = None) -> dict[str, float]:
    known = vocabulary or _vocabulary()
    found = spell(known, [word])
    return {
        known.words[at].decode(): float(likeness)
        for at, likeness in zip(found.known, found.likeness, strict=True)
    }


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("bakeri", "bakeri"),
        ("bakerri", "bakeri"),
        ("bakri", "bakeri"),
        ("bakreri", "bakeri"),
        ("samdirft", "samdrift"),
        ("undhein", "undheim"),
        ("entr", "entreprenoer"),
        ("regnsk", "regnskap"),
        ("roerleggerre", "roerlegger"),
        ("egnskapp", "regnskap"),
    ],
)
def test_a_word_with_a_slip_or_cut_short_leads_to_the_word_meant(printed: str, meant: str) -> None:
    found = _spelt(printed)
    assert max(found, key=lambda word: found[word]) == meant
    assert found[meant] == 1 if printed == meant else 0 < found[meant] < 1


def test_a_word_that_many_names_hold_is_taken_as_it_is() -> None:
    assert _spelt("bakeri", _vocabulary(["bakeri", "bakeris"], seen=100)) == {"bakeri": 1.0}


@pytest.mark.parametrize("word", ["", "q", "xyz", "株式会社", "0000", "\U0001f35e"])
def test_a_word_like_no_other_leads_nowhere(word: str) -> None:
    assert _spelt(word) == {}


def test_words_written_together_and_apart_meet() -> None:
    known = _vocabulary()
    found = spell_compounds(known, [["nord", "bygg", "service"], ["byggservicenord"], ["nordbygg"]])
    rows = {
        (int(at), known.words[word].decode())
        for at, word in zip(found.word, found.known, strict=True)
    }
    assert {(1, "byggservice"), (2, "byggservice"), (4, "nord"), (4, "bygg")} <= rows


@settings(deadline=None)
@given(st.lists(st.text(alphabet="abcdeøå", min_size=4, max_size=12), min_size=1, unique=True))
def test_leaving_out_a_letter_gives_the_hash_of_the_shorter_word(words: list[str]) -> None:
    plain = [word for word in words if word.isascii()]
    found, owner = deletions(as_bytes(plain))
    for at, word in enumerate(plain):
        shorter = [word, *(word[:cut] + word[cut + 1 :] for cut in range(len(word)))]
        assert set(found[owner == at].tolist()) == set(hashes(as_bytes(shorter)).tolist())


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_word_that_can_be_looked_up(word: str) -> None:
    for likeness in _spelt(word.replace("\x00", "")).values():
        assert 0 < likeness <= 1

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procmatch.text.normalise import fold, fold_ascii, tokens


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("BRØDRENE ÅS & SØNN A/S", "brødrene ås sønn a s"),
        ("  Kjøp\u00a0av\tmat ", "kjøp av mat"),
        ("ren\u00adhold\u200b", "renhold"),
        ("Ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
        ("a_b-c.d", "a b c d"),
        ("Kåfjord – Gáivuotna", "kåfjord gáivuotna"),
        ("A\u030as", "ås"),
        ("Straße", "strasse"),
        ("", ""),
        ("\x00\x1f!?", ""),
    ],
)
def test_fold_keeps_letters_and_drops_the_rest(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("spelling", ["Håland", "Haaland", "HAALAND", "HÅLAND", "Ha\u030aland"])
def test_spellings_of_a_name_meet_in_the_second_key(spelling: str) -> None:
    assert fold_ascii(spelling) == "haaland"


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Sør-Varanger", "soer varanger"), ("Ærlig", "aerlig"), ("Café Ülm", "cafe ulm")],
)
def test_other_letters_are_written_out(text: str, plain: str) -> None:
    assert fold_ascii(text) == plain


def test_tokens_are_the_folded_words() -> None:
    assert tokens("Frukt, grønt og BÆR") == ("frukt", "grønt", "og", "bær")


@settings(deadline=None)
@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold_ascii(fold_ascii(text)) == fold_ascii(text)
    assert fold_ascii(fold(text)) == fold_ascii(text)

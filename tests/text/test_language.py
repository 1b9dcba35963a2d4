from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procmatch.text.language import STOP_WORDS, detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Vi ønsker en leverandør som ikke bruker plast", "nb"),
        ("Kommunen ynskjer ein leverandør som ikkje brukar plast", "nn"),
        ("Tenester frå dei som vert valde", "nn"),
        ("The supply of food to schools in the municipality", "en"),
        ("Kjøp av mat til skoler", "nb"),
        ("Rammeavtale", ""),
        ("", ""),
        ("12345 !!", ""),
        ("Закупка продуктов", ""),
    ],
)
def test_small_words_tell_the_language(text: str, language: str) -> None:
    assert detect(text) == language


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_gets_an_answer(text: str) -> None:
    assert detect(text) in {"nb", "nn", "en", ""}


def test_stop_words_stand_for_each_language() -> None:
    assert set(STOP_WORDS) == {"nb", "nn", "en"}
    assert "ikke" in STOP_WORDS["nb"]
    assert "ikkje" in STOP_WORDS["nn"]
    assert not STOP_WORDS["nb"] & {"mat", "kjøp", "renhold"}

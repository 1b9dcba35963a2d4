"""A match says who could bid. No sentence of matching speaks of a chance to win."""

from __future__ import annotations

import re

import pytest

from tests.text.test_catalogues import catalogue, templates

#: Words of winning and of likelihood, as people would write them.
PROMISES = {
    "en": r"\bchances?\b|\bprobab|\blikelihood|\bodds\b|\blikely to\b|\bwin(?:s|ning|ner)?\b"
    r"|\bsuccess|\bbest (?:bid|tender)",
    "nb": r"\bsjans|\bmulighet(?:en|er)? (?:til|for) å vinne|\bsannsynlig|\bodds\b|\bvinn|\bvant\b"
    r"|\bsuksess|\bgevinst",
    "nn": r"\bsjans|\bhøve til å vinne|\bsannsynleg|\bodds\b|\bvinn|\bvann\b|\bsuksess|\bgevinst",
}


def said(language: str) -> list[str]:
    wanted = sorted(set(templates("matching")))
    return wanted if language == "en" else [catalogue("matching", language)[one] for one in wanted]


@pytest.mark.parametrize("language", PROMISES)
def test_no_sentence_speaks_of_a_chance_to_win(language: str) -> None:
    sentences = said(language)
    assert len(sentences) > 100
    bad = [one for one in sentences if re.search(PROMISES[language], one, re.IGNORECASE)]
    assert bad == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "Your chance to win is good."), ("nb", "Sjansen din er god."), ("nn", "Du vinn nok.")],
)
def test_such_a_sentence_would_be_found(language: str, sentence: str) -> None:
    assert re.search(PROMISES[language], sentence, re.IGNORECASE)


@pytest.mark.parametrize("language", PROMISES)
def test_none_bids_people_to_join_a_competitor_without_the_law(language: str) -> None:
    """Joint bids are mentioned in one sentence only: the one that tells the law."""
    joint = re.compile(r"\bjoint|\bfelles tilbud|\bfelles tilbod|gå sammen|gå saman", re.IGNORECASE)
    found = [one for one in said(language) if joint.search(one)]
    assert len(found) == 1
    assert re.search("Competition Authority|Konkurransetilsynet", found[0])

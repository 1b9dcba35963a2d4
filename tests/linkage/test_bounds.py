"""Work is bounded, whatever is printed: counted, not timed."""

from __future__ import annotations

import numpy as np
import pytest

from procmatch.linkage import Linker, Query, retrieve
from procmatch.linkage.index import topn
from procmatch.linkage.index.columns import Floats, Lists
from procmatch.linkage.index.topn import Hits, Matrix
from procmatch.linkage.query import LONGEST_NAME, ask
from procmatch.linkage.variants import read
from procmatch.linkage.words import MOST_WORDS
from tests.linkage.register import REGISTER, unit

_WORDS = ("bakeri", "bygg", "nord", "renhold", "elektro", "mat", "drift", "holding", "kommune")
_CROWD = [
    unit(1_000 + at, f"{_WORDS[at % 9]} {_WORDS[at // 9 % 9]} {_WORDS[at // 81 % 9]} AS")
    for at in range(800)
]
_NASTY = [
    "",
    " \t\x00\x07",
    "9" * 10_000,
    "x" * 10_000,
    "bygg " * 2_000,
    "a b c d e f g h i j k l m n o p q r s t u v w x y z " * 9,
    " ".join(_WORDS * 30),
    "株式会社" * 100,
    "bygg-" * 99,
    ("avd. bygg v/ nord tidl. mat " * 30)[:LONGEST_NAME],
    "Bygg skole videregående kommune Nord fylkeskommune",
    "\u0301" * 400,
    "bygg\u200b" * 80,
]
#: Readings of one name: whole, without its part, the part, the former name, and who may own it.
_MOST_READINGS = 8


@pytest.fixture(scope="module")
def linker() -> Linker:
    return Linker.build([*REGISTER, *_CROWD])


@pytest.mark.parametrize("name", _NASTY)
def test_no_name_is_read_in_many_ways_or_as_many_words(name: str) -> None:
    variants = read([ask(Query(name=name, place=name, number=name, postcode=name))])
    assert len(variants.keys) <= _MOST_READINGS
    assert all(len(words) <= MOST_WORDS for words in variants.words)


@pytest.mark.parametrize("name", _NASTY)
def test_no_name_leads_to_many_words_or_many_names(
    linker: Linker, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    looked_up: list[int] = []
    found: list[int] = []

    def counting(matrix: Matrix, lists: Lists, weights: Floats, n: int) -> Hits:
        looked_up.append(len(lists.values))
        hits = topn.best_products(matrix, lists, weights, n)
        found.append(len(hits.row))
        return hits

    monkeypatch.setattr(retrieve, "best_products", counting)
    assert linker.candidates(name, place="Oslo", limit=1_000) is not None
    # A word is itself, one slip away, completed or met by its letters: some twenty words at most,
    # each also in three places.
    assert sum(looked_up) <= _MOST_READINGS * MOST_WORDS * 20 * 4
    assert sum(found) <= _MOST_READINGS * retrieve.MOST_NAMES


def test_namesakes_beyond_number_are_not_all_compared(linker: Linker) -> None:
    crowd = Linker.build([unit(3_000 + at, "NORDLYS RENHOLD AS") for at in range(500)])
    most = retrieve.MOST_NAMES + retrieve.MOST_NAMESAKES
    assert 0 < len(crowd.candidates("Nordlys Renhold AS", limit=1_000)) <= most
    assert crowd.link("Nordlys Renhold AS", place="Oslo") is None


def test_probabilities_of_one_query_never_add_up_to_more_than_one(linker: Linker) -> None:
    for name in (*_NASTY, "Bygg Nord AS", "Elvebakken Bakeri AS"):
        scores = np.array([one.score for one in linker.candidates(name, place="Oslo", limit=100)])
        assert scores.sum() <= 1 + 1e-6

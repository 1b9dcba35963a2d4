"""Firms known by a written name: one firm may stand there under several spellings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.matching.relevance import Award, Firm, Need, Relevance
from procmatch.matching.relevance.spellings import alike, shared

GLOVES = Need(key="gloves", title="Guants de nitril", language="ca", buyer="Hospital")
NAMES = ("LINDE MEDICA, S.L.U.", "Linde Mèdica SL", "Bemascé Tècnica, S.L.")
FIRMS = tuple(Firm(key=str(at), name=name, language="ca") for at, name in enumerate(NAMES))
WON = (Award(need=GLOVES, winners=("0",)),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LINDE MEDICA, S.L.U.", "Linde Mèdica SL"),
        ("LIFETECHNOLOGIES", "LIFE TECHNOLOGIES SA"),
        ("Grup Sanitari (GSA), S.A.U.", "GRUP SANITARI SA"),
        ("Col·lectiu Blau, SCCL", "COLLECTIU BLAU"),
    ],
)
def test_accents_spaces_brackets_and_legal_form_do_not_part_a_name(one: str, other: str) -> None:
    assert [own.tolist() for own in alike([one, "Another", other])] == [[0, 2]]


def test_other_words_are_another_firm() -> None:
    assert not alike(["Linde Medica SL", "Linde Gas SL", "SL", "S.A.", "", " "])


def test_what_a_firm_won_counts_by_half_for_another_spelling_of_its_name() -> None:
    found = Relevance.build(FIRMS, WON, by_name=True).signals([GLOVES])
    for criterion in ("neighbours", "buyer"):
        own, other, stranger = found[criterion][0]
        assert other == pytest.approx(own / 2)
        assert stranger == 0 < own


def test_where_firms_have_numbers_an_alike_name_has_won_nothing() -> None:
    found = Relevance.build(FIRMS, WON).signals([GLOVES])
    assert found["neighbours"][0, 0] > 0
    assert not found["neighbours"][0, 1:].any()


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_sharing_takes_nothing_away_and_keeps_the_order_within_a_name(points: list[float]) -> None:
    before = np.array([points])
    after = shared(before, [np.array([1, 3])])
    assert (after >= before).all()
    assert after.max() == before.max()
    assert np.array_equal(after[0, [0, 2]], before[0, [0, 2]])
    gap = (after[0, 1] - after[0, 3]) * (before[0, 1] - before[0, 3])
    assert gap >= 0

"""Words that tell a requirement in whatever form they stand."""

from __future__ import annotations

import pytest

from procmatch.matching.asked_words import ASKED
from procmatch.matching.requirements import requirements
from procmatch.matching.telling import Told, Vocabulary, telling_words
from tests.matching.market import lot

NEAR = Vocabulary(
    (Told("financial_standing", "økonomisk kapasitet", 0.95), Told("fee", "årsgebyr", 0.8)),
    criterion=0.9,
    described=0.9,
)


@pytest.mark.parametrize(
    "sentence",
    [
        "leverandøren skal ha økonomisk kapasitet",
        "økonomisk og finansiell kapasitet",
        "kapasitet, også den økonomiske",
        "det økonomiske og all kapasitet",
    ],
)
def test_words_meet_in_every_form_and_order(sentence: str) -> None:
    assert NEAR.kinds(sentence, NEAR.criterion) == ("financial_standing",)


@pytest.mark.parametrize(
    "sentence",
    [
        "kapasitet til å levere varer av beste sort i tide til den økonomisk ansvarlige",
        "økonomisk ansvarlig",
        "et årsgebyr betales",
    ],
)
def test_words_far_apart_alone_or_unsure_tell_nothing(sentence: str) -> None:
    assert NEAR.kinds(sentence, NEAR.criterion) == ()


def test_each_kind_told_has_words_for_people() -> None:
    assert {one.kind for one in telling_words().words} <= set(ASKED)
    assert all(0 <= one.sure <= 1 for one in telling_words().words)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Leverandøren må betale medlemsavgift", "fee"),
        ("Driftsmarginen skal oppgis", "equity"),
        ("Oversikt over forsyningskjeden", "due_diligence"),
        ("Driftstillatelsen skal være gyldig", "licence"),
    ],
)
def test_a_wording_without_a_sign_is_read(words: str, kind: str) -> None:
    (found,) = requirements(lot(asks=(words,)))
    assert (found.kind, found.field) == (kind, "BT-750")


def test_a_figure_beside_telling_words_is_read_exactly() -> None:
    words = "Leverandøren skal ha minst fire års fartstid"
    (found,) = requirements(lot(asks=(words,)))
    assert (found.kind, found.figure("years")) == ("years_trading", 4)


def test_a_title_keeps_a_lot_and_asks_for_nothing_else() -> None:
    assert {one.kind for one in requirements(lot("Vekstbedrift - catering"))} == {"reserved"}
    assert not requirements(lot("Ansvarsforsikring og kredittvurdering"))

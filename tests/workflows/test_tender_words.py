"""Tenders are found by words laid out once, as by reading each notice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from procmatch.codes import builtin
from procmatch.model.notice import Notice, OrganisationRef
from procmatch.store.notices import StoredNotice
from procmatch.text.folding import fold
from procmatch.text.norwegian import stems
from procmatch.workflows.find import Asked, find_tenders
from procmatch.workflows.market import OpenTender
from procmatch.workflows.tender_words import TenderWords
from tests.matching.market import lot, notice, text


def _open(row: int, one: Notice) -> OpenTender:
    stored = StoredNotice(row=row, procedure=str(row), notice=one)
    return OpenTender(stored=stored, buyer_municipality=None)


TENDERS = [
    _open(1, notice(lot("Brød og kaker", cpv="15810000"))),
    _open(2, notice(lot("Renhold av skoler", description="Daglig vask og vinduspuss."))),
    _open(3, replace(notice(lot("Skolemat")), buyers=(OrganisationRef(name="ASKER KOMMUNE"),))),
    _open(4, replace(notice(lot("Skolemelk")), title=text("Rammeavtale A/S-42"))),
]


def _reads(one: Notice, words: str) -> bool:
    said = f"{one.title} {one.description} {' '.join(buyer.name for buyer in one.buyers)} " + (
        " ".join(f"{part.title} {part.description}" for part in one.lots)
    )
    printed = fold(f"{one.title} {' '.join(buyer.name for buyer in one.buyers)}")
    return set(stems(words)) <= set(stems(said)) or all(
        word in printed for word in fold(words).split()
    )


@pytest.mark.parametrize(
    "words",
    [
        "brød",
        "Brødet",
        "renhold skole",
        "skoler",
        "og",
        "–",
        "ramme",
        "a/s-42",
        "mat",
        "asker",
        "vask puss",
    ],
)
def test_words_meet_the_tenders_that_say_them(words: str) -> None:
    found = find_tenders(TENDERS, Asked(words=words), builtin().places, TenderWords.of(TENDERS))
    assert found == [one for one in TENDERS if _reads(one.stored.notice, words)]


def test_no_words_meet_all_and_other_tenders_are_never_found() -> None:
    words, places = TenderWords.of(TENDERS), builtin().places
    assert find_tenders(TENDERS, Asked(), places, words) == TENDERS
    assert find_tenders(TENDERS[:1], Asked(words="renhold"), places, words) == []


def test_what_else_is_asked_for_still_counts() -> None:
    words, places = TenderWords.of(TENDERS), builtin().places
    asked = Asked(words="brød", cpv="1581")
    assert find_tenders(TENDERS, asked, places, words) == TENDERS[:1]
    assert find_tenders(TENDERS, Asked(words="brød", cpv="9091"), places, words) == []

"""What changed is said in words that a bidder can act on."""

from __future__ import annotations

import pytest

from procmatch.alerts.revisions import sentences
from procmatch.model.procedure import Difference, Ref, Revision

LOTS = {"LOT-0001": "Brød", "LOT-0002": "Kaker"}


def said(*differences: Difference, language: str = "nb", text: str = "") -> list[str]:
    revision = Revision(
        by=Ref("doffin", "2"), of=Ref("doffin", "1"), differences=differences, text=text
    )
    return list(sentences(revision, language, lots=LOTS))


MOVED = Difference(
    field="deadline",
    lot="LOT-0001",
    before="2026-03-05T11:00:00+00:00",
    after="2026-03-12T11:00:00+00:00",
)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "nb",
            (
                "Brød: Fristen er flyttet fra torsdag 5. mars 2026 kl. 12:00 "
                "til torsdag 12. mars 2026 kl. 12:00."
            ),
        ),
        (
            "nn",
            (
                "Brød: Fristen er flytta frå torsdag 5. mars 2026 kl. 12:00 "
                "til torsdag 12. mars 2026 kl. 12:00."
            ),
        ),
        (
            "en",
            (
                "Brød: Deadline moved from Thursday 5 March 2026 at 12:00 "
                "to Thursday 12 March 2026 at 12:00."
            ),
        ),
    ],
)
def test_a_moved_deadline_is_told_in_oslo_time_in_each_language(
    language: str, sentence: str
) -> None:
    assert said(MOVED, language=language) == [sentence]


def test_what_holds_for_every_lot_names_none() -> None:
    other = Difference(field="deadline", lot="LOT-0002", before=MOVED.before, after=MOVED.after)
    (told,) = said(MOVED, other)
    assert "Brød" not in told


def test_amounts_are_written_as_people_write_them() -> None:
    (told,) = said(Difference(field="value", before="1200000 NOK", after="900000 NOK"))
    assert told.replace("\u00a0", " ") == "Verdi: endret fra 1 200 000 kr til 900 000 kr."


def test_long_texts_that_differ_at_their_end_are_said_to_be_rewritten() -> None:
    long = "ord " * 200
    assert said(Difference(field="description", before=f"{long}a", after=f"{long}b")) == [
        "Beskrivelse: skrevet om."
    ]


def test_lots_that_come_and_go_are_named() -> None:
    assert said(
        Difference(field="lots", lot="LOT-0003", after="Frukt"),
        Difference(field="lots", lot="LOT-0002", before="Kaker"),
        language="en",
    ) == ["New lot: Frukt.", "Lot removed: Kaker."]


def test_the_buyers_own_words_come_last() -> None:
    assert said(text="Ny\nfrist", language="en") == ["The buyer writes: Ny frist"]

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from procmatch.alerts.phrases import (
    days_left,
    deadline,
    money,
    one_line,
    place_name,
    shorten,
    text_in,
)
from procmatch.model.values import Money, Place, Text


@pytest.mark.parametrize(
    ("utc", "oslo"),
    [
        (datetime(2026, 3, 28, 11, 0, tzinfo=UTC), "lørdag 28. mars 2026 kl. 12:00"),
        (datetime(2026, 3, 29, 10, 0, tzinfo=UTC), "søndag 29. mars 2026 kl. 12:00"),
        (datetime(2026, 10, 24, 21, 59, tzinfo=UTC), "lørdag 24. oktober 2026 kl. 23:59"),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), "søndag 25. oktober 2026 kl. 23:59"),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), "fredag 1. januar 2027 kl. 00:00"),
    ],
)
def test_a_deadline_reads_as_clocks_in_oslo_show_it(utc: datetime, oslo: str) -> None:
    assert deadline(utc, "nb") == oslo


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nb", "tirsdag 1. desember 2026 kl. 13:00"),
        ("nn", "tysdag 1. desember 2026 kl. 13:00"),
        ("en", "Tuesday 1 December 2026 at 13:00"),
    ],
)
def test_a_deadline_is_said_in_the_readers_language(language: str, said: str) -> None:
    assert deadline(datetime(2026, 12, 1, 12, 0, tzinfo=UTC), language) == said


MIDNIGHT = datetime(2026, 3, 29, 22, 0, tzinfo=UTC)  # 00:00 on Monday in Oslo, in summer time


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(minutes=-1), "gått ut"),
        (timedelta(minutes=0), "i dag"),
        (timedelta(minutes=1), "i morgen"),
        (timedelta(hours=23), "i morgen"),
        (timedelta(hours=24), "2 dager igjen"),
        (timedelta(days=10), "11 dager igjen"),
    ],
)
def test_days_left_are_days_of_the_calendar_in_oslo(before: timedelta, said: str) -> None:
    assert days_left(MIDNIGHT, MIDNIGHT - before, "nb") == said


@pytest.mark.parametrize(
    ("amount", "currency", "language", "said"),
    [
        ("850000", "NOK", "nb", "850 000 kr"),
        ("1250000", "NOK", "nn", "1 250 000 kr"),
        ("1249999.999", "NOK", "nb", "1 250 000 kr"),
        ("99.5", "EUR", "nb", "99,50 EUR"),
        ("1E+6", "NOK", "nb", "1 000 000 kr"),
        ("-5", "NOK", "nb", "−5 kr"),
        ("1250000", "NOK", "en", "NOK 1,250,000"),
        ("99.5", "EUR", "en", "EUR 99.50"),
    ],
)
def test_an_amount_is_exact_and_never_broken_over_lines(
    amount: str, currency: str, language: str, said: str
) -> None:
    value = Money(amount=Decimal(amount), currency=currency)
    assert money(value, language) == said.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("printed", "clean"),
    [
        ("  To\r\nBcc: alle@x.example \t", "To Bcc: alle@x.example"),
        ("pris\u202egnidnet", "prisgnidnet"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("half\ud800", "half"),
        ("Blåbær\u2028på Ås", "Blåbær på Ås"),
        ("\u200b", ""),
    ],
)
def test_printed_text_becomes_one_clean_line(printed: str, clean: str) -> None:
    assert one_line(printed) == clean


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("kort", 10, "kort"),
        ("Frukt og grønt", 10, "Frukt og…"),
        ("Frukt, grønt", 8, "Frukt…"),
        ("Kolonialvarer", 6, "Kolon…"),
    ],
)
def test_a_long_title_is_cut_at_a_word(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short
    assert len(short) <= limit


@pytest.mark.parametrize(
    ("language", "said"), [("nb", "bokmål"), ("nn", "nynorsk"), ("en", "English")]
)
def test_a_text_is_shown_in_the_readers_language_where_it_has_it(language: str, said: str) -> None:
    versions = (("ENG", "English"), ("NNO", "nynorsk"), ("NOB", "bokmål"))
    assert text_in(Text(versions=versions), language) == said


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Place(city="MO I RANA"), "Mo I Rana"),
        (Place(city="Mo i Rana", nuts="NO071"), "Mo i Rana"),
        (Place(region="anyw-cou"), "hvor som helst i landet"),
        (Place(nuts="NO071"), ""),
        (Place(), ""),
    ],
)
def test_a_place_is_named_as_printed(place: Place, said: str) -> None:
    assert place_name(place, "nb") == said

"""The turnover asked for: sums as buyers write them, and sums that are about something else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procmatch.matching.turnover import AskedTurnover, asked_turnover


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("Årlig omsetning siste 3 år på minst NOK 5 mill", 5_000_000),
        ("Gjennomsnittlig omsetning siste tre år: min. 10 mill.", 10_000_000),
        ("omsetning over kr. 5.000.000,-", 5_000_000),
        ("omsetning på minst 500.000,-", 500_000),
        ("omsetning på kr 5 000 000,00", 5_000_000),
        ("omsetning på minst 5\u00a0000\u00a0000 kr", 5_000_000),
        ("MNOK 2.5 i omsetning", 2_500_000),
        ("omsetning på 2,5 mill. kroner", 2_500_000),
        ("omsetning på minst 1 milliard kroner", 1_000_000_000),
        ("omsetning på minst 500 tusen kroner", 500_000),
        ("omsetning i 2023, 2024 og 2025 på minst 3 millioner kroner", 3_000_000),
        ("omsetning i 2025 500 000 kr", 500_000),
        ("egenkapital 30 % og omsetning MNOK 12,5", 12_500_000),
        ("ei årleg omsetjing på 4 millionar kroner", 4_000_000),
        ("annual turnover of at least NOK 4 million", 4_000_000),
        ("Omsetning ikke under 10 MNOK", 10_000_000),
        ("Leverandøren må ikke ha lavere omsetning enn 5 mill", 5_000_000),
        ("Omsetning på 5-10 millioner", 5_000_000),
        ("Omsetning mellom 5 og 10 millioner kroner", 5_000_000),
    ],
)
def test_a_sum_is_read_as_buyers_write_it(words: str, amount: int) -> None:
    assert list(asked_turnover(words)) == [AskedTurnover(amount=Decimal(amount))]


@pytest.mark.parametrize(
    "words",
    [
        "Oppgi omsetning, samt ansvarsforsikring på minst 10 MNOK",
        "Omsetning og positiv egenkapital på minst 10 MNOK",
        "Omsetning oppgis. Gebyr kr 500 000",
        "Omsetning oppgis; kontraktens verdi er 10 MNOK",
        "Bare for dem med omsetning under 10 MNOK",
        "Omsetning inntil 10 MNOK",
        "Det er ikke krav om omsetning på 5 mill",
        "Omsetning for de siste tre årene",
        "Omsetning i 2025",
        "omsetning millioner",
    ],
)
def test_a_sum_that_is_not_the_least_turnover_is_not_read_as_one(words: str) -> None:
    assert list(asked_turnover(words)) == []


@pytest.mark.parametrize(
    ("words", "times", "yearly"),
    [
        ("Omsetning på minst to ganger kontraktens verdi.", "2", False),
        ("årlig omsetning på minst 1,5 ganger kontraktsverdien", "1.5", False),
        ("omsetnad på minst det doble av verdien", "2", False),
        ("omsetnad på minst dobbelt av verdien", "2", False),
        ("omsetning på minst halvannen gonger årleg kontraktsverdi", "1.5", True),
    ],
)
def test_a_multiple_of_the_contracts_value_is_read(words: str, times: str, yearly: bool) -> None:
    assert list(asked_turnover(words)) == [AskedTurnover(times=Decimal(times), yearly=yearly)]

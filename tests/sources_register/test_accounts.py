from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from procmatch.errors import SourceChanged, SourceError
from procmatch.sources.accounts import read


def year(**changes: object) -> dict[str, Any]:
    return {
        "regnskapstype": "SELSKAP",
        "regnskapsperiode": {"fraDato": "2025-01-01", "tilDato": "2025-12-31"},
        "valuta": "NOK",
        "eiendeler": {"sumEiendeler": 2601501.5},
        "resultatregnskapResultat": {
            "aarsresultat": -560900,
            "driftsresultat": {"driftsinntekter": {"sumDriftsinntekter": 9520240}},
        },
        "egenkapitalGjeld": {"egenkapital": {"sumEgenkapital": -420989}},
    } | changes


def test_key_figures_are_exact() -> None:
    (found,) = read(json.dumps([year()]).encode())
    assert (found.year, found.months, found.currency) == (2025, 12, "NOK")
    assert found.turnover == 9520240
    assert found.balance == Decimal("2601501.5")
    assert found.result == -560900
    assert found.equity == -420989
    assert not found.group


def test_a_missing_turnover_is_unknown_and_not_zero() -> None:
    empty: dict[str, Any] = {"driftsresultat": {"driftsinntekter": {}}}
    (found,) = read(json.dumps([year(resultatregnskapResultat=empty)]).encode())
    assert found.turnover is None
    assert found.result is None


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2025-01-01", "2025-06-30", 6),
        ("2024-07-01", "2025-12-31", 18),
        ("2024-07-01", "2025-06-30", 12),
        ("2025-03-15", "2025-12-31", 10),
        ("2025-12-20", "2025-12-31", 1),
    ],
)
def test_a_period_may_be_shorter_or_longer_than_a_year(first: str, last: str, months: int) -> None:
    period = {"fraDato": first, "tilDato": last}
    (found,) = read(json.dumps([year(regnskapsperiode=period)]).encode())
    assert found.months == months


def test_the_newest_year_is_first_and_the_company_before_its_group() -> None:
    old = {"fraDato": "2024-01-01", "tilDato": "2024-12-31"}
    data = [
        year(regnskapsperiode=old),
        year(regnskapstype="KONSERN"),
        year(),
    ]
    found = read(json.dumps(data).encode())
    assert [(one.year, one.group) for one in found] == [
        (2025, False),
        (2025, True),
        (2024, False),
    ]


def test_no_accounts_are_no_error() -> None:
    assert read(b"[]") == ()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (json.dumps([year(nyttFelt=1)]).encode(), SourceChanged),
        (json.dumps([year(regnskapstype="BANK")]).encode(), SourceChanged),
        (b'{"status": 500}', SourceChanged),
        (b"<html>", SourceError),
        (json.dumps([year(valuta="kroner")]).encode(), SourceError),
        (
            json.dumps(
                [year(regnskapsperiode={"fraDato": "2025-12-31", "tilDato": "2025-01-01"})]
            ).encode(),
            SourceError,
        ),
    ],
)
def test_what_cannot_be_used_is_an_error(data: bytes, kind: type[SourceError]) -> None:
    with pytest.raises(kind):
        read(data)


@pytest.mark.shared
def test_a_real_group_reports_in_dollars(shared_data: Path) -> None:
    folder = shared_data / "suppliers" / "brreg_raw" / "brreg_snap_2026-09"
    found = read((folder / "regnskap-923609016-usd-trimmed-to-2025.json").read_bytes())
    assert [(one.group, one.currency, one.turnover) for one in found] == [
        (False, "USD", Decimal(67956000000)),
        (True, "USD", Decimal(106462000000)),
    ]

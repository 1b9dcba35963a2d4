"""Regnskapsregisteret: the key figures of annual accounts, a JSON array per organisation.

Source: Brønnøysundregistrene, open data, licence NLOD 2.0. An amount that is left out is unknown,
not zero; a holding company has an empty *driftsinntekter*. Two names are misspelt at the source
(*regnkapsprinsipper*, *sumInnskuttEgenkaptial*) and are kept so.
"""

# ruff: noqa: N815  the names are the register's own

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct

from procmatch.errors import SourceChanged, SourceError
from procmatch.model.organisation import Accounts

__all__ = ["SOURCE", "read"]

SOURCE = "regnskapsregisteret"

Ignored: TypeAlias = Any
#: No sum in any accounts is as large.
_MOST = Decimal(10) ** 18
_CURRENCY = re.compile(r"[A-Z]{3}")


class _Period(Struct, frozen=True, forbid_unknown_fields=True):
    fraDato: date
    tilDato: date


class _Income(Struct, frozen=True, forbid_unknown_fields=True):
    sumDriftsinntekter: Decimal | None = None
    salgsinntekter: Ignored = None


class _Operations(Struct, frozen=True, forbid_unknown_fields=True):
    driftsinntekter: _Income = _Income()
    driftsresultat: Ignored = None
    driftskostnad: Ignored = None


class _Result(Struct, frozen=True, forbid_unknown_fields=True):
    aarsresultat: Decimal | None = None
    driftsresultat: _Operations = _Operations()
    ordinaertResultatFoerSkattekostnad: Ignored = None
    ordinaertResultatSkattekostnad: Ignored = None
    ekstraordinaerePoster: Ignored = None
    skattekostnadEkstraordinaertResultat: Ignored = None
    totalresultat: Ignored = None
    finansresultat: Ignored = None


class _Equity(Struct, frozen=True, forbid_unknown_fields=True):
    sumEgenkapital: Decimal | None = None
    opptjentEgenkapital: Ignored = None
    innskuttEgenkapital: Ignored = None


class _Funding(Struct, frozen=True, forbid_unknown_fields=True):
    egenkapital: _Equity = _Equity()
    sumEgenkapitalGjeld: Ignored = None
    gjeldOversikt: Ignored = None


class _Assets(Struct, frozen=True, forbid_unknown_fields=True):
    sumEiendeler: Decimal | None = None
    goodwill: Ignored = None
    sumVarer: Ignored = None
    sumFordringer: Ignored = None
    sumInvesteringer: Ignored = None
    sumBankinnskuddOgKontanter: Ignored = None
    omloepsmidler: Ignored = None
    anleggsmidler: Ignored = None


class _Year(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    regnskapstype: Literal["SELSKAP", "KONSERN"]
    regnskapsperiode: _Period
    valuta: str
    egenkapitalGjeld: _Funding = _Funding()
    eiendeler: _Assets = _Assets()
    resultatregnskapResultat: _Result = _Result()
    id: Ignored = None
    journalnr: Ignored = None
    regnskapDokumenttype: Ignored = None
    virksomhet: Ignored = None
    avviklingsregnskap: Ignored = None
    oppstillingsplan: Ignored = None
    revisjon: Ignored = None
    regnkapsprinsipper: Ignored = None


def read(data: bytes) -> tuple[Accounts, ...]:
    """Read the accounts of one organisation, newest first, company before group.

    Raises:
        SourceChanged: a field or accounts type that we do not know.
        SourceError: no JSON array of accounts.
    """
    try:
        years = msgspec.json.decode(data, type=list[_Year])
    except msgspec.ValidationError as error:
        raise SourceChanged(str(error)[:300], source=SOURCE) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"not JSON: {error}", source=SOURCE) from None
    except RecursionError:
        raise SourceError("nested too deeply", source=SOURCE) from None
    found = [_accounts(year) for year in years]
    return tuple(sorted(found, key=lambda accounts: (-accounts.year, accounts.group)))


def _accounts(year: _Year) -> Accounts:
    period, result = year.regnskapsperiode, year.resultatregnskapResultat
    if period.tilDato < period.fraDato:
        raise SourceError("ends before it begins", source=SOURCE, where="regnskapsperiode")
    if not _CURRENCY.fullmatch(year.valuta):
        raise SourceError(f"{year.valuta[:40]!r} is no currency", source=SOURCE, where="valuta")
    return Accounts(
        year=period.tilDato.year,
        months=_months(period),
        currency=year.valuta,
        turnover=_amount(
            "sumDriftsinntekter", result.driftsresultat.driftsinntekter.sumDriftsinntekter
        ),
        balance=_amount("sumEiendeler", year.eiendeler.sumEiendeler),
        result=_amount("aarsresultat", result.aarsresultat),
        equity=_amount("sumEgenkapital", year.egenkapitalGjeld.egenkapital.sumEgenkapital),
        group=year.regnskapstype == "KONSERN",
    )


def _amount(name: str, value: Decimal | None) -> Decimal | None:
    if value is not None and not (value.is_finite() and abs(value) < _MOST):
        raise SourceError(f"{str(value)[:40]} is not an amount", source=SOURCE, where=name)
    return value


def _months(period: _Period) -> int:
    """Whole months, rounded to the nearest; a period has at least one."""
    first, last = period.fraDato, period.tilDato
    months = (last.year - first.year) * 12 + last.month - first.month
    return max(1, months + round((last.day - first.day + 1) / 30))

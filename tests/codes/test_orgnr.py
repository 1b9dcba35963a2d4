"""Organisation numbers: what sources really send becomes nine digits, or an error."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.exceptions import ValidationError
from stdnum.no import orgnr as oracle

from procmatch.codes import orgnr
from procmatch.errors import CodeError


@pytest.mark.parametrize(
    "printed",
    [
        "999601391",
        "999 601 391",
        "999\u00a0601\u00a0391",
        "999\u200b601391",
        "\ufeff999601391 ",
        "999.601.391",
        "NO999601391MVA",
        "NO 999 601 391 MVA",
        "no999601391mva",
        "999 601 391 MVA",
        "Org.nr. 999 601 391",
        "Org.nr.: 999601391",
        "Orgnr 999601391",
        "org nr: 999 601 391",
        "Organisasjonsnummer 999601391",
        "organisasjonsnr.: NO 999 601 391 MVA",
        "NO-BRC-999601391",
        "９９９６０１３９１",
    ],
)
def test_dirty_forms_are_cleaned(printed: str) -> None:
    assert orgnr.clean(printed) == "999601391"


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "null",
        "999601392",
        "99960139",
        "9996013911",
        "SE556677889901",
        "DE 812 345 678 901",
        "999601391 og 920125298",
        "tlf 99 96 01 39 1 privat",
        "999601391" * 50,
    ],
)
def test_anything_else_is_an_error_of_one_line(printed: str) -> None:
    with pytest.raises(CodeError) as raised:
        orgnr.clean(printed)
    assert len(str(raised.value)) < 90


@given(st.from_regex(r"\A[0-9]{9}\Z"))
def test_validity_agrees_with_an_independent_library(digits: str) -> None:
    try:
        oracle.validate(digits)
        expected = True
    except ValidationError:
        expected = False
    assert orgnr.is_valid(digits) is expected


@given(st.text())
def test_any_text_gives_a_number_or_a_code_error(text: str) -> None:
    with contextlib.suppress(CodeError):
        assert orgnr.is_valid(orgnr.clean(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Asker kommune, org.nr. 920 125 298, tlf 66 70 00 00", ("920125298",)),
        ("Kontrakt med 999601391.", ("999601391",)),
        ("Konto 1234.56.78901", ()),
        ("999601391 og 920125298", ()),
        ("org.nr 999601391 og org.nr 920125298", ("999601391", "920125298")),
        ("faktura 9996013910", ()),
        ("", ()),
    ],
)
def test_numbers_in_running_text_must_be_labelled_or_alone(
    text: str, expected: tuple[str, ...]
) -> None:
    assert orgnr.find(text) == expected


def test_numbers_for_test_data_are_known() -> None:
    assert orgnr.is_synthetic("310279323")
    assert not orgnr.is_synthetic("999601391")

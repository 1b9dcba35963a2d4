"""Organisation numbers: what sources really send becomes nine digits, or an error."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

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
        "NO-BRC-999 601 391",
        "Org. number: 999601391",
        "VAT no. NO999601391MVA",
        "MVA-nr NO 999601391",
        "999 601 391 (MVA)",
        "(999601391)",
        "Org.nr\u202f999\u202f601\u202f391.",
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
        "٩٩٩٦٠١٣٩١",
        "9996O1391",
        "-",
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
        ("Ring +47 920125298", ()),
        ("kr 920 125 298", ()),
        ("NOK 920 125 298,00", ()),
        ("sak 2023/920125298", ()),
        ("920125298-01", ()),
        ("Casino 999601391 og 920125298", ()),
        ("NO 999 601 391 MVA, ref. 920125298", ("999601391",)),
        ("foretaksnummer 999601391, ref. 920125298", ("999601391",)),
        ("Leverandør (920 125 298)", ("920125298",)),
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


@pytest.mark.parametrize("filler", [" ", ".", "1 ", "9", "org.nr ", "NO ", "999 ", "\u200b"])
@pytest.mark.parametrize("read", [orgnr.clean, orgnr.find])
def test_long_texts_take_no_time(read: Callable[[str], object], filler: str) -> None:
    started = time.perf_counter()
    with contextlib.suppress(CodeError):
        read(filler * 20_000 + "x")
    assert time.perf_counter() - started < 2


@given(st.from_regex(r"\A[0-9]{8}\Z"))
def test_at_most_one_ninth_digit_is_right(first_eight: str) -> None:
    right = [d for d in "0123456789" if orgnr.is_valid(first_eight + d)]
    digit = orgnr.check_digit(first_eight)
    assert right == ([] if digit is None else [str(digit)])


@pytest.mark.parametrize("text", ["", "1234567", "123456789", "1234567x"])
def test_a_check_digit_needs_eight_digits(text: str) -> None:
    with pytest.raises(CodeError):
        orgnr.check_digit(text)

"""Letters that come in."""

from __future__ import annotations

from email.message import EmailMessage
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.alerts.headers import mailto_stop
from procmatch.alerts.incoming import Request, read_request
from tests.alerts.news import MAIL


def message(subject: str, **headers: str) -> bytes:
    made = EmailMessage()
    made["Subject"] = subject
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("Vennligst stopp.\n")
    return bytes(made)


@pytest.mark.parametrize(
    ("subject", "asked"),
    [
        ("stop abcd1234", Request("stop", "abcd1234")),
        ("STOPP  abcd1234 ", Request("stop", "abcd1234")),
        ("Re: SV: stop abcd1234", Request("stop", "abcd1234")),
        ("confirm WyJj.x-_y", Request("confirm", "WyJj.x-_y")),
        ("stop", None),
        ("please stop abcd1234", None),
        ("stop abcd1234 now", None),
        ("stop æøå12345", None),
        ("", None),
    ],
)
def test_the_subject_says_what_is_asked_for(subject: str, asked: Request | None) -> None:
    assert read_request(message(subject)) == asked


def test_the_address_in_the_header_makes_such_a_letter() -> None:
    subject = unquote(mailto_stop(MAIL, "abcd1234").partition("?subject=")[2])
    assert read_request(message(subject)) == Request("stop", "abcd1234")


def test_machines_answers_ask_for_nothing() -> None:
    for automatic in ("auto-replied", "auto-generated; type=x"):
        assert read_request(message("Re: stop abcd1234", Auto_Submitted=automatic)) is None
    assert read_request(message("stop abcd1234", Auto_Submitted="no"))


@given(st.binary())
def test_whatever_comes_in_breaks_nothing(data: bytes) -> None:
    read_request(data)
    read_request(b"Subject: " + data)

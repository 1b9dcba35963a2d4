"""The letter that asks for a yes."""

from __future__ import annotations

import email
import re
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from urllib.parse import unquote

import pytest

from procmatch.alerts.confirmation import write_confirmation
from procmatch.alerts.incoming import read_request
from procmatch.alerts.links import verify
from procmatch.errors import LinkRefused, SettingsError
from procmatch.model.subscription import Frequency
from procmatch.settings import Mail
from tests.alerts.news import MAIL, NOW, SECRET, SERVED, subscription
from tests.alerts.test_letter import Elements, readable


def written(language: str = "nb", mail: Mail = SERVED) -> tuple[EmailMessage, str, str]:
    asked = subscription(language, offers="Brød & kaker", cpv=("158",), frequency=Frequency.WEEKLY)
    letter = write_confirmation(asked, now=NOW, settings=mail, secret=SECRET)
    message = email.message_from_bytes(letter.message, policy=default)
    assert isinstance(message, EmailMessage)
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert rich is not None
    return message, plain.get_content(), rich.get_content()


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("nb", ["Vil du ha brev om anbud?", "Dette leverer du: Brød & kaker", "Ja, skriv til meg"]),
        ("nn", ["Vil du ha brev om anbod?", "Høgst eitt brev i veka", "Ja, skriv til meg"]),
        ("en", ["Do you want letters", "At most one letter a week", "Yes, write to me"]),
    ],
)
def test_it_says_what_was_asked_for_and_what_is_agreed_to(
    language: str, sentences: list[str]
) -> None:
    message, plain, rich = written(language)
    for sentence in sentences:
        assert sentence in " ".join(plain.split())
        assert sentence in readable(rich)
    assert "procmatch" in plain
    assert Elements(rich).found
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == language
    assert all(len(line) <= 72 or "://" in line for line in plain.splitlines())


def test_its_link_says_yes_for_a_week() -> None:
    _, plain, _ = written()
    found = re.search(r"/confirm/(\S+)", plain)
    assert found
    before = NOW + timedelta(days=7, seconds=-1)
    assert verify(found[1], purpose="confirm", secret=SECRET, now=before) == "sub-1"
    with pytest.raises(LinkRefused):
        verify(found[1], purpose="confirm", secret=SECRET, now=NOW + timedelta(days=7))


def test_without_pages_the_yes_is_a_mail_to_send_back() -> None:
    _, plain, rich = written(mail=MAIL)
    found = re.search(r"mailto:avmeld@post\.example\?subject=(confirm[^\"]+)", rich)
    assert found
    subject = unquote(found[1])
    assert subject in plain
    asked = read_request(f"Subject: {subject}\r\n\r\n".encode())
    assert asked
    assert verify(asked.key, purpose="confirm", secret=SECRET, now=NOW) == "sub-1"


def test_without_a_secret_nobody_is_asked() -> None:
    with pytest.raises(SettingsError):
        write_confirmation(subscription(), now=NOW, settings=SERVED, secret="")

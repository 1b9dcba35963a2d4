"""The letter that tells a firm what the operator decided says what holds, and how to go on."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default

import pytest

from procmatch.alerts.decision_letter import Decision, decision_letter_of, write_decision
from procmatch.alerts.statement_letter import SAYS, letter_of
from procmatch.errors import DeliveryRefused, SettingsError
from procmatch.model.organisation import OrgId
from procmatch.model.statement import Request, Statement, Wish
from procmatch.settings import Mail
from procmatch.text.messages import LANGUAGES, translate
from tests.alerts.news import MAIL, NOW, SERVED
from tests.alerts.test_letter import Elements, readable

NUMBER = "310000043"
TYPED = Statement(
    words="Billige piller", cpv=("15811000",), places=("0301",), evidence=("Debio",),
    contact="spam.example",
)  # fmt: skip
ASKED = Request(
    id="r1", org=OrgId("NO-BRC", NUMBER), email="kari@gmail.example", language="nb",
    wish=Wish.CORRECT, statement=TYPED, asked_at=NOW, confirmed_at=NOW + timedelta(hours=1),
)  # fmt: skip
YES = Decision(firm="LEFSEVERKET <AS>", approved=True, speaks=True, has_page=True, by_website=True)
NO = replace(YES, approved=False, speaks=False)
CONTACT = "kontakt@treff.example"


def written(
    decision: Decision,
    language: str = "nb",
    wish: Wish = Wish.CORRECT,
    *,
    mail: Mail = SERVED,
    contact: str = CONTACT,
) -> tuple[EmailMessage, str, str]:
    """The letter, its text as one line, and its HTML."""
    asked = replace(ASKED, language=language, wish=wish)
    letter = write_decision(asked, decision, now=NOW, settings=mail, contact=contact)
    assert (letter.id, letter.to) == (decision_letter_of("r1"), ASKED.email)
    message = email.message_from_bytes(letter.message, policy=default)
    assert isinstance(message, EmailMessage)
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert rich is not None
    text = plain.get_content()
    assert all(len(line) <= 72 or "://" in line for line in text.splitlines())
    assert "\n\n\n" not in text
    assert Elements(rich.get_content()).found
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == language
    return message, " ".join(text.split()), rich.get_content()


@pytest.mark.parametrize(
    ("language", "yes", "no"),
    [
        ("nb", ["Det du ba om for LEFSEVERKET <AS>, er gjort", "Fra nå av taler denne adressen"],
         ["er ikke gjort", "Ingenting er endret.", f"kan du skrive til {CONTACT}."]),
        ("nn", ["Det du bad om for LEFSEVERKET <AS>, er gjort", "Frå no av talar denne adressa"],
         ["er ikkje gjort", "Ingenting er endra.", f"kan du skrive til {CONTACT}."]),
        ("en", ["What you asked for in the name of LEFSEVERKET <AS> is done", "From now on this"],
         ["is not done", "Nothing was changed.", f"write to {CONTACT}."]),
    ],
)  # fmt: skip
def test_it_says_what_was_decided_in_the_language_of_the_request(
    language: str, yes: list[str], no: list[str]
) -> None:
    for decision, sentences in ((YES, yes), (NO, no)):
        message, plain, rich = written(decision, language)
        for sentence in sentences:
            assert sentence in plain
            assert sentence in readable(rich)
        assert message["Subject"] in plain
        assert YES.firm in message["Subject"]
        for address in (
            f"https://treff.example/supplier/{NUMBER}?lang={language}",
            f"https://treff.example/you?org={NUMBER}&lang={language}",
        ):
            assert address in plain
            assert address.replace("&", "&amp;") in rich


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wish", Wish)
@pytest.mark.parametrize("decision", [YES, NO])
def test_it_says_what_was_asked_for_and_nothing_that_was_typed(
    decision: Decision, wish: Wish, language: str
) -> None:
    message, plain, rich = written(decision, language, wish)
    assert f"* {translate(SAYS[wish], language)}" in plain
    assert translate(SAYS[wish], language) in readable(rich)
    for text in (str(message["Subject"]), plain, rich):
        for typed in ("piller", "15811", "0301", "Debio", "spam.example"):
            assert typed not in text


@pytest.mark.parametrize("approved", [True, False])
def test_of_a_person_it_says_the_number_alone(approved: bool) -> None:
    person = replace(YES if approved else NO, firm="", by_website=False)
    message, plain, _ = written(person)
    assert NUMBER in message["Subject"]
    assert "nettstedet" not in plain, "no website speaks for a person"


def test_it_leads_to_no_page_that_is_not_there() -> None:
    _, plain, rich = written(replace(YES, has_page=False), wish=Wish.HIDE)
    assert "/supplier/" not in plain + rich
    assert "/you?org=" in plain
    assert "taler" not in written(replace(YES, speaks=False))[1], "nothing is kept of the address"


def test_without_a_public_address_or_a_contact_it_names_none() -> None:
    for decision in (YES, NO):
        _, plain, rich = written(decision, mail=MAIL, contact="")
        assert "://" not in plain
        assert "href" not in rich
        assert "kan du skrive til" not in plain


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(SettingsError):
        write_decision(ASKED, YES, now=NOW, settings=Mail(sender="nobody"), contact="")
    two = replace(ASKED, email="a@b.example, c@d.example")
    with pytest.raises(DeliveryRefused):
        write_decision(two, YES, now=NOW, settings=MAIL, contact="")


def test_it_is_another_letter_than_the_one_that_asked() -> None:
    assert decision_letter_of("r1") not in {letter_of("r1"), decision_letter_of("r2")}

"""The letter that asks the holder of an address whether a firm asks for something on its page."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from procmatch.alerts.headers import addressed_message
from procmatch.alerts.letter import fill, wrapped
from procmatch.alerts.links import sign
from procmatch.alerts.phrases import one_line, phrase
from procmatch.errors import SettingsError
from procmatch.model.statement import Request, Wish
from procmatch.model.subscription import Letter
from procmatch.settings import Mail

__all__ = [
    "PARTS",
    "PURPOSE",
    "SAYS",
    "UNCONFIRMED_LIVE",
    "filled_letter",
    "letter_of",
    "write_request",
    "write_said",
]

#: After so long without a yes a request is deleted, and its link ends.
UNCONFIRMED_LIVE = timedelta(days=7)
PURPOSE = "statement"
#: What is asked for, as a line.
SAYS = {
    Wish.CORRECT: "Show what the firm says itself",
    Wish.HIDE: "Do not show the firm in lists and on pages",
    Wish.SHOW: "Show the firm in lists and on pages",
    Wish.FORGET: "Delete all that the firm said and asked for here",
}
PARTS = {
    "words": "What it does: {text}",
    "cpv": "CPV codes: {text}",
    "places": "Serves: {text}",
    "evidence": "Can show: {text}",
    "contact": "Contact: {text}",
}


def letter_of(key: str) -> str:
    """Return the id of the letter about a request."""
    return hashlib.sha256(f"statement\n{key}".encode()).hexdigest()[:40]


def write_said(request: Request, language: str) -> list[str]:
    """Return what is asked for, as lines."""
    said = request.statement
    parts = {
        "words": said.words,
        "cpv": ", ".join(said.cpv),
        "places": ", ".join(said.places),
        "evidence": "; ".join(said.evidence),
        "contact": said.contact,
    }
    told = {name: one_line(text) for name, text in parts.items() if text}
    return [
        phrase(SAYS[request.wish], language),
        *(phrase(PARTS[name], language, text=text) for name, text in told.items()),
    ]


def write_request(
    request: Request, name: str, *, now: datetime, settings: Mail, secret: str
) -> Letter:
    """Write the letter. What was typed stays out of it, so that nobody can send words through us.

    Args:
        request: what is asked for; its number and nothing more is said where ``name`` is "".
        name: of the firm; "" for a sole proprietor, who is a person.
        now: aware; the letter's date.
        settings: who sends it, and where the link leads.
        secret: signs the link.

    Raises:
        SettingsError: there is no public address or secret, or the sender is no address.
        DeliveryRefused: not one e-mail address.
    """
    language = request.language
    if not settings.public_url:
        raise SettingsError("mail.public_url is not set: a link cannot be sent")
    key = letter_of(request.id)
    subject = phrase("Do you speak for {firm}?", language, firm=name or str(request.org))
    until = request.asked_at + UNCONFIRMED_LIVE
    token = sign(PURPOSE, request.id, secret=secret, expires_at=until)
    yes = f"{settings.public_url.rstrip('/')}/{PURPOSE}/{token}"
    return filled_letter(
        request,
        "statement",
        {"yes": yes, "days": UNCONFIRMED_LIVE.days},
        key=key,
        subject=subject,
        now=now,
        settings=settings,
    )


def filled_letter(
    request: Request,
    template: str,
    values: Mapping[str, object],
    *,
    key: str,
    subject: str,
    now: datetime,
    settings: Mail,
) -> Letter:
    """Return a letter to who asked for something, in the language of the request.

    Args:
        request: what was asked for.
        template: its name without ending.
        values: what it needs beside the subject and what was asked for.
        key: id of the letter.
        subject: one line.
        now: aware; the letter's date.
        settings: who sends it.

    Raises:
        SettingsError: the sender is no address.
        DeliveryRefused: not one e-mail address.
    """
    language = request.language
    message = addressed_message(
        request.email,
        f"request {request.id}",
        written_at=now,
        settings=settings,
        key=key,
        subject=subject,
    )
    every = {
        "language": language,
        "_": lambda text, /, **named: phrase(text, language, **named),
        "wrap": wrapped,
        "subject": subject,
        "asked": phrase(SAYS[request.wish], language),
        **values,
    }
    return fill(message, template, every, key=key, subject=subject)

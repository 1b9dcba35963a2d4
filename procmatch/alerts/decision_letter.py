"""The letter that tells who asked in a firm's name what the operator decided."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from procmatch.alerts.phrases import phrase
from procmatch.alerts.statement_letter import filled_letter
from procmatch.model.statement import Request
from procmatch.model.subscription import Letter
from procmatch.settings import Mail

__all__ = ["Decision", "decision_letter_of", "write_decision"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What became of a request, as far as the letter about it tells.

    Attributes:
        firm: its name; "" for a sole proprietor, who is a person.
        approved: whether it holds from now on; else nothing was changed.
        speaks: whether the address speaks for the firm from now on.
        has_page: whether there is a page about the firm to look at.
        by_website: whether an address at the firm's own website would speak for it by itself.
    """

    firm: str
    approved: bool
    speaks: bool
    has_page: bool
    by_website: bool = False


def decision_letter_of(key: str) -> str:
    """Return the id of the letter about what was decided on a request: there is one at most."""
    return hashlib.sha256(f"decision\n{key}".encode()).hexdigest()[:40]


def write_decision(
    request: Request, decision: Decision, *, now: datetime, settings: Mail, contact: str
) -> Letter:
    """Write the letter; as in the one that asked for a yes, nothing that was typed is in it.

    Args:
        request: what was asked for, and in what language.
        decision: what became of it.
        now: aware; the letter's date.
        settings: who sends it, and where the pages are; without that it holds no links.
        contact: whom to write to, "" for nobody.

    Raises:
        SettingsError: the sender is no address.
        DeliveryRefused: not one e-mail address.
    """
    language, number = request.language, quote(request.org.number)
    firm = decision.firm or str(request.org)
    if decision.approved:
        subject = phrase("What you asked for in the name of {firm} is done", language, firm=firm)
    else:
        subject = phrase(
            "What you asked for in the name of {firm} is not done", language, firm=firm
        )
    root = settings.public_url.rstrip("/")
    page = f"{root}/supplier/{number}?lang={language}" if root and decision.has_page else ""
    again = f"{root}/you?org={number}&lang={language}" if root else ""
    return filled_letter(
        request,
        "decision",
        {"decision": decision, "contact": contact, "page": page, "again": again},
        key=decision_letter_of(request.id),
        subject=subject,
        now=now,
        settings=settings,
    )

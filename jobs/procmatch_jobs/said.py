"""What a run said, fit for the ledger: short, and without secrets and addresses of persons."""

from __future__ import annotations

import re

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from procmatch.settings import Settings

__all__ = ["plain"]

_LONGEST = 4_000
_ADDRESS = re.compile(r"[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+\.[^\s@<>\"'(),;:]+")
_PASSWORD = re.compile(r"(://[^\s:/@]*:)[^\s@]+@")
#: Shorter ones would be found in ordinary words.
_SHORTEST_SECRET = 4


def plain(text: str, settings: Settings) -> str:
    """Return the end of ``text`` without secrets and e-mail addresses."""
    for secret in _secrets(settings):
        text = text.replace(secret, "***")
    text = _PASSWORD.sub(r"\1***@", text)
    text = _ADDRESS.sub("(address)", text)
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return "\n".join(lines)[-_LONGEST:]


def _secrets(settings: Settings) -> list[str]:
    try:
        password = make_url(settings.database_url).password
    except ArgumentError:
        password = None
    found = (settings.doffin_key, settings.secret_key, settings.mail.smtp_password, password)
    return [str(one) for one in found if one and len(str(one)) >= _SHORTEST_SECRET]

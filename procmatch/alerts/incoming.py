"""Letters that come in: "stop" and "confirm", sent by a person or by a mail program's button."""

from __future__ import annotations

import email
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default

from procmatch.alerts.phrases import one_line

__all__ = ["Request", "read_request"]

_REQUEST = re.compile(
    r"(?:(?:re|sv|vs|fwd?)\s*:\s*)*(?P<verb>stop|stopp|confirm)\s+(?P<key>[A-Za-z0-9_.=-]{4,400})",
    re.IGNORECASE,
)
#: More than this is no such letter, whatever it holds.
_LONGEST = 200_000
_PERSON = "no"


@dataclass(frozen=True, slots=True)
class Request:
    """What a letter asks for: ``"stop"`` a subscription (its id), or ``"confirm"`` (a token)."""

    verb: str
    key: str


def read_request(message: bytes) -> Request | None:
    """Return what an incoming letter asks for by its subject, or None.

    Answers of machines (RFC 3834) ask for nothing. Who sent it does not matter and is not read: a
    From can be forged, while the key was told to the subscriber alone.
    """
    parsed = email.message_from_bytes(message[:_LONGEST], policy=default)
    assert isinstance(parsed, EmailMessage)
    automatic = str(parsed.get("Auto-Submitted", _PERSON)).partition(";")[0].strip().lower()
    if automatic != _PERSON:
        return None
    found = _REQUEST.fullmatch(one_line(str(parsed.get("Subject", ""))))
    if found is None:
        return None
    verb = "stop" if found["verb"].lower().startswith("stop") else "confirm"
    return Request(verb, found["key"])

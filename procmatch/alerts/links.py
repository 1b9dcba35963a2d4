"""Signed links that expire: confirm, change, leave; no password, nothing to guess."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime

from procmatch.errors import LinkRefused, SettingsError

__all__ = ["sign", "verify"]


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _signature(payload: str, secret: str) -> str:
    if not secret:
        raise SettingsError("PROCMATCH_SECRET_KEY is not set: links cannot be signed or checked")
    return _encode(hmac.digest(secret.encode(), payload.encode(errors="replace"), hashlib.sha256))


def sign(purpose: str, subject: str, *, secret: str, expires_at: datetime) -> str:
    """Return a token that says "the holder may do ``purpose`` to ``subject`` until then".

    The token is base64url(JSON of purpose, subject, expiry in Unix seconds), a dot, and
    base64url(HMAC-SHA256 of what is left of the dot): safe in a URL as it is.

    Raises:
        SettingsError: there is no secret to sign with.
    """
    facts = [purpose, subject, int(expires_at.timestamp())]
    payload = _encode(json.dumps(facts, separators=(",", ":")).encode())
    return f"{payload}.{_signature(payload, secret)}"


def verify(token: str, *, purpose: str, secret: str, now: datetime) -> str:
    """Return the subject of a token.

    Raises:
        LinkRefused: forged, for another purpose, or expired.
        SettingsError: there is no secret to check with.
    """
    payload, _, signature = token.partition(".")
    expected = _signature(payload, secret)
    if not hmac.compare_digest(signature.encode(errors="replace"), expected.encode()):
        raise LinkRefused("this link is not one of ours")
    meant, subject, expires = json.loads(
        base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    )
    if meant != purpose:
        raise LinkRefused("this link is for something else")
    if now.timestamp() >= expires:
        raise LinkRefused("this link has expired; ask for a new one")
    return str(subject)

"""Signed links that expire: confirm, change, leave; no password, nothing to guess."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from datetime import UTC, datetime

from procmatch.errors import LinkRefused, SettingsError

__all__ = ["sign", "verify"]


def _signature(payload: bytes, secret: str) -> bytes:
    return hmac.digest(secret.encode(), payload, hashlib.sha256)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def sign(purpose: str, subject: str, *, secret: str, expires_at: datetime) -> str:
    """Return a token that says "the holder may do ``purpose`` to ``subject`` until then".

    Raises:
        SettingsError: there is no secret to sign with.
    """
    if not secret:
        raise SettingsError("PROCMATCH_SECRET_KEY is not set: links cannot be signed")
    facts = [purpose, subject, int(expires_at.timestamp())]
    payload = json.dumps(facts, separators=(",", ":")).encode()
    return f"{_encode(payload)}.{_encode(_signature(payload, secret))}"


def verify(token: str, *, purpose: str, secret: str, now: datetime) -> str:
    """Return the subject of a token.

    Raises:
        LinkRefused: forged, for another purpose, or expired.
        SettingsError: there is no secret to check with.
    """
    if not secret:
        raise SettingsError("PROCMATCH_SECRET_KEY is not set: links cannot be checked")
    try:
        payload, signature = (_decode(part) for part in token.split("."))
    except (ValueError, binascii.Error):
        raise LinkRefused("this link is not one of ours") from None
    if not hmac.compare_digest(signature, _signature(payload, secret)):
        raise LinkRefused("this link is not one of ours")
    meant, subject, expires = json.loads(payload)
    if meant != purpose:
        raise LinkRefused("this link is for something else")
    if now > datetime.fromtimestamp(expires, UTC):
        raise LinkRefused("this link has expired; ask for a new one")
    return str(subject)

"""The channel ``webhook``: news as JSON, posted to a developer's own address and signed.

The receiver checks ``Procmatch-Signature`` (:func:`verify_signature` does it) and answers 2xx. The
time stamp is signed with the body and made anew for each try, so a request that somebody recorded
is worth nothing after a few minutes; ``Procmatch-Delivery`` names the news, so that the same news
posted twice is known as one.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import time
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import SplitResult, urlsplit

import msgspec

from procmatch.alerts.content import Entry
from procmatch.alerts.letter import Composition
from procmatch.alerts.post import Post
from procmatch.errors import AddressRefused, DeliveryError, DeliveryRefused, SettingsError
from procmatch.model.subscription import Letter
from procmatch.settings import Settings

__all__ = [
    "SIGNATURE",
    "TIMESTAMP",
    "TOLERANCE_S",
    "WebhookPost",
    "open_post",
    "receiver_key",
    "verify_signature",
    "write",
]

NAME = "webhook"
SIGNATURE, TIMESTAMP, DELIVERY = (
    "Procmatch-Signature", "Procmatch-Timestamp", "Procmatch-Delivery",
)  # fmt: skip
#: How old a time stamp may be, in seconds.
TOLERANCE_S = 300
_TIMEOUT_S = 10
_GONE = 410
_PUBLIC_ID = 20


def _public_id(subscription: str) -> str:
    """Name a subscription to others: its own id stops the letters."""
    return hashlib.sha256(f"webhook\n{subscription}".encode()).hexdigest()[:_PUBLIC_ID]


def _key(public_id: str, secret: str) -> str:
    if not secret:
        raise SettingsError("PROCMATCH_SECRET_KEY is not set: webhooks cannot be signed")
    return hmac.digest(secret.encode(), f"webhook\n{public_id}".encode(), "sha256").hex()


def receiver_key(subscription: str, secret: str) -> str:
    """Return the key that signs what a subscription gets; its receiver must know it.

    Raises:
        SettingsError: there is no secret to make it from.
    """
    return _key(_public_id(subscription), secret)


def _signature(key: str, timestamp: str, body: bytes) -> str:
    return "v1=" + hmac.digest(key.encode(), timestamp.encode() + b"." + body, "sha256").hex()


def verify_signature(
    body: bytes, *, timestamp: str, signature: str, key: str, now: datetime
) -> bool:
    """Return whether a request is ours and fresh, for the receiver's use.

    Args:
        body: as received, byte for byte.
        timestamp: the header ``Procmatch-Timestamp``, Unix seconds.
        signature: the header ``Procmatch-Signature``.
        key: as :func:`receiver_key` gave it.
        now: aware.
    """
    good = hmac.compare_digest(_signature(key, timestamp, body).encode(), signature.encode())
    fresh = timestamp.isdecimal() and abs(now.timestamp() - int(timestamp)) <= TOLERANCE_S
    return good and fresh


def _item(one: Entry) -> dict[str, Any]:
    plain = msgspec.to_builtins(one)
    assert isinstance(plain, dict)
    # Links that act are the subscriber's own and stay in letters.
    return {name: value for name, value in plain.items() if name != "judge"}


def write(composed: Composition, _settings: Settings, /) -> Letter:
    """Write what is posted: JSON with one object a tender, in the subscriber's language."""
    subscription = composed.digest.subscription
    delivery = f"{composed.id}-{NAME}"
    body = {
        "delivery": delivery,
        "subscription": _public_id(subscription.id),
        "made_at": composed.digest.made_at,
        "language": subscription.language,
        "subject": composed.subject,
        "items": [_item(one) for one in composed.entries],
        "more": len(composed.beyond),
    }
    return Letter(
        id=delivery,
        to=subscription.webhook_url,
        subject=composed.subject,
        message=msgspec.json.encode(body),
        channel=NAME,
    )


def open_post(settings: Settings) -> Post:
    """Return what posts."""
    return WebhookPost(secret=settings.secret_key, loopback=settings.webhook_loopback)


class WebhookPost:
    """Posts each parcel once; redirects are not followed.

    An address is asked for by name each time, and only public addresses are called: a webhook must
    not reach into the operator's own network.
    """

    def __init__(self, *, secret: str, loopback: bool = False) -> None:
        self.secret = secret
        #: Whether plain http to this machine itself is allowed, for trying out.
        self.loopback = loopback

    def send(self, letter: Letter) -> None:
        """Post a parcel; see :class:`~procmatch.alerts.post.Post`.

        Raises:
            DeliveryError: no answer, or one that is not 2xx.
            AddressRefused: 410 Gone. DeliveryRefused: an address that may not be called.
            SettingsError: there is no secret to sign with.
        """
        body = letter.message
        timestamp = str(int(time.time()))
        key = _key(str(json.loads(body)["subscription"]), self.secret)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "procmatch-webhook",
            TIMESTAMP: timestamp,
            SIGNATURE: _signature(key, timestamp, body),
            DELIVERY: letter.id,
        }
        status = self._post(letter.to, body, headers)
        if status == _GONE:
            raise AddressRefused("webhook: 410 Gone")
        if not http.client.OK <= status < http.client.MULTIPLE_CHOICES:
            raise DeliveryError(f"webhook: answered {status}")

    def _post(self, address: str, body: bytes, headers: dict[str, str]) -> int:
        parts = urlsplit(address)
        host = parts.hostname
        if not host or parts.scheme not in ({"https", "http"} if self.loopback else {"https"}):
            raise DeliveryRefused("webhook: not an https address")
        try:
            connection = self._connection(parts, host)
            try:
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                connection.request("POST", path, body, headers)
                return connection.getresponse().status
            finally:
                connection.close()
        except (OSError, http.client.HTTPException, ValueError) as error:
            # Its text may hold the address, which is the subscriber's.
            raise DeliveryError(f"webhook: {type(error).__name__}") from None

    def _connection(self, parts: SplitResult, host: str) -> http.client.HTTPConnection:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        own = socket.create_connection((self._numeric(host, port), port), _TIMEOUT_S)
        if parts.scheme == "http":
            plain = http.client.HTTPConnection(host, port)
            plain.sock = own
            return plain
        secure = http.client.HTTPSConnection(host, port)
        secure.sock = ssl.create_default_context().wrap_socket(own, server_hostname=host)
        return secure

    def _numeric(self, host: str, port: int) -> str:
        """Return a numeric address that may be called: what was checked is what is called."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for *_, place in found:
            numeric = str(place[0])
            ip = ipaddress.ip_address(numeric)
            if ip.is_global or (self.loopback and ip.is_loopback):
                return numeric
        raise DeliveryRefused("webhook: not an address that may be called")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is kept open."""

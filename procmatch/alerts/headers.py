"""The headers of a letter: who, what, and how to stop it with one click (RFC 2369, 8058, 3834)."""

from __future__ import annotations

import re
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from urllib.parse import quote

from procmatch.alerts.phrases import OSLO
from procmatch.errors import DeliveryRefused, SettingsError
from procmatch.model.subscription import Subscription
from procmatch.settings import Mail

__all__ = [
    "address_sent_to",
    "addressed_message",
    "headed_message",
    "mailto_stop",
    "sender_domain",
]


#: RFC 6531: what may stand left of the @, unquoted.
_DOT_ATOM = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")


#: RFC 2047: the longest encoded word.
_ENCODED_WORD = 75
#: What Address and IDNA raise at a text that is no address.
_NO_ADDRESS = (ValueError, IndexError, MessageError)


class _AddressList(UnstructuredHeader):
    """``<uri>, <uri>``: broken at commas only, for a long address must never be encoded."""

    name: str

    def fold(self, *, policy: EmailPolicy) -> str:
        """Return the header as lines."""
        value = f",{policy.linesep} ".join(str(self).split(", "))
        return f"{self.name}: {value}{policy.linesep}"


class _Subject(UnstructuredHeader):
    """Encoded as one run of words: the email package encodes each alone and loses the spaces."""

    name: str

    def fold(self, *, policy: EmailPolicy) -> str:
        """Return the header as lines."""
        charset = "us-ascii" if str(self).isascii() else "utf-8"
        header = Header(str(self), charset, maxlinelen=_ENCODED_WORD, header_name=self.name)
        return f"{self.name}: {header.encode(linesep=policy.linesep)}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("subject", _Subject)  # type: ignore[arg-type]
_HEADERS.map_to_type("list-unsubscribe", _AddressList)  # type: ignore[arg-type]
_POLICY = SMTP.clone(header_factory=_HEADERS)


def _address(text: str, name: str = "") -> Address:
    """Return an address with its domain in ASCII. Raises one of ``_NO_ADDRESS``."""
    local, _, domain = text.rpartition("@")
    domain = domain.encode("idna").decode()
    if local.isascii():
        return Address(name, addr_spec=f"{local}@{domain}")
    if _DOT_ATOM.fullmatch(local) is None or not domain:
        raise ValueError(text)
    return Address(name, local, domain)


def address_sent_to(text: str) -> str:
    """Return an address as letters to it are addressed; as it is where it is none."""
    try:
        return _address(text.strip()).addr_spec
    except _NO_ADDRESS:
        return text


def _sender(settings: Mail) -> Address:
    name, text = parseaddr(settings.sender)
    try:
        return _address(text, name)
    except _NO_ADDRESS:
        raise SettingsError(f"mail.sender is not an address: {settings.sender!r}") from None


def sender_domain(settings: Mail) -> str:
    """Return the right part of Message-IDs. Raises SettingsError."""
    return _sender(settings).domain


def mailto_stop(settings: Mail, subscription: str) -> str:
    """Return the mailto address that stops the letters of a subscription."""
    address = quote(settings.unsubscribe_mailto, safe="@")
    return f"mailto:{address}?subject=stop%20{quote(subscription)}"


def headed_message(
    subscription: Subscription,
    *,
    written_at: datetime,
    settings: Mail,
    stop: str,
    key: str,
    subject: str,
) -> EmailMessage:
    """Return a message with its headers and no body yet.

    Args:
        subscription: for whom.
        written_at: the letter's time, UTC.
        settings: the sender and where "stop" mails go.
        stop: the https address that stops the letters with one click, or ``""``.
        key: the left part of Message-ID.
        subject: one line.

    Raises:
        SettingsError: the sender is not an address.
        DeliveryRefused: the subscriber's address is not one address.
    """
    message = addressed_message(
        subscription.email,
        f"subscription {subscription.id}",
        written_at=written_at,
        settings=settings,
        key=key,
        subject=subject,
    )
    message["List-Id"] = f"procmatch <varsel.{sender_domain(settings)}>"
    mail = f"<{mailto_stop(settings, subscription.id)}>"
    message["List-Unsubscribe"] = f"<{stop}>, {mail}" if stop else mail
    if stop:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def addressed_message(
    to: str, what: str, *, written_at: datetime, settings: Mail, key: str, subject: str
) -> EmailMessage:
    """Return a message to an address, without a body and of no list.

    Args:
        to: for whom.
        what: names the letter's occasion in an error; never the address.
        written_at: the letter's time, UTC.
        settings: the sender.
        key: the left part of Message-ID.
        subject: one line.

    Raises:
        SettingsError: the sender is not an address.
        DeliveryRefused: ``to`` is not one address.
    """
    sender = _sender(settings)
    try:
        receiver = _address(to)
    except _NO_ADDRESS:
        raise DeliveryRefused(f"{what}: not an e-mail address") from None
    # Only an address with æøå left of the @ needs a server that speaks SMTPUTF8.
    policy = _POLICY if receiver.addr_spec.isascii() else _POLICY.clone(utf8=True)
    message = EmailMessage(policy=policy)
    message["From"] = sender
    message["To"] = receiver
    message["Subject"] = subject
    message["Date"] = format_datetime(written_at.astimezone(OSLO))
    message["Message-ID"] = f"<{key}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    return message

"""Hand letters over: to a mail server, or as files to an outbox folder."""

from __future__ import annotations

import os
import smtplib
import ssl
import tempfile
from contextlib import suppress
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from procmatch.errors import DeliveryError, DeliveryRefused, SettingsError
from procmatch.model.subscription import Letter
from procmatch.settings import Mail

__all__ = ["OutboxPost", "Post", "SmtpPost", "open_post"]

_TIMEOUT_S = 30
_PERMANENT = 500


class Post(Protocol):
    """Hands letters over, one at a time; a context manager that lets go of connections."""

    def send(self, letter: Letter) -> None:
        """Hand a letter over.

        Raises:
            DeliveryError: not now; try again later.
            DeliveryRefused: never.
        """

    def __enter__(self) -> Self:
        """Return itself."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of connections."""


class OutboxPost:
    """Writes each letter as ``<id>.eml``; the same letter twice is one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, letter: Letter) -> None:
        """Write the file whole or not at all."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, suffix=".part")
            with os.fdopen(handle, "wb") as file:
                file.write(letter.message)
            Path(name).replace(self.folder / f"{letter.id}.eml")
        except OSError as error:
            raise DeliveryError(f"outbox {self.folder}: {error.strerror}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class SmtpPost:
    """Sends over one connection, kept open between letters and opened anew when it broke."""

    def __init__(self, mail: Mail) -> None:
        if mail.smtp_security not in {"starttls", "tls", "none"}:
            raise SettingsError("mail.smtp_security is one of starttls, tls, none")
        if mail.smtp_security == "none" and not _is_loopback(mail.smtp_host):
            raise SettingsError("mail.smtp_security = none is for loopback only")
        self.mail = mail
        self.connection: smtplib.SMTP | None = None

    def _connect(self) -> smtplib.SMTP:
        mail = self.mail
        context = ssl.create_default_context()
        if mail.smtp_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                mail.smtp_host, mail.smtp_port, timeout=_TIMEOUT_S, context=context
            )
        else:
            server = smtplib.SMTP(mail.smtp_host, mail.smtp_port, timeout=_TIMEOUT_S)
        if mail.smtp_security == "starttls":
            server.starttls(context=context)
        if mail.smtp_user:
            server.login(mail.smtp_user, mail.smtp_password)
        return server

    def send(self, letter: Letter) -> None:
        """Send one letter; see :class:`Post`."""
        sender = parseaddr(self.mail.sender)[1]
        try:
            if self.connection is None:
                self.connection = self._connect()
            self.connection.sendmail(sender, [letter.to], letter.message)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise _refusal(code, text) from error
        except smtplib.SMTPResponseException as error:
            self._drop()
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise DeliveryError(f"{self.mail.smtp_host}: {error}") from error

    def _drop(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.connection.quit()
            self._drop()


def _refusal(code: int, text: bytes | str) -> DeliveryError:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    kind = DeliveryRefused if code >= _PERMANENT else DeliveryError
    return kind(f"{code} {' '.join(words.split())}")


def open_post(mail: Mail) -> Post:
    """Return the way letters leave: a mail server if one is set, else the outbox folder."""
    return SmtpPost(mail) if mail.smtp_host else OutboxPost(Path(mail.outbox))

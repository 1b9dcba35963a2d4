"""Hand letters over: to a mail server, or as files to an outbox folder."""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, runtime_checkable

from procmatch.alerts.pipelining import Opening, begin, can_pipeline, finish, with_following
from procmatch.errors import (
    AddressRefused,
    DeliveryError,
    DeliveryRefused,
    SettingsError,
    Unreachable,
)
from procmatch.model.subscription import Letter
from procmatch.settings import Mail

__all__ = ["ManyPost", "OutboxPost", "Post", "SmtpPost", "hand_over", "open_post"]

_TIMEOUT_S = 30
#: After so long a pause the server may have hung up; asking first is cheaper than failing.
_IDLE_S = 5
_OK = 250
_CLOSING = 421
_PERMANENT = 500
#: "Log in first" and its kin: the operator's to mend, never the receiver's refusal.
_AUTHENTICATION = frozenset({530, 534, 535, 538})


class Post(Protocol):
    """Hands letters over, one at a time; a context manager that lets go of connections."""

    def send(self, letter: Letter) -> None:
        """Hand a letter over.

        Raises:
            DeliveryError: not now; try again later.
            Unreachable: the server itself did not answer.
            DeliveryRefused: never.
            AddressRefused: nor any other to this address.
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


@runtime_checkable
class ManyPost(Protocol):
    """A post that is quicker with many letters than with each by itself."""

    def send_all(
        self, letters: Iterable[Letter], while_waiting: Callable[[], None]
    ) -> Iterator[tuple[Letter, DeliveryError | None]]:
        """Hand letters over in order; see :func:`hand_over`."""


def hand_over(
    post: Post, letters: Iterable[Letter], while_waiting: Callable[[], None]
) -> Generator[tuple[Letter, DeliveryError | None]]:
    """Hand letters over in order, and say of each what became of it.

    Whoever asks for no more ends it: the letter whose turn it was is not sent. Close the
    iterator then.

    Args:
        post: how they leave.
        letters: taken one by one, at most one ahead of what is said.
        while_waiting: called when a letter may take a while: the time to note earlier ones.

    Yields:
        The letter, and why it was not accepted; None when it was.
    """
    if isinstance(post, ManyPost):
        yield from post.send_all(letters, while_waiting)
        return
    for letter in letters:
        while_waiting()
        error = None
        try:
            post.send(letter)
        except DeliveryError as caught:
            error = caught
        yield letter, error


class OutboxPost:
    """Writes each letter as ``<id>.eml``; the same letter twice is one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, letter: Letter) -> None:
        """Write the file whole or not at all; see :class:`Post`."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, suffix=".part")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(letter.message)
                Path(name).replace(self.folder / f"{letter.id}.eml")
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
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


def _nothing() -> None:
    """Use no time while a server lets wait."""


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class SmtpPost:
    """Sends over one connection, kept open between letters and opened anew when it broke.

    The server must show a certificate that the system trusts, for its name, before a password or
    a letter leaves; ``smtp_security = "none"`` is for loopback only.
    """

    def __init__(self, mail: Mail) -> None:
        if mail.smtp_security not in {"starttls", "tls", "none"}:
            raise SettingsError("mail.smtp_security is one of starttls, tls, none")
        if mail.smtp_security == "none" and not _is_loopback(mail.smtp_host):
            raise SettingsError("mail.smtp_security = none is for loopback only")
        self.mail = mail
        self.sender = parseaddr(mail.sender)[1]
        self.connection: smtplib.SMTP | None = None
        self.used_at = 0.0

    def send(self, letter: Letter) -> None:
        """Send one letter; see :class:`Post`."""
        for _, error in self.send_all((letter,), _nothing):
            if error is not None:
                raise error

    def send_all(
        self, letters: Iterable[Letter], while_waiting: Callable[[], None]
    ) -> Iterator[tuple[Letter, DeliveryError | None]]:
        """Send letters, the next one's envelope with the one before; see :func:`hand_over`."""
        opening: Opening | None = None
        try:
            for letter, following in with_following(letters):
                error = None
                try:
                    opening = self._exchange(letter, following, opening, while_waiting)
                except DeliveryError as caught:
                    error, opening = caught, None
                yield letter, error
        finally:
            if opening is not None:
                # The server waits for a letter: whatever came next would be taken for it.
                self._drop()

    def _exchange(
        self,
        letter: Letter,
        following: Letter | None,
        opening: Opening | None,
        while_waiting: Callable[[], None],
    ) -> Opening | None:
        """Send one letter and perhaps the next one's envelope; ``opening`` is of this one's."""
        server = self._connected(waits=opening is not None)
        try:
            if opening is None:
                if not can_pipeline(server, letter):
                    while_waiting()
                    server.sendmail(self.sender, [letter.to], letter.message, _options(letter))
                    return None
                begin(server, self.sender, letter)
            elif opening.refusal is not None:
                raise opening.refusal
            if following is not None and not can_pipeline(server, following):
                following = None
            return finish(
                server, letter, sender=self.sender, following=following, while_waiting=while_waiting
            )
        except smtplib.SMTPException as error:
            raise self._failure(server, error) from error
        except OSError as error:
            self._drop()
            raise DeliveryError(f"{self.mail.smtp_host}: {error}") from error
        finally:
            self.used_at = time.monotonic()

    def _failure(self, server: smtplib.SMTP, error: smtplib.SMTPException) -> DeliveryError:
        """Return what an error means for the letter, and let go of a connection it spoilt."""
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, text = next(iter(error.recipients.values()))
            if code == _CLOSING or server.sock is None:
                self._drop()
            return _refusal(code, text, AddressRefused)
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return DeliveryRefused(f"{self.mail.smtp_host}: {error}")
        # The server may still wait for the rest of this letter: the next starts anew.
        self._drop()
        if isinstance(error, smtplib.SMTPResponseException):
            of_sender = isinstance(error, smtplib.SMTPSenderRefused)
            kind = DeliveryRefused if of_sender else AddressRefused
            return _refusal(error.smtp_code, error.smtp_error, kind)
        return DeliveryError(f"{self.mail.smtp_host}: {error}")

    def _connected(self, *, waits: bool) -> smtplib.SMTP:
        """Return a live connection; whatever goes wrong here says nothing about a letter.

        Args:
            waits: the server waits for a letter, and must not be asked anything.
        """
        try:
            if self.connection and self.connection.sock is None:
                self._drop()
            idle = time.monotonic() - self.used_at
            if self.connection and not waits and idle > _IDLE_S:
                self._probe(self.connection)
            if self.connection is None:
                self.connection = self._connect()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Unreachable(f"{self.mail.smtp_host}: {error}") from error
        return self.connection

    def _probe(self, connection: smtplib.SMTP) -> None:
        with suppress(smtplib.SMTPException, OSError):
            if connection.noop()[0] == _OK:
                return
        self._drop()

    def _connect(self) -> smtplib.SMTP:
        mail = self.mail
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if mail.smtp_security == "tls":
            server = smtplib.SMTP_SSL(
                mail.smtp_host, mail.smtp_port, timeout=_TIMEOUT_S, context=context
            )
        else:
            server = smtplib.SMTP(mail.smtp_host, mail.smtp_port, timeout=_TIMEOUT_S)
        try:
            if mail.smtp_security == "starttls":
                server.starttls(context=context)
            assert server.sock is not None
            # A letter leaves at once; its last part must not wait for the first to be confirmed.
            server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if mail.smtp_user:
                server.login(mail.smtp_user, mail.smtp_password)
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server

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


def _refusal(code: int, text: bytes | str, refused: type[DeliveryRefused]) -> DeliveryError:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    for_good = code >= _PERMANENT and code not in _AUTHENTICATION
    kind = refused if for_good else DeliveryError
    return kind(f"{code} {' '.join(words.split())}")


def _options(letter: Letter) -> tuple[str, ...]:
    """Only an address with æøå left of the @ needs a server that speaks SMTPUTF8 (RFC 6531)."""
    return () if letter.to.isascii() else ("SMTPUTF8", "BODY=8BITMIME")


def open_post(mail: Mail) -> Post:
    """Return the way letters leave: a mail server if one is set, else the outbox folder.

    Raises:
        SettingsError: the settings would send letters in clear over a network.
    """
    return SmtpPost(mail) if mail.smtp_host else OutboxPost(Path(mail.outbox))

"""Hand letters to a mail server in one exchange each where it allows that (RFC 2920).

With the end of a letter go the sender, the receiver and DATA of the next, so that a letter costs
one wait instead of four.
"""

from __future__ import annotations

import re
import select
import smtplib
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from procmatch.model.subscription import Letter

__all__ = ["Opening", "begin", "can_pipeline", "finish", "with_following"]

_OK, _GO_ON, _CLOSING = frozenset({250, 251}), 354, 421
_LINE_OF_DOTS = re.compile(rb"(?m)^\.")
#: A server that answers later than this leaves time for something else, in seconds.
_PROMPT_S = 0.01
#: An address that can stand between < and > as it is.
_PLAIN = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Opening:
    """The server's answer to the envelope of a letter: it waits for the letter, or refuses."""

    refusal: smtplib.SMTPException | None = None


def with_following(some: Iterable[T]) -> Iterator[tuple[T, T | None]]:
    """Yield each with the one after it; None after the last."""
    rest = iter(some)
    one = next(rest, None)
    while one is not None:
        following = next(rest, None)
        yield one, following
        one = following


def can_pipeline(server: smtplib.SMTP, letter: Letter) -> bool:
    """Return whether the server takes commands together, and the letter needs nothing else."""
    server.ehlo_or_helo_if_needed()
    return server.has_extn("pipelining") and _PLAIN.fullmatch(letter.to) is not None


def begin(server: smtplib.SMTP, sender: str, letter: Letter) -> None:
    """Send the envelope of a letter that :func:`can_pipeline`; ``sender`` is an address.

    Raises:
        SMTPException: the sender, the receiver or DATA is refused, or the connection broke.
    """
    server.send(_envelope(server, sender, letter))
    refusal = _opening(server, sender, letter).refusal
    if refusal is not None:
        raise refusal


def finish(
    server: smtplib.SMTP,
    letter: Letter,
    *,
    sender: str,
    following: Letter | None,
    while_waiting: Callable[[], None],
) -> Opening | None:
    """Send the letter for which the server waits, and the envelope of the next with it.

    Args:
        server: connected.
        letter: its lines end with CRLF.
        sender: of the next.
        following: the next, which :func:`can_pipeline`.
        while_waiting: called when the server does not answer at once.

    Returns:
        What became of the next one's envelope; None when it has to be sent anew.

    Raises:
        SMTPException: this letter is refused, or the connection broke.
    """
    message = letter.message
    if message.startswith(b".") or b"\n." in message:
        message = _LINE_OF_DOTS.sub(b"..", message)
    end = b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n"
    envelope = b"" if following is None else _envelope(server, sender, following)
    server.send(message + end + envelope)
    try:
        if not _answers_at_once(server):
            while_waiting()
    except BaseException:
        server.close()
        raise
    code, text = server.getreply()
    if code not in _OK:
        raise smtplib.SMTPDataError(code, text)
    if following is None:
        return None
    try:
        opening = _opening(server, sender, following)
    except smtplib.SMTPException:
        return None
    return None if server.sock is None else opening


def _envelope(server: smtplib.SMTP, sender: str, letter: Letter) -> bytes:
    size = f" SIZE={len(letter.message)}" if server.has_extn("size") else ""
    return (f"MAIL FROM:<{sender}>{size}\r\nRCPT TO:<{letter.to}>\r\nDATA\r\n").encode("ascii")


def _opening(server: smtplib.SMTP, sender: str, letter: Letter) -> Opening:
    """Read the answers to an envelope; after a refusal the next can be sent."""
    (of_sender, said), (of_receiver, answer), (of_data, word) = (server.getreply() for _ in "MRD")
    refusal: smtplib.SMTPException
    if of_sender not in _OK:
        refusal = smtplib.SMTPSenderRefused(of_sender, said, sender)
    elif of_receiver not in _OK:
        refusal = smtplib.SMTPRecipientsRefused({letter.to: (of_receiver, answer)})
    elif of_data != _GO_ON:
        refusal = smtplib.SMTPDataError(of_data, word)
    else:
        return Opening()
    if _CLOSING in {of_sender, of_receiver, of_data} or of_data == _GO_ON:
        server.close()
    else:
        with suppress(smtplib.SMTPException):
            server.rset()
    return Opening(refusal)


def _answers_at_once(server: smtplib.SMTP) -> bool:
    connection = server.sock
    assert connection is not None
    if isinstance(connection, ssl.SSLSocket) and connection.pending():
        return True
    try:
        return bool(select.select([connection], (), (), _PROMPT_S)[0])
    except ValueError:  # too many open files for select; it cannot be known
        return False

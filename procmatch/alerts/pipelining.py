"""Hand a letter to a mail server in one exchange where it allows that (RFC 2920).

Sender, receiver and DATA go out together, which saves two waits a letter.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Sequence

__all__ = ["hand_over"]

_OK, _GO_ON = frozenset({250, 251}), 354
_LINE_OF_DOTS = re.compile(rb"(?m)^\.")


def hand_over(
    server: smtplib.SMTP, sender: str, receiver: str, message: bytes, options: Sequence[str]
) -> None:
    """Send one letter to one receiver, as ``sendmail`` of ``smtplib`` does.

    Args:
        server: connected.
        sender: address.
        receiver: address.
        message: with CRLF line ends.
        options: of MAIL.

    Raises:
        SMTPException: as ``sendmail`` does; after a refusal the connection is closed, for the
            server may wait for a letter.
    """
    server.ehlo_or_helo_if_needed()
    if "SMTPUTF8" in options or not server.has_extn("pipelining"):
        server.sendmail(sender, [receiver], message, options)
        return
    size = f" SIZE={len(message)}" if server.has_extn("size") else ""
    server.send(
        f"MAIL FROM:{smtplib.quoteaddr(sender)}{size}\r\n"
        f"RCPT TO:{smtplib.quoteaddr(receiver)}\r\nDATA\r\n"
    )
    (of_sender, said), (of_receiver, answer), (of_data, word) = (server.getreply() for _ in "MRD")
    if of_sender not in _OK or of_receiver not in _OK or of_data != _GO_ON:
        server.close()
    if of_sender not in _OK:
        raise smtplib.SMTPSenderRefused(of_sender, said, sender)
    if of_receiver not in _OK:
        raise smtplib.SMTPRecipientsRefused({receiver: (of_receiver, answer)})
    if of_data != _GO_ON:
        raise smtplib.SMTPDataError(of_data, word)
    end = b"" if message.endswith(b"\r\n") else b"\r\n"
    server.send(_LINE_OF_DOTS.sub(b"..", message) + end + b".\r\n")
    code, text = server.getreply()
    if code not in _OK:
        raise smtplib.SMTPDataError(code, text)

"""Letters to whoever runs procmatch: plain text, in English, that names no subscriber."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from procmatch.alerts.headers import sender_domain
from procmatch.model.subscription import Letter
from procmatch.settings import Mail

__all__ = ["write_to_operator"]


def write_to_operator(
    to: str, *, key: str, subject: str, text: str, mail: Mail, now: datetime
) -> Letter:
    """Write a letter to the operator.

    Args:
        to: address.
        key: the left part of Message-ID: the same for the same news.
        subject: after "procmatch: ".
        text: the body.
        mail: who sends it.
        now: aware; the letter's date.

    Raises:
        SettingsError: the sender is not an address.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = mail.sender
    message["To"] = to
    message["Subject"] = f"procmatch: {subject}"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{key}@{sender_domain(mail)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return Letter(id=key, to=to, subject=str(message["Subject"]), message=message.as_bytes())

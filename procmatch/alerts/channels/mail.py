"""The channel ``mail``: letters."""

from __future__ import annotations

from procmatch.alerts.letter import Composition, write_mail
from procmatch.alerts.post import Post
from procmatch.alerts.post import open_post as open_mail_post
from procmatch.model.subscription import Letter
from procmatch.settings import Settings

__all__ = ["open_post", "write"]


def write(composed: Composition, settings: Settings, /) -> Letter:
    """Write the letter; see :func:`~procmatch.alerts.letter.write_mail`."""
    return write_mail(composed, settings.mail)


def open_post(settings: Settings) -> Post:
    """Return the mail server's post, or the outbox folder's."""
    return open_mail_post(settings.mail)

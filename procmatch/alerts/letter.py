"""A digest as a letter: plain text, HTML and a calendar file in one message."""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Mapping, Sequence
from datetime import timedelta
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from procmatch.alerts.calendar import calendar
from procmatch.alerts.content import Entry, PlaceLabel, counts, entry, heading, wishes
from procmatch.alerts.digest import fingerprint
from procmatch.alerts.headers import headed_message, mailto_stop
from procmatch.alerts.links import sign
from procmatch.alerts.phrases import phrase
from procmatch.model.subscription import Digest, Letter
from procmatch.model.values import Place
from procmatch.settings import Mail

__all__ = ["PAGES", "write_letter"]

#: Where a person reads the announcement, by source.
PAGES: Mapping[str, str] = MappingProxyType(
    {
        "doffin": "https://www.doffin.no/notices/{id}",
        "ted": "https://ted.europa.eu/en/notice/-/detail/{id}",
    }
)
_WIDTH = 72
_LINKS_LIVE = timedelta(days=365)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _letter_id(digest: Digest) -> str:
    """The same news to the same subscriber is the same letter, however often it is written."""
    facts = []
    for item in digest.items:
        notice = item.notice
        publication = f"{notice.source_id or notice.notice_id}/{notice.version}/{item.news}"
        lots = sorted(f"{lot.id}/{fingerprint(notice, lot)}" for lot, _ in item.lots)
        facts.append("/".join([publication, *lots]))
    text = "\n".join([digest.subscription.id, *sorted(facts)])
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def _stop_link(digest: Digest, settings: Mail, secret: str) -> str:
    if not settings.public_url:
        return ""
    until = digest.made_at + _LINKS_LIVE
    token = sign("leave", digest.subscription.id, secret=secret, expires_at=until)
    return f"{settings.public_url.rstrip('/')}/leave/{token}"


def _wrap(text: str, indent: str = "") -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=" " * len(indent),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _unnamed(_place: Place, _language: str) -> str:
    return ""


def write_letter(
    digest: Digest,
    *,
    settings: Mail,
    secret: str,
    pages: Mapping[str, str] = PAGES,
    place_label: PlaceLabel = _unnamed,
) -> Letter:
    """Write the letter of a digest.

    Args:
        digest: what is to be told; at least one item.
        settings: sender, public address, address for stopping.
        secret: signs the link for leaving; needed only when there is a public address.
        pages: source -> where an announcement can be read, with ``{id}``.
        place_label: names a place of which the notice prints only codes.

    Returns:
        The letter. The same digest gives the same bytes, and a Message-ID that depends only on
        what is told to whom.

    Raises:
        SettingsError: the sender is not an address, or the secret is missing.
        DeliveryRefused: the subscriber's address is not one address.
    """
    language = digest.subscription.language
    stop = _stop_link(digest, settings, secret)
    subject = heading(digest)
    key = _letter_id(digest)
    entries = [entry(item, digest, pages=pages, label=place_label) for item in digest.items]
    text, html = _render(digest, entries, settings=settings, stop=stop, subject=subject)
    message = headed_message(
        digest,
        settings=settings,
        stop=stop if stop.startswith("https://") else "",
        key=key,
        subject=subject,
    )
    _fill(message, text, html, calendar(digest), phrase("deadlines.ics", language))
    message["Content-Language"] = language  # last: filling in content clears such headers
    _name_boundaries(message, key)
    return Letter(
        id=key,
        to=message["To"].addresses[0].addr_spec,
        subject=subject,
        message=message.as_bytes(),
    )


def _render(
    digest: Digest, entries: Sequence[Entry], *, settings: Mail, stop: str, subject: str
) -> tuple[str, str]:
    """Return the plain text and the HTML."""
    subscription = digest.subscription
    language = subscription.language
    values = {
        "language": language,
        "_": lambda text, /, **named: phrase(text, language, **named),
        "wrap": _wrap,
        "subject": subject,
        "counts": counts(digest),
        "wishes": wishes(subscription),
        "entries": entries,
        "more": digest.more,
        "stop": stop,
        "stop_mail": mailto_stop(settings, subscription.id),
        "stop_address": settings.unsubscribe_mailto,
        "subscription": subscription.id,
    }
    templates = _templates()
    text = templates.get_template("letter.txt").render(values)
    return text, templates.get_template("letter.html").render(values)


def _fill(message: EmailMessage, text: str, html: str, events: bytes | None, name: str) -> None:
    # Quoted-printable: no relay has to change a byte, so signatures of the letter stay whole.
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    if events:
        message.add_attachment(
            events,
            maintype="text",
            subtype="calendar",
            filename=name,
            params={"charset": "utf-8", "method": "PUBLISH"},
        )


def _name_boundaries(message: EmailMessage, key: str) -> None:
    """Name the boundaries after the letter: random ones would make each writing differ."""
    parts = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(parts):
        part.set_boundary(f"=={key}={number}")

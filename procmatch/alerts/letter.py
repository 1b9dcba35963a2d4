"""A digest as a letter: plain text, HTML and a calendar file in one message."""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from procmatch.alerts.addresses import Addresses
from procmatch.alerts.asked import wishes
from procmatch.alerts.calendar import render
from procmatch.alerts.content import REASONS, Entry, PlaceLabel, counts, entry, heading
from procmatch.alerts.digest import item_key
from procmatch.alerts.headers import headed_message, mailto_stop
from procmatch.alerts.phrases import phrase
from procmatch.model.subscription import Digest, Letter, Subscription
from procmatch.model.values import Place
from procmatch.settings import Mail

__all__ = [
    "PAGES",
    "Composition",
    "common",
    "compose",
    "fill",
    "write_letter",
    "write_mail",
]

#: Where a person reads the announcement, by source.
PAGES: Mapping[str, str] = MappingProxyType(
    {
        "doffin": "https://www.doffin.no/notices/{id}",
        "ted": "https://ted.europa.eu/en/notice/-/detail/{id}",
    }
)
_WIDTH = 72


@cache
def _templates() -> Environment:
    """Return the templates of letters."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """What a digest says in the reader's words, before a channel gives it a shape.

    Attributes:
        id: the same for the same news to the same subscriber, forty hexadecimal digits.
        entries: what is told. beyond: what is only counted.
    """

    id: str
    digest: Digest
    subject: str
    counts: str
    entries: tuple[Entry, ...]
    beyond: tuple[Entry, ...]
    addresses: Addresses


def _letter_id(digest: Digest) -> str:
    """The same news to the same subscriber is the same letter, however often it is written."""
    facts = []
    for item in digest.items:
        said = item.changes if item.news in {"few-local", "ending", "result"} else ()
        facts.append("/".join([item_key(item), item.notice.version, *said]))
    text = "\n".join([digest.subscription.id, *sorted(facts)])
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def wrapped(text: str, indent: str = "") -> str:
    """Return a paragraph as lines of a plain letter, the first behind ``indent``."""
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


def compose(
    digest: Digest,
    *,
    settings: Mail,
    secret: str,
    pages: Mapping[str, str] = PAGES,
    place_label: PlaceLabel = _unnamed,
) -> Composition:
    """Say a digest in the reader's words.

    Args:
        digest: what is to be told; at least one item.
        settings: the public address of the links.
        secret: signs the links; needed only when there is a public address.
        pages: source -> where an announcement can be read, with ``{id}``.
        place_label: names a place of which the notice prints only codes.

    Raises:
        SettingsError: the secret is missing.
    """
    addresses = Addresses(
        public_url=settings.public_url,
        secret=secret,
        subscription=digest.subscription,
        made_at=digest.made_at,
    )
    said = [
        entry(item, digest, pages=pages, label=place_label, addresses=addresses)
        for item in (*digest.items, *digest.beyond)
    ]
    return Composition(
        id=_letter_id(digest),
        digest=digest,
        subject=heading(digest),
        counts=counts(digest),
        entries=tuple(said[: len(digest.items)]),
        beyond=tuple(said[len(digest.items) :]),
        addresses=addresses,
    )


def write_letter(
    digest: Digest,
    *,
    settings: Mail,
    secret: str,
    pages: Mapping[str, str] = PAGES,
    place_label: PlaceLabel = _unnamed,
) -> Letter:
    """Write the letter of a digest; see :func:`compose`.

    Returns:
        The letter. The same digest gives the same bytes, and a Message-ID that depends only on
        what is told to whom.

    Raises:
        SettingsError: the sender is not an address, or the secret is missing.
        DeliveryRefused: the subscriber's address is not one address.
    """
    composed = compose(
        digest, settings=settings, secret=secret, pages=pages, place_label=place_label
    )
    return write_mail(composed, settings)


def write_mail(composed: Composition, settings: Mail) -> Letter:
    """Give a composition the shape of a letter; see :func:`write_letter`."""
    digest = composed.digest
    subscription = digest.subscription
    language = subscription.language
    stop = composed.addresses.page("leave")
    values = {
        **common(subscription, settings, stop),
        "subject": composed.subject,
        "counts": composed.counts,
        "wishes": wishes(subscription),
        "entries": composed.entries,
        "more": len(composed.beyond),
        "more_link": composed.addresses.page("more", composed.id) if composed.beyond else "",
        "change": composed.addresses.page("change"),
        "feed": composed.addresses.feed("atom.xml"),
        "calendar": composed.addresses.feed("deadlines.ics"),
        "reasons": {why.value: phrase(said, language) for why, said in REASONS.items()},
    }
    message = headed_message(
        subscription,
        written_at=digest.made_at,
        settings=settings,
        stop=stop if stop.startswith("https://") else "",
        key=composed.id,
        subject=composed.subject,
    )
    events = [event for one in composed.entries for event in one.events]
    return fill(
        message,
        "letter",
        values,
        key=composed.id,
        subject=composed.subject,
        events=render(events, language) if events else None,
    )


def common(subscription: Subscription, settings: Mail, stop: str) -> dict[str, Any]:
    """Return what every letter's templates need."""
    language = subscription.language
    return {
        "language": language,
        "_": lambda text, /, **named: phrase(text, language, **named),
        "wrap": wrapped,
        "stop": stop,
        "stop_mail": mailto_stop(settings, subscription.id),
        "stop_address": settings.unsubscribe_mailto,
        "subscription": subscription.id,
    }


def fill(
    message: EmailMessage,
    template: str,
    values: Mapping[str, Any],
    *,
    key: str,
    subject: str,
    events: bytes | None = None,
) -> Letter:
    """Fill a message that has its headers with text, HTML and a calendar file."""
    language = values["language"]
    # Quoted-printable: no relay has to change a byte, so signatures of the letter stay whole.
    text = _templates().get_template(f"{template}.txt").render(values)
    html = _templates().get_template(f"{template}.html").render(values)
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    if events:
        message.add_attachment(
            events,
            maintype="text",
            subtype="calendar",
            filename=phrase("deadlines.ics", language),
            params={"charset": "utf-8"},
        )
    message["Content-Language"] = language  # last: filling in content clears such headers
    _name_boundaries(message, key)
    return Letter(
        id=key,
        to=message["To"].addresses[0].addr_spec,
        subject=subject,
        message=message.as_bytes(),
    )


def _name_boundaries(message: EmailMessage, key: str) -> None:
    """Name the boundaries after the letter: random ones would make each writing differ."""
    parts = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(parts):
        part.set_boundary(f"=={key}={number}")

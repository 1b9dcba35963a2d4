"""A digest as a letter: text and HTML, calendar, and the headers that good mail has."""

from __future__ import annotations

import hashlib
import textwrap
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from procmatch.alerts.calendar import calendar
from procmatch.alerts.digest import fingerprint
from procmatch.alerts.links import sign
from procmatch.alerts.phrases import OSLO, days_left, deadline, money, phrase
from procmatch.model.match import Match
from procmatch.model.notice import Lot
from procmatch.model.subscription import Digest, DigestItem, Letter
from procmatch.settings import Mail
from procmatch.text.messages import say

__all__ = ["write_letter"]

_REASONS = 3
_HURDLES = 2
_WIDTH = 72
_LINKS_LIVE = timedelta(days=365)
_NEWS = {"new": "New", "changed": "Changed", "cancelled": "Called off"}


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
    facts = sorted(
        f"{item.notice.notice_id}/{lot.id}/{item.news}/{fingerprint(item.notice, lot)}"
        for item in digest.items
        for lot, _ in item.lots
    )
    text = "\n".join([digest.subscription.id, *facts])
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def _subject(digest: Digest) -> str:
    language = digest.subscription.language
    title = str(digest.items[0].notice.title)
    count = len(digest.items) + digest.more
    if count == 1:
        return phrase("Tender for you: {title}", language, title=title)
    return phrase("{count} tenders for you: {title} …", language, count=count, title=title)


def _lot(lot: Lot, match: Match | None, digest: Digest) -> dict[str, Any]:
    language = digest.subscription.language
    value = lot.value or lot.framework_maximum
    return {
        "title": str(lot.title),
        "id": lot.id,
        "value": money(value, language) if value else "",
        "deadline": deadline(lot.deadline, language) if lot.deadline else "",
        "left": days_left(lot.deadline, digest.made_at, language) if lot.deadline else "",
        "reasons": [say(one, language) for one in match.reasons[:_REASONS]] if match else [],
        "hurdles": [
            {
                "reason": say(one.reason, language),
                "way_out": say(one.way_out, language) if one.way_out else "",
            }
            for one in match.hurdles[:_HURDLES]
        ]
        if match
        else [],
    }


def _item(item: DigestItem, digest: Digest, page: str) -> dict[str, Any]:
    language = digest.subscription.language
    notice = item.notice
    key = notice.source_id or notice.notice_id
    return {
        "news": phrase(_NEWS[item.news], language),
        "kind": item.news,
        "title": str(notice.title),
        "buyer": ", ".join(buyer.name for buyer in notice.buyers),
        "place": next((p.city.title() for lot, _ in item.lots for p in lot.places if p.city), ""),
        "changes": item.changes,
        "link": page.format(id=key) if notice.source == "doffin" else "",
        "documents": next((lot.documents_url for lot, _ in item.lots if lot.documents_url), ""),
        "lots": [_lot(lot, match, digest) for lot, match in item.lots],
    }


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


def write_letter(
    digest: Digest,
    *,
    settings: Mail,
    secret: str,
    page: str = "https://www.doffin.no/notices/{id}",
) -> Letter:
    """Write the letter of a digest.

    Args:
        digest: what is to be told; at least one item.
        settings: sender, public address, address for stopping.
        secret: signs the link for leaving; needed when there is a public address.
        page: where an announcement can be read, with ``{id}``.

    Returns:
        The letter, whose Message-ID depends only on what it tells to whom.
    """
    language = digest.subscription.language
    stop = _stop_link(digest, settings, secret)
    values = {
        "language": language,
        "_": lambda text, **named: phrase(text, language, **named),
        "wrap": _wrap,
        "subject": _subject(digest),
        "items": [_item(item, digest, page) for item in digest.items],
        "more": digest.more,
        "stop": stop,
        "stop_mail": settings.unsubscribe_mailto,
        "subscription": digest.subscription.id,
    }
    key = _letter_id(digest)
    message = _headers(digest, settings, stop, key, str(values["subject"]))
    message.set_content(_templates().get_template("letter.txt").render(values))
    message.add_alternative(_templates().get_template("letter.html").render(values), subtype="html")
    if events := calendar(digest):
        message.add_attachment(
            events,
            maintype="text",
            subtype="calendar",
            filename="frister.ics",
            params={"charset": "utf-8", "method": "PUBLISH"},
        )
    return Letter(
        id=key,
        to=digest.subscription.email,
        subject=str(values["subject"]),
        message=message.as_bytes(),
    )


def _headers(digest: Digest, settings: Mail, stop: str, key: str, subject: str) -> EmailMessage:
    name, address = parseaddr(settings.sender)
    domain = address.partition("@")[2] or "procmatch.invalid"
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = digest.subscription.email
    message["Subject"] = subject
    message["Date"] = format_datetime(digest.made_at.astimezone(OSLO))
    message["Message-ID"] = f"<{key}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Id"] = f"procmatch <varsel.{domain}>"
    mail = f"<mailto:{settings.unsubscribe_mailto}?subject=stop%20{digest.subscription.id}>"
    message["List-Unsubscribe"] = f"<{stop}>, {mail}" if stop.startswith("https:") else mail
    if stop.startswith("https:"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Content-Language"] = digest.subscription.language
    return message

"""The feed ``atom.xml`` (RFC 4287)."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from procmatch.alerts.content import Entry
from procmatch.alerts.feeds.base import Feed, FeedContent, Told

__all__ = ["FEED"]

_ATOM = "http://www.w3.org/2005/Atom"
ET.register_namespace("", _ATOM)


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text or None
    return element


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _lines(one: Entry) -> list[str]:
    found = [f"{fact.label}: {fact.text}" for fact in one.facts]
    found += one.changes
    for lot in one.lots:
        found += [lot.title] if lot.title else []
        found += [f"{fact.label}: {fact.text}" for fact in lot.facts]
        found += lot.reasons
        found += [" ".join(filter(None, pair)) for pair in lot.hurdles]
    return found


def _entry(feed: ET.Element, told: Told, name: str) -> None:
    one = told.entry
    element = _add(feed, "entry")
    # RFC 4151: an id that never changes and needs no server.
    _add(element, "id", f"tag:procmatch,2026:{name}/{one.key}")
    _add(element, "title", f"{one.news}: {one.title}")
    _add(element, "updated", _utc(told.at))
    author = _add(element, "author")
    _add(author, "name", one.buyer or "procmatch")
    if one.link:
        _add(element, "link", rel="alternate", href=one.link)
    _add(element, "category", term=one.kind, label=one.news)
    _add(element, "content", "\n".join(_lines(one)), type="text")


def render(content: FeedContent) -> bytes:
    """Return the feed as XML in UTF-8."""
    feed = ET.Element(
        f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": content.language}
    )
    _add(feed, "id", f"tag:procmatch,2026:{content.name}")
    _add(feed, "title", content.title)
    _add(feed, "updated", _utc(max((one.at for one in content.news), default=content.made_at)))
    author = _add(feed, "author")
    _add(author, "name", "procmatch")
    if content.address:
        _add(feed, "link", rel="self", href=content.address)
    for told in content.news:
        _entry(feed, told, content.name)
    ET.indent(feed)
    text = ET.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


FEED = Feed(media_type="application/atom+xml; charset=utf-8", render=render)

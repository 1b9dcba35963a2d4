"""Feeds: what programs get at a secret address."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

from icalendar import Calendar

from procmatch.alerts.feeds import FEEDS, FeedContent, Told
from procmatch.alerts.letter import compose
from tests.alerts.news import NOW, SECRET, SERVED, called_off, digest, item, notice, text

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def content(*news: str) -> FeedContent:
    tender = notice(title=text("Brød & <boller>"))
    items = {"new": item(tender, hurdle=True), "cancelled": item(called_off(tender), "cancelled")}
    told = [
        Told(
            entry=compose(digest(items[kind]), settings=SERVED, secret=SECRET).entries[0],
            at=NOW + timedelta(hours=hours),
        )
        for hours, kind in enumerate(news)
    ]
    return FeedContent(
        title="Du ba om brød",
        language="nb",
        name="f1",
        address="https://treff.example/feeds/k/atom.xml",
        made_at=NOW,
        news=told[::-1],
    )


def test_the_atom_feed_has_what_rfc_4287_asks_for() -> None:
    root = ET.fromstring(FEEDS["atom.xml"].render(content("new", "cancelled")))
    for place in (root, *root.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated", "author/a:name"):
            found = place.findtext(f"a:{name}", namespaces=ATOM)
            assert found, name
    newest, oldest = root.findall("a:entry", ATOM)
    assert newest.findtext("a:title", namespaces=ATOM) == "Avlyst: Brød & <boller>"
    said = oldest.findtext("a:content", namespaces=ATOM) or ""
    assert "Frist: tirsdag 31. mars 2026" in said
    assert "Bakes bread." in said
    assert root.findtext("a:updated", namespaces=ATOM) == "2026-03-27T07:30:00Z"
    ids = [one.findtext("a:id", namespaces=ATOM) for one in root.findall("a:entry", ATOM)]
    assert len(set(ids)) == 2


def test_a_feed_holds_no_link_that_acts() -> None:
    for feed in FEEDS.values():
        body = feed.render(content("new")).decode()
        assert "/feedback/" not in body
        assert "/leave/" not in body


def test_a_feed_without_news_is_still_one() -> None:
    empty = replace(content(), news=())
    assert ET.fromstring(FEEDS["atom.xml"].render(empty)).findall("a:entry", ATOM) == []
    assert Calendar.from_ical(FEEDS["deadlines.ics"].render(empty)).walk("VEVENT") == []


def test_the_calendar_drops_what_was_called_off() -> None:
    render = FEEDS["deadlines.ics"].render
    assert len(Calendar.from_ical(render(content("new"))).walk("VEVENT")) == 1
    assert Calendar.from_ical(render(content("new", "cancelled"))).walk("VEVENT") == []

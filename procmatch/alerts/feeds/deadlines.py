"""The feed ``deadlines.ics`` (RFC 5545): a calendar that programs subscribe to."""

from __future__ import annotations

from procmatch.alerts.calendar import render as render_events
from procmatch.alerts.feeds.base import Feed, FeedContent

__all__ = ["FEED"]


def render(content: FeedContent) -> bytes:
    """Return the deadlines of what was told; tenders that were called off are left out."""
    off = {one.entry.procedure for one in content.news if one.entry.kind == "cancelled"}
    events = [event for one in content.news for event in one.entry.events]
    kept = [event for event in events if event.procedure not in off]
    return render_events(kept, content.language, name=content.title)


FEED = Feed(media_type="text/calendar; charset=utf-8", render=render)

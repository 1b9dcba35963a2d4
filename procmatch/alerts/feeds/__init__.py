"""Feeds show a subscription's latest news at a secret address: one small module each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from procmatch.alerts.feeds import atom, deadlines
from procmatch.alerts.feeds.base import Feed, FeedContent, Told

__all__ = ["FEEDS", "Feed", "FeedContent", "Told"]

#: The last part of the address -> the feed.
FEEDS: Mapping[str, Feed] = MappingProxyType(
    {"atom.xml": atom.FEED, "deadlines.ics": deadlines.FEED}
)

"""What a feed is: the latest news of one subscription as a file that programs fetch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from procmatch.alerts.content import Entry

__all__ = ["Feed", "FeedContent", "Told"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One tender as it was told, and when (UTC)."""

    entry: Entry
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedContent:
    """What a feed shows.

    Attributes:
        title: what the subscriber asked for. language: nb, nn or en.
        name: stable, says nothing of the person. address: where the feed itself is, or ``""``.
        made_at: when the subscription was made, UTC: the time of a feed without news.
        news: newest first.
    """

    title: str
    language: str
    name: str
    address: str
    made_at: datetime
    news: Sequence[Told]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A form of feed. A new one is a module with a ``FEED`` that stands in ``FEEDS``."""

    media_type: str
    render: Callable[[FeedContent], bytes]

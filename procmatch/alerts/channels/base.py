"""What a channel is: it gives news a shape, and hands it over."""

from __future__ import annotations

from typing import Protocol

from procmatch.alerts.letter import Composition
from procmatch.alerts.post import Post
from procmatch.model.subscription import Letter
from procmatch.settings import Settings

__all__ = ["Channel"]


class Channel(Protocol):
    """One way to push news to a subscriber.

    A new one is a module beside this that has these two functions and stands in ``CHANNELS``.
    What it writes waits in the outbox with the letters, and is tried again like them.
    """

    def write(self, composed: Composition, settings: Settings, /) -> Letter:
        """Give news the channel's shape.

        The parcel's ``id`` must be the same for the same news and differ from other channels',
        and its ``channel`` must be the name under which the module stands in ``CHANNELS``.

        Raises:
            DeliveryRefused: there is no such receiver.
            SettingsError: a setting is missing.
        """

    def open_post(self, settings: Settings) -> Post:
        """Return what hands the parcels over."""

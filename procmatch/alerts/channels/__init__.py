"""Channels push news to subscribers: one small module each, under the name it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from types import MappingProxyType, TracebackType
from typing import Self

from procmatch.alerts.channels import mail, webhook
from procmatch.alerts.channels.base import Channel
from procmatch.alerts.post import Post
from procmatch.errors import DeliveryRefused
from procmatch.model.subscription import Letter
from procmatch.settings import Settings

__all__ = ["CHANNELS", "Channel", "ChannelPost", "open_channels"]

CHANNELS: Mapping[str, Channel] = MappingProxyType({"mail": mail, "webhook": webhook})


class ChannelPost:
    """A post for parcels of every channel: each goes to its own, opened when first needed."""

    def __init__(self, settings: Settings, **opened: Post) -> None:
        self.settings = settings
        self._posts = dict(opened)
        self._stack = ExitStack()

    def send(self, letter: Letter) -> None:
        """Hand a parcel over; see :class:`~procmatch.alerts.post.Post`."""
        post = self._posts.get(letter.channel)
        if post is None:
            channel = CHANNELS.get(letter.channel)
            if channel is None:
                raise DeliveryRefused(f"no channel {letter.channel!r} in this version")
            post = self._stack.enter_context(channel.open_post(self.settings))
            self._posts[letter.channel] = post
        post.send(letter)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of connections."""
        self._posts.clear()
        self._stack.close()


def open_channels(settings: Settings) -> ChannelPost:
    """Return a post for every channel; a context manager."""
    return ChannelPost(settings)

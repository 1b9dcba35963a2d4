"""Channels push news to subscribers: one small module each, under the name it stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import groupby
from types import MappingProxyType, TracebackType
from typing import Self

from procmatch.alerts.channels import mail, webhook
from procmatch.alerts.channels.base import Channel
from procmatch.alerts.post import Post, hand_over
from procmatch.errors import DeliveryError, DeliveryRefused
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
        self._post_of(letter.channel).send(letter)

    def send_all(
        self, letters: Iterable[Letter], while_waiting: Callable[[], None]
    ) -> Iterator[tuple[Letter, DeliveryError | None]]:
        """Hand parcels over; see :func:`~procmatch.alerts.post.hand_over`."""
        for name, some in groupby(letters, lambda letter: letter.channel):
            try:
                post = self._post_of(name)
            except DeliveryRefused as error:
                yield from ((letter, error) for letter in some)
                continue
            yield from hand_over(post, some, while_waiting)

    def _post_of(self, name: str) -> Post:
        if name not in self._posts:
            channel = CHANNELS.get(name)
            if channel is None:
                raise DeliveryRefused(f"no channel {name!r} in this version")
            self._posts[name] = self._stack.enter_context(channel.open_post(self.settings))
        return self._posts[name]

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

"""A letter in hand is finished and noted before a job stops; everything else is broken off."""

from __future__ import annotations

from typing import Self

import pytest

from procmatch.alerts.post import Post
from procmatch.model.subscription import Letter
from procmatch_jobs.work import Stop, Stopped, stopping


class Slow:
    """A post that is told to stop while it hands over the first letter."""

    def __init__(self, stop: Stop) -> None:
        self.stop = stop
        self.sent: list[str] = []

    def send(self, letter: Letter) -> None:
        self.stop()
        self.sent.append(letter.id)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        return None


def letter(key: str) -> Letter:
    return Letter(id=key, to="a@b.example", subject="s", message=b"m")


def test_work_before_any_letter_is_broken_off_at_once() -> None:
    with pytest.raises(Stopped):
        Stop()()


def test_the_letter_in_hand_is_finished_and_the_next_not_begun() -> None:
    stop = Stop()
    slow = Slow(stop)
    post: Post = stopping(slow, stop)
    noted = []
    with post:
        post.send(letter("one"))
        noted.append("one")
        with pytest.raises(Stopped, match="between two letters"):
            post.send(letter("two"))
    assert slow.sent == noted == ["one"]

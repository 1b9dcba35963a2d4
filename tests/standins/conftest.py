from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from procmatch.demo.standins.content import Content
from procmatch.demo.standins.faults import Faults
from procmatch.demo.standins.server import StandIn
from tests.standins.small import KEY, small_content

Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve a content, the small one by default, without faults by default; returns the address."""
    with ExitStack() as running:

        def start(content: Content | None = None, faults: Faults | None = None) -> str:
            server = StandIn(content or small_content(), faults=faults or Faults.none(), key=KEY)
            return running.enter_context(server).url

        yield start


@pytest.fixture(scope="package")
def url() -> Iterator[str]:
    """The small content without faults, served once: for questions that change nothing."""
    with StandIn(small_content(), faults=Faults.none(), key=KEY) as server:
        yield server.url

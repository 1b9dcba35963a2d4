"""Daily news for a simulated fortnight, and the sources that publish them day by day."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Self

from procmatch.demo import world
from procmatch.demo.standins.content import Content, Override, sample_world, shifted
from procmatch.demo.standins.faults import Faults
from procmatch.demo.standins.server import StandIn

__all__ = ["KEY", "News", "Sources", "news_of"]

KEY = "fortnight-key"
#: Calls for tenders of the sample world that stand alone; food, and other things.
_CALLS = (101, 102, 104, 105, 106, 108, 109, 110, 111, 113, 116, 117)
#: A call and its correction four days later.
_CALL, _CORRECTION, _DAYS_BETWEEN = 107, 120, 4
_A_DAY = 2
_ISSUED = re.compile(rb"<cbc:IssueDate>(\d{4}-\d{2}-\d{2})")
_IDS = (
    re.compile(rb'(?<=<cbc:ID schemeName="notice-id">)[^<]+'),
    re.compile(rb"(?<=<cbc:ContractFolderID>)[^<]+"),
)


@dataclass(frozen=True, slots=True)
class News:
    """What is published on which day: Doffin id -> XML.

    Attributes:
        corrected: id of the call -> id of its correction.
    """

    notices: Mapping[str, bytes]
    days: Mapping[str, date]
    corrected: Mapping[str, str]


def _published(template: int, day: date, key: str, *, fresh: bool) -> bytes:
    """A notice of the sample world as if issued on ``day``; with ids of its own if ``fresh``."""
    xml = world.notices()[f"2026-200{template}"]
    issued = _ISSUED.search(xml)
    assert issued is not None
    xml = shifted(xml, (day - date.fromisoformat(issued[1].decode())).days)
    if fresh:
        for number, pattern in enumerate(_IDS):
            own = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{key} {number}")).encode()
            xml = pattern.sub(own, xml, count=1)
    return xml


def news_of(first: date, days: int) -> News:
    """Make up the news of so many days: two calls a day, and once a call and its correction."""
    notices: dict[str, bytes] = {}
    published: dict[str, date] = {}
    for number in range(days * _A_DAY):
        day = first + timedelta(days=number // _A_DAY)
        key = f"2026-{300000 + number}"
        template = _CALLS[number % len(_CALLS)]
        notices[key] = _published(template, day, key, fresh=True)
        published[key] = day
    corrected = {}
    if days > _DAYS_BETWEEN + 1:
        call, correction = (f"2026-200{one}" for one in (_CALL, _CORRECTION))
        for key, template, day in (
            (call, _CALL, first),
            (correction, _CORRECTION, first + timedelta(days=_DAYS_BETWEEN)),
        ):
            notices[key] = _published(template, day, key, fresh=False)
            published[key] = day
        corrected = {call: correction}
    return News(notices, published, corrected)


@dataclass
class Sources:
    """All sources on one port, day after day."""

    news: News
    first: date
    port: int = 0
    server: StandIn | None = None
    log: list[str] = field(default_factory=list)

    def publish(self, day: date) -> None:
        """Go down if need be, and come up with all that is published by ``day``."""
        self.go_down()
        notices = {key: xml for key, xml in self.news.notices.items() if self.news.days[key] <= day}
        register = sample_world(self.first)
        content: Content = replace(
            register,
            today=day,
            notices=notices,
            ted={},
            overrides={key: Override(publication_date=self.news.days[key]) for key in notices},
        )
        self.server = StandIn(content, faults=Faults.none(), key=KEY, port=self.port)
        self.server.__enter__()
        self.port = int(self.server.url.rpartition(":")[2])

    def go_down(self) -> None:
        """Answer nobody."""
        if self.server is not None:
            self.server.__exit__(None, None, None)
            self.server = None

    def __enter__(self) -> Self:
        self.publish(self.first)
        return self

    def __exit__(self, *_error: object) -> None:
        self.go_down()

"""Three years of notices by seed, with every trap of the sources set and the truth beside."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tests.generated.dice import Dice
from tests.generated.drafts import END, Story
from tests.generated.model import Key, Published
from tests.generated.numbers import publish
from tests.generated.shares import Shares
from tests.generated.stories import Teller
from tests.generated.truth import Truth, truth_of
from tests.generated.ubl import ubl

__all__ = ["TODAY", "Bodies", "Market", "generate"]

TODAY = date(2026, 1, 5)
#: A day with more notices than one search of Doffin shows, where the market is large enough.
BUSY_DAY = datetime(2025, 6, 27, tzinfo=UTC)
_BUSY, _BUSY_FROM = 1_060, 2_000
_ROOM = 12
_OFTEN = 8


class Bodies(Mapping[str, bytes]):
    """Source id -> XML, printed when it is asked for."""

    def __init__(self, publications: Mapping[str, Published]) -> None:
        self._publications = publications

    def __getitem__(self, key: str) -> bytes:
        return ubl(self._publications[key].notice)

    def __iter__(self) -> Iterator[str]:
        return iter(self._publications)

    def __len__(self) -> int:
        return len(self._publications)


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What was published in some years.

    Attributes:
        doffin, ted: source id -> publication, by time of issue. publications: both, by key.
        truth: what belongs together.
        not_yet, broken: Doffin id -> how often its download answers 404, or 500, before it comes.
        unreadable: the Doffin id of the one notice whose file breaks off.
    """

    doffin: Mapping[str, Published]
    ted: Mapping[str, Published]
    publications: Mapping[Key, Published]
    truth: Truth
    not_yet: Mapping[str, int]
    broken: Mapping[str, int]
    unreadable: str

    @property
    def found_by_search(self) -> frozenset[str]:
        """The Doffin ids that a search can find."""
        return frozenset(key for key, one in self.doffin.items() if one.searchable)


def generate(
    count: int = 12_000, years: int = 3, seed: int = 1, shares: Shares | None = None
) -> Market:
    """Make up a market.

    Args:
        count: publications at Doffin; those at TED come on top.
        years: how many, up to the end of 2025; with three or more, the first are converted ones.
        seed: another seed, another market.
        shares: how often each trap is set.
    """
    chance = random.Random(seed)
    shares = shares or Shares()
    teller = Teller(Dice(chance, shares))
    start = END.replace(year=END.year - years)
    stories = _stories(teller, count, start)
    numbered = publish(stories, chance, shares, TODAY)
    doffin = {one.doffin.id: one.doffin for one in numbered if one.doffin}
    ted = {one.ted.id: one.ted for one in numbered if one.ted}
    sick = chance.sample(
        [key for key, one in doffin.items() if one.searchable and not one.notice.unreadable],
        k=max(2, round(len(doffin) * shares.not_yet)) + max(1, round(count * shares.broken)),
    )
    later = max(2, round(len(doffin) * shares.not_yet))
    return Market(
        doffin=doffin,
        ted=ted,
        publications={one.key: one for one in (*doffin.values(), *ted.values())},
        truth=truth_of(numbered),
        not_yet=dict.fromkeys(sick[:later], 1),
        broken=dict.fromkeys(sick[later:], _OFTEN),
        unreadable=next(key for key, one in doffin.items() if one.notice.unreadable),
    )


def _stories(teller: Teller, count: int, start: datetime) -> list[Story]:
    chance = teller.dice.chance
    stories = teller.quiet(END - timedelta(days=chance.randrange(20, 200)))
    first = stories[0]
    first.regime = "national"
    first.drafts[0].unreadable = True
    if count >= _BUSY_FROM:
        for _ in range(_BUSY):
            stories += teller.quiet(BUSY_DAY + _in_office(chance))
    left = count - sum(_at_doffin(one) for one in stories)
    days = (END - start).days
    while left:
        moment = start + timedelta(days=chance.randrange(days)) + _in_office(chance)
        told = teller.purchase(moment) if left > _ROOM else teller.quiet(moment)
        many = sum(_at_doffin(one) for one in told)
        if many <= left:
            stories += told
            left -= many
    return stories


def _at_doffin(story: Story) -> int:
    return 0 if story.ted_only else len(story.drafts)


def _in_office(chance: random.Random) -> timedelta:
    return timedelta(hours=5, seconds=chance.randrange(14 * 3600))

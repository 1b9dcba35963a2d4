"""How many small firms nearby fit a lot, said to its buyer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from procmatch.alerts.phrases import one_line, phrase, text_in
from procmatch.model.notice import Lot
from procmatch.text.messages import Message, say

__all__ = ["FITTING", "STOPPED", "Nearby", "nearby_sentences"]

#: How many firms fit (-1: some other number) -> how it is said.
FITTING = {
    0: "No small firm within {km} km is known to fit.",
    1: "Only 1 small firm within {km} km is known to fit: {names}.",
    -1: "Only {count} small firms within {km} km are known to fit: {names}.",
}
#: (one, several) of firms that only the requirements stop.
STOPPED = (
    "1 more would, but for what is asked for:",
    "{count} more would, but for what is asked for:",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """What is known of the small firms near a lot.

    Attributes:
        fitting: names of those that could bid. sure: of how many nothing that decides is unknown.
        stopped: how many would fit but for a requirement. hurdles: the commonest of these.
        radius_km: how near is near.
    """

    fitting: tuple[str, ...]
    sure: int
    stopped: int
    hurdles: tuple[Message, ...]
    radius_km: int


def nearby_sentences(near: Nearby, lot: Lot, language: str, *, alone: bool) -> list[str]:
    """Return what a buyer should know of a lot; ``alone`` says that the tender has no other."""
    said = list(_sentences(near, language))
    if not alone:
        title = text_in(lot.title, language) or one_line(lot.id)
        said[0] = f"{title}: {said[0]}"
    return said


def _sentences(near: Nearby, language: str) -> Iterator[str]:
    names = ", ".join(one_line(name) for name in near.fitting)
    count = len(near.fitting)
    template = FITTING.get(count, FITTING[-1])
    yield phrase(template, language, count=count, km=near.radius_km, names=names)
    if near.stopped:
        template = STOPPED[0] if near.stopped == 1 else STOPPED[1]
        hurdles = (one_line(say(hurdle, language)) for hurdle in near.hurdles)
        yield " ".join((phrase(template, language, count=near.stopped), *hurdles))
    yield phrase(
        "What may help: smaller lots, requirements in proportion to the contract, and a dialogue "
        "with the market before the next one.",
        language,
    )

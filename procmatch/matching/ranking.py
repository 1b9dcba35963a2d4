"""A ranking of which each pair is said in words when somebody looks at it.

Judging a pair, which decides its place, is quick; saying all that there is to say of it takes
longer, and of a list of hundreds a reader sees some.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import overload

from procmatch.matching.common import Asked
from procmatch.matching.evidence import facts_of
from procmatch.matching.judging import Bench, Pair
from procmatch.matching.need import Wanted
from procmatch.model.match import Match
from procmatch.model.organisation import OrgId

__all__ = ["Ranking"]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Ranking(Sequence[Match]):
    """The matches of a lot, best first.

    Attributes:
        pairs: what decided their places. wanted, asked: the lot. bench: how it was judged.
        beyond: (who, score) of those that do it too, but are known to work farther away than was
            asked for: whether they can bid was not looked at.
    """

    pairs: Sequence[Pair]
    wanted: Wanted
    asked: Asked
    bench: Bench
    beyond: tuple[tuple[OrgId, float], ...] = ()
    _said: dict[int, Match] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.pairs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ranking | list) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(tuple(pair.supplier for pair in self.pairs))

    @overload
    def __getitem__(self, at: int) -> Match: ...

    @overload
    def __getitem__(self, at: slice) -> list[Match]: ...

    def __getitem__(self, at: int | slice) -> Match | list[Match]:
        places = range(len(self.pairs))[at]
        if isinstance(places, range):
            return [self._match(place) for place in places]
        return self._match(places)

    def _match(self, place: int) -> Match:
        if place not in self._said:
            self._said[place] = self.bench.match(self.wanted, self.asked, self.pairs[place])
        return self._said[place]

    def first(self, limit: int | None) -> Ranking:
        """Return the ranking of the best alone; None keeps all."""
        return self._of(self.pairs[:limit])

    def where(self, keep: Callable[[Pair], bool]) -> Ranking:
        """Return the ranking of those pairs alone that are to be kept."""
        return self._of([pair for pair in self.pairs if keep(pair)])

    def without(self, numbers: frozenset[str]) -> Ranking:
        """Return the ranking without the firms of some numbers, also of those beyond."""
        beyond = tuple(one for one in self.beyond if one[0].number not in numbers)
        kept = [pair for pair in self.pairs if pair.supplier.number not in numbers]
        return replace(self, pairs=kept, beyond=beyond, _said={})

    def _of(self, pairs: Sequence[Pair]) -> Ranking:
        return replace(self, pairs=pairs, _said={})

    def known(self, pair: Pair) -> tuple[tuple[str, str], ...]:
        """Return (kind, dimension) of what is known of a pair's supplier, as its match has it."""
        facts = facts_of(pair.one, self.wanted.now.date())
        return tuple((fact.kind, fact.dimension) for fact in facts)

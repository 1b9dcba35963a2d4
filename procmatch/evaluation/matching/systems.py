"""The rows of an ablation: simple peers, and our own ranking with criteria switched off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from procmatch.evaluation.matching.world import World
from procmatch.matching.relevance import POLICY, Relevance
from procmatch.matching.relevance.arrays import Points
from procmatch.matching.relevance.opening import open_places
from procmatch.matching.relevance.rank import combine
from procmatch.matching.relevance.records import Firm
from procmatch.matching.relevance.vectors import Vectoriser, bm25
from procmatch.matching.relevance.wording import need_text
from procmatch.matching.relevance.words import subwords, word_stems

__all__ = ["OURS", "SYSTEMS", "Prepared", "prepare"]

#: The row that run files hold: size is no merit.
OURS = "ours, without size"
#: What size counts where it is let in, as much as the town.
_SIZE = 2.0
_SEED = 20_240_229
_DIVISION = 2


class Prepared:
    """One world and what several systems read of it, worked out once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.relevance = Relevance.build(world.firms, world.awards, by_name=world.by_name)
        self.signals = self.relevance.signals(world.needs, policy=_WITH_SIZE)

    @property
    def firms(self) -> Sequence[Firm]:
        """The candidates, in the order of the columns of all scores."""
        return self.relevance.firms

    @property
    def shape(self) -> tuple[int, int]:
        """Needs x firms."""
        return len(self.world.needs), len(self.firms)

    def documents(self) -> list[str]:
        """What is known of each firm as one text: name, text, and what it won before."""
        won: dict[str, list[str]] = {}
        for award in self.world.awards:
            for key in award.winners:
                won.setdefault(key, []).append(award.need.title)
        return [" ".join((one.name, one.text, *won.get(one.key, ()))) for one in self.firms]


_WITH_SIZE = POLICY.with_weight("size", _SIZE)


def prepare(world: World) -> Prepared:
    """Prepare a world for all systems."""
    return Prepared(world)


def _random(one: Prepared) -> Points:
    return np.random.default_rng(_SEED).random(one.shape)


def _rule(one: Prepared) -> Points:
    """1 where the CPV division has to do with the firm's industry, or with what it won before."""
    if any(firm.industries for firm in one.firms):
        return np.asarray(one.signals["trade"] > 0, dtype=np.float64)
    found = np.zeros(one.shape)
    column = {firm.key: at for at, firm in enumerate(one.firms)}
    winners: dict[str, set[int]] = {}
    for award in one.world.awards:
        for code in award.need.cpv[:1]:
            own = {column[key] for key in award.winners if key in column}
            winners.setdefault(code[:_DIVISION], set()).update(own)
    for row, need in enumerate(one.world.needs):
        for code in need.cpv[:1]:
            found[row, sorted(winners.get(code[:_DIVISION], ()))] = 1.0
    return found


def _bm25(one: Prepared) -> Points:
    asked = [word_stems(need_text(need), need.language) for need in one.world.needs]
    language = one.world.needs[0].language if one.world.needs else ""
    return bm25(asked, [word_stems(text, language) for text in one.documents()])


def _tfidf(one: Prepared) -> Points:
    texts = [subwords(text) for text in one.documents()]
    vectoriser = Vectoriser.fit(texts)
    asked = vectoriser.transform(subwords(need_text(need)) for need in one.world.needs)
    return np.asarray((asked @ vectoriser.transform(texts).T).todense())


def _rapidfuzz(one: Prepared) -> Points:
    asked = [need.title or need_text(need) for need in one.world.needs]
    return np.asarray(
        process.cdist(asked, one.documents(), scorer=fuzz.token_set_ratio, dtype=np.float32),
        dtype=np.float64,
    )


def _without_size(one: Prepared) -> Points:
    return -open_places(_closed(one), combine(one.signals, POLICY.open_to_all(), one.shape)).astype(
        np.float64
    )


def _closed(one: Prepared) -> Points:
    return combine(one.signals, POLICY, one.shape)


def _without_history(one: Prepared) -> Points:
    return combine(one.signals, POLICY.without_history(), one.shape)


def _full(one: Prepared) -> Points:
    scores = combine(one.signals, _WITH_SIZE, one.shape)
    open_to_all = combine(one.signals, _WITH_SIZE.open_to_all(), one.shape)
    return -open_places(scores, open_to_all).astype(np.float64)


SYSTEMS: Mapping[str, Callable[[Prepared], Points]] = {
    "random": _random,
    "CPV rule": _rule,
    "BM25": _bm25,
    "TF-IDF": _tfidf,
    "RapidFuzz": _rapidfuzz,
    "ours, without history": _without_history,
    "ours, no place open": _closed,
    OURS: _without_size,
    "ours, with size": _full,
}

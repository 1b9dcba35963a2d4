"""What past awards say: likely winners of needs like this one, and of this buyer.

Each answer is a criterion of its own, so that it can be switched off: past wins favour those who
have won before, and a list must never be narrowed to them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from procmatch.matching.relevance.arrays import Points, Sparse
from procmatch.matching.relevance.names import Names
from procmatch.matching.relevance.records import Award, Firm, Need
from procmatch.matching.relevance.spellings import alike, shared
from procmatch.matching.relevance.vectors import Vectoriser
from procmatch.matching.relevance.words import subwords, word_stems

__all__ = ["History"]

#: How much the best neighbour outweighs several fair ones: a norm of this power.
_POWER = 6
#: Wins after which one more says half as much as all before.
_HALF = 2.0
#: Awards after which likeness to them counts by half.
_ENOUGH = 100.0
#: Awards in an area after which they say half of where its winners come from.
_AREA_HALF = 10.0
#: Levels of the CPV tree at which awards are counted, and what each adds.
_LEVELS = ((8, 0.4), (5, 0.3), (3, 0.2), (2, 0.1))


@dataclass(frozen=True, slots=True)
class History:
    """Past awards prepared for a list of firms.

    ``same`` holds the places of firms that may be one under several spellings.
    """

    awards: Sequence[Award]
    winners: Sparse
    stems: Vectoriser
    stem_vectors: Sparse
    runs: Vectoriser
    run_vectors: Sparse
    series_runs: Vectoriser
    series_vectors: Sparse
    by_buyer: dict[str, list[int]]
    by_branch: dict[str, Counter[int]]
    names: Names
    same: tuple[Points, ...] = ()

    @staticmethod
    def build(awards: Iterable[Award], firms: Sequence[Firm], *, by_name: bool = False) -> History:
        """Prepare awards; winners that are not among ``firms`` are left out.

        Args:
            awards: past ones.
            firms: whose wins are asked for.
            by_name: whether firms are told apart by a written name alone, so that one may stand
                there under several spellings.
        """
        kept = list(awards)
        place = {firm.key: at for at, firm in enumerate(firms)}
        pairs = [
            (row, place[key]) for row, one in enumerate(kept) for key in one.winners if key in place
        ]
        rows, columns = ([one[side] for one in pairs] for side in (0, 1))
        shape = (len(kept), len(firms))
        winners = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
        stems = [_stems(one.need) for one in kept]
        runs = [subwords(_told(one.need)) for one in kept]
        series = [subwords(one.need.reference) for one in kept]
        by_stem, by_run, by_series = (Vectoriser.fit(texts) for texts in (stems, runs, series))
        by_buyer: dict[str, list[int]] = {}
        by_branch: dict[str, Counter[int]] = {}
        for row, one in enumerate(kept):
            if one.need.buyer:
                by_buyer.setdefault(one.need.buyer, []).append(row)
        for row, column in pairs:
            for code in kept[row].need.cpv[:1]:
                for length, _ in _LEVELS:
                    by_branch.setdefault(f"{length}:{code[:length]}", Counter())[column] += 1
        return History(
            awards=kept,
            winners=winners,
            stems=by_stem,
            stem_vectors=by_stem.transform(stems),
            runs=by_run,
            run_vectors=by_run.transform(runs),
            series_runs=by_series,
            series_vectors=by_series.transform(series),
            by_buyer=by_buyer,
            by_branch=by_branch,
            names=Names.learn(kept, {firm.key: firm.name for firm in firms}),
            same=alike(firm.name for firm in firms) if by_name else (),
        )

    def neighbours(self, needs: Sequence[Need]) -> Points:
        """Return how like this need a past one was that the firm won, 0..1, needs x firms.

        Few awards do not tell which words are rare, nor who else could have won: likeness counts
        by how many there are.
        """
        stems = self.stems.transform(_stems(one) for one in needs) @ self.stem_vectors.T
        runs = self.runs.transform(subwords(_told(one)) for one in needs) @ self.run_vectors.T
        # In order, so that a need is answered alike whatever needs are asked beside it.
        stems.sort_indices()
        runs.sort_indices()
        trust = len(self.awards) / (len(self.awards) + _ENOUGH)
        return self._to_firms((stems + runs * 2) / 3) * np.float32(trust)

    def series(self, needs: Sequence[Need]) -> Points:
        """Return how like this file number one of the same buyer was, 0..1, needs x firms.

        Buyers number the lots of a project, and the call-offs of an agreement, in a row.
        """
        asked = self.series_runs.transform(subwords(one.reference) for one in needs)
        like = (asked @ self.series_vectors.T).tolil()
        found = sparse.lil_matrix(like.shape)
        for row, need in enumerate(needs):
            own = self.by_buyer.get(need.buyer, [])
            if own:
                found[row, own] = like[row, own]
        return self._to_firms(found.tocsr())

    def _to_firms(self, likeness: Sparse) -> Points:
        powers = likeness.copy()
        powers.data = powers.data**_POWER
        found = np.asarray((powers @ self.winners).todense())
        return shared(np.minimum(1.0, found ** (1 / _POWER)), self.same)

    def buyer(self, needs: Sequence[Need]) -> Points:
        """Return how often the buyer has chosen the firm, 0..1, needs x firms."""
        return self._counted(
            needs, lambda need: Counter(self._winners(self.by_buyer.get(need.buyer, ())))
        )

    def _winners(self, awards: Iterable[int]) -> Iterable[int]:
        for row in awards:
            yield from self.winners.indices[self.winners.indptr[row] : self.winners.indptr[row + 1]]

    def branch(self, needs: Sequence[Need]) -> Points:
        """Return how often the firm won in the need's CPV branch, finer counts more, 0..1.

        A branch in which nearly all awards are tells nothing of its winners, and counts as little.
        """
        found = np.zeros((len(needs), self.winners.shape[1]), dtype=np.float32)
        for length, weight in _LEVELS:
            won = self._counted(
                needs,
                lambda need, n=length: self._branch(need, n),  # type: ignore[misc]
            )
            telling = [
                1 - self._branch(need, length).total() / max(1, self.winners.nnz) for need in needs
            ]
            found = found + weight * won * np.array(telling, dtype=np.float32)[:, None]
        return found

    def reach(self, needs: Sequence[Need], firms: Sequence[Firm]) -> Points:
        """Return how often winners in the need's area come from the firm's, 0..1, needs x firms.

        It tells neighbouring areas from far ones, for firms that never won as well.
        """
        from_: dict[str, Counter[str]] = {}
        for row, award in enumerate(self.awards):
            own = [firms[at].areas[:1] for at in self._winners([row])]
            for area in award.need.areas[:1]:
                from_.setdefault(area, Counter()).update(code for codes in own for code in codes)
        bearers: dict[str, list[int]] = {}
        for at, firm in enumerate(firms):
            for code in firm.areas[:1]:
                bearers.setdefault(code, []).append(at)
        found = np.zeros((len(needs), len(firms)), dtype=np.float32)
        for row, need in enumerate(needs):
            seen = from_.get(need.areas[0] if need.areas else "", Counter())
            for code, times in seen.items():
                share = times / (seen.total() + _AREA_HALF)
                found[row, bearers[code]] = share**0.5
        return found

    def _branch(self, need: Need, length: int) -> Counter[int]:
        code = need.cpv[0] if need.cpv else ""
        return self.by_branch.get(f"{length}:{code[:length]}", Counter())

    def _counted(self, needs: Sequence[Need], count: Callable[[Need], Counter[int]]) -> Points:
        found = np.zeros((len(needs), self.winners.shape[1]), dtype=np.float32)
        for row, need in enumerate(needs):
            for column, times in count(need).items():
                found[row, column] = times / (times + _HALF)
        return shared(found, self.same)


def _told(need: Need) -> str:
    """The title, and what a file number says in words: some buyers write the goods there."""
    return f"{need.title} {need.reference}" if need.title else ""


def _stems(need: Need) -> list[str]:
    return word_stems(_told(need), need.language)

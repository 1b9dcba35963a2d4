"""What firms are called and say they do, as sparse rows: stems, and branches that they name."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy import sparse

from procmatch.codes import builtin
from procmatch.matching.relevance.arrays import Points, Sparse
from procmatch.matching.relevance.lettering import Lettering
from procmatch.matching.relevance.lexicon import Lexicon
from procmatch.matching.relevance.loops import normalise, spread, spread_counts
from procmatch.matching.relevance.reading import Read, Token, read
from procmatch.matching.relevance.records import Firm, Need
from procmatch.matching.relevance.words import telling_stems
from procmatch.text.folding import tokens

__all__ = ["AskedWords", "Wording", "need_text", "stems_of"]

#: Only so much of a description is read: what comes later is procedure.
_READ = 3_000
_LABELLED = {"nb", "nn", "en"}
#: Digits of a CPV code that name a branch of the tree.
_DIVISION, _CLASS = 2, 4
#: Only the labels of so many codes are read.
_NAMED = 3
#: Words of needs, and labels, that are remembered.
_KEPT = 50_000
#: What the words of a need say beside its codes.
_WORDS = 0.5
#: Column of the firms whose words name no branch, and their likeness to any: unknown is not "no".
_NO_BRANCH = ""
_UNKNOWN = 0.1


def need_text(need: Need) -> str:
    """Return title (twice, it says most), description and the codes' labels in its language."""
    named = _named(need.cpv[:_NAMED], need.language)
    return f"{need.title} {need.title} {need.text[:_READ]} {named}"


@lru_cache(maxsize=_KEPT)
def _named(codes: tuple[str, ...], language: str) -> str:
    labels = builtin().cpv
    return " ".join(labels.label(code, language) for code in codes if language in _LABELLED)


@lru_cache(maxsize=_KEPT)
def _label_words(code: str, language: str) -> tuple[str, ...]:
    return tokens(_named((code,), language))


@dataclass(frozen=True, slots=True)
class AskedWords:
    """A need in the vocabulary of a market.

    Attributes:
        words: known stems, rarest first. values: how much each counts, of length one.
        times: how often each stands in the need, damped.
        strange: runs of letters of stems that nobody has. strange_times: likewise.
        branches, branch_values: CPV prefixes that it names, of length one; and what it says to
            firms that name none.
        unknown: stems and prefixes of the need that no firm of the market has.
    """

    words: Points
    values: Points
    times: Points
    strange: Points
    strange_times: Points
    branches: Points
    branch_values: Points
    unknown: frozenset[str]


class _Spoken(NamedTuple):
    """A word of needs: its known stems, the runs of the others, and the branches it names.

    ``unknown`` are the other stems, and branches that nobody names.
    """

    stems: tuple[int, ...]
    strange: tuple[int, ...]
    votes: tuple[tuple[int, float], ...]
    divisions: float
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """Firms as vectors of stems and of CPV branches, with how rare each is.

    Attributes:
        stems: stem -> column. rarity: of each stem.
        words: firms x stems (CSR, float32, rows of length one or empty).
        prefixes: CPV prefix -> column; "" is for firms whose words name no branch.
        prefix_rarity: of each.
        branches: firms x prefixes, rows of length one.
        lettering: the stems as runs of letters.
        stretch: firm -> what turns its row of ``words`` divided by rarity into one of length one
            over the runs.
    """

    stems: dict[str, int]
    rarity: Points
    words: Sparse
    prefixes: dict[str, int]
    prefix_rarity: Points
    branches: Sparse
    lettering: Lettering
    stretch: Points
    _heard: dict[str, dict[str, _Spoken]] = field(default_factory=dict)

    @staticmethod
    def build(firms: Sequence[Firm], like: Wording | None = None) -> Wording:
        """Read what firms say.

        Args:
            firms: whose names and texts.
            like: a larger market that says how rare words are, and gives stems their columns;
                stems that it lacks get columns after its own.
        """
        return Wording.of(read(firms, Lexicon.load()), like)

    @staticmethod
    def of(said: Read, like: Wording | None = None) -> Wording:
        """Return what was read of firms as vectors; see :meth:`build`."""
        firms = len(said.starts) - 1
        stems = dict(like.stems) if like else {}
        prefixes = dict(like.prefixes) if like else {_NO_BRANCH: 0}
        told, votes = _meant(said.every, stems, prefixes)
        words = _spread(said, told, damp_tokens=False)
        branches = _spread(said, votes, damp_tokens=True)
        del said, told, votes
        if like:
            rarity = like.extended(like.rarity, len(stems))
            prefix_rarity = like.extended(like.prefix_rarity, len(prefixes))
            lettering = like.lettering.extended(list(stems)[len(like.stems) :])
        else:
            holders, stems = _commonest_first(words, stems)
            rarity, prefix_rarity = _rarity(words), _rarity(branches)
            lettering = Lettering.build(list(stems), holders, firms)
        normalise(words.indptr, words.indices, words.data, rarity)
        normalise(branches.indptr, branches.indices, branches.data, prefix_rarity)
        unnamed = np.diff(branches.indptr) == 0
        branches = branches + _in_column(unnamed, prefixes[_NO_BRANCH], len(prefixes))
        runs = lettering.lengths(words, rarity)
        stretch = np.divide(1, runs, out=np.zeros_like(runs), where=runs > 0)
        return Wording(
            stems=stems,
            rarity=rarity,
            words=words,
            prefixes=prefixes,
            prefix_rarity=prefix_rarity,
            branches=branches,
            lettering=lettering,
            stretch=stretch,
        )

    def without_rows(self) -> Wording:
        """Return the same vocabulary with nothing in ``words`` and ``branches``.

        For those who keep the rows elsewhere.
        """
        words, branches = (
            sparse.csr_matrix(each.shape, dtype=np.float32) for each in (self.words, self.branches)
        )
        return replace(self, words=words, branches=branches)

    def extended(self, rarity: Points, many: int) -> Points:
        """Return how rare things are when further ones join them: what nobody has is the rarest."""
        rarest = math.log(1 + self.words.shape[0]) + 1
        return np.append(rarity, np.full(many - len(rarity), rarest, dtype=np.float32))

    def ask(self, need: Need) -> AskedWords:
        """Return a need as vectors over this market's columns."""
        title, text = tokens(need.title), tokens(need.text[:_READ])
        own = Counter(title)
        own.update(text)
        said = own.copy()
        said.update(title)
        for code in need.cpv[:_NAMED]:
            said.update(_label_words(code, need.language))
        own.update(Lexicon.load().phrases_in(title + text))
        heard = self._heard.setdefault(need.language, {})
        wanted, unknown = self._codes(need)
        times: dict[int, float] = {}
        strange: dict[int, float] = {}
        for word, many in said.items():
            spoken = heard.get(word) or self._spoken(word, need.language)
            for at in spoken.stems:
                times[at] = times.get(at, 0.0) + many
            if spoken.unknown:
                unknown.update(spoken.unknown)
                for at in spoken.strange:
                    strange[at] = strange.get(at, 0.0) + many
        for at, share in self._voted(own, need.language, unknown):
            wanted[at] = wanted.get(at, 0.0) + _WORDS * share
        words = np.array(list(times), dtype=np.int32)
        damp = 1 + np.log(np.array(list(times.values()), dtype=np.float32))
        rarity = self.rarity[words]
        rarest = np.argsort(-rarity, kind="stable")
        words, damp = words[rarest], damp[rarest]
        if wanted:
            # What firms get that name no branch comes last, and is no part of the length.
            branches = np.array([*wanted, self.prefixes[_NO_BRANCH]], dtype=np.int32)
            named = np.array([*wanted.values(), _UNKNOWN], dtype=np.float32)
            named[:-1] = _of_length_one(named[:-1] * self.prefix_rarity[branches[:-1]])
        else:
            branches, named = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
        return AskedWords(
            words=words,
            values=_of_length_one(damp * rarity[rarest]),
            times=damp,
            strange=np.array(list(strange), dtype=np.int32),
            strange_times=np.array(list(strange.values()), dtype=np.float32),
            branches=branches,
            branch_values=named,
            unknown=frozenset(unknown),
        )

    def _voted(
        self, own: Counter[str], language: str, unknown: set[str]
    ) -> Iterator[tuple[int, float]]:
        """Yield the branches that words name and their share of all they say of branches.

        Those that nobody names are added to ``unknown``.
        """
        heard = self._heard[language]
        votes: dict[int, float] = {}
        total = 0.0
        for word, many in own.items():
            spoken = heard.get(word) or self._spoken(word, language)
            unknown.update(spoken.unknown)
            if spoken.divisions:
                damped = 1 + math.log(many)
                total += damped * spoken.divisions
                for at, vote in spoken.votes:
                    votes[at] = votes.get(at, 0.0) + damped * vote
        return ((at, vote / total) for at, vote in votes.items())

    def _spoken(self, word: str, language: str) -> _Spoken:
        """Return what a word says in a need, and remember it."""
        heard = self._heard[language]
        if len(heard) >= _KEPT:
            heard.clear()
        stems = stems_of((word, language))
        known = tuple(self.stems[stem] for stem in stems if stem in self.stems)
        lacking = [stem for stem in stems if stem not in self.stems]
        runs = (self.lettering.runs(stem) for stem in lacking)
        votes = Lexicon.load().votes_of(word)
        found = heard[word] = _Spoken(
            known,
            tuple(run for own in runs for run in own),
            tuple(
                (self.prefixes[one], vote) for one, vote in votes.items() if one in self.prefixes
            ),
            sum(vote for one, vote in votes.items() if len(one) == _DIVISION),
            (*lacking, *(one for one in votes if one not in self.prefixes)),
        )
        return found

    def _codes(self, need: Need) -> tuple[dict[int, float], set[str]]:
        """Branches of a need's codes, the main one first, and those that nobody names."""
        found: dict[int, float] = {}
        unknown = set()
        for number, code in enumerate(need.cpv):
            weight = 1.0 if number == 0 else 1 / (len(need.cpv) - 1) / 2
            for length in range(_DIVISION, _CLASS + 1):
                at = self.prefixes.get(code[:length])
                if at is None:
                    unknown.add(code[:length])
                else:
                    found[at] = found.get(at, 0.0) + weight
        return found, unknown

    def scores(self, needs: Sequence[Need]) -> dict[str, Points]:
        """Return needs x firms for ``words``, ``branch`` and ``subwords``, each 0..1."""
        asked = [self.ask(need) for need in needs]
        words = _rows([(one.words, one.values) for one in asked], len(self.stems))
        named = _rows([(one.branches, one.branch_values) for one in asked], len(self.prefixes))
        return {
            "branch": np.asarray((named @ self.branches.T).todense()),
            "words": np.asarray((words @ self.words.T).todense()),
            "subwords": np.asarray(self.words @ self.likeness(asked).T).T * self.stretch[None, :],
        }

    def likeness(self, asked: Sequence[AskedWords]) -> Points:
        """Return needs x stems: how many rare runs of letters each shares with each need."""
        runs = np.zeros((len(asked), len(self.lettering.rarity)), dtype=np.float32)
        for row, one in enumerate(asked):
            runs[row] = self.lettering.table[one.words].T @ one.times
            runs[row, one.strange] += one.strange_times * self.lettering.rarity[one.strange]
            runs[row] = _of_length_one(runs[row])
        return np.asarray(self.lettering.table @ runs.T).T / self.rarity[None, :]


def stems_of(token: Token) -> Mapping[str, float]:
    """Return the telling stems of a word and how often it holds each; of a phrase none."""
    word, language = token
    return {} if " " in word else Counter(telling_stems(word, language))


def _commonest_first(words: Sparse, stems: Mapping[str, int]) -> tuple[Points, dict[str, int]]:
    """Number stems by how many texts hold them: what is read often lies side by side.

    Returns:
        How many texts hold each, and the stems; ``words`` is changed in place.
    """
    holders = np.bincount(words.indices, minlength=len(stems))
    order = np.argsort(-holders, kind="stable")
    place = np.empty(len(order), dtype=words.indices.dtype)
    place[order] = np.arange(len(order))
    words.indices[:] = place[words.indices]
    names = list(stems)
    return holders[order], {names[at]: number for number, at in enumerate(order.tolist())}


def _spread(said: Read, parts: Sparse, *, damp_tokens: bool) -> Sparse:
    """Return texts x parts: how much each says of each, damped by the logarithm."""
    many, columns = parts.shape
    at = (said.starts, said.tokens, parts.indptr, parts.indices)
    ends = spread_counts(*at, columns)
    ids, values = spread(*at, parts.data, ends, columns, many, damp_tokens)
    return sparse.csr_matrix((values, ids, ends), shape=(len(ends) - 1, columns))


class _Parts:
    """Tokens x their parts; parts get columns in the order in which they are met."""

    def __init__(self, columns: dict[str, int]) -> None:
        self._columns = columns
        self._indices, self._values, self._starts = array("i"), array("f"), array("i", [0])

    def add(self, parts: Mapping[str, float]) -> None:
        if parts:
            columns = self._columns
            self._indices.extend([columns.setdefault(one, len(columns)) for one in parts])
            self._values.extend(parts.values())
        self._starts.append(len(self._indices))

    def done(self) -> Sparse:
        shape = (len(self._starts) - 1, len(self._columns))
        kept = (self._values, self._indices, self._starts)
        return sparse.csr_matrix(tuple(map(np.asarray, kept)), shape=shape)


def _meant(
    tokens: Sequence[Token], stems: dict[str, int], prefixes: dict[str, int]
) -> tuple[Sparse, Sparse]:
    """Return tokens x stems and tokens x branches; new ones are added to the columns."""
    lexicon = Lexicon.load()
    told, votes = _Parts(stems), _Parts(prefixes)
    for token in tokens:
        told.add(stems_of(token))
        votes.add(lexicon.read_votes(token[0]))
    return told.done(), votes.done()


def _rarity(held: Sparse) -> Points:
    firms = held.shape[0]
    holders = np.bincount(held.indices, minlength=held.shape[1])
    return np.asarray(np.log((1 + firms) / (1 + holders)) + 1, dtype=np.float32)


def _in_column(where: Points, column: int, columns: int) -> Sparse:
    """Return rows that are empty, or 1 in one column (CSR, float32)."""
    starts = np.concatenate([[0], np.cumsum(where)])
    many = int(starts[-1])
    values, at = np.ones(many, dtype=np.float32), np.full(many, column, dtype=np.int32)
    return sparse.csr_matrix((values, at, starts), shape=(len(where), columns))


def _of_length_one(values: Points) -> Points:
    length = float(np.sqrt(values @ values))
    return values / length if length else values


def _rows(vectors: Sequence[tuple[Points, Points]], columns: int) -> Sparse:
    starts = np.cumsum([0, *(len(at) for at, _ in vectors)])
    if not vectors:
        return sparse.csr_matrix((0, columns), dtype=np.float32)
    indices, values = (np.concatenate([one[side] for one in vectors]) for side in (0, 1))
    return sparse.csr_matrix((values, indices, starts), shape=(len(vectors), columns))

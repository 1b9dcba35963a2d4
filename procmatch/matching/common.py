"""What a lot and a supplier have in common in words: whole ones, like ones, and a branch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain

from procmatch.matching.profile import Profile
from procmatch.matching.relevance.lexicon import Lexicon
from procmatch.matching.relevance.records import Need
from procmatch.matching.relevance.wording import need_text
from procmatch.matching.relevance.words import subwords, telling_stems
from procmatch.text.folding import tokens

__all__ = ["Asked", "Shared", "asked", "share"]

#: Two words are alike that share this part of their runs of letters.
_ALIKE = 0.4
_DIVISION, _CLASS = 2, 4
_LANGUAGE = "nb"
#: Words whose stems, and whose runs of letters, are kept: firms say what they do in few words.
_WORDS = 10_000


#: (Word or branch of a need, how much a supplier's word speaks for it.)
_Points = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A need's words, prepared once for all suppliers.

    Attributes:
        spelled: stem -> the first whole word it stands in. title: stems of the title.
        words: telling word -> its runs of letters. by_run: run -> words.
        branches: CPV prefix -> how much codes and words speak for it.

    A need that is kept for long is compared anew each time; :meth:`remembering` is for one that
    many suppliers are set against: those of a trade use the same words, each compared once.
    """

    spelled: Mapping[str, str]
    title: frozenset[str]
    words: Mapping[str, frozenset[str]]
    by_run: Mapping[str, tuple[str, ...]]
    branches: Mapping[str, float]
    _likes: dict[str, _Points] | None = field(default=None, repr=False)
    _votes: dict[str, _Points] | None = field(default=None, repr=False)

    def remembering(self) -> Asked:
        """Return the same, remembering each word that it was compared with."""
        return replace(self, _likes={}, _votes={})

    def likes(self, word: str, runs: frozenset[str]) -> _Points:
        """Return (word of the need, likeness) for those that a supplier's word is like."""
        return _once(self._likes, word, lambda: self._like(runs))

    def _like(self, runs: frozenset[str]) -> _Points:
        met: dict[str, int] = {}
        for run in runs & self.by_run.keys():
            for other in self.by_run[run]:
                met[other] = met.get(other, 0) + 1
        every = ((at, 2 * many / (len(runs) + len(self.words[at]))) for at, many in met.items())
        return tuple(one for one in every if one[1] >= _ALIKE)

    def votes(self, word: str) -> _Points:
        """Return (branch of the need, vote) for those that a supplier's word names."""
        return _once(self._votes, word, lambda: self._named(word))

    def _named(self, word: str) -> _Points:
        every = Lexicon.load().votes_of(word).items()
        return tuple(one for one in every if one[0] in self.branches)


def _once(known: dict[str, _Points] | None, word: str, make: Callable[[], _Points]) -> _Points:
    if known is None:
        return make()
    if word not in known:
        known[word] = make()
    return known[word]


@dataclass(frozen=True, slots=True)
class Shared:
    """What both say.

    Attributes:
        words: as the lot spells them, most telling first. own_words: the same as the supplier does.
        alike: (the lot's word, the supplier's) pairs, the likest first.
        branch: the CPV code that both name most closely, and the supplier's words that do; or "".
    """

    words: tuple[str, ...]
    own_words: tuple[str, ...]
    alike: tuple[tuple[str, str], ...]
    branch: tuple[str, tuple[str, ...]]


def asked(need: Need) -> Asked:
    """Prepare a need."""
    spelled = _spelled(tokens(need_text(need)), need.language)
    words = {word: _runs(word) for word in dict.fromkeys(spelled.values())}
    by_run: dict[str, list[str]] = defaultdict(list)
    for word, runs in words.items():
        for run in runs:
            by_run[run].append(word)
    votes = Lexicon.load().votes(f"{need.title} {need.text}")
    most = max(votes.values(), default=1.0)
    branches = defaultdict(float, {prefix: vote / most for prefix, vote in votes.items()})
    for at, code in enumerate(need.cpv):
        for length in range(_DIVISION, _CLASS + 1):
            branches[code[:length]] += 1.0 if at == 0 else 1 / len(need.cpv)
    return Asked(
        spelled=spelled,
        title=frozenset(telling_stems(need.title, need.language)),
        words=words,
        by_run={run: tuple(found) for run, found in by_run.items()},
        branches=branches,
    )


def _spelled(words: Iterable[str], language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in dict.fromkeys(words):
        for stem in _telling(word, language):
            found.setdefault(stem, word)
    return found


@lru_cache(maxsize=_WORDS)
def _telling(word: str, language: str) -> tuple[str, ...]:
    return tuple(telling_stems(word, language))


@lru_cache(maxsize=_WORDS)
def _runs(word: str) -> frozenset[str]:
    return frozenset(subwords(word))


@dataclass(frozen=True, slots=True)
class _Told:
    """Words of a supplier or its industry.

    Attributes:
        said: all of them. own: stem -> whole word. runs: telling word -> its stem and its runs of
            letters.
    """

    said: tuple[str, ...]
    own: Mapping[str, str]
    runs: Mapping[str, tuple[str, frozenset[str]]]


@lru_cache(maxsize=4_000)
def _told(text: str) -> _Told:
    """Read what a supplier says, or the label of its industry; it is met again in the next lot."""
    said = tokens(text)
    own = _spelled(said, _LANGUAGE)
    runs = {word: (stem, _runs(word)) for stem, word in own.items()}
    return _Told((*said, *Lexicon.load().phrases_in(said)), own, runs)


def share(wanted: Asked, one: Profile, rarity: Callable[[str], float]) -> Shared:
    """Return what a need and a supplier have in common.

    Args:
        wanted: the need.
        one: the supplier.
        rarity: how much a stem says in this market.
    """
    own = _told(f"{one.supplier.organisation.name} {one.said}")
    told = (own, *map(_told, one.labels))
    met = {
        stem: next(part.own[stem] for part in told if stem in part.own)
        for stem in wanted.spelled
        if any(stem in part.own for part in told)
    }
    common = sorted(
        met, key=lambda stem: (-rarity(stem) * (2 if stem in wanted.title else 1), stem)
    )
    return Shared(
        words=tuple(dict.fromkeys(wanted.spelled[stem] for stem in common)),
        own_words=tuple(dict.fromkeys(met[stem] for stem in common)),
        alike=_alike(wanted, told, rarity),
        branch=_branch(wanted, told),
    )


def _alike(
    wanted: Asked, told: Sequence[_Told], rarity: Callable[[str], float]
) -> tuple[tuple[str, str], ...]:
    found: dict[str, tuple[float, str]] = {}
    for word, (stem, runs) in chain.from_iterable(part.runs.items() for part in told):
        for other, likeness in wanted.likes(word, runs):
            found[other] = max(found.get(other, (0.0, "")), (likeness * rarity(stem), word))
    ordered = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))
    return tuple((other, word) for other, (_, word) in ordered)


def _branch(wanted: Asked, told: Sequence[_Told]) -> tuple[str, tuple[str, ...]]:
    votes: dict[str, float] = defaultdict(float)
    by_prefix: dict[str, dict[str, None]] = defaultdict(dict)
    for word in chain.from_iterable(part.said for part in told):
        for prefix, vote in wanted.votes(word):
            votes[prefix] += vote
            by_prefix[prefix][word] = None
    if not votes:
        return "", ()
    best = max(
        votes, key=lambda prefix: (votes[prefix] * wanted.branches[prefix], len(prefix), prefix)
    )
    # The finest branch below it for which the same words speak.
    for prefix in sorted(votes, key=len, reverse=True):
        if prefix.startswith(best) and votes[prefix] >= votes[best]:
            best = prefix
            break
    return best.ljust(8, "0"), tuple(by_prefix[best])

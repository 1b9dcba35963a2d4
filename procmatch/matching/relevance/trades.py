"""How well a firm's industry answers a need's CPV codes: typed, and learned from awards.

The typed table is :mod:`procmatch.matching.affinity`. What awards teach is how much more often
firms of an industry win in a CPV branch than they stand in the register; where a branch has few
awards, the branch above it speaks. Both are kept and blended by the number of awards.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from procmatch.codes import builtin
from procmatch.matching.affinity import affinity, branch_of, trades
from procmatch.matching.relevance.arrays import Points, spans
from procmatch.matching.relevance.lexicon import Lexicon
from procmatch.matching.relevance.records import Award, Firm, Need
from procmatch.model.organisation import IndustryCode

__all__ = [
    "GOODS", "SILENT", "UNTOLD", "WORK_TRAINING", "TradeReader", "Trades", "and_code",
    "and_training", "held_trades", "own_trades", "said_code",
]  # fmt: skip

#: A national extension says more than NACE does; the class is what all countries share.
_CLASS = 5
_REVISIONS = {"2": "SN2007", "2.1": "SN2025", "SN2007": "SN2007", "SN2025": "SN2025"}
_LEVELS = (2, 3, 4, 5)
_INDUSTRY_LEVELS = (2, 4, 5)
#: Awards in a branch after which they count as much as the branch above, or as the typed table.
_PRIOR, _TRUST = 10.0, 30.0
#: An industry that wins this many times its share of the register answers fully.
_FULL = 20.0
#: What the further codes of a need add.
_REST = 0.5
#: Points of a firm whose industry is not known: unknown is not "no".
_UNKNOWN = 0.25
#: The trade of such a firm.
_NO_TRADE = ""
#: What registers write where no trade was told, and codes that say none: head offices too.
UNTOLD = ("99.99", "00.00")
_SAYS_NOTHING = ("70.10", *UNTOLD)
#: Work training and sheltered work (SN2025), and how well it answers a lot reserved for it.
WORK_TRAINING, _TRAINING = "88.993", 0.9
#: Roles that deliver goods by van, farther than others travel to their work.
GOODS = {"producer", "grower", "wholesaler", "retailer"}
#: A trade that does not answer a code has no role in it.
SILENT = 2
#: A title names a branch where it has this share of what all its words say; so many digits of it.
_PLAINLY = 0.6
_DIVISION, _NAMED, _DIGITS = 2, 4, 8
_NO_WINS: Counter[str] = Counter()
#: Languages that share the typed words of another.
_SAME_WORDS = {"nn": "nb", "no": "nb"}


def said_code(need: Need) -> str:
    """Return the CPV code that a need's title plainly names, or "" if none or told already."""
    language = _SAME_WORDS.get(need.language, need.language)
    votes = Lexicon.load((language,) if language else ()).votes(need.title)
    found, above = "", sum(vote for prefix, vote in votes.items() if len(prefix) == _DIVISION)
    for length in range(_DIVISION, _NAMED + 1):
        below = [one for one in votes if len(one) == length and one.startswith(found)]
        best = max(below, key=lambda one: (votes[one], one), default="")
        if not best or votes[best] < _PLAINLY * above:
            break
        found, above = best, votes[best]
    if not found or any(code.startswith(found) for code in need.cpv):
        return ""
    return found.ljust(_DIGITS, "0")


def own_trades(firm: Firm) -> tuple[tuple[str, float], ...]:
    """Return (NACE 2.1 class or SN2025 code, weight) of a firm; the first industry weighs most.

    A code that no list has, nor any above it, says nothing and is left out.
    """
    revision = _REVISIONS.get(firm.nace, "SN2025")
    length = None if revision == firm.nace else _CLASS
    classes = dict.fromkeys(code[:length] for code in firm.industries if code)
    known = (IndustryCode(revision=revision, code=code) for code in classes)
    label = builtin().industry.label
    return tuple(
        (code, weight)
        for code, weight in trades(known, builtin())
        if not code.startswith(_SAYS_NOTHING) and label("SN2025", code)
    )


def held_trades(firm: Firm) -> tuple[tuple[str, float], ...]:
    """Return :func:`own_trades`, or the trade of firms whose industry is not known."""
    return own_trades(firm) or ((_NO_TRADE, 1.0),)


def and_code(points: Points, answer: Points, others: int | Points) -> Points:
    """Return points with what one of the ``others``, the codes beside the main one, adds."""
    return points + (1 - points) * answer * _REST / others


def and_training(points: Points) -> Points:
    """Return the points of a trade of work training where what is needed is reserved for it."""
    return np.asarray(np.maximum(points, _TRAINING))


def _role(code: str, trade: str) -> int:
    role = affinity(code, ((trade, 1.0),)).role
    return int(role in GOODS) if role else SILENT


@dataclass(frozen=True, slots=True)
class Trades:
    """Firms by their industries, and what awards taught.

    Attributes:
        names: all trades of the market; the first is that of firms whose industry is not known.
        starts, held, weights: firm -> its trades (as in CSR) and how much each weighs.
        shares: NACE prefix -> share of the register's firms.
        wins: CPV prefix -> NACE prefix -> wins.
    """

    names: Sequence[str]
    starts: Points
    held: Points
    weights: Points
    shares: Mapping[str, float]
    wins: Mapping[str, Counter[str]] = field(default_factory=dict)
    _answers: dict[str, Points] = field(default_factory=dict)
    _totals: dict[tuple[str, int], int] = field(default_factory=dict)

    @staticmethod
    def build(
        firms: Sequence[Firm], awards: Iterable[Award] = (), like: Trades | None = None
    ) -> Trades:
        """Prepare firms, and learn from the awards that any of them won.

        Args:
            firms: whose industries.
            awards: past ones.
            like: a larger market that gives trades their numbers and knows what awards taught;
                trades that it lacks are added after its own.
        """
        reader = TradeReader(awards)
        for firm in firms:
            reader.add(firm)
        return reader.done(like)

    def taken(self, order: Points) -> Trades:
        """Return the same with the firms in another order."""
        where, starts = spans(self.starts, order)
        held, weights = self.held[where], self.weights[where]
        return replace(self, starts=starts.astype(np.int32), held=held, weights=weights)

    def answers(self, need: Need) -> Points:
        """Return how well each trade answers a need, 0..1: the main code, and some of the others.

        What the title plainly says counts as one more code: many a notice's code is too coarse, or
        beside the point. Without either nothing can be compared, and all answers are 0.
        """
        points: Points = np.zeros(len(self.names), dtype=np.float32)
        said = said_code(need)
        codes = (*need.cpv, said) if said else need.cpv
        for at, code in enumerate(codes):
            if at == 0:
                points = self._answer(code)
            else:
                points = and_code(points, self._answer(code), len(codes) - 1)
        if need.work_training:
            training = [name.startswith(WORK_TRAINING) for name in self.names]
            points = np.where(training, and_training(points), points)
        return np.asarray(points, dtype=np.float32)

    def by_van(self, need: Need) -> Points:
        """Return which trades would deliver goods to a need (uint8), by its first code they answer.

        They reach farther than those who travel to their work.
        """
        found = np.zeros(len(self.names), dtype=np.uint8)
        for code in reversed(need.cpv):
            answered = self._roles(code)
            found = np.where(answered == SILENT, found, answered)
        return found

    def _roles(self, code: str) -> Points:
        branch = branch_of(code)
        key = f"role {branch}"
        if key not in self._answers:
            found = [_role(branch, name) for name in self.names]
            self._answers[key] = np.array(found, dtype=np.uint8)
        return self._answers[key]

    def of_trade(self, trade: str, codes: Sequence[str]) -> tuple[Points, Points]:
        """Return how well one trade answers each code (float32), and its role there (uint8).

        A role is 1 for delivering goods, 0 for others, :data:`SILENT` for none.
        """
        strengths = [self._strength(code, trade) for code in codes]
        roles = [_role(code, trade) for code in codes]
        return np.array(strengths, dtype=np.float32), np.array(roles, dtype=np.uint8)

    def scores(self, needs: Sequence[Need]) -> Points:
        """Return how well each firm's best trade answers each need, 0..1, needs x firms."""
        found = np.zeros((len(needs), len(self.starts) - 1), dtype=np.float32)
        for row, need in enumerate(needs):
            each = self.answers(need)[self.held] * self.weights
            if len(each):
                found[row] = np.maximum.reduceat(each, self.starts[:-1])
        return found

    def vans(self, needs: Sequence[Need]) -> Points:
        """Return whether each firm would deliver goods by van, by its best trade, needs x firms."""
        found = np.zeros((len(needs), len(self.starts) - 1), dtype=bool)
        firm = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))
        for row, need in enumerate(needs):
            each = self.answers(need)[self.held] * self.weights
            # Of a firm's trades the best comes last, of equal ones the first; it is kept.
            order = np.lexsort((-np.arange(len(each)), each, firm))
            best = np.zeros(len(self.starts) - 1, dtype=np.int64)
            best[firm[order]] = order
            if len(each):
                found[row] = (each[best] > 0) & (self.by_van(need)[self.held[best]] > 0)
        return found

    def _answer(self, code: str) -> Points:
        # What awards taught goes by the branch that the code names, too.
        key = f"{branch_of(code)} {code[: _LEVELS[-1]] if self.wins else ''}"
        if key not in self._answers:
            found = [self._strength(code, name) for name in self.names]
            self._answers[key] = np.array(found, dtype=np.float32)
        return self._answers[key]

    def _strength(self, code: str, trade: str) -> float:
        if trade == _NO_TRADE:
            return _UNKNOWN
        typed = affinity(code, ((trade, 1.0),)).strength
        if not self.wins:
            return typed
        awards = self._won(code[:3], _LEVELS[0])
        trust = awards / (awards + _TRUST)
        return (1 - trust) * typed + trust * self._learned(code, trade)

    def _learned(self, code: str, trade: str) -> float:
        """Lift of an industry in the branch on a log scale, 0..1."""
        best = 0.0
        for length in _INDUSTRY_LEVELS:
            prefix = trade[:length]
            base = self.shares.get(prefix, 0.0)
            if base:
                share = base
                for branch in (code[:n] for n in _LEVELS):
                    wins = self.wins.get(branch, _NO_WINS)[prefix]
                    share = (wins + _PRIOR * share) / (self._won(branch, length) + _PRIOR)
                lift = float(np.log(max(1.0, share / base)) / np.log(_FULL))
                best = max(best, min(1.0, lift))
        return best

    def _won(self, branch: str, length: int) -> int:
        """Return how many wins in a branch are told by industries of so many characters."""
        key = branch, length
        if key not in self._totals:
            wins = self.wins.get(branch, _NO_WINS)
            self._totals[key] = sum(n for prefix, n in wins.items() if len(prefix) == length)
        return self._totals[key]


class TradeReader:
    """Takes firms one by one and keeps their industries; see :meth:`Trades.build`."""

    def __init__(self, awards: Iterable[Award] = ()) -> None:
        self._awards = list(awards)
        self._winners = {key for award in self._awards for key in award.winners}
        self._kinds: dict[tuple[str, tuple[str, ...]], int] = {}
        self._every: list[tuple[tuple[str, float], ...]] = []
        self._kind_of = array("i")
        self._own_of: dict[str, tuple[tuple[str, float], ...]] = {}

    def add(self, firm: Firm) -> None:
        """Read the industries of a firm."""
        one = (firm.nace, firm.industries)
        kind = self._kinds.get(one)
        if kind is None:
            kind = self._kinds[one] = len(self._every)
            self._every.append(held_trades(firm))
        self._kind_of.append(kind)
        if firm.key in self._winners:
            self._own_of[firm.key] = self._every[kind]

    def done(self, like: Trades | None = None) -> Trades:
        """Return the trades of the firms, in the order in which they came."""
        every = self._every
        names = list(like.names if like else (_NO_TRADE,))
        new = {name for own in every for name, _weight in own}.difference(names)
        number = {name: at for at, name in enumerate([*names, *sorted(new)])}
        flat = [(number[name], weight) for own in every for name, weight in own]
        ends = np.append(0, np.cumsum([len(own) for own in every])).astype(np.int64)
        of = np.array(self._kind_of, dtype=np.int64)
        where, starts = spans(ends, of)
        if like:
            shares, wins = like.shares, like.wins
        else:
            shares = _shares(every, np.bincount(of, minlength=len(every)).tolist())
            wins = _wins(self._awards, self._own_of)
        return Trades(
            names=list(number),
            starts=starts.astype(np.int32),
            held=np.array([at for at, _ in flat], dtype=np.int16)[where],
            weights=np.array([weight for _, weight in flat], dtype=np.float32)[where],
            shares=shares,
            wins=wins,
        )


def _shares(
    every: Sequence[tuple[tuple[str, float], ...]], holders: Sequence[int]
) -> dict[str, float]:
    """Return prefix -> share of firms; of each kind of firm there are so many ``holders``."""
    seen: Counter[str] = Counter()
    for own, many in zip(every, holders, strict=True):
        for prefix in _prefixes(own):
            seen[prefix] += many
    return {prefix: count / max(1, sum(holders)) for prefix, count in seen.items()}


def _wins(
    awards: Iterable[Award], by_key: Mapping[str, tuple[tuple[str, float], ...]]
) -> dict[str, Counter[str]]:
    wins: dict[str, Counter[str]] = {}
    for award in awards:
        for code in award.need.cpv[:1]:
            for key in award.winners:
                for prefix in _prefixes(by_key.get(key, ())):
                    for length in _LEVELS:
                        wins.setdefault(code[:length], Counter())[prefix] += 1
    return wins


def _prefixes(own: Iterable[tuple[str, float]]) -> set[str]:
    """The main industry as division, group and class."""
    return {trade[:n] for trade, weight in own if weight == 1 and trade for n in _INDUSTRY_LEVELS}

"""How much each criterion of relevance counts: one table, and the only weights there are.

The weights were chosen by hand from fits on four sets of real awards (docs/quality-matching.md says
on what); none is below 0, so that no list is ordered by what a firm lacks.

Past awards weigh much because their points are low: in half of all needs of t1_catalonia no award
is more like them than 0.43, and where nothing is known they are 0 for everybody. Likeness counts by
how many awards there are (:mod:`history`), so that the same table holds for a store of a few dozen
awards and for one of thousands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from procmatch.errors import SettingsError

__all__ = ["DEFAULT_POLICY", "POLICY", "Criterion", "RelevancePolicy", "policy_from"]

#: No merit: its weight is 0 and no setting changes that.
_NO_MERIT = "size"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion.

    Attributes:
        name: of the row. weight: 0 or more.
        measures: as a question. direction: what stands higher, all else equal.
        history: whether it looks at past awards.
        incumbent: whether only a firm that won before can get points for it.
        measured: whether it counts in the evaluation only, and in no list of a store; why stands
            in docs/decisions/0009-names-and-reach.md.
    """

    name: str
    weight: float
    measures: str
    direction: str = ""
    history: bool = False
    incumbent: bool = False
    measured: bool = False


@dataclass(frozen=True, slots=True)
class RelevancePolicy:
    """The criteria in order; a score is the mean of their points by these weights.

    ``shares`` says how much of the whole each criterion counts, 0..1.
    """

    rows: tuple[Criterion, ...]
    shares: Mapping[str, float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        whole = self.total
        shares = {row.name: row.weight / whole if whole else 0.0 for row in self.rows}
        object.__setattr__(self, "shares", shares)

    @property
    def total(self) -> float:
        """The sum of all weights."""
        return sum(row.weight for row in self.rows)

    def weight(self, name: str) -> float:
        """Return a criterion's weight. Raises StopIteration for one that is not in the table."""
        return next(row.weight for row in self.rows if row.name == name)

    def share(self, name: str) -> float:
        """Return how much of the whole a criterion counts, 0..1."""
        return self.shares[name]

    @property
    def looks_back(self) -> bool:
        """Whether any criterion that counts looks at past awards."""
        return any(row.history and row.weight for row in self.rows)

    def without(self, names: Iterable[str]) -> RelevancePolicy:
        """Return the policy with some criteria switched off.

        Raises:
            SettingsError: a criterion that is not in the table.
        """
        off = set(names)
        unknown = off - {row.name for row in self.rows}
        if unknown:
            known = ", ".join(row.name for row in self.rows)
            raise SettingsError(f"relevance: no criterion {min(unknown)!r}; there are {known}")
        return self._changed(dict.fromkeys(off, 0.0))

    def without_history(self) -> RelevancePolicy:
        """Return the policy with every criterion that looks at past awards switched off."""
        return self.without(row.name for row in self.rows if row.history)

    def open_to_all(self) -> RelevancePolicy:
        """Return the policy without the criteria that only a firm that won before can meet."""
        return self.without(row.name for row in self.rows if row.incumbent)

    def with_weight(self, name: str, weight: float) -> RelevancePolicy:
        """Return the policy with one weight changed.

        Raises:
            SettingsError: an unknown criterion or a weight below 0.
        """
        self.without([name])
        if weight < 0:
            raise SettingsError(f"relevance: the weight of {name} is below 0")
        return self._changed({name: weight})

    def _changed(self, weights: Mapping[str, float]) -> RelevancePolicy:
        return RelevancePolicy(
            tuple(replace(row, weight=weights.get(row.name, row.weight)) for row in self.rows)
        )


POLICY = RelevancePolicy(
    (
        Criterion("trade", 5.0, "Does the firm's industry answer the need's CPV codes?",
                  "the closer trade"),
        Criterion("branch", 2.0, "Do the words of the firm and the need name the same branch?",
                  "the same branch, named often"),
        Criterion("words", 1.0, "Do they share rare words, whatever the inflection?",
                  "more and rarer words"),
        Criterion("subwords", 10.0, "Do they share rare parts of words?",
                  "more and rarer parts"),
        Criterion("place", 5.0, "Does the firm work near the place?", "the nearer"),
        Criterion("capacity", 1.0, "Is the value a year within what the firm can carry?",
                  "the smaller share of a year's turnover, down to half"),
        Criterion("neighbours", 30.0, "Has the firm won something like this?",
                  "the liker past award", history=True, incumbent=True),
        Criterion("series", 20.0, "Has the firm won in this series of the buyer?",
                  "the liker file number", history=True, incumbent=True),
        Criterion("buyer", 2.0, "Has the buyer chosen the firm before?",
                  "chosen more often", history=True, incumbent=True),
        Criterion("wins", 1.0, "Has the firm won in this CPV branch?",
                  "won more often", history=True, incumbent=True),
        Criterion("reach", 5.0, "Do winners here often come from the firm's area?",
                  "more often", history=True, measured=True),
        Criterion("names", 3.0, "Are winners of such needs called like the firm?",
                  "the liker names", history=True, measured=True),
        Criterion("size", 0.0, "Is the firm large? No merit; here to show what it would do.",
                  "nobody"),
    )
)  # fmt: skip
#: What a question is answered by unless somebody switches past awards on.
DEFAULT_POLICY = POLICY.without_history()


def policy_from(weights: Mapping[str, float], *, past_awards: bool = False) -> RelevancePolicy:
    """Return the table as lists of a store are ranked by it, with some weights changed.

    Args:
        weights: criterion -> weight, as in the settings. One that looks at past awards counts only
            where ``past_awards`` says so.
        past_awards: whether they count.

    Raises:
        SettingsError: an unknown criterion, a weight below 0, a weight for size or for a criterion
            that counts in the evaluation only, or no weight left.
    """
    measured = [row.name for row in POLICY.rows if row.measured]
    policy = POLICY.without(measured)
    for name, weight in weights.items():
        policy = policy.with_weight(name, weight)
        if name == _NO_MERIT and weight:
            raise SettingsError("policy: size is no merit, so its weight stays 0")
        if name in measured and weight:
            raise SettingsError(f"policy: {name} counts in the evaluation only; its weight is 0")
    if not past_awards:
        policy = policy.without_history()
    if not policy.total:
        raise SettingsError("policy: all weights are 0")
    return policy

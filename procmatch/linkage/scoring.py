"""How pairs become probabilities: by the plain sum, or by learned tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from procmatch.errors import LinkageError
from procmatch.linkage.index.columns import Array
from procmatch.linkage.model import Model, learned
from procmatch.linkage.plain import plain_score

__all__ = ["PLAIN", "Scorer", "by_learned_tables", "by_model", "shipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorer:
    """A score with what belongs to it.

    Attributes:
        name: what made it.
        score: features of pairs to log odds, see :mod:`procmatch.linkage.features`.
        calibrate: probabilities as the scores make them to how often these are right.
        automatic: from this probability on a link needs no person, if something beside the name
            confirms it.
        possible: below this nobody is meant clearly enough to be shown as the answer.
    """

    name: str
    score: Callable[[Array], Array]
    calibrate: Callable[[Array], Array]
    automatic: float
    possible: float


def _as_it_is(probability: Array) -> Array:
    return probability


#: The sum without learning. A wrong automatic link costs nine times a missed one.
PLAIN = Scorer(name="plain", score=plain_score, calibrate=_as_it_is, automatic=0.9, possible=0.5)


def by_model(model: Model) -> Scorer:
    """Return the score of learned tables."""
    return Scorer(
        name="learned",
        score=model.score,
        calibrate=model.calibrate,
        automatic=model.thresholds["automatic"],
        possible=model.thresholds["possible"],
    )


def shipped() -> Scorer:
    """Return the score that is used where none is chosen.

    The plain one: on real names it ranks better than the learned tables, which know made-up ones
    only; see docs/quality.md.
    """
    return PLAIN


def by_learned_tables() -> Scorer:
    """Return the learned score that comes with the package.

    Raises:
        LinkageError: its file is missing or damaged.
    """
    model = learned()
    if model is None:
        raise LinkageError("no learned score comes with this package")
    return by_model(model)

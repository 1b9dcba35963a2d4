"""Are probabilities what they say? Of things said to be 80 % likely, 80 % should be true."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from procmatch.evaluation.intervals import Ratio, mean

__all__ = ["Bin", "Calibration", "calibration"]

BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Claims of about the same probability.

    Attributes:
        low, high: from and up to which probability; the last bin holds 1 too.
        claimed: mean probability. true: share that is true. ``true.of`` is how many there are.
    """

    low: float
    high: float
    claimed: float
    true: Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How probabilities compare with what was true.

    Attributes:
        bins: those that hold any claim, in order.
        error: expected calibration error: mean distance of a bin from the truth, weighted by how
            many claims it holds; 0 is best. None without claims.
        brier: mean squared distance of each claim from the truth; 0 is best. None without claims.
        claims: how many.
    """

    bins: tuple[Bin, ...]
    error: float | None
    brier: float | None
    claims: int


def calibration(
    claimed: Sequence[float], true: Sequence[bool], groups: Sequence[Hashable] | None = None
) -> Calibration:
    """Compare probabilities with the truth, in ten bins of equal width.

    Args:
        claimed: probability of each claim, 0..1.
        true: whether each came true.
        groups: of claims that belong together, as in :func:`~procmatch.evaluation.intervals.ratio`.
    """
    members: dict[int, list[int]] = {}
    for at, probability in enumerate(claimed):
        members.setdefault(min(int(probability * BINS), BINS - 1), []).append(at)
    bins = []
    for which, those in sorted(members.items()):
        own = None if groups is None else [groups[at] for at in those]
        bins.append(
            Bin(
                low=which / BINS,
                high=(which + 1) / BINS,
                claimed=sum(sorted(claimed[at] for at in those)) / len(those),
                true=mean([float(true[at]) for at in those], own),
            )
        )
    count = len(claimed)
    gaps = [abs(one.claimed - (one.true.value or 0.0)) * one.true.of for one in bins]
    squares = sorted((p - t) ** 2 for p, t in zip(claimed, true, strict=True))
    return Calibration(
        bins=tuple(bins),
        error=sum(gaps) / count if count else None,
        brier=sum(squares) / count if count else None,
        claims=count,
    )

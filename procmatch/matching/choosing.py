"""Choosing from a ranking by size and evidence: a choice in sight, which never moves a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from procmatch.model.match import Match
from procmatch.model.organisation import SizeClass

__all__ = ["Choice", "chosen"]

_SMALL = {SizeClass.MICRO, SizeClass.SMALL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What somebody wants to see of a ranking.

    Attributes:
        small: only firms that are, or by what is known may be, micro or small.
        evidence: only firms with one of these kinds or dimensions ("green", "iso_14001").
        by_evidence: those with more kinds of evidence first; else as they stand.
    """

    small: bool = False
    evidence: tuple[str, ...] = ()
    by_evidence: bool = False


def chosen(found: Sequence[Match], choice: Choice) -> list[Match]:
    """Return the matches that are wanted; equal ones stay in the order of the ranking."""
    wanted = set(choice.evidence)
    kept = [
        one
        for one in found
        if (not choice.small or not one.sizes or not _SMALL.isdisjoint(one.sizes))
        and (not wanted or any(wanted.intersection(fact) for fact in one.known))
    ]
    if choice.by_evidence:
        kept.sort(key=lambda one: (one.verdict.value == "not", -len(one.known)))
    return kept

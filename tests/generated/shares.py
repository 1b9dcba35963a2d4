"""How often a generated market does what the live one does."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Shares"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """How often each trap is set; 0 to 1 of the purchases unless said otherwise.

    Attributes:
        planning: a planning notice and nothing after it. planned: a competition that follows one.
        intent: a notice of intent (VEAT). qualification, dynamic, announced: rarer calls.
        national: below the EEA threshold. ted_only: of EU purchases.
        changed: of competitions, with weights of 1, 2, 3 and 4 changes.
        styles: weights of how a change names what it changes.
        hidden: of changed notices, no longer found by a search, by whether the link is a good one.
        cancelled_by_change, cancelled_by_status: of competitions.
        result: of competitions whose deadline is over. several: of results with many lots.
        cancelled_by_result, partly_cancelled: of results.
        ties: weights of how a result names its competition.
        corrected_result, modified: of results.
        repeated: of competitions, bought again more than 300 days after, by the same name.
        late_on_ted, never_on_ted: of EU publications.
        not_yet, broken: of publications, downloads that answer 404 once and 500 for long.
        control_characters: of entries in Doffin's list.
    """

    planning: float = 0.12
    planned: float = 0.07
    intent: float = 0.05
    qualification: float = 0.01
    dynamic: float = 0.02
    announced: float = 0.01
    national: float = 0.55
    ted_only: float = 0.04
    changed: float = 0.28
    chain: tuple[float, ...] = (0.6, 0.2, 0.12, 0.08)
    styles: tuple[tuple[str, float], ...] = (
        ("new uuid", 0.60),
        ("next version", 0.10),
        ("resubmitted", 0.06),
        ("bare uuid", 0.06),
        ("ted number", 0.06),
        ("doffin id", 0.06),
        ("twice", 0.06),
    )
    hidden: tuple[float, float] = (0.5, 0.85)
    cancelled_by_change: float = 0.04
    cancelled_by_status: float = 0.02
    result: float = 0.4
    several: float = 0.3
    cancelled_by_result: float = 0.15
    partly_cancelled: float = 0.15
    ties: tuple[tuple[str, float], ...] = (
        ("procedure", 0.86),
        ("reference", 0.07),
        ("probable", 0.07),
    )
    corrected_result: float = 0.05
    modified: float = 0.04
    repeated: float = 0.03
    late_on_ted: float = 0.05
    never_on_ted: float = 0.03
    not_yet: float = 0.01
    broken: float = 0.001
    control_characters: float = 0.005

"""Whether a supplier could bid on a lot, and every reason for the answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from procmatch.model.organisation import OrgId, SizeClass
from procmatch.text.messages import Message

__all__ = ["Criterion", "Hurdle", "Linked", "Match", "Message", "Verdict"]


class Verdict(StrEnum):
    """Could they bid? Never a chance to win."""

    ELIGIBLE = "eligible"
    #: Something that decides is unknown.
    PERHAPS = "perhaps"
    NOT = "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One row of the ranking policy applied to one pair.

    Attributes:
        name: the policy's row, e.g. ``"trade"``.
        points: 0..1, how well the pair meets it. weight: 0..1, its share of the policy's whole.
        lot_value, supplier_value: the two values that met, as text.
        lot_source, supplier_source: the field of each, e.g. ``"BT-262"``, ``"naeringskode1"``.
        reason: the criterion said as one sentence.
    """

    name: str
    points: float
    weight: float
    lot_value: str
    supplier_value: str
    lot_source: str
    supplier_source: str
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Hurdle:
    """What stands in the way, and what would remove it.

    Attributes:
        kind: e.g. ``"turnover"``, ``"reserved"``, ``"status"``, ``"distance"``.
        blocking: True makes the verdict ``not``.
        decides: True, where nothing blocks, makes the verdict ``perhaps``; a hurdle that neither
            blocks nor decides is work to be done before bidding.
        reason: what stands in the way. way_out: what would remove it, or None.
        source: the fields it rests on: of the notice, and of the register where they met.
        note: what one should know besides, e.g. the law on joint bids; never a way out.
    """

    kind: str
    blocking: bool
    reason: Message
    way_out: Message | None = None
    source: str = ""
    decides: bool = False
    note: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A lot and a supplier: score, verdict, criteria and hurdles.

    Attributes:
        notice: source id of the notice. lot: BT-137.
        supplier: its register id. supplier_name: for display.
        score: 0..1, the weighted mean of the criteria's points.
        reasons: the criteria that speak for it, in the order of the policy, as sentences.
        against: those that speak against it, or could not be compared, likewise.
        distance_km: from the place of performance to the nearest establishment, if known.
        evidence: what is known of the supplier besides, as sentences. It moves no score.
        known: (kind, dimension) of each of these, to choose by.
        size: its size class as a sentence, with what is not known; it moves no score either.
        sizes: every class that what is known leaves possible, to filter by.
    """

    notice: str
    lot: str
    supplier: OrgId
    supplier_name: str
    score: float
    verdict: Verdict
    criteria: tuple[Criterion, ...] = ()
    hurdles: tuple[Hurdle, ...] = ()
    reasons: tuple[Message, ...] = ()
    against: tuple[Message, ...] = ()
    distance_km: float | None = None
    evidence: tuple[Message, ...] = ()
    known: tuple[tuple[str, str], ...] = ()
    size: Message | None = None
    sizes: tuple[SizeClass, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """Which register unit a printed name or number means.

    Attributes:
        org: the unit. name: its name in the register.
        score: 0..1. certain: number and name agree (or were confirmed by a person).
        method: ``"number"``, ``"number+name"``, ``"name"``, ``"name+place"``,
            ``"decided"`` by a person.
        criteria: (what was compared, how it went) pairs, in words.
        runner_up: the next best unit and its score, or None.
    """

    org: OrgId
    name: str
    score: float
    certain: bool
    method: str
    criteria: tuple[tuple[str, str], ...] = ()
    runner_up: tuple[OrgId, float] | None = None

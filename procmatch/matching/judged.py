"""Where a pair stands before anything is said of it: nearness, role, and how far it reaches."""

from __future__ import annotations

from dataclasses import dataclass, field

from procmatch.codes import Codes
from procmatch.matching.affinity import Affinity, affinity
from procmatch.matching.need import Wanted
from procmatch.matching.place import Nearness, nearness, reach_km
from procmatch.matching.profile import Profile
from procmatch.matching.relevance.trades import WORK_TRAINING

__all__ = ["Judged", "Look"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What hurdles and sentences need to know of a pair.

    Attributes:
        near: the nearest places of the two, None when either is unknown.
        answer: how the supplier's trade answers ``code``, the first of the lot's that it answers;
            ``code`` is "" when it answers none.
        radius_km: how far the supplier normally travels; goods go farther.
    """

    near: Nearness | None
    code: str
    answer: Affinity
    radius_km: float

    @property
    def role(self) -> str:
        """Return producer, grower, wholesaler, service, ...; "" when no trade answers."""
        return self.answer.role


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Looks at many firms for one lot; those of the same trades and places are looked at once."""

    wanted: Wanted
    codes: Codes
    radius_km: float
    _near: dict[tuple[str, ...], Nearness | None] = field(default_factory=dict)
    _answers: dict[tuple[tuple[str, float], ...], tuple[str, Affinity]] = field(
        default_factory=dict
    )

    def at(self, one: Profile) -> Judged:
        """Return where a firm stands."""
        towns, trades = one.municipalities, one.trades
        if towns not in self._near:
            self._near[towns] = nearness(self.wanted.municipalities, towns, self.codes.places)
        if trades not in self._answers:
            self._answers[trades] = _answered(self.wanted, one)
        code, answer = self._answers[trades]
        return Judged(
            near=self._near[towns],
            code=code,
            answer=answer,
            radius_km=reach_km(answer.role, self.radius_km),
        )


def _answered(wanted: Wanted, one: Profile) -> tuple[str, Affinity]:
    answer = Affinity(0.0, "", "")
    for code in wanted.need.cpv:
        answer = affinity(code, one.trades)
        if answer.strength:
            return code, answer
    if wanted.need.work_training:
        training = next((name for name, _ in one.trades if name.startswith(WORK_TRAINING)), "")
        answer = Affinity(0.0, "service" if training else "", training)
    return "", answer

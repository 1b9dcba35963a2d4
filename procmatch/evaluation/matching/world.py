"""One closed world: needs, firms that could have won them, awards before, and who did win."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from procmatch.evaluation.folders import SetAside
from procmatch.matching.relevance import Award, Firm, Need

__all__ = ["Inclusion", "Task", "World"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """What is known of a firm's size and place, for reports only: no signal reads it.

    Attributes:
        small: micro or small; None when not known.
        local: areas that a buyer of the same area shares, or "".
    """

    small: bool | None = None
    local: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Needs and the firms among which their winners are sought.

    Attributes:
        needs: each key is a query. firms: the candidates. awards: before all needs.
        wanted: query -> keys of the firms that won.
        groups: query -> what belongs together in intervals (a buyer, or a winner).
        of_firm: firm -> size and place for the inclusion report.
        home: query -> the buyer's area, to be compared with :attr:`Inclusion.local`.
        by_name: whether firms are known by a written name alone, and one by several spellings.
    """

    needs: tuple[Need, ...]
    firms: tuple[Firm, ...]
    awards: tuple[Award, ...]
    wanted: Mapping[str, frozenset[str]]
    groups: Mapping[str, str]
    of_firm: Mapping[str, Inclusion] = field(default_factory=dict)
    home: Mapping[str, str] = field(default_factory=dict)
    by_name: bool = False

    def newcomers(self) -> frozenset[str]:
        """Return the queries of which no winner had won before."""
        seen = {key for award in self.awards for key in award.winners}
        return frozenset(query for query, wanted in self.wanted.items() if not wanted & seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A named task: one world or several (one a country), and rows that were kept aside."""

    name: str
    worlds: tuple[World, ...]
    aside: tuple[SetAside, ...] = ()
    depth: int = 100

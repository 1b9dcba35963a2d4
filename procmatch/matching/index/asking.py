"""A need against a segment: points times weights, as the inner loops read them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from procmatch.matching.index.letters import spell
from procmatch.matching.index.segment import Segment
from procmatch.matching.index.shapes import Array, Ask, Carry
from procmatch.matching.relevance.capacity import EASY, LEAST_TURNOVER, SPAN
from procmatch.matching.relevance.places import BY_VAN, NEUTRAL
from procmatch.matching.relevance.policy import RelevancePolicy
from procmatch.matching.relevance.records import Need
from procmatch.matching.relevance.wording import AskedWords

__all__ = ["CRITERIA", "Read", "Said", "asking", "heard_by", "shares", "understood"]

#: What is read of a policy.
CRITERIA = ("trade", "branch", "words", "subwords", "place", "capacity", "size")
_CARRY = Carry(NEUTRAL, LEAST_TURNOVER, EASY, SPAN)


class Said(NamedTuple):
    """What a need says, in the words of a market: ``run`` and ``run_value`` are its letters."""

    words: AskedWords
    run: Array
    run_value: Array


def shares(policy: RelevancePolicy) -> dict[str, float]:
    """Return each criterion's share of the whole; those that look at past awards have none."""
    kept = policy.without_history()
    weights = {row.name: row.weight for row in kept.rows}
    return {name: weights.get(name, 0.0) / kept.total if kept.total else 0.0 for name in CRITERIA}


class Read(NamedTuple):
    """A need as it was read for a segment: what it says, and what its codes ask of each trade."""

    said: Said
    trade: Array
    by_van: Array


def understood(market: Segment, need: Need, room: Array) -> Said:
    """Return what a need says.

    Args:
        market: the segment that knows the most words.
        need: what is asked for.
        room: float32, the market's runs of letters, all 0.
    """
    words = market.wording.ask(need)
    table, rarity = market.wording.lettering.table, market.wording.lettering.rarity
    strange = words.strange_times * rarity[words.strange]
    run, value = spell(
        table.indptr, table.indices, table.data,
        words.words, words.times, words.strange, strange, room,
    )  # fmt: skip
    return Said(words, run, value)


def heard_by(market: Segment, need: Need) -> Read:
    """Return one need as it is read, without room that was made ready."""
    room = np.zeros(len(market.wording.lettering.rarity), dtype=np.float32)
    trades = market.trades
    return Read(understood(market, need, room), trades.answers(need), trades.by_van(need))


def asking(
    segment: Segment, need: Need, said: Said, share: Mapping[str, float], radius_km: float
) -> Ask:
    """Return a need as the inner loops read it.

    Args:
        segment: the firms.
        need: what is asked for.
        said: what it says.
        share: what each criterion counts.
        radius_km: how far a firm normally travels.
    """
    words, stems, prefixes = said.words, len(segment.wording.stems), len(segment.wording.prefixes)
    # Firms that came later know words that these lack.
    own, named = words.words < stems, words.branches < prefixes
    sites, place = segment.sites, np.float32(share["place"])
    return Ask(
        word=words.words[own],
        prefixes=prefixes,
        word_value=words.values[own] * np.float32(share["words"]),
        branch=words.branches[named],
        branch_value=words.branch_values[named] * np.float32(share["branch"]),
        run=said.run,
        run_value=said.run_value,
        letters=share["subwords"],
        trade=segment.trades.answers(need),
        trades=share["trade"],
        by_van=segment.trades.by_van(need),
        near=sites.points(need, radius_km) * place,
        far=sites.points(need, BY_VAN * radius_km) * place,
        place=share["place"],
        capacity=share["capacity"],
        yearly=math.nan if need.yearly is None else need.yearly,
        carry=_CARRY,
        size=share["size"],
    )

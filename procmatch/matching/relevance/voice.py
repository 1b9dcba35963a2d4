"""One firm in the words of a market: what it says, whether it stands in the market or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from procmatch.matching.relevance.arrays import Points, Sparse
from procmatch.matching.relevance.lettering import Lettering
from procmatch.matching.relevance.lexicon import Lexicon
from procmatch.matching.relevance.reading import Token, read
from procmatch.matching.relevance.records import Firm
from procmatch.matching.relevance.wording import Wording, stems_of

__all__ = ["Voice", "voice"]

#: What nobody in the market says has no column there.
NO_COLUMN = -1


@dataclass(frozen=True, slots=True)
class Voice:
    """What a firm says.

    Attributes:
        words: columns of its stems in the market, common ones first, :data:`NO_COLUMN` where
            nobody has them. word_values: how much each counts, of length one.
        letters: the same stems x runs of letters (CSR). rarity: of each stem.
        branches, branch_values: CPV prefixes that it names, likewise.
        stretch: from its words divided by rarity to length one over the runs.
        new: stems and prefixes that nobody in the market has.
    """

    words: Points
    word_values: Points
    letters: Sparse
    rarity: Points
    branches: Points
    branch_values: Points
    stretch: Points
    new: frozenset[str]


def voice(market: Wording, firm: Firm, common: int) -> Voice:
    """Return what a firm says, as exact as if it had been laid out beside the market.

    Args:
        market: says how rare words are.
        firm: whose name and text.
        common: words of the market below this column are those of many firms.
    """
    said = read([firm], Lexicon.load())
    columns, known = _known(market, said.every)
    own = Wording.of(said, known)
    rows = own.words.indices
    rare = rows >= np.searchsorted(columns, common)
    order = np.argsort(rare, kind="stable")
    rows = rows[order]
    further = len(own.stems) - len(columns)
    place = np.append(columns, np.full(further, NO_COLUMN, dtype=np.int32))
    named = own.branches.indices
    new = (*list(own.stems)[len(columns) :], *list(own.prefixes)[len(market.prefixes) :])
    return Voice(
        words=place[rows],
        word_values=own.words.data[order],
        letters=own.lettering.table[rows],
        rarity=own.rarity[rows],
        branches=np.where(named < len(market.prefixes), named, NO_COLUMN),
        branch_values=own.branches.data,
        stretch=own.stretch,
        new=frozenset(new),
    )


def _known(market: Wording, tokens: list[Token]) -> tuple[Points, Wording]:
    """Return columns of the stems of tokens that a market has, and the market with no others."""
    stems = dict.fromkeys(stem for token in tokens for stem in stems_of(token))
    named = {at: stem for stem in stems if (at := market.stems.get(stem)) is not None}
    columns = np.array(sorted(named), dtype=np.int32)
    lettering = market.lettering
    none = (market.words.shape[0], len(columns))
    return columns, Wording(
        stems={named[at]: number for number, at in enumerate(columns.tolist())},
        rarity=market.rarity[columns],
        words=sparse.csr_matrix(none, dtype=np.float32),
        prefixes=market.prefixes,
        prefix_rarity=market.prefix_rarity,
        branches=market.branches,
        lettering=Lettering(lettering.known, lettering.rarity, lettering.table[columns]),
        stretch=market.stretch,
    )

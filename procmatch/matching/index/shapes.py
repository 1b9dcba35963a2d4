"""What the inner loops of the index read and write, as arrays."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy.typing as npt

__all__ = ["NEVER", "Array", "Ask", "Best", "Budget", "Carry", "Columns", "Scratch"]

Array = npt.NDArray[Any]
#: Above all stamps.
NEVER = 2**31 - 1


class Columns(NamedTuple):
    """Firms as arrays. ``*_at`` are starts as in CSR; ids are int32 unless said otherwise.

    Attributes:
        trade_at, trade_id (int16), trade_weight: firm -> its trades.
        site_at, site_id: firm -> its sites.
        turnover: float32, not a number when unknown. size: float32, 0 when unknown.
        blocked: uint8, 1 for those no list may show.
        rank: where the firm's key stands in order.
        row_at, row_id, row_value: firm -> branches, then words, common ones first, each row of
            length one; words are numbered after the branches. row_mid: where words that are not
            common begin.
        stretch: float32, from a row of words to one over runs of letters.
        run_of_trade, run_at, run_site, run_weight, run_doc: trade -> site -> firms; after the last
            trade all firms by site.
        letter_at, letter_id, letter_value: word -> runs of letters.
        rarity: float32, of each word; it is in ``row_value``, and runs have their own.
        near_at, near_id, near_value: run of letters -> common words, and how alike they are.
        holder_at, holder: branch or word -> firms, of those that no more than some have.
            holder_value: uint8, how much it is in the firm, beside the most in any (255).
        brief_at, brief (uint16): firm -> the firm in brief, see :mod:`briefs`. brief_step: float64,
            1: a step of stretch in it. brief_turnover: float64, the most of each step of turnover.
        peak: float32, branches then common words x 2: the most that one is in any firm, as it is
            and in letters.
    """

    trade_at: Array
    trade_id: Array
    trade_weight: Array
    site_at: Array
    site_id: Array
    turnover: Array
    size: Array
    blocked: Array
    rank: Array
    row_at: Array
    row_mid: Array
    row_id: Array
    row_value: Array
    stretch: Array
    run_of_trade: Array
    run_at: Array
    run_site: Array
    run_weight: Array
    run_doc: Array
    letter_at: Array
    letter_id: Array
    letter_value: Array
    rarity: Array
    near_at: Array
    near_id: Array
    near_value: Array
    holder_at: Array
    holder: Array
    holder_value: Array
    peak: Array
    brief_at: Array
    brief: Array
    brief_step: Array
    brief_turnover: Array


class Carry(NamedTuple):
    """The rule of :func:`procmatch.matching.relevance.capacity.carries`, in figures."""

    unknown: float
    least: float
    easy: float
    span: float


class Ask(NamedTuple):
    """A need against one set of columns.

    Attributes:
        word, word_value: words, rarest first, and points times what they count.
        branch, branch_value: CPV branches, likewise. prefixes: how many there are.
        run, run_value: runs of letters, of length one. letters: what they count.
        trade: points by trade. trades: what they count.
        by_van: uint8, by trade: 1 where ``far`` holds, else ``near``.
        near, far: points by site times what they count. place: what they count.
        capacity: what it counts. yearly: value a year, not a number when unknown.
        carry: how the two meet. It is handed over, for a figure compiled in would stay when it
            changes elsewhere.
        size: what it counts.
    """

    word: Array
    prefixes: int
    word_value: Array
    branch: Array
    branch_value: Array
    run: Array
    run_value: Array
    letters: float
    trade: Array
    trades: float
    by_van: Array
    near: Array
    far: Array
    place: float
    capacity: float
    yearly: float
    carry: Carry
    size: float


class Scratch(NamedTuple):
    """Room to work in, one for each thread; as it began between two needs, but for ``seen``.

    Attributes:
        said: float32, branches then words x 2: what the need gives for each, and how like it is to
            the need by its letters; 0 for branches, and below 0 for words that few firms have until
            it is worked out.
        worked: int32, words that were worked out.
        touched: int32, common words of which ``said`` is not 0; how many stands in the last place.
        letters: float32, runs of letters of the need.
        both: int64, branches then common words: what the need gives for each and how like it is to
            the need, in two halves. carried: float64, by step of turnover: what capacity gives.
        seen: int32, firms: the stamp of the need for which it was looked at last; :data:`NEVER`
            for those no list may show.
        hints: uint8, firms: what the need's most telling words give.
        high: int32, firms of the highest hints.
        some: int32, firms that are looked at together. bases, texts, alike, before: float64, what
            they get. kind: int32, the trade by which they were found.
        most: float64, trades: the most that a text of such a firm gave beyond its hint. seen_of:
            int32, how many were looked at.
        listed: int32, runs of firms that are looked at: where each begins and ends, and its trade.
            given: float32, what trade and site give. chain: int32, the next that gives as much.
        fetched: float64, 1: of what is read ahead, so that the compiler cannot leave that out.
        head: int32, one longer than there are steps: the first run of each.
    """

    said: Array
    worked: Array
    touched: Array
    letters: Array
    both: Array
    carried: Array
    seen: Array
    hints: Array
    high: Array
    some: Array
    bases: Array
    texts: Array
    alike: Array
    before: Array
    kind: Array
    most: Array
    seen_of: Array
    listed: Array
    given: Array
    chain: Array
    head: Array
    fetched: Array


class Best(NamedTuple):
    """The best for a need so far: in brief, and by the policy.

    Attributes:
        briefly, briefly_of: float64, int32: what the best got in brief, as a heap, and who.
        kept, kept_of: float64, int32: those who may be among the best, in no order; -1 for one
            who has a score by now.
        scores, firms: float64, int32: scores of the policy, as a heap, and whose (ranks).
        size: int64, 3: how many of each.
    """

    briefly: Array
    briefly_of: Array
    kept: Array
    kept_of: Array
    scores: Array
    firms: Array
    size: Array


class Budget(NamedTuple):
    """How much is looked at for a need.

    Attributes:
        told: firms that hold the need's telling words, at most.
        telling: how much such a word could give at least, beside the one that could give most.
        first: firms of the highest hints that are looked at wherever they are, at most.
        least: firms looked at for trade and place before it may end.
        most: and at most.
        enough: of so many firms of a trade one knows what its texts give.
        caution: how much more than any text so far a text is believed to give, at least 1.
        together: so many firms are looked at together.
        worked: for so many of those kept the policy is worked out, about, at most.
    """

    told: int
    telling: float
    first: int
    least: int
    most: int
    enough: int
    caution: float
    together: int
    worked: int

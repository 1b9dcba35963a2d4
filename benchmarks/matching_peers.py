"""What else one can install to search a register for lots, each used as well as we know how.

Every peer ranks by the same plain formula: BM25, so much for a trade that answers the lot's main
code, so much for the municipality and the county, and none whose turnover is far too small. What a
trade answers is known before the clock runs. Their lists are not compared with ours, which come
of another formula; their time is.

Each is asked in two readings. *As installed*, words are those of two letters or more, in lower
case, without the Norwegian stop words that come with bm25s: the tokens that bm25s and scikit-learn
take unless told otherwise. *With our words*, the peer is given what our reading leaves of a text:
without the general words of tenders and registers (*levering*, *virksomhet*), which no list that
one can install knows. That is a gift, for those are the words with the longest lists of firms.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from procmatch.matching.affinity import affinity
from procmatch.matching.relevance import Firm, Need
from procmatch.text.compounds import is_generic, stem
from procmatch.text.folding import tokens
from procmatch.text.language import STOP_WORDS

__all__ = [
    "PEERS", "Asked", "Facts", "Peer", "answering", "asked", "facts", "our_words", "plain_words",
    "texts",
]  # fmt: skip

Array = NDArray[Any]
#: Answers lots: for each the positions of its firms, best first.
Answer = Callable[[Sequence["Asked"]], list[Array]]
#: The words of a text.
Reading = Callable[[str], list[str]]
#: What a trade, a municipality and a county count beside BM25.
TRADE, TOWN, COUNTY = 6.0, 3.0, 1.5
#: So many times its turnover nobody carries a year.
LOAD = 3.0
LIMIT, CANDIDATES, TOGETHER = 50, 2_000, 250
WORKERS = os.cpu_count() or 1
_STRONG, _CLASS = 0.5, 4
_K1, _B = 1.2, 0.75
_STOP = STOP_WORDS["nb"] | STOP_WORDS["nn"]
_WORD = re.compile(r"\b\w\w+\b")


@cache
def _stop_words() -> frozenset[str]:
    from bm25s.stopwords import STOPWORDS_NORWEGIAN

    return frozenset(STOPWORDS_NORWEGIAN)


def plain_words(text: str) -> list[str]:
    """Return the words of a text but for the stop words of a published list."""
    stop = _stop_words()
    return [word for word in _WORD.findall(text.lower()) if word not in stop]


@cache
def _tells(word: str) -> bool:
    return word not in _STOP and not word.isdecimal() and not is_generic(stem(word))


def our_words(text: str) -> list[str]:
    """Return the words of a text that name something, as ours reads them before stemming."""
    return [word for word in tokens(text) if _tells(word)]


@dataclass(frozen=True, slots=True)
class Asked:
    """A lot as the peers take it: words, which trades answer it, where, and value a year."""

    words: list[str]
    trades: Array
    town: str
    yearly: float


@dataclass(frozen=True, slots=True)
class Facts:
    """What the formula needs to know of firms, as columns.

    Attributes:
        trades, towns: names. trade, town: of each firm, its first.
        county: of each firm. turnover: infinite where it is not known.
    """

    trades: list[str]
    towns: list[str]
    trade: Array
    town: Array
    county: Array
    turnover: Array

    def bonus(self, lot: Asked, at: Array) -> Array:
        """Return what the formula adds to BM25 for the firms ``at``; -inf shuts one out."""
        found = lot.trades[self.trade[at]] * np.float32(TRADE)
        number = self.towns.index(lot.town) if lot.town in self.towns else -1
        found += (self.town[at] == number) * np.float32(TOWN)
        found += (self.county[at] == int(lot.town[:2])) * np.float32(COUNTY)
        found[self.turnover[at] * LOAD < lot.yearly] = -np.inf
        return found


def facts(firms: Sequence[Firm]) -> Facts:
    """Return firms as columns."""
    trades, trade = np.unique([firm.industries[0] for firm in firms], return_inverse=True)
    towns, town = np.unique([firm.municipalities[0] for firm in firms], return_inverse=True)
    county = np.array([int(name[:2]) for name in towns])[town]
    turnover = [np.inf if firm.turnover is None else firm.turnover for firm in firms]
    return Facts(
        trades.tolist(),
        towns.tolist(),
        trade.astype(np.int32),
        town.astype(np.int32),
        county.astype(np.int32),
        np.array(turnover, dtype=np.float32),
    )


@cache
def answering(branch: str, trades: tuple[str, ...]) -> Array:
    """Return which trades answer a CPV class."""
    code = branch.ljust(8, "0")
    strengths = [affinity(code, ((trade, 1.0),)).strength for trade in trades]
    return np.array(strengths, dtype=np.float32) >= _STRONG


def asked(lots: Sequence[Need], trades: Sequence[str], read: Reading) -> list[Asked]:
    """Return lots as the peers take them."""

    return [
        Asked(
            list(dict.fromkeys(read(f"{lot.title} {lot.text}"))),
            answering(lot.cpv[0][:_CLASS], tuple(trades)),
            lot.municipalities[0],
            lot.yearly or 0.0,
        )
        for lot in lots
    ]


def _best(at: Array, scores: Array) -> Array:
    if len(at) > LIMIT:
        kept = np.argpartition(-scores, LIMIT)[:LIMIT]
        at, scores = at[kept], scores[kept]
    return at[np.argsort(-scores, kind="stable")]


def texts(firms: Sequence[Firm], read: Reading) -> list[list[str]]:
    """Return the words of each firm's name and text."""
    return [read(f"{firm.name} {firm.text}") for firm in firms]


def _bm25_matrix(said: Sequence[list[str]]) -> tuple[dict[str, int], Any]:
    """Return word -> row, and words x firms of BM25 weights (CSR)."""
    from array import array

    from scipy import sparse

    number: dict[str, int] = {}
    ids, starts = array("i"), array("q", [0])
    for text in said:
        ids.extend(number.setdefault(word, len(number)) for word in text)
        starts.append(len(ids))
    counts = np.ones(len(ids), dtype=np.float32)
    held = sparse.csr_matrix((counts, ids, starts), (len(said), len(number)))
    held.sum_duplicates()
    lengths = np.diff(np.array(starts))
    norm = _K1 * (1 - _B + _B * lengths / lengths.mean())
    holders = np.bincount(held.indices, minlength=len(number))
    rarity = np.log(1 + (len(said) - holders + 0.5) / (holders + 0.5)).astype(np.float32)
    each = np.repeat(norm, np.diff(held.indptr)).astype(np.float32)
    held.data = rarity[held.indices] * held.data * (_K1 + 1) / (held.data + each)
    return number, held.T.tocsr()


def sparse_dot_topn(said: Sequence[list[str]], known: Facts) -> Answer:
    """BM25 as a sparse product, its best two thousand ranked by the whole formula."""
    from scipy import sparse
    from sparse_dot_topn import sp_matmul_topn

    number, matrix = _bm25_matrix(said)

    def batch(lots: Sequence[Asked]) -> list[Array]:
        rows = [[number[word] for word in lot.words if word in number] for lot in lots]
        starts = np.cumsum([0, *map(len, rows)])
        ids = np.array([at for row in rows for at in row], dtype=np.int32)
        ones = np.ones(len(ids), dtype=np.float32)
        wanted = sparse.csr_matrix((ones, ids, starts), (len(lots), len(number)))
        hits = sp_matmul_topn(wanted, matrix, top_n=CANDIDATES, n_threads=WORKERS)
        found = []
        for row, lot in enumerate(lots):
            own = slice(hits.indptr[row], hits.indptr[row + 1])
            at = hits.indices[own]
            found.append(_best(at, hits.data[own] + known.bonus(lot, at)))
        return found

    def answer(lots: Sequence[Asked]) -> list[Array]:
        return [
            one for at in range(0, len(lots), TOGETHER) for one in batch(lots[at : at + TOGETHER])
        ]

    return answer


def bm25s(said: Sequence[list[str]], known: Facts) -> Answer:
    """The bm25s package with its Numba loops: every firm scored, then the formula added to all."""
    import bm25s as package

    index = package.BM25(k1=_K1, b=_B)
    index.index(said, show_progress=False)
    index.activate_numba_scorer()
    vocabulary = index.vocab_dict
    every = np.arange(len(said))

    def one(lot: Asked) -> Array:
        ids = [vocabulary[word] for word in lot.words if word in vocabulary]
        scores = index.get_scores_from_ids(ids) if ids else np.zeros(len(said), np.float32)
        return _best(every, scores + known.bonus(lot, every))

    def answer(lots: Sequence[Asked]) -> list[Array]:
        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(one, lots))

    return answer


def tantivy(said: Sequence[list[str]], known: Facts) -> Answer:
    """The tantivy search engine: words, trade, municipality and county in one weighed question."""
    import tantivy as package

    builder = package.SchemaBuilder()
    builder.add_integer_field("at", stored=False, fast=True)
    builder.add_text_field("text", tokenizer_name="whitespace")
    for name in ("trade", "town", "county"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_float_field("turnover", indexed=True, fast=True)
    schema = builder.build()
    index = package.Index(schema)
    writer = index.writer(heap_size=1_000_000_000, num_threads=WORKERS)
    for at, words in enumerate(said):
        town = known.towns[known.town[at]]
        writer.add_document(
            package.Document(
                at=at,
                text=" ".join(words),
                trade=known.trades[known.trade[at]],
                town=town,
                county=town[:2],
                turnover=min(float(known.turnover[at]), 1e18),
            )
        )
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher, query, occur = index.searcher(), package.Query, package.Occur

    def point(field: str, value: str, boost: float) -> Any:
        return query.const_score_query(query.term_query(schema, field, value), boost)

    def one(lot: Asked) -> Array:
        told = [query.term_query(schema, "text", word) for word in lot.words]
        trades = [known.trades[at] for at in np.flatnonzero(lot.trades)]
        if trades:
            some = query.term_set_query(schema, "trade", trades)
            told.append(query.const_score_query(some, TRADE))
        told += [point("town", lot.town, TOWN), point("county", lot.town[:2], COUNTY)]
        carried = query.range_query(
            schema, "turnover", package.FieldType.Float, lot.yearly / LOAD, 1e19
        )
        whole = query.boolean_query(
            [
                (occur.Must, query.boolean_query([(occur.Should, one) for one in told])),
                (occur.Must, query.const_score_query(carried, 0.0)),
            ]
        )
        hits = searcher.search(whole, LIMIT).hits
        found = searcher.fast_field_values("at", [address for _score, address in hits])
        return np.array(found, dtype=np.int64)

    def answer(lots: Sequence[Asked]) -> list[Array]:
        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(one, lots))

    return answer


class Peer(NamedTuple):
    """A peer in one reading.

    Attributes:
        package: what is installed. make: lays out firms by their words and answers lots.
        read: the words of a text. sample: lots answered, None for all.
    """

    package: str
    make: Callable[[Sequence[list[str]], Facts], Answer]
    read: Reading
    sample: int | None = None


#: bm25s and tantivy would take too long for all lots.
PEERS = {
    f"{package}, {reading}": Peer(package, make, read, sample)
    for reading, read in (("as installed", plain_words), ("with our words", our_words))
    for package, make, sample in (
        ("sparse_dot_topn", sparse_dot_topn, None),
        ("bm25s", bm25s, 200),
        ("tantivy", tantivy, 400),
    )
}

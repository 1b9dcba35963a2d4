"""What else one can install to find names in a register, each used as well as we know how.

Every peer is a function of (units, names) to a function that answers names: for each the position
of the unit meant, -1 for none, and a score. Building and answering are timed apart.
"""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from linkage_noise import Printed
from linkage_register import Unit
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

__all__ = ["PEERS", "SAMPLE", "Answers", "plain", "trigram_matrix"]

Answers = tuple[NDArray[np.int64], NDArray[np.float64]]
Answer = Callable[[Sequence[Printed]], Answers]
_WORD = re.compile(r"\w+")
_SPELT = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ä": "ae", "ö": "o", "é": "e", "ü": "u"})
_FORMS = frozenset("as asa ans da sa nuf ks enk fli esek brl sti ba iks kf".split())
#: Names answered by peers that would take hours for all.
SAMPLE = {"splink": 1_000, "recordlinkage": 500}


def plain(name: str) -> str:
    """Lower case, letters spelt one way, single spaces."""
    folded = name.casefold().replace("a/s", "as").translate(_SPELT)
    return " ".join(_WORD.findall(folded.replace("aa", "a").replace("oe", "o")))


def _bare(name: str) -> str:
    words = plain(name).split()
    return " ".join([word for word in words if word not in _FORMS] or words)


def _none(count: int) -> Answers:
    return np.full(count, -1), np.full(count, -1.0)


def trigram_matrix(units: Sequence[Unit]) -> tuple[Any, Any, list[str]]:
    """Return vectorizer, trigrams by units, and the units' plain names."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    names = [plain(unit.name) for unit in units]
    vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 3), lowercase=False, dtype=np.float32
    )
    return vectorizer, vectorizer.fit_transform(names).T.tocsr(), names


def trigram_hits(vectorizer: Any, matrix: Any, names: Sequence[str], top: int) -> Any:
    """Return the best units of each name as a sparse matrix, best first."""
    from sparse_dot_topn import sp_matmul_topn

    asked = vectorizer.transform(names)
    return sp_matmul_topn(asked, matrix, top_n=top, threshold=0.3, sort=True, n_threads=2)


def trigrams(units: Sequence[Unit]) -> Answer:
    """Character trigrams by TF-IDF, the nearest: the recipe of string_grouper."""
    vectorizer, matrix, _names = trigram_matrix(units)

    def answer(printed: Sequence[Printed]) -> Answers:
        hits = trigram_hits(vectorizer, matrix, [plain(one.name) for one in printed], 1)
        at, score = _none(len(printed))
        rows = np.repeat(np.arange(len(printed)), np.diff(hits.indptr))
        at[rows], score[rows] = hits.indices, hits.data
        return at, score

    return answer


def reranked_trigrams(units: Sequence[Unit]) -> Answer:
    """The ten nearest by trigrams, ranked by two scorers of RapidFuzz: the best recipe we know."""
    vectorizer, matrix, names = trigram_matrix(units)

    def answer(printed: Sequence[Printed]) -> Answers:
        asked = [plain(one.name) for one in printed]
        hits = trigram_hits(vectorizer, matrix, asked, 10)
        rows = np.repeat(np.arange(len(printed)), np.diff(hits.indptr))
        ours, theirs = [asked[row] for row in rows], [names[at] for at in hits.indices]
        sort_ratio = process.cpdist(ours, theirs, scorer=fuzz.token_sort_ratio, workers=-1)
        value = (sort_ratio + process.cpdist(ours, theirs, scorer=fuzz.WRatio, workers=-1)) / 2.0
        at, score = _none(len(printed))
        order = np.lexsort((value, rows))
        at[rows[order]], score[rows[order]] = hits.indices[order], value[order]
        return at, score

    return answer


def prefix_blocks(units: Sequence[Unit]) -> Answer:
    """RapidFuzz within blocks of the same four first letters."""
    names = [_bare(unit.name) for unit in units]
    blocks: dict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(names):
        blocks[name[:4]].append(at)

    def answer(printed: Sequence[Printed]) -> Answers:
        asked: dict[str, list[int]] = defaultdict(list)
        for row, one in enumerate(printed):
            asked[_bare(one.name)[:4]].append(row)
        at, score = _none(len(printed))
        for start, rows in asked.items():
            block = blocks.get(start)
            if not block:
                continue
            found = process.cdist(
                [_bare(printed[row].name) for row in rows],
                [names[one] for one in block],
                scorer=fuzz.token_sort_ratio,
                workers=-1,
                dtype=np.float32,
            )
            best = found.argmax(axis=1)
            at[rows] = np.array(block)[best]
            score[rows] = found[np.arange(len(rows)), best]
        return at, score

    return answer


def duckdb_blocks(units: Sequence[Unit]) -> Answer:
    """Jaro-Winkler in DuckDB, over two blocks: the first letters, the longest word."""
    import duckdb
    import pandas as pd

    connection = duckdb.connect()

    def frame(names: Sequence[str]) -> Any:
        bare = [_bare(name) for name in names]
        return pd.DataFrame(
            {
                "place": np.arange(len(bare)),
                "name": bare,
                "sorted": [" ".join(sorted(name.split())) for name in bare],
                "start": [name[:7] for name in bare],
                "longest": [max(name.split() or [""], key=len) + name[:1] for name in bare],
            }
        )

    connection.register("given", frame([unit.name for unit in units]))
    connection.execute("create table register as select * from given")

    def answer(printed: Sequence[Printed]) -> Answers:
        connection.register("asked", frame([one.name for one in printed]))
        rows = connection.execute(
            """
            with pairs as (
                select a.place as asker, r.place, a.name as n, r.name as m,
                    a.sorted as s, r.sorted as t
                from asked a join register r on a.start = r.start
                union
                select a.place, r.place, a.name, r.name, a.sorted, r.sorted
                from asked a join register r on a.longest = r.longest
            ), scored as (
                select asker, place, (jaro_winkler_similarity(n, m)
                    + jaro_winkler_similarity(s, t)) / 2 as score from pairs
            )
            select asker, arg_max(place, score), max(score) from scored group by asker
            """
        ).fetchnumpy()
        at, score = _none(len(printed))
        row, best, value = rows.values()
        at[row], score[row] = best, value
        return at, score

    return answer


def recordlinkage_blocks(units: Sequence[Unit]) -> Answer:
    """The recordlinkage package: blocks of six first letters, Jaro-Winkler."""
    import pandas as pd
    import recordlinkage

    def frame(names: Sequence[str]) -> Any:
        bare = [_bare(name) for name in names]
        return pd.DataFrame({"name": bare, "start": [name[:6] for name in bare]})

    register = frame([unit.name for unit in units])

    def answer(printed: Sequence[Printed]) -> Answers:
        asked = frame([one.name for one in printed])
        index = recordlinkage.Index()
        index.block("start")
        compare = recordlinkage.Compare()
        compare.string("name", "name", method="jarowinkler", label="score")
        found = compare.compute(index.index(asked, register), asked, register)["score"]
        table = found.reset_index().sort_values("score").to_numpy()
        at, score = _none(len(printed))
        rows = table[:, 0].astype(int)
        at[rows], score[rows] = table[:, 1].astype(int), table[:, 2]
        return at, score

    return answer


def _splink_settings() -> Any:
    import splink.comparison_library as compare
    from splink import SettingsCreator, block_on

    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            compare.JaroWinklerAtThresholds("name", [0.97, 0.93, 0.88, 0.8]),
            compare.JaroWinklerAtThresholds("sorted", [0.97, 0.92, 0.85]),
            compare.JaroWinklerAtThresholds("longest", [0.95, 0.88]),
            compare.ExactMatch("city"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("start", "last"),
            block_on("start", "city"),
            block_on("longest", "first"),
            block_on("longest", "city"),
            block_on("sorted"),
        ],
    )


def _splink_frame(names: Sequence[str], cities: Sequence[str | None], keys: list[str]) -> Any:
    import pandas as pd

    bare = [_bare(name) or "-" for name in names]
    return pd.DataFrame(
        {
            "unique_id": keys,
            "name": bare,
            "sorted": [" ".join(sorted(name.split())) for name in bare],
            "start": [name[:6].replace(" ", "") for name in bare],
            "first": [name[:2] for name in bare],
            "last": [name.split()[-1] for name in bare],
            "longest": [max(name.split(), key=len) for name in bare],
            "city": list(cities),
        }
    )


def splink_model(units: Sequence[Unit]) -> Answer:
    """Splink on DuckDB: names and towns, blocks by beginnings and words, trained on labels.

    The m probabilities are estimated from the answers of the very names asked, which favours it.
    """
    import duckdb
    from splink import Linker, block_on
    from splink.internals.duckdb.database_api import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)

    register = _splink_frame(
        [unit.name for unit in units],
        [unit.city for unit in units],
        [f"r{at}" for at in range(len(units))],
    )
    register["label"] = register["unique_id"]
    place = {unit.number: at for at, unit in enumerate(units)}

    def answer(printed: Sequence[Printed]) -> Answers:
        keys = [f"q{at}" for at in range(len(printed))]
        asked = _splink_frame([one.name for one in printed], [one.city for one in printed], keys)
        asked["label"] = [
            f"r{place[one.number]}" if one.number else key
            for one, key in zip(printed, keys, strict=True)
        ]
        database = DuckDBAPI(duckdb.connect())
        frames = [
            database.register(register, dataset_display_name="register"),
            database.register(asked, dataset_display_name="asked"),
        ]
        linker = Linker(frames, _splink_settings())
        linker.training.estimate_probability_two_random_records_match(
            [block_on("name")], recall=0.4
        )
        linker.training.estimate_u_using_random_sampling(max_pairs=3e6)
        linker.training.estimate_m_from_label_column("label")
        found = linker.inference.predict(threshold_match_weight=-40)
        to_frame: Any = getattr(found, "as_pandas_dataframe", None)
        table = to_frame() if to_frame else found.as_duckdbpyrelation().df()
        pairs = table.sort_values("match_weight")
        left, right = pairs["unique_id_l"].astype(str), pairs["unique_id_r"].astype(str)
        is_asked = left.str.startswith("q").to_numpy()
        row = np.where(is_asked, left, right)
        unit = np.where(is_asked, right, left)
        at, score = _none(len(printed))
        rows = np.array([int(key[1:]) for key in row], dtype=np.int64)
        at[rows] = np.array([int(key[1:]) for key in unit], dtype=np.int64)
        score[rows] = pairs["match_weight"].to_numpy()
        return at, score

    return answer


#: The best comes first; see bench_linkage.py.
PEERS: dict[str, Callable[[Sequence[Unit]], Answer]] = {
    "trigrams + rapidfuzz": reranked_trigrams,
    "trigrams": trigrams,
    "rapidfuzz blocks": prefix_blocks,
    "duckdb": duckdb_blocks,
    "splink": splink_model,
    "recordlinkage": recordlinkage_blocks,
}

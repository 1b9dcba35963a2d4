"""An index in a folder: arrays as files that are mapped into memory, words as lines of text.

A folder is whole or not there: it is written beside its place and renamed, and what lies in it is
listed in ``index.json``, written last. An index of another layout, or one from which something is
missing, is refused; whoever opened it lays the register out anew.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import mkdtemp

import msgspec
import numpy as np
from scipy import sparse

from procmatch.codes.places import Places
from procmatch.errors import StoreError
from procmatch.matching.index.segment import Segment
from procmatch.matching.index.shapes import Array, Columns
from procmatch.matching.relevance.lettering import Lettering
from procmatch.matching.relevance.places import Site, Sites
from procmatch.matching.relevance.records import Firm
from procmatch.matching.relevance.runs import RunTable
from procmatch.matching.relevance.trades import Trades
from procmatch.matching.relevance.wording import Wording

__all__ = ["VERSION", "load_segment", "put_in_place", "save_segment"]

#: Changes when what is kept, or what it means, does.
VERSION = 5
_LIST, _FACTS = "index.json", "facts.msgpack"


class _Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What lies in a folder: file -> bytes."""

    version: int
    files: dict[str, int]


class _Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is small."""

    common: int
    trades: list[str]
    shares: dict[str, float]
    wins: dict[str, dict[str, int]]
    sites: list[Site]
    prefixes: list[str]
    fresh: list[Firm]
    gone: list[str]


def put_in_place(fresh: Path, folder: Path) -> None:
    """Let a folder that is written take the place of another, or of nothing."""
    if folder.exists():
        old = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent)) / "old"
        folder.rename(old)
        fresh.rename(folder)
        shutil.rmtree(old.parent, ignore_errors=True)
    else:
        fresh.rename(folder)


def save_segment(
    segment: Segment, folder: Path, fresh: Sequence[Firm], gone: Sequence[str]
) -> None:
    """Write a segment into a folder that is there and empty.

    Args:
        segment: the base.
        folder: where.
        fresh: firms that were added or changed since; laid out when it is loaded.
        gone: keys of firms that were taken out.

    Raises:
        OSError: it cannot be written.
    """
    wording, trades, sites = segment.wording, segment.trades, segment.sites
    arrays: dict[str, Array] = {
        "keys": segment.keys,
        "row_of": segment.row_of,
        "runs": wording.lettering.known.keys,
        "run_numbers": wording.lettering.known.numbers,
        "prefix_rarity": wording.prefix_rarity,
        "run_rarity": wording.lettering.rarity,
        "trade_starts": trades.starts,
        "trade_held": trades.held,
        "trade_weights": trades.weights,
        "site_starts": sites.starts,
        "site_held": sites.held,
        **{f"column_{name}": getattr(segment.columns, name) for name in Columns._fields},
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    _write_lines(folder / "stems.txt", wording.stems)
    facts = _Facts(
        common=segment.common,
        trades=list(trades.names),
        shares=dict(trades.shares),
        wins={branch: dict(counts) for branch, counts in trades.wins.items()},
        sites=list(sites.every),
        prefixes=list(wording.prefixes),
        fresh=list(fresh),
        gone=sorted(gone),
    )
    (folder / _FACTS).write_bytes(msgspec.msgpack.encode(facts))
    files = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
    contents = _Contents(version=VERSION, files=files)
    (folder / _LIST).write_bytes(msgspec.json.encode(contents))


def _write_lines(path: Path, words: Mapping[str, int]) -> None:
    """Write words in the order of their columns; none holds the sign between them."""
    path.write_bytes("\0".join(words).encode("utf-8", "surrogatepass"))


def _read_lines(path: Path) -> dict[str, int]:
    text = path.read_bytes().decode("utf-8", "surrogatepass")
    return {word: at for at, word in enumerate(text.split("\0"))} if text else {}


def load_segment(
    folder: Path, places: Places | None = None
) -> tuple[Segment, list[Firm], list[str]]:
    """Open what :func:`save_segment` wrote; arrays are mapped and read when they are used.

    Args:
        folder: where.
        places: who neighbours whom; None means Norway as it comes with the package.

    Returns:
        The base, firms that were added or changed since, and keys of those taken out.

    Raises:
        StoreError: nothing is there, or it is of another layout, or not whole.
    """
    _check(folder)
    try:
        facts = msgspec.msgpack.decode((folder / _FACTS).read_bytes(), type=_Facts)
    except msgspec.MsgspecError as error:
        raise StoreError(f"the index in {folder} cannot be read: {error}") from None

    def one(name: str) -> Array:
        # Copied when written to: the file stays as it is, and loops see ordinary arrays.
        try:
            return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="c", allow_pickle=False))
        except ValueError:  # an empty file cannot be mapped
            return np.asarray(np.load(folder / f"{name}.npy", allow_pickle=False))

    stems, rarity = _read_lines(folder / "stems.txt"), one("run_rarity")
    columns = Columns(**{name: one(f"column_{name}") for name in Columns._fields})
    letters = sparse.csr_matrix((len(columns.letter_at) - 1, len(rarity)), dtype=np.float32)
    # Set as they are: the constructor would read all of it to check it.
    letters.indptr, letters.indices = columns.letter_at, columns.letter_id
    letters.data = columns.letter_value
    runs = RunTable(one("runs"), one("run_numbers"), len(rarity))
    firms = len(columns.rank)
    wording = Wording(
        stems=stems,
        rarity=columns.rarity,
        words=sparse.csr_matrix((firms, len(stems)), dtype=np.float32),
        prefixes={prefix: at for at, prefix in enumerate(facts.prefixes)},
        prefix_rarity=one("prefix_rarity"),
        branches=sparse.csr_matrix((firms, len(facts.prefixes)), dtype=np.float32),
        lettering=Lettering(runs, rarity, letters),
        stretch=columns.stretch,
    )
    trades = Trades(
        names=facts.trades,
        starts=one("trade_starts"),
        held=one("trade_held"),
        weights=one("trade_weights"),
        shares=facts.shares,
        wins={branch: Counter(counts) for branch, counts in facts.wins.items()},
    )
    sites = Sites.of(facts.sites, one("site_starts"), one("site_held"), places)
    segment = Segment(one("keys"), one("row_of"), facts.common, wording, trades, sites, columns)
    return segment, facts.fresh, facts.gone


def _check(folder: Path) -> None:
    try:
        contents = msgspec.json.decode((folder / _LIST).read_bytes(), type=_Contents)
    except (OSError, msgspec.MsgspecError):
        raise StoreError(f"there is no index of firms in {folder}") from None
    if contents.version != VERSION:
        raise StoreError(f"the index in {folder} is of another version; it is made anew")
    for name, size in contents.files.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != size:
            raise StoreError(f"the index in {folder} is not whole: {name}")

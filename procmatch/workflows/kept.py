"""What was made of the register, kept in a folder beside the store and brought up to date.

Beside the thing itself lies from which state of the store it was made: a short sign of the whole
register, and a mark of each unit, so that only what changed is made anew.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Generic, TypeVar

import msgspec

from procmatch.errors import LinkageError, StoreError
from procmatch.workflows.turns import in_turn

__all__ = ["Making", "open_kept"]

_log = logging.getLogger(__name__)
_STATE, _MARKS = "state.json", "marks.msgpack"
#: Changes when what is kept beside the thing does.
_VERSION = 1
#: From this share of changed units on, all of them are made anew.
_MANY = 0.1

Thing = TypeVar("Thing")


class _State(msgspec.Struct, frozen=True, kw_only=True):
    """Of which state of the store the kept thing is.

    Attributes:
        sign: of the register as a whole. changed: units made anew since all were.
    """

    version: int
    sign: str
    changed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Making(Generic[Thing]):
    """How a thing is made of the register.

    Attributes:
        what: its name, for the log.
        sign: changes when the register does. marks: by unit, changes with it.
        build: of all units. update: by some of them, by key of ``marks``.
        save, load: into and out of a folder; ``load`` raises OSError, LinkageError or StoreError
            for a folder that holds nothing of use.
    """

    what: str
    sign: str
    marks: Callable[[], dict[str, int]]
    build: Callable[[], Thing]
    update: Callable[[Thing, Sequence[str]], Thing]
    save: Callable[[Thing, Path], None]
    load: Callable[[Path], Thing]


def open_kept(folder: Path, making: Making[Thing]) -> Thing:
    """Return the thing as of today; a folder that cannot be read or written is no error.

    Of several processes that want it at once, one makes it and the others open what it made.
    """
    kept = _load(folder, making)
    if kept is not None and kept[1].sign == making.sign:
        return kept[0]
    with in_turn(folder):
        kept = _load(folder, making)
        if kept is not None and kept[1].sign == making.sign:
            return kept[0]
        return _made(folder, kept, making)


def _made(folder: Path, kept: tuple[Thing, _State] | None, making: Making[Thing]) -> Thing:
    """Bring what is kept up to date and keep it."""
    marks = making.marks()
    thing, changed = _updated(folder, kept, marks, making)
    state = _State(version=_VERSION, sign=making.sign, changed=changed)
    try:
        _save(thing, state, marks, folder, making)
    except OSError as error:
        _log.warning("%s is not kept: %s", making.what, error)
    return thing


def _load(folder: Path, making: Making[Thing]) -> tuple[Thing, _State] | None:
    """Return what is kept, or None when it is not there, broken or of another version."""
    try:
        state = msgspec.json.decode((folder / _STATE).read_bytes(), type=_State)
        return (making.load(folder), state) if state.version == _VERSION else None
    except (OSError, msgspec.MsgspecError, LinkageError, StoreError):
        return None


def _updated(
    folder: Path,
    kept: tuple[Thing, _State] | None,
    marks: dict[str, int],
    making: Making[Thing],
) -> tuple[Thing, int]:
    """Bring what is kept up to date, or begin anew; return also how many units were changed."""
    old: dict[str, int] | None = None
    if kept is not None:
        try:
            old = msgspec.msgpack.decode((folder / _MARKS).read_bytes(), type=dict[str, int])
        except (OSError, msgspec.MsgspecError):
            old = None
    # What the law had removed must not stay in a file, so a unit that is gone means all anew.
    if kept is not None and old is not None and old.keys() <= marks.keys():
        different = [key for key, mark in marks.items() if old.get(key) != mark]
        changed = kept[1].changed + len(different)
        if changed <= _MANY * len(marks):
            return making.update(kept[0], different), changed
    return making.build(), 0


def _save(
    thing: Thing, state: _State, marks: dict[str, int], folder: Path, making: Making[Thing]
) -> None:
    """Write all of it beside the folder, then put it in the folder's place."""
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        fresh = beside / "fresh"
        making.save(thing, fresh)
        (fresh / _MARKS).write_bytes(msgspec.msgpack.encode(marks))
        (fresh / _STATE).write_bytes(msgspec.json.encode(state))
        if folder.exists():
            folder.rename(beside / "old")
        fresh.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)

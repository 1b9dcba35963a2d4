"""The register laid out for look-up, kept in a folder beside the store and brought up to date.

What is kept is a saved linker and, beside it, from which state of the store it was made: a short
sign of the whole register, and a mark of each unit, so that only what changed is laid out.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from pathlib import Path
from tempfile import mkdtemp

import msgspec
from sqlalchemy import Connection, make_url

from procmatch.errors import LinkageError
from procmatch.linkage import Linker
from procmatch.settings import Settings
from procmatch.store import Store, organisations, register_state

__all__ = ["index_folder", "open_register"]

_log = logging.getLogger(__name__)
_STATE, _MARKS = "state.json", "marks.msgpack"
#: Changes when what is kept beside the linker does.
_VERSION = 1
#: From this share of changed units on, all of them are laid out anew.
_MANY = 0.1


class _State(msgspec.Struct, frozen=True, kw_only=True):
    """Of which state of the store the saved linker is.

    Attributes:
        sign: of the register as a whole. changed: units laid out since all were.
    """

    version: int
    sign: str
    changed: int = 0


def index_folder(settings: Settings) -> Path | None:
    """Return where the laid-out register is kept.

    The setting ``index_dir``; else beside the file of an SQLite store; else, by the address of the
    database, in the user's cache folder. None for a store in memory.
    """
    if settings.index_dir:
        return Path(settings.index_dir)
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        file = url.database
        return Path(f"{file}.index") if file and file != ":memory:" else None
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    name = hashlib.sha256(url.render_as_string(hide_password=True).encode()).hexdigest()[:16]
    return cache / "procmatch" / f"register-{name}"


def open_register(store: Store, folder: Path | None = None) -> Linker:
    """Return the store's register laid out for look-up.

    Args:
        store: holds the register.
        folder: where it is kept from one time to the next; None lays it out in memory. A folder
            that cannot be read or written is no error.
    """
    with store.read() as connection:
        if folder is None:
            return Linker.build(organisations.iterate(connection))
        sign = register_state.sign(connection)
        kept = _load(folder)
        if kept is not None and kept[1].sign == sign:
            return kept[0]
        marks = register_state.marks(connection)
        linker, changed = _updated(connection, folder, kept, marks)
    state = _State(version=_VERSION, sign=sign, changed=changed)
    try:
        _save(linker, state, marks, folder)
    except OSError as error:
        _log.warning("the register laid out for look-up is not kept: %s", error)
    return linker


def _load(folder: Path) -> tuple[Linker, _State] | None:
    """Return what is kept, or None when it is not there, broken or of another version."""
    try:
        state = msgspec.json.decode((folder / _STATE).read_bytes(), type=_State)
        return (Linker.load(folder), state) if state.version == _VERSION else None
    except (OSError, msgspec.MsgspecError, LinkageError):
        return None


def _updated(
    connection: Connection,
    folder: Path,
    kept: tuple[Linker, _State] | None,
    marks: dict[str, int],
) -> tuple[Linker, int]:
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
            return kept[0].update(register_state.units(connection, different)), changed
    return Linker.build(organisations.iterate(connection)), 0


def _save(linker: Linker, state: _State, marks: dict[str, int], folder: Path) -> None:
    """Write all of it beside the folder, then put it in the folder's place."""
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        fresh = beside / "fresh"
        linker.save(fresh)
        (fresh / _MARKS).write_bytes(msgspec.msgpack.encode(marks))
        (fresh / _STATE).write_bytes(msgspec.json.encode(state))
        if folder.exists():
            folder.rename(beside / "old")
        fresh.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)

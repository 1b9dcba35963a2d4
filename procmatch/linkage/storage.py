"""A laid-out register as files that open without being read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from tempfile import mkdtemp

import msgspec
import numpy as np

from procmatch.errors import LinkageError
from procmatch.linkage.changes import Register, with_fresh
from procmatch.linkage.index.columns import Array
from procmatch.linkage.index.segment import Segment
from procmatch.model.organisation import Organisation

__all__ = ["VERSION", "load", "save"]

#: Changes whenever the columns or what is in them change; other versions are built anew.
VERSION = 1
_ABOUT, _FRESH = "linker.json", "changes.json"


def save(register: Register, folder: Path) -> None:
    """Write a register to ``folder``; what is there is replaced when everything is written.

    Args:
        register: to be written.
        folder: made if it is not there.
    """
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write(register, fresh)
        if folder.exists():
            aside = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
            folder.rename(aside / "old")
            fresh.rename(folder)
            shutil.rmtree(aside, ignore_errors=True)
        else:
            fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write(register: Register, folder: Path) -> None:
    arrays = {**register.base.arrays(), "gone": register.gone}
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values, allow_pickle=False)
    (folder / _FRESH).write_bytes(msgspec.json.encode(list(register.fresh.values())))
    about = {
        "version": VERSION,
        "registers": register.base.registers,
        "forms": register.base.forms,
        "columns": sorted(arrays),
    }
    (folder / _ABOUT).write_text(json.dumps(about), encoding="utf-8")


def load(folder: Path) -> Register:
    """Open what :func:`save` wrote.

    Raises:
        LinkageError: there is no linker in ``folder``, or one of another version.
    """
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        if about["version"] != VERSION:
            raise LinkageError(
                f"{folder}: written by another version of procmatch ({about['version']}, this one "
                f"reads {VERSION}); build it again"
            )
        # Pages that were changed would be copied; none is, but compiled code asks for such arrays.
        arrays: dict[str, Array] = {
            name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="c", allow_pickle=False))
            for name in about["columns"]
        }
        fresh = msgspec.json.decode((folder / _FRESH).read_bytes(), type=list[Organisation])
        gone = np.array(arrays.pop("gone"))
        base = Segment.from_arrays(
            arrays, registers=tuple(about["registers"]), forms=tuple(about["forms"])
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LinkageError(f"{folder}: no saved linker can be opened here: {error}") from error
    return with_fresh(base, gone, {one.id: one for one in fresh})

"""The register laid out for look-up by name, kept in a folder beside the store (see ``kept``)."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from sqlalchemy import make_url

from procmatch.linkage import Linker
from procmatch.settings import Settings
from procmatch.store import Store, organisations, register_state
from procmatch.workflows.kept import Making, open_kept

__all__ = ["index_folder", "open_register"]


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
        linker: Linker = open_kept(
            folder,
            Making(
                what="the register laid out for look-up",
                sign=register_state.sign(connection),
                marks=lambda: register_state.marks(connection),
                build=lambda: Linker.build(organisations.iterate(connection)),
                update=lambda kept, keys: kept.update(register_state.units(connection, keys)),
                save=Linker.save,
                load=Linker.load,
            ),
        )
    return linker

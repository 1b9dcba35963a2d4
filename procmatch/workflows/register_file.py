"""A register that is in no store: a saved linker, or the register's file of all units."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from procmatch.errors import CodeError, SourceError
from procmatch.linkage import Linker, Query
from procmatch.model.organisation import Organisation, OrgId
from procmatch.sources import enhetsregisteret
from procmatch.store.review import place_of
from procmatch.workflows.review_list import Places

__all__ = ["RegisterFile", "known_to", "open_register_file"]

_PIECE = 1 << 18


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFile:
    """A register laid out for look-up.

    Attributes:
        linker: it. places: says where units are, as far as that can be told.
        unread: records of the file that could not be read.
    """

    linker: Linker
    places: Places
    unread: int = 0


def known_to(linker: Linker, numbers: Collection[str]) -> dict[str, OrgId]:
    """Return which unit of a linker each number leads to."""
    asked = sorted(numbers)
    found = linker.link_many([Query(name="", number=number) for number in asked])
    return {number: unit.org for number, unit in zip(asked, found, strict=True) if unit}


def open_register_file(
    path: Path, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> RegisterFile:
    """Open a folder that :meth:`Linker.save` wrote, or lay out the register's file of all units.

    Args:
        path: the folder; or ``enheter_alle.json``, gzipped or plain.
        progress: called with (bytes read, all) while a file is read.

    Raises:
        LinkageError: the folder holds no linker. SourceError: the file is no such file.
    """
    if path.is_dir():
        return RegisterFile(linker=Linker.load(path), places=lambda _orgs: {})
    unread: list[str] = []
    where = _Where()
    linker = Linker.build(_units(path, unread, where, progress))
    return RegisterFile(linker=linker, places=where.places, unread=len(unread))


@dataclass(slots=True)
class _Where:
    """Where units are, of which a linker keeps no words; eight bytes a unit."""

    numbers: array[int] = field(default_factory=lambda: array("I"))
    at: array[int] = field(default_factory=lambda: array("I"))
    towns: dict[str, int] = field(default_factory=dict)

    def add(self, unit: Organisation) -> None:
        self.numbers.append(int(unit.id.number))
        self.at.append(self.towns.setdefault(place_of(unit), len(self.towns)))

    def places(self, orgs: Collection[OrgId]) -> Mapping[OrgId, str]:
        numbers, names = np.frombuffer(self.numbers, dtype=np.uint32), list(self.towns)
        wanted = {int(org.number): org for org in orgs}
        return {
            wanted[int(numbers[row])]: names[self.at[row]]
            for row in np.flatnonzero(np.isin(numbers, list(wanted)))
        }


def _pieces(path: Path, progress: Callable[[int, int], None]) -> Iterator[bytes]:
    size, done = path.stat().st_size, 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
            done += len(piece)
            progress(done, size)


def _units(
    path: Path, unread: list[str], where: _Where, progress: Callable[[int, int], None]
) -> Iterator[Organisation]:
    for group in enhetsregisteret.stream(_pieces(path, progress)):
        for record in group:
            try:
                unit = enhetsregisteret.read_unit(record)
            except (SourceError, CodeError):
                unread.append(enhetsregisteret.number_of(record))
                continue
            if isinstance(unit, Organisation):
                where.add(unit)
                yield unit

"""The names that a publication goes by, and those it calls others by, in one spelling.

Notice UUIDs, TED publication numbers and Doffin ids are used for each other (BT-758 as Doffin's
buyers fill it in, BT-04 of converted notices): two publications that share a key belong together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from procmatch.model.notice import Notice

__all__ = ["Keys", "Reference", "keys_of", "parse"]

_UUID = re.compile(
    r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:-(\d{1,2}))?", re.IGNORECASE
)
_OFFICIAL_JOURNAL = re.compile(r"(\d{4})/S \d{1,3}-0*(\d{1,8})")
_NUMBER = re.compile(r"0*(\d{1,8})-0*(\d{1,8})")
_CENTURIES = range(1990, 2100)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a printed reference names: ``key`` and, with a notice UUID, the version."""

    key: str
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Keys of a publication.

    Attributes:
        own: what it is: its notice, its number at the source; at least one.
        procedure: what it belongs to (BT-04).
        refers: what it changes (BT-758).
        builds_on: the planning notice before it (BT-125), or after an award the competition.
    """

    own: frozenset[str]
    procedure: frozenset[str] = frozenset()
    refers: frozenset[str] = frozenset()
    builds_on: frozenset[str] = frozenset()


def parse(printed: str) -> Reference | None:
    """Read a reference, or return None.

    ``<uuid>``, ``<uuid>-01``, ``403922-2019`` or ``2019/S 163-403922`` (TED), ``2019-403922``
    (Doffin). TED and Doffin numbers have one shape; the half that can be a year tells them apart,
    the first half where both can.
    """
    text = printed.strip()
    if found := _UUID.fullmatch(text):
        version = found[2]
        return Reference(f"uuid:{found[1].lower()}", version.zfill(2) if version else None)
    if found := _OFFICIAL_JOURNAL.fullmatch(text):
        return Reference(f"ted:{found[2]}-{found[1]}")
    if found := _NUMBER.fullmatch(text):
        first, second = int(found[1]), int(found[2])
        if first in _CENTURIES:
            return Reference(f"doffin:{first}-{second}")
        if second in _CENTURIES:
            return Reference(f"ted:{first}-{second}")
    return None


def _parsed(printed: Iterable[str]) -> frozenset[str]:
    return frozenset(found.key for text in printed if (found := parse(text)))


def _procedure(notice: Notice) -> str | None:
    """Return the key of BT-04. Converted notices print a Doffin id there."""
    if not notice.procedure_id:
        return None
    found = parse(notice.procedure_id)
    if found is None:
        # No number of the world's, so it says something within one buyer only.
        buyer = next((one.number or one.name for one in notice.buyers), "")
        return f"procedure:{buyer}:{notice.procedure_id.strip()}"
    # A notice and a procedure are different things even where their ids have one shape.
    return found.key.replace("uuid:", "procedure:", 1)


def keys_of(notice: Notice) -> Keys:
    """Return the keys of ``notice``."""
    own = set(_parsed((notice.notice_id,)))
    if notice.source_id and notice.source in {"doffin", "ted"}:
        own |= _parsed((notice.source_id,))
    procedure = _procedure(notice)
    return Keys(
        own=frozenset(own or {f"{notice.source}:{notice.source_id or notice.notice_id}"}),
        procedure=frozenset((procedure,) if procedure else ()),
        refers=_parsed((notice.changes.notice,) if notice.changes else ()),
        builds_on=_parsed(notice.previous_planning),
    )

"""Enhetsregisteret's feed of changes, and its search pages cut into single units.

Source: ``/oppdateringer/enheter|underenheter`` and ``/enheter|underenheter`` of
Brønnøysundregistrene's open data, licence NLOD 2.0. The feed says which unit changed; what it
became is asked for, because the feed's own patches are hints and are missing from most events.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from procmatch.errors import SourceChanged, SourceError

__all__ = ["Change", "ChangeKind", "changes", "units"]

_SOURCE = "enhetsregisteret"
T = TypeVar("T")


class ChangeKind(StrEnum):
    """*endringstype*."""

    UNKNOWN = "Ukjent"
    NEW = "Ny"
    CHANGED = "Endring"
    DELETED = "Sletting"
    #: Removed for legal reasons: every copy must go.
    REMOVED = "Fjernet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One unit on a page of the feed, however many events it had there.

    Attributes:
        number: which unit. kind: what happened last.
        first, last: *oppdateringsid* of its first and last event on the page.
        since, at: *dato* of the first and of the last one.
    """

    number: str
    kind: ChangeKind
    first: int
    last: int
    since: datetime
    at: datetime


class _Event(msgspec.Struct):
    oppdateringsid: int
    dato: datetime
    organisasjonsnummer: str
    endringstype: str


class _Events(
    msgspec.Struct, rename={"units": "oppdaterteEnheter", "places": "oppdaterteUnderenheter"}
):
    units: list[_Event] = []
    places: list[_Event] = []


class _Units(msgspec.Struct, rename={"units": "enheter", "places": "underenheter"}):
    units: list[msgspec.Raw] = []
    places: list[msgspec.Raw] = []


class _EventPage(msgspec.Struct, rename={"embedded": "_embedded"}):
    # An empty page has no ``_embedded``: ``page`` is what tells it from anything else.
    page: dict[str, Any]
    embedded: _Events = msgspec.field(default_factory=_Events)


class _UnitPage(msgspec.Struct, rename={"embedded": "_embedded"}):
    page: dict[str, Any]
    embedded: _Units = msgspec.field(default_factory=_Units)


class _Number(msgspec.Struct):
    organisasjonsnummer: str


def _decode(body: bytes, shape: type[T], where: str) -> T:
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise SourceChanged(str(error), source=_SOURCE, where=where) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"not JSON: {error}", source=_SOURCE, where=where) from None


def changes(body: bytes) -> tuple[Change, ...]:
    """Read one page of the feed, one change a unit, by first event; empty past the end.

    Raises:
        SourceChanged: no page of events.
        SourceError: not JSON.
    """
    page = _decode(body, _EventPage, "oppdateringer").embedded
    found: dict[str, Change] = {}
    for event in sorted([*page.units, *page.places], key=lambda one: one.oppdateringsid):
        number = event.organisasjonsnummer
        before = found.get(number)
        found[number] = Change(
            number=number,
            kind=_kind(event.endringstype),
            first=before.first if before else event.oppdateringsid,
            last=event.oppdateringsid,
            since=before.since if before else event.dato,
            at=event.dato,
        )
    return tuple(sorted(found.values(), key=lambda one: one.first))


def _kind(text: str) -> ChangeKind:
    """A kind we do not know leads to the unit itself, as all kinds but one do."""
    known = {kind.value for kind in ChangeKind}
    return ChangeKind(text) if text in known else ChangeKind.UNKNOWN


def units(body: bytes) -> dict[str, bytes]:
    """Cut one page of a search into number -> the JSON of that unit.

    Raises:
        SourceChanged: no page of units.
        SourceError: not JSON.
    """
    page = _decode(body, _UnitPage, "search").embedded
    each = [bytes(one) for one in (*page.units, *page.places)]
    return {_decode(one, _Number, "search").organisasjonsnummer: one for one in each}

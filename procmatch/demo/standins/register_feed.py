"""Enhetsregisteret's feed of changes, made up so that it agrees with the units served."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from procmatch.demo.standins.content import Json
from procmatch.demo.standins.exchange import Reply, Request
from procmatch.demo.standins.register_search import BadRequest, page

__all__ = ["feed", "feed_page"]

_FIRST_ID = 25_150_000
_DAYS = 30
_CHANGED_ONE_IN = 5
_LARGEST_GAP = 7
_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_API = "https://data.brreg.no/enhetsregisteret/api"


def _lot(item: Json, modulus: int) -> int:
    """Return the same number below ``modulus`` for the same unit every time."""
    digest = hashlib.sha256(str(item["organisasjonsnummer"]).encode()).hexdigest()
    return int(digest, 16) % modulus


def _events_of(item: Json, today: date) -> list[tuple[datetime, str, Json]]:
    def at(day: date) -> datetime:
        clock = time(5, _lot(item, 60), _lot(item, 59), _lot(item, 1000) * 1000)
        return datetime.combine(day, clock, UTC)

    if "slettedato" in item:
        removed = item.get("respons_klasse") == "Fjernet"
        return [
            (at(_iso(item["slettedato"], today)), "Fjernet" if removed else "Sletting", item),
        ]
    events = []
    registered = _iso(item.get("registreringsdatoEnhetsregisteret"), today)
    if registered > today - timedelta(days=_DAYS):
        events.append((at(registered), "Ny", item))
    if _lot(item, _CHANGED_ONE_IN) == 0:
        changed = today - timedelta(days=_lot(item, _DAYS))
        events.append((at(changed), "Endring", item))
        # Some change twice on a day; what counts is the unit as it is now.
        if _lot(item, 2 * _CHANGED_ONE_IN) == 0:
            events.append((at(changed) + timedelta(hours=3), "Endring", item))
    return events


def _iso(text: object, today: date) -> date:
    """Return a date of the register, never later than today; old without one."""
    return min(date.fromisoformat(str(text)), today) if text else date.min


def feed(items: Sequence[Json], kind: str, today: date) -> list[Json]:
    """Return the events of a collection, oldest first, with ids that grow and leave gaps.

    Args:
        items: units or establishments.
        kind: ``enheter`` or ``underenheter``, for the links.
        today: the newest events are of this day; changes go back thirty days.
    """
    events = [event for item in items for event in _events_of(item, today)]
    events.sort(key=lambda event: (event[0], event[2]["organisasjonsnummer"]))
    found, number = [], _FIRST_ID
    for moment, change, item in events:
        number += 1 + (number * 31) % _LARGEST_GAP
        key = item["organisasjonsnummer"]
        event: Json = {
            "oppdateringsid": number,
            "dato": f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z",
            "organisasjonsnummer": key,
            "endringstype": change,
            "_links": {kind.removesuffix("er"): {"href": f"{_API}/{kind}/{key}"}},
        }
        if change == "Endring":
            patch = {"op": "replace", "path": "/navn", "value": item.get("navn", "")}
            event["endringer"] = [patch]
        found.append(event)
    return found


def feed_page(events: Sequence[Json], kind: str, request: Request) -> Reply:
    """Return one page of events; both bounds are inclusive.

    Raises:
        BadRequest: a bound or the paging is malformed.
    """
    since, first = request.one("dato"), request.one("oppdateringsid")
    if since and not _FORM.fullmatch(since):
        raise BadRequest("Dato må være på formen yyyy-MM-ddTHH:mm:ss.SSSZ", "dato", since)
    if first and not first.isdecimal():
        raise BadRequest("oppdateringsid må være et heltall", "oppdateringsid", first)
    numbers = set(request.listed("organisasjonsnummer"))
    hidden = set() if request.one("includeChanges") == "true" else {"endringer"}
    found = [
        {name: value for name, value in event.items() if name not in hidden}
        for event in events
        if event["dato"] >= since
        and event["oppdateringsid"] >= int(first or 0)
        and (not numbers or event["organisasjonsnummer"] in numbers)
    ]
    if request.one("sort").upper().endswith("DESC"):
        found.reverse()
    name = "oppdaterteEnheter" if kind == "enheter" else "oppdaterteUnderenheter"
    return page(name, found, request)

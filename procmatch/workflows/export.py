"""Export: the store's procedures as OCDS releases, compiled releases or records."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection

from procmatch.errors import NotExportable, NotFound, SettingsError
from procmatch.model.organisation import OrgId
from procmatch.ocds import Options, Publication, Unit, chain_of, releases
from procmatch.ocds.merging import compiler
from procmatch.ocds.packages import Publisher, package, record
from procmatch.ocds.validation import checker
from procmatch.ocds.values import link
from procmatch.settings import Settings
from procmatch.store import Store, publications
from procmatch.store.notices import StoredNotice
from procmatch.store.publications import PartyUnit, Wanted
from procmatch.workflows.settle import settle

__all__ = [
    "Exported",
    "Process",
    "Report",
    "options_from",
    "processes",
    "publisher_from",
    "schema",
    "written",
]

Json = dict[str, Any]
_SOLE_PROPRIETOR = "ENK"
_PREFIX = re.compile(r"ocds-[a-z0-9]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One contracting process: its releases, oldest first, and all of them merged if asked for."""

    ocid: str
    releases: Sequence[Json]
    compiled: Json | None = None


@dataclass(slots=True, kw_only=True)
class Report:
    """What an export did, counted while it goes on.

    Attributes:
        processes, releases, compiled: how many were given out.
        problems: how many notices could not be mapped, and releases broke the schema.
        tell: called with one line a problem.
    """

    tell: Callable[[str], None] = lambda _line: None
    processes: int = 0
    releases: int = 0
    compiled: int = 0
    problems: int = 0

    def problem(self, line: str) -> None:
        """Count and tell a problem."""
        self.problems += 1
        self.tell(line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """How to export.

    Attributes:
        wanted: which procedures. options: how notices become releases.
        compile: merge the releases of each process too.
        broken: tells how a release breaks a schema; nothing is checked by default.
    """

    wanted: Wanted = field(default_factory=Wanted)
    options: Options
    compile: bool = False
    broken: Callable[[Json], list[str]] = lambda _release: []


def options_from(settings: Settings, *, with_persons: bool = False) -> Options:
    """Return how to export by the settings.

    Raises:
        SettingsError: the prefix is not of the form that the standard gives out.
    """
    if not _PREFIX.fullmatch(settings.ocds_prefix):
        raise SettingsError(f"ocds_prefix: {settings.ocds_prefix!r} is not like 'ocds-xxxxxx'")
    return Options(
        prefix=settings.ocds_prefix,
        pages={
            "doffin": settings.sources.doffin_page_url,
            "ted": f"{settings.sources.ted_page_url}/notice/-/detail/{{id}}",
        },
        with_persons=with_persons,
    )


def publisher_from(settings: Settings) -> Publisher:
    """Return who publishes by the settings.

    Raises:
        SettingsError: an address is not absolute, or there is no name.
    """
    for name in ("ocds_uri", "ocds_license", "ocds_policy"):
        address = getattr(settings, name)
        if (address or name == "ocds_uri") and link(address) != address:
            raise SettingsError(f"{name}: {address!r} is not an absolute web address")
    if not settings.ocds_publisher:
        raise SettingsError("ocds_publisher: a package needs the name of its publisher")
    return Publisher(
        name=settings.ocds_publisher,
        uri=settings.ocds_uri,
        license=settings.ocds_license,
        policy=settings.ocds_policy,
    )


def schema(path: Path) -> Callable[[Json], list[str]]:
    """Return what holds releases against the schema in a file; its neighbours may be referred to.

    Raises:
        SettingsError: there is no such file, it is no JSON, or no schema of releases.
        ExtraMissing: the library is not installed.
    """
    try:
        read = json.loads(path.read_bytes())
        near = [json.loads(one.read_bytes()) for one in sorted(path.parent.glob("*.json"))]
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not JSON"
        raise SettingsError(f"{path}: {reason}") from None
    if not isinstance(read, dict) or "ocid" not in read.get("properties", {}):
        raise SettingsError(f"{path}: not a JSON schema of OCDS releases")
    return checker(read, [one for one in near if isinstance(one, dict)])


def processes(store: Store, exported: Exported, report: Report) -> Iterator[Process]:
    """Yield each contracting process; what cannot be exported is reported and left out.

    Releases are those of the days asked for. Merged are all that were published until then, so
    that the merged one tells the state at the end of those days.

    Args:
        store: holds the notices.
        exported: which and how.
        report: counts, and hears of problems.

    Raises:
        ExtraMissing: releases are to be merged, and the library is not installed.
    """
    merge = compiler() if exported.compile else None
    settle(store)
    with store.read() as connection:
        for stored in publications.procedures(connection, exported.wanted):
            for ocid, found in _by_ocid(connection, stored, exported, report).items():
                told = [release for release, wanted in found if wanted]
                if not told:
                    continue
                if merge:
                    told = [release for release, _ in found]
                compiled = merge(told) if merge else None
                if compiled is not None and (broken := exported.broken(compiled)):
                    report.problem(f"{ocid}: compiled: {broken[0]}")
                    continue
                report.processes += 1
                report.releases += len(told)
                report.compiled += compiled is not None
                yield Process(ocid=ocid, releases=told, compiled=compiled)


def written(
    found: Iterable[Process],
    *,
    form: str,
    compiled: bool,
    publisher: Publisher,
    published_at: datetime,
) -> Iterator[bytes]:
    """Yield the bytes of an export, one process at a time.

    Args:
        found: the processes.
        form: ``"lines"``, ``"release-package"`` or ``"record-package"``.
        compiled: give out the compiled releases; in records, link to the releases.
        publisher: who publishes.
        published_at: when.

    Raises:
        NotFound: a package of nothing: the standard has none.
    """
    encode = msgspec.json.encode
    if form == "lines":
        for process in found:
            for one in _objects(process, compiled=compiled):
                yield encode(one) + b"\n"
        return
    records = form == "record-package"
    linked = publisher.uri if compiled else None
    opening = encode(package(publisher, published_at))[:-1]
    opening += b',"records":[' if records else b',"releases":['
    empty = True
    for process in found:
        told = _objects(process, compiled=compiled)
        if records:
            assert process.compiled is not None
            told = [record(process.releases, process.compiled, linked=linked)]
        for one in told:
            yield opening + encode(one)
            opening, empty = b",\n", False
    if empty:
        raise NotFound("nothing to export: no publication was asked for that the store holds")
    yield b"]}\n"


def _objects(process: Process, *, compiled: bool) -> Sequence[Json]:
    if not compiled:
        return process.releases
    assert process.compiled is not None
    return [process.compiled]


def _by_ocid(
    connection: Connection, stored: Sequence[StoredNotice], exported: Exported, report: Report
) -> dict[str, list[tuple[Json, bool]]]:
    """Return ocid -> its releases, and whether each is one of those asked for."""
    told = _publications(connection, _unique(stored))
    chain = chain_of(stored[0].procedure, told, exported.options)
    found: dict[str, list[tuple[Json, bool]]] = {}
    for publication in told:
        notice = publication.notice
        day = publications.day_of(notice)
        if exported.wanted.until is not None and day is not None and day > exported.wanted.until:
            continue
        try:
            made = releases(publication, chain)
        except NotExportable as error:
            report.problem(str(error))
            continue
        for release in made:
            if broken := exported.broken(release):
                name = f"{notice.source} {notice.source_id or notice.notice_id}"
                report.problem(f"{name}: {broken[0]}")
            else:
                wanted = exported.wanted.holds(notice)
                found.setdefault(release["ocid"], []).append((release, wanted))
    return found


def _unique(stored: Iterable[StoredNotice]) -> list[StoredNotice]:
    """Leave out what another source publishes again: the same notice in the same version."""
    first: dict[tuple[str, str], StoredNotice] = {}
    for one in sorted(stored, key=lambda each: each.notice.source):
        first.setdefault((one.notice.notice_id, one.notice.version), one)
    rows = {one.row for one in first.values()}
    return [one for one in stored if one.row in rows]


def _publications(connection: Connection, stored: Sequence[StoredNotice]) -> list[Publication]:
    units = publications.party_units(connection, [one.row for one in stored])
    plans = publications.known_plans(
        connection, [name for one in stored for name in one.notice.previous_planning]
    )
    named = {name: _process_of(plan) for name, plan in plans.items()}
    earlier = {name: process for name, process in named.items() if process}
    return [
        Publication(
            notice=one.notice,
            units=tuple(_unit(unit) for unit in units[one.row]),
            earlier=earlier,
        )
        for one in stored
    ]


def _process_of(plan: StoredNotice) -> str | None:
    """Return the process that a plan is; None where it has several parts: which is not said."""
    parts = [lot.id for lot in plan.notice.lots if lot.kind == "part"]
    if not parts:
        return plan.procedure
    return f"{plan.procedure}-{parts[0]}" if len(parts) == 1 else None


def _unit(unit: PartyUnit | None) -> Unit | None:
    """Return a unit that is certain; one that is only likely where that may be a person."""
    if unit is None:
        return None
    person = unit.legal_form == _SOLE_PROPRIETOR
    if not unit.certain and not person:
        return None
    return Unit(
        id=OrgId(unit.register, unit.number),
        name=unit.name,
        person=person,
        certain=unit.certain,
    )

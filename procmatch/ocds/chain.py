"""The publications of one procedure, and what the release of one needs to know of the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from procmatch.model.notice import Notice, OrganisationRef
from procmatch.model.organisation import OrgId
from procmatch.ocds.award_ids import award_ids, release_id
from procmatch.text.normalise import fold, parse_name

__all__ = ["Chain", "Options", "Publication", "Unit", "chain_of"]

_SOLE_PROPRIETOR = "ENK"
_NOT_IN_OCID = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to export.

    Attributes:
        prefix: the publisher's ocid prefix, e.g. ``"ocds-xxxxxx"``.
        pages: source -> address of a notice's page, with ``{id}`` where its id stands.
        with_persons: name sole proprietors, and print numbers that are no checked Norwegian ones.
    """

    prefix: str
    pages: Mapping[str, str] = field(default_factory=dict)
    with_persons: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """The register unit behind a printed party.

    Attributes:
        id: register and number. name: as registered. person: a sole proprietor (*ENK*).
        certain: a unit that is only likely names nobody, but may keep a person unnamed.
    """

    id: OrgId
    name: str
    person: bool = False
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A notice and the units of its parties, buyers first, then the winners of each award.

    ``units`` may be shorter than the parties or hold None: nothing is known of those. ``earlier``
    gives the procedure of planning notices that it names, as far as they are known.
    """

    notice: Notice
    units: tuple[Unit | None, ...] = ()
    earlier: Mapping[str, str] = field(default_factory=dict)

    def parties(self) -> Iterator[tuple[OrganisationRef, Unit | None]]:
        """Yield each party as printed, with its unit."""
        printed = [*self.notice.buyers]
        printed += [winner for award in self.notice.awards for winner in award.winners]
        for position, party in enumerate(printed):
            yield party, self.units[position] if position < len(self.units) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A procedure in a whole.

    Attributes:
        procedure: its key. options: see :class:`Options`.
        units: number or folded name of a party -> its unit, as known from any publication.
        withheld: number or folded name of a sole proprietor -> the id that stands for it.
        releases: any way of naming a publication -> its release id.
        awards: (release id, position of the award in the notice) -> the id of the award.
        before: release id of a correction -> the notice that it corrects.
    """

    procedure: str
    options: Options
    units: Mapping[str, Unit]
    withheld: Mapping[str, str]
    releases: Mapping[str, str]
    awards: Mapping[tuple[str, int], str]
    before: Mapping[str, Notice]

    @property
    def ocid(self) -> str:
        """The id of the contracting process."""
        return self.ocid_of(self.procedure)

    def unit_of(self, party: OrganisationRef) -> Unit | None:
        """The register unit of a party, if any publication of the procedure led to it."""
        return self.units.get(_keys(party)[0])

    def withheld_id(self, party: OrganisationRef) -> str | None:
        """The id that stands for a sole proprietor who is not named; None for all others."""
        return self.withheld.get(_keys(party)[0])

    def ocid_of(self, procedure: str) -> str:
        """The id of the contracting process that another procedure is."""
        return f"{self.options.prefix}-{_NOT_IN_OCID.sub('-', procedure)}"


def _keys(party: OrganisationRef) -> tuple[str, ...]:
    """Return the ways in which another publication may print the same party."""
    return (party.number, fold(party.name)) if party.number else (fold(party.name),)


def _is_person(party: OrganisationRef, unit: Unit | None) -> bool:
    """Whether the register or the printed name itself says that it is a sole proprietor."""
    return unit.person if unit else parse_name(party.name).legal_form == _SOLE_PROPRIETOR


def chain_of(procedure: str, publications: Sequence[Publication], options: Options) -> Chain:
    """Return what the releases of a procedure share.

    Args:
        procedure: its key.
        publications: its notices, oldest first.
        options: how to export.
    """
    units: dict[str, Unit] = {}
    withheld: dict[str, str] = {}
    for publication in publications:
        for party, unit in publication.parties():
            keys = _keys(party)
            if unit and unit.certain:
                for key in keys:
                    units.setdefault(key, unit)
            if _is_person(party, unit) and not options.with_persons:
                known = [withheld[key] for key in keys if key in withheld]
                stand_in = known[0] if known else f"withheld-{len(set(withheld.values())) + 1}"
                for key in keys:
                    withheld.setdefault(key, stand_in)
    notices = [publication.notice for publication in publications]
    releases: dict[str, str] = {}
    for notice in notices:
        for name in (release_id(notice), notice.source_id, notice.notice_id):
            if name:
                releases[name] = release_id(notice)
    before = _before(notices, releases)
    roots = {release_id(notice): _root(notice, before).notice_id for notice in notices}
    return Chain(
        procedure=procedure,
        options=options,
        units=units,
        withheld=withheld,
        releases=releases,
        awards=award_ids(notices, roots),
        before=before,
    )


def _before(notices: Sequence[Notice], releases: Mapping[str, str]) -> dict[str, Notice]:
    """Return release id of a correction -> what it corrects, of the same kind and known."""
    known = {release_id(notice): notice for notice in notices}
    found: dict[str, Notice] = {}
    for notice in notices:
        name = releases.get(notice.changes.notice) if notice.changes else None
        if name is None or name == release_id(notice):
            continue
        if known[name].kind is notice.kind:
            found[release_id(notice)] = known[name]
    return found


def _root(notice: Notice, before: Mapping[str, Notice]) -> Notice:
    """Follow corrections back to the first: an award stays the same award."""
    first, seen = notice, set[str]()
    while (name := release_id(first)) in before and name not in seen:
        seen.add(name)
        first = before[name]
    return first

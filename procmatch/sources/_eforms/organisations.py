"""The pool of organisations of a notice; roles point into it by technical id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lxml.etree import _Element

from procmatch.codes import orgnr
from procmatch.errors import CodeError
from procmatch.model.notice import OrganisationRef
from procmatch.sources._eforms import code_lists
from procmatch.sources._eforms.project import NOWHERE, read_address
from procmatch.sources._eforms.shapes import EMPTY, Fields, bad, inside, only, q, shape, take
from procmatch.sources._eforms.values import code, indicator, plain, text
from procmatch.sources.building import builder

__all__ = ["Pool"]

_POOL = shape("organisations", organisation="efac:Organization")
_ORGANISATION = shape(
    "organisation",
    company="efac:Company",
    touch_point="efac:TouchPoint",
    lead="efbc:GroupLeadIndicator",
)
_COMPANY = shape(
    "company",
    id="cac:PartyIdentification",
    name="cac:PartyName",
    address="cac:PostalAddress",
    legal="cac:PartyLegalEntity",
    website="cbc:WebsiteURI",
    size="efbc:CompanySizeCode",
)
_TOUCH_POINT = shape("touch point", id="cac:PartyIdentification")
_ID = q("cbc:ID")
_NAME = q("cbc:Name")
_LEGAL = shape("legal entity", number="cbc:CompanyID")

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_new_reference = builder(OrganisationRef)
_NO_NUMBER = frozenset(("", "null", "none", "n/a", "n.a.", "-"))


class Pool:
    """The organisations of a notice by technical id; read when somebody points at them.

    Persons (contacts, contact points of touch points, beneficial owners) are never read. A
    reference to a touch point is one to the organisation it belongs to.
    """

    def __init__(self, nodes: Iterable[_Element], *, norwegian: bool) -> None:
        """Index ``efac:Organizations`` elements.

        Args:
            nodes: the elements.
            norwegian: the notice is Doffin's, where a company with an address abroad may give the
                number of its Norwegian branch.
        """
        self._norwegian = norwegian
        #: Technical id -> fields, whether it leads, its own (first) id, and the element.
        self._companies: dict[str, tuple[Fields, bool, str, _Element]] = {}
        self._read: dict[str, OrganisationRef] = {}
        for organisation in inside(nodes, _POOL):
            self._index(take(organisation, _ORGANISATION))

    def _index(self, fields: Fields) -> None:
        lead = indicator("BT-770", fields.get("lead", EMPTY)) is True
        for node in fields.get("company", EMPTY):
            company = take(node, _COMPANY)
            ids = _ids(company.get("id", EMPTY))
            for touch_point in fields.get("touch_point", EMPTY):
                ids += _ids(inside((touch_point,), _TOUCH_POINT))
            for identifier in ids:
                self._companies.setdefault(identifier, (company, lead, ids[0], node))

    def get(self, identifier: str, *, lead: bool = False) -> OrganisationRef | None:
        """Return the organisation with that technical id, or None.

        Raises:
            SourceError: a value of it that cannot be read.
        """
        if identifier not in self._companies:
            return None
        if identifier not in self._read:
            self._read[identifier] = self._organisation(*self._companies[identifier])
        found = self._read[identifier]
        return replace(found, group_lead=True) if lead and not found.group_lead else found

    def _organisation(
        self,
        fields: Fields,
        lead: bool,  # noqa: FBT001
        ref: str,
        company: _Element,
    ) -> OrganisationRef:
        get = fields.get
        names = [n for outer in get("name", EMPTY) for n in only(outer, _NAME)]
        place = NOWHERE
        for address in get("address", EMPTY):
            place = read_address(address, nuts_field="BT-507", region_field="BT-727")
        printed, number = self._number(get("legal", EMPTY), place.country)
        name = text(names).best()
        if not name:
            node = next(iter((*get("name", EMPTY), *get("id", EMPTY))), company)
            raise bad("BT-500", node, f"organisation {ref} has no name")
        return _new_reference(
            ref=ref,
            name=name,
            number=number,
            number_as_printed=printed,
            place=place if place != NOWHERE else None,
            website=plain(get("website", EMPTY)),
            size=code("BT-165", get("size", EMPTY), code_lists.SIZES),
            group_lead=lead,
        )

    def _number(
        self, nodes: Sequence[_Element], country: str | None
    ) -> tuple[str | None, str | None]:
        """Return the number as printed and, when it is Norwegian, nine digits."""
        first = None
        for node in inside(nodes, _LEGAL):
            printed = (node.text or "").translate(_INVISIBLE).strip()
            if printed.casefold() in _NO_NUMBER:
                continue
            first = first or printed
            if self._norwegian or country in {None, "NOR"}:
                try:
                    return printed, orgnr.clean(printed)
                except CodeError:
                    continue
        return first, None


def _ids(nodes: Sequence[_Element]) -> list[str]:
    found = (plain(only(node, _ID)) for node in nodes)
    return [one for one in found if one]

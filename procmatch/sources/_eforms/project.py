"""``cac:ProcurementProject``: what is bought, where, for how much and how long."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml.etree import _Element

from procmatch.model.notice import Strategic, Term
from procmatch.model.values import Money, Place, Text
from procmatch.sources._eforms import code_lists
from procmatch.sources._eforms.ignored import IGNORED_LISTS
from procmatch.sources._eforms.shapes import (
    EMPTY,
    Fields,
    bad,
    extension,
    inside,
    only,
    q,
    shape,
    take,
)
from procmatch.sources._eforms.values import (
    NO_TEXT,
    code,
    day,
    indicator,
    money,
    number,
    plain,
    text,
    whole,
)
from procmatch.sources.building import builder

__all__ = ["NOWHERE", "NO_PROJECT", "Project", "read_address", "read_project"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What procedures, lots and parts have in common; fields as on ``Lot``."""

    title: Text = NO_TEXT
    description: Text = NO_TEXT
    nature: str | None = None
    cpv_main: str | None = None
    cpv_additional: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    value: Money | None = None
    framework_maximum: Money | None = None
    term: Term | None = None
    sme_suitable: bool | None = None
    strategic: Strategic = Strategic()


NO_PROJECT = Project()
NOWHERE = Place()
_NO_TERM = Term()
_NO_MARKERS = Strategic()
_new_project = builder(Project)
_new_place = builder(Place)
_new_term = builder(Term)

_PROJECT = shape(
    "project",
    title="cbc:Name",
    description="cbc:Description",
    nature="cbc:ProcurementTypeCode",
    sme="cbc:SMESuitableIndicator",
    marker="cac:ProcurementAdditionalType",
    total="cac:RequestedTenderTotal",
    main="cac:MainCommodityClassification",
    additional="cac:AdditionalCommodityClassification",
    location="cac:RealizedLocation",
    period="cac:PlannedPeriod",
    renewal="cac:ContractExtension",
)
_CPV = q("cbc:ItemClassificationCode")
_LOCATION = shape("location", address="cac:Address")
_ADDRESS = shape(
    "address",
    nuts="cbc:CountrySubentityCode",
    region="cbc:Region",
    city="cbc:CityName",
    postcode="cbc:PostalZone",
    country="cac:Country",
)
_COUNTRY = shape("country", code="cbc:IdentificationCode")
_TOTAL = shape(
    "requested total", value="cbc:EstimatedOverallContractAmount", extension="ext:UBLExtensions"
)
_TOTAL_EXTENSION = shape("requested total extension", maximum="efbc:FrameworkMaximumAmount")
_PERIOD = shape(
    "period",
    start="cbc:StartDate",
    end="cbc:EndDate",
    length="cbc:DurationMeasure",
    other="cbc:DescriptionCode",
)
_RENEWALS = shape("extension of the term", most="cbc:MaximumNumberNumeric", renewal="cac:Renewal")
_RENEWAL = q("cac:Period")
_RENEWAL_PERIOD = q("cbc:Description")
_MARKER = shape("marker", code="cbc:ProcurementTypeCode", description="cbc:ProcurementType")

#: ``@listName`` -> field of Strategic: BT-06, 774, 775, 776, 805, 754.
_MARKERS = {
    "strategic-procurement": "strategic",
    "environmental-impact": "environmental",
    "social-objective": "social",
    "innovative-acquisition": "innovative",
    "gpp-criteria": "gpp",
    "accessibility": "accessibility",
}
_CPV_CODE = re.compile(r"(\d{8})(?:-\d)?", re.ASCII)
_CPV_LENGTH = len("00000000-0")
_IGNORED_CPV = IGNORED_LISTS["cpv"]
_NUTS = re.compile(r"[A-Z]{2}[0-9A-Z]{0,3}")
_REGIONS = frozenset(("anyw", "anyw-cou", "anyw-eea"))


def read_project(node: _Element) -> Project:
    """Read a ``cac:ProcurementProject`` of a procedure, lot or part.

    Raises:
        SourceError: a value that cannot be read, or (SourceChanged) that no rule knows.
    """
    fields = take(node, _PROJECT)
    get = fields.get
    main = _cpv("BT-262", get("main", EMPTY))
    value, maximum = _totals(get("total", EMPTY))
    return _new_project(
        title=text(get("title", EMPTY)),
        description=text(get("description", EMPTY)),
        nature=code("BT-23", get("nature", EMPTY), code_lists.NATURE),
        cpv_main=main[0] if main else None,
        cpv_additional=_cpv("BT-263", get("additional", EMPTY)) if "additional" in fields else (),
        places=_places(fields["location"]) if "location" in fields else (),
        value=value,
        framework_maximum=maximum,
        term=_term(fields) if "period" in fields or "renewal" in fields else None,
        sme_suitable=indicator("BT-726", get("sme", EMPTY)),
        strategic=_strategic(fields["marker"]) if "marker" in fields else _NO_MARKERS,
    )


def _cpv(field: str, nodes: Sequence[_Element]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for outer in nodes:
        for node in only(outer, _CPV):
            listed = node.get("listName", "cpv")
            if listed in _IGNORED_CPV or (content := plain((node,))) is None:
                continue
            # The length keeps what no notice should hold out of the cache.
            eight = _eight_digits(content) if len(content) <= _CPV_LENGTH else None
            if eight is None or listed != "cpv":
                raise bad(field, node, f"{content[:40]!r} is not a CPV code")
            found[eight] = None
    return tuple(found)


@lru_cache(maxsize=4096)
def _eight_digits(content: str) -> str | None:
    match = _CPV_CODE.fullmatch(content)
    return match[1] if match else None


def read_address(node: _Element, *, nuts_field: str, region_field: str) -> Place:
    """Read an address as a place: NUTS code, region, city, postcode, country.

    Raises:
        SourceError: a malformed NUTS code; SourceChanged: an unknown region code.
    """
    get = take(node, _ADDRESS).get
    nuts_nodes, country_nodes = get("nuts", EMPTY), get("country", EMPTY)
    nuts = plain(nuts_nodes)
    if nuts is not None and not _NUTS.fullmatch(nuts):
        raise bad(nuts_field, nuts_nodes[0], f"{nuts[:40]!r} is not a NUTS code")
    country = None
    if country_nodes:
        country = plain(inside(country_nodes[:1], _COUNTRY))
    return _new_place(
        nuts=nuts,
        region=code(region_field, get("region", EMPTY), _REGIONS),
        city=plain(get("city", EMPTY)),
        postcode=plain(get("postcode", EMPTY)),
        country=country,
    )


def _places(nodes: Sequence[_Element]) -> tuple[Place, ...]:
    found: dict[Place, None] = {}
    for address in inside(nodes, _LOCATION):
        place = read_address(address, nuts_field="BT-5071", region_field="BT-727")
        if place != NOWHERE:
            found[place] = None
    return tuple(found)


def _totals(nodes: Sequence[_Element]) -> tuple[Money | None, Money | None]:
    if not nodes:
        return None, None
    fields = take(nodes[0], _TOTAL)
    maximum = None
    if "extension" in fields:
        for inner in extension(fields["extension"]):
            maximum = money("BT-271", inside((inner,), _TOTAL_EXTENSION))
    return money("BT-27", fields.get("value", EMPTY)), maximum


def _unit(nodes: Sequence[_Element]) -> str | None:
    printed = nodes[0].get("unitCode")
    if not printed:
        return None
    if printed not in code_lists.UNITS:
        raise bad("BT-36", nodes[0], f"{printed[:40]!r} is not a unit of time", changed=True)
    return code_lists.UNITS[printed]


def _term(fields: Fields) -> Term | None:
    period = take(fields["period"][0], _PERIOD) if "period" in fields else {}
    renewals = take(fields["renewal"][0], _RENEWALS) if "renewal" in fields else {}
    get = period.get
    length = number("BT-36", get("length", EMPTY))
    descriptions = [
        node
        for renewal in renewals.get("renewal", EMPTY)
        for inner in only(renewal, _RENEWAL)
        for node in only(inner, _RENEWAL_PERIOD)
    ]
    term = _new_term(
        length=length,
        unit=_unit(period["length"]) if length is not None else None,
        start=day("BT-536", get("start", EMPTY)),
        end=day("BT-537", get("end", EMPTY)),
        other=plain(get("other", EMPTY)),
        renewals=whole("BT-58", renewals.get("most", EMPTY)),
        renewal_description=text(descriptions),
    )
    return term if term != _NO_TERM else None


def _strategic(nodes: Sequence[_Element]) -> Strategic:
    found: dict[str, dict[str, None]] = {}
    descriptions: list[_Element] = []
    for outer in nodes:
        fields = take(outer, _MARKER)
        for node in fields.get("code", EMPTY):
            listed = node.get("listName", "")
            if listed in IGNORED_LISTS["project"]:
                continue
            if listed not in _MARKERS:
                raise bad("BT-06", node, f"unknown list {listed[:40]!r}", changed=True)
            content = plain((node,))
            if content and content != "none":
                found.setdefault(_MARKERS[listed], {})[content] = None
            if listed == "strategic-procurement":
                descriptions += fields.get("description", EMPTY)
    if not found and not descriptions:
        return _NO_MARKERS
    return Strategic(
        description=text(descriptions), **{name: tuple(values) for name, values in found.items()}
    )

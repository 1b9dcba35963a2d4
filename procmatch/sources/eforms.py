"""Read an eForms notice (UBL 2.3 XML, SDK 1.7 to 1.14) of Doffin or TED.

Planning, competition, result, direct-award and modification notices, corrections of them, the
Norwegian forms below the EEA threshold (N4, N16, N29, E2 to E4) and the notices from before
October 2023 that Doffin has converted. Every element beside a mapped one is mapped, ignored by
name (:mod:`procmatch.sources._eforms.ignored`), or raises ``SourceChanged`` with its path.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lxml.etree import _Element

from procmatch.errors import SourceError, SourceRefused
from procmatch.model.notice import Change, Notice, NoticeKind, OrganisationRef
from procmatch.sources._eforms import code_lists
from procmatch.sources._eforms.awards import read_awards
from procmatch.sources._eforms.document import parse
from procmatch.sources._eforms.lots import earlier_notices, read_lots
from procmatch.sources._eforms.organisations import Pool
from procmatch.sources._eforms.project import NO_PROJECT, read_project
from procmatch.sources._eforms.shapes import (
    EMPTY,
    SOURCE,
    Fields,
    bad,
    extension,
    inside,
    only,
    path_of,
    q,
    shape,
    take,
)
from procmatch.sources._eforms.values import code, codes, day, instant, plain, text
from procmatch.sources.building import builder

__all__ = ["read"]

_NOTICE = shape(
    "notice",
    extension="ext:UBLExtensions",
    customization="cbc:CustomizationID",
    id="cbc:ID",
    version="cbc:VersionID",
    procedure="cbc:ContractFolderID",
    issued_on="cbc:IssueDate",
    issued_at="cbc:IssueTime",
    legal_basis="cbc:RegulatoryDomain",
    type="cbc:NoticeTypeCode",
    language="cbc:NoticeLanguageCode",
    more_languages="cac:AdditionalNoticeLanguage",
    buyer="cac:ContractingParty",
    terms="cac:TenderingTerms",
    process="cac:TenderingProcess",
    project="cac:ProcurementProject",
    lot="cac:ProcurementProjectLot",
)
_EXTENSION = shape(
    "notice extension",
    changes="efac:Changes",
    result="efac:NoticeResult",
    subtype="efac:NoticeSubType",
    languages="efac:NonOfficialLanguages",
    organisations="efac:Organizations",
    publication="efac:Publication",
)
_SUBTYPE = shape("subtype", code="cbc:SubTypeCode")
_new_notice = builder(Notice)
_LANGUAGES = q("cac:Language")
_ID = q("cbc:ID")
_PUBLICATION = shape("publication", number="efbc:NoticePublicationID", on="efbc:PublicationDate")
_CHANGES = shape(
    "changes",
    notice="efbc:ChangedNoticeIdentifier",
    change="efac:Change",
    reason="efac:ChangeReason",
)
_CHANGE = shape("change", description="efbc:ChangeDescription", section="efac:ChangedSection")
_SECTION = q("efbc:ChangedSectionIdentifier")
_REASON = shape("changes", code="cbc:ReasonCode", text="efbc:ReasonDescription")
_BUYER = shape(
    "contracting party",
    party="cac:Party",
    type="cac:ContractingPartyType",
    activity="cac:ContractingActivity",
)
_ROLE = shape("contracting party role", id="cac:PartyIdentification")
_TYPE = q("cbc:PartyTypeCode")
_ACTIVITY = q("cbc:ActivityTypeCode")
_TERMS = shape("procedure terms")
_PROCESS = shape(
    "procedure process", procedure="cbc:ProcedureCode", earlier="cac:NoticeDocumentReference"
)

_SECRET = q("efbc:FieldIdentifierCode")
_TAILORING = re.compile(r"anskaffelser\.no:\d{4}:eforms:([a-z0-9-]+)")
_REGIMES = frozenset(("eu", "national", "national-e"))
#: The converted correction form.
_OLD_CORRECTION = "99"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tailoring:
    """What ``cbc:CustomizationID`` says: regime, and whether the notice is a converted one."""

    printed: str
    regime: str
    converted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """A notice taken apart: children of its root, and of the extension inside it."""

    root: _Element
    outside: Fields
    inside: Fields
    tailoring: _Tailoring
    kind: NoticeKind
    notice_type: str


def read(xml: bytes, *, source: str = "file", source_id: str | None = None) -> Notice:
    """Read one notice.

    Args:
        xml: the file as it came.
        source: ``"doffin"``, ``"ted"`` or ``"file"``.
        source_id: Doffin id or TED publication number.

    Returns:
        the notice; texts in all their languages, sums as decimals, moments in UTC.

    Raises:
        SourceError: not a notice, or a value that cannot be read; names field and path.
        SourceChanged: an element or code that no rule knows; names the path.
        SourceRefused: not read by decision: a business registration, an unfilled template, XML
            from before eForms.
    """
    root = parse(xml)
    outside = take(root, _NOTICE)
    tailoring = _tailoring(outside.get("customization", EMPTY))
    kind, notice_type = _kind(root, outside.get("type", EMPTY))
    inside: Fields = {}
    for node in extension(outside.get("extension", EMPTY)):
        for key, nodes in take(node, _EXTENSION).items():
            inside.setdefault(key, []).extend(nodes)
    return _notice(
        _Parts(
            root=root,
            outside=outside,
            inside=inside,
            tailoring=tailoring,
            kind=kind,
            notice_type=notice_type,
        ),
        source,
        source_id,
    )


def _notice(parts: _Parts, source: str, source_id: str | None) -> Notice:
    root, tailoring = parts.root, parts.tailoring
    get, inner = parts.outside.get, parts.inside.get
    wall_clock = tailoring.converted
    subtype = _subtype(inner("subtype", EMPTY))
    pool = Pool(inner("organisations", EMPTY), norwegian=bool(tailoring.regime))
    awards, total = read_awards(inner("result", EMPTY), pool, converted=tailoring.converted)
    lots, planned_by_lots = read_lots(get("lot", EMPTY), wall_clock=wall_clock)
    project = read_project(get("project", EMPTY)[0]) if get("project") else NO_PROJECT
    procedure, planned = _process(get("process", EMPTY))
    for node in get("terms", EMPTY):
        take(node, _TERMS)
    parties = [take(node, _BUYER) for node in get("buyer", EMPTY)]
    languages = _languages(parts.outside, parts.inside)
    return _new_notice(
        source=source,
        source_id=source_id,
        notice_id=_required("BT-701", root, get("id", EMPTY)),
        version=_version(root, get("version", EMPTY), converted=tailoring.converted),
        procedure_id=plain(get("procedure", EMPTY)),
        kind=NoticeKind.CHANGE if subtype == _OLD_CORRECTION else parts.kind,
        notice_type=parts.notice_type,
        subtype=subtype,
        sdk=tailoring.printed,
        regime=tailoring.regime,
        legal_basis=code("BT-01", get("legal_basis", EMPTY)),
        language=languages[0] if languages else None,
        languages=languages,
        dispatched_at=instant(
            "BT-05", get("issued_on", EMPTY), get("issued_at", EMPTY), wall_clock=wall_clock
        ),
        published_on=_published_on(inner("publication", EMPTY)),
        changes=_changes(inner("changes", EMPTY)),
        title=project.title,
        description=project.description,
        nature=project.nature,
        procedure_type=procedure,
        buyers=_buyers(parties, pool),
        buyer_legal_types=_roles("BT-11", parties, "type", _TYPE, "buyer-contracting-type"),
        buyer_activities=_roles("BT-10", parties, "activity", _ACTIVITY, None),
        cpv_main=project.cpv_main or next((lot.cpv_main for lot in lots if lot.cpv_main), None),
        cpv_additional=project.cpv_additional,
        places=project.places,
        value=project.value,
        framework_maximum=project.framework_maximum,
        total_value=total,
        lots=lots,
        awards=awards,
        previous_planning=tuple(dict.fromkeys((*planned, *planned_by_lots))),
        withheld=codes("BT-195", root.iter(_SECRET)),
    )


def _tailoring(nodes: Sequence[_Element]) -> _Tailoring:
    printed = plain(nodes) or ""
    if "${" in printed:
        raise SourceRefused(
            "a template with places to fill in, not a notice", source=SOURCE, where="OPT-002"
        )
    match = _TAILORING.search(printed)
    regime = match[1] if match else ""
    if regime and regime not in _REGIMES:
        raise bad("OPT-002", nodes[0], f"unknown tailoring {regime[:40]!r}", changed=True)
    return _Tailoring(
        printed=printed, regime=regime, converted=bool(regime) and "#extended" not in printed
    )


def _required(field: str, root: _Element, nodes: Sequence[_Element]) -> str:
    content = plain(nodes)
    if content is None:
        raise SourceError("missing", source=SOURCE, where=f"{field} {path_of(root)}")
    return content


def _version(root: _Element, nodes: Sequence[_Element], *, converted: bool) -> str:
    """Return BT-757; converted notices have one version only and may not say so."""
    return plain(nodes) or ("01" if converted else _required("BT-757", root, nodes))


def _kind(root: _Element, nodes: Sequence[_Element]) -> tuple[NoticeKind, str]:
    notice_type = _required("BT-02", root, nodes)
    form = nodes[0].get("listName", "")
    if form in code_lists.BUSINESS_REGISTRATION:
        raise SourceRefused(
            "a business registration, about no purchase", source=SOURCE, where="BT-03"
        )
    kind = code_lists.NOTICE_TYPES.get(notice_type) or code_lists.FORMS.get(form)
    if kind is None:
        raise bad("BT-03", nodes[0], f"unknown form type {form[:40]!r}", changed=bool(form))
    return kind, notice_type


def _subtype(nodes: Sequence[_Element]) -> str | None:
    for node in nodes:
        return code("OPP-070", inside((node,), _SUBTYPE))
    return None


def _languages(fields: Fields, inside: Fields) -> tuple[str, ...]:
    """BT-702 with the main language first, then Norwegian ones that the EU does not know."""
    nodes = list(fields.get("language", EMPTY))
    outers = list(fields.get("more_languages", EMPTY))
    for node in inside.get("languages", EMPTY):
        outers += only(node, _LANGUAGES)
    for outer in outers:
        nodes += only(outer, _ID)
    return codes("BT-702", nodes)


def _published_on(nodes: Sequence[_Element]) -> date | None:
    for node in nodes:
        return day("OPP-012", take(node, _PUBLICATION).get("on", EMPTY))
    return None


def _changes(nodes: Sequence[_Element]) -> Change | None:
    if not nodes or not len(nodes[0]):
        return None
    fields = take(nodes[0], _CHANGES)
    changes = [take(node, _CHANGE) for node in fields.get("change", EMPTY)]
    reasons = [take(node, _REASON) for node in fields.get("reason", EMPTY)]
    sections = [
        node
        for change in changes
        for outer in change.get("section", EMPTY)
        for node in only(outer, _SECTION)
    ]
    return Change(
        notice=_required("BT-758", nodes[0], fields.get("notice", EMPTY)),
        reason=next((code("BT-140", one.get("code", EMPTY)) for one in reasons), None),
        text=text(node for one in reasons for node in one.get("text", EMPTY)),
        description=text(node for one in changes for node in one.get("description", EMPTY)),
        sections=codes("BT-13716", sections),
    )


def _process(nodes: Sequence[_Element]) -> tuple[str | None, tuple[str, ...]]:
    if not nodes:
        return None, ()
    fields = take(nodes[0], _PROCESS)
    procedure = code("BT-105", fields.get("procedure", EMPTY))
    # Converted notices say UNKNOWN where the old form had no such field.
    return (
        None if procedure == "UNKNOWN" else procedure,
        earlier_notices(fields.get("earlier", EMPTY)),
    )


def _buyers(parties: Sequence[Fields], pool: Pool) -> tuple[OrganisationRef, ...]:
    found: dict[str, OrganisationRef] = {}
    for party in parties:
        for role in party.get("party", EMPTY):
            for outer in inside((role,), _ROLE):
                for node in only(outer, _ID):
                    identifier = plain((node,))
                    buyer = pool.get(identifier) if identifier else None
                    if buyer is None:
                        reason = f"no organisation {identifier or ''!r} in the notice"
                        raise bad("OPT-300", node, reason)
                    found[buyer.ref] = buyer
    return tuple(found.values())


def _roles(
    field: str, parties: Sequence[Fields], key: str, tag: str, other: str | None
) -> tuple[str, ...]:
    """Return the codes of all buyers, but those of list ``other``."""
    nodes = [
        node
        for party in parties
        for outer in party.get(key, EMPTY)
        for node in only(outer, tag)
        if other is None or node.get("listName") != other
    ]
    return codes(field, nodes)

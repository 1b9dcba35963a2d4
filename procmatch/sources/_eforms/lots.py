"""Lots and parts: ``cac:ProcurementProjectLot``, and ``cac:TenderingProcess`` inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml.etree import _Element

from procmatch.model.notice import Lot
from procmatch.sources._eforms import code_lists
from procmatch.sources._eforms.project import NO_PROJECT, read_project
from procmatch.sources._eforms.shapes import EMPTY, bad, extension, inside, only, q, shape, take
from procmatch.sources._eforms.terms import NO_TERMS, read_terms
from procmatch.sources._eforms.values import code, instant, plain, whole
from procmatch.sources.building import builder

__all__ = ["earlier_notices", "read_lots"]

_LOT = shape(
    "lot",
    id="cbc:ID",
    project="cac:ProcurementProject",
    terms="cac:TenderingTerms",
    process="cac:TenderingProcess",
)
_PROCESS = shape(
    "lot process",
    extension="ext:UBLExtensions",
    tender="cac:TenderSubmissionDeadlinePeriod",
    request="cac:ParticipationRequestReceptionPeriod",
    question="cac:AdditionalInformationRequestPeriod",
    system="cac:ContractingSystem",
    framework="cac:FrameworkAgreement",
    earlier="cac:NoticeDocumentReference",
)
_EXTENSION = shape("lot process extension", interest="efac:InterestExpressionReceptionPeriod")
_DEADLINE = shape("deadline", on="cbc:EndDate", at="cbc:EndTime")
_SYSTEM = q("cbc:ContractingSystemTypeCode")
_FRAMEWORK = shape("framework", most="cbc:MaximumOperatorQuantity")
_EARLIER = shape("earlier notice", id="cbc:ID")

#: ``cbc:ID/@schemeName`` -> kind of lot; groups of lots repeat what their lots say.
_KINDS = {"Lot": "lot", "Part": "part", "LotsGroup": ""}
_KINDS_BY_PREFIX = {"LOT": "lot", "PAR": "part", "GLO": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Process:
    deadline: datetime | None = None
    deadline_kind: str | None = None
    question_deadline: datetime | None = None
    framework: str | None = None
    dps: str | None = None
    framework_participants: int | None = None
    earlier: tuple[str, ...] = ()


_NO_PROCESS = _Process()
_new_lot = builder(Lot)
_new_process = builder(_Process)


def read_lots(
    nodes: Sequence[_Element], *, wall_clock: bool
) -> tuple[tuple[Lot, ...], tuple[str, ...]]:
    """Read the lots and parts of a notice; groups of lots are left out.

    Args:
        nodes: ``cac:ProcurementProjectLot`` elements.
        wall_clock: see :func:`procmatch.sources._eforms.values.instant`.

    Returns:
        the lots, and the notices that they follow (BT-125).

    Raises:
        SourceError: a value that cannot be read, or (SourceChanged) that no rule knows.
    """
    lots: list[Lot] = []
    earlier: dict[str, None] = {}
    for node in nodes:
        fields = take(node, _LOT)
        identifier, kind = _identity(node, fields.get("id", EMPTY))
        if not kind:
            continue
        process = _process(fields.get("process", EMPTY), wall_clock=wall_clock)
        earlier |= dict.fromkeys(process.earlier)
        lots.append(_lot(identifier, kind, fields, process))
    return tuple(lots), tuple(earlier)


def _identity(node: _Element, ids: Sequence[_Element]) -> tuple[str, str]:
    identifier = plain(ids)
    if identifier is None:
        raise bad("BT-137", ids[0] if ids else node, "a lot without an id")
    scheme = ids[0].get("schemeName")
    kind = _KINDS.get(scheme) if scheme else _KINDS_BY_PREFIX.get(identifier[:3])
    if kind is None:
        raise bad("BT-137", ids[0], f"neither lot, part nor group: {scheme!r}", changed=True)
    return identifier, kind


def _lot(identifier: str, kind: str, fields: dict[str, list[_Element]], process: _Process) -> Lot:
    project = read_project(fields["project"][0]) if "project" in fields else NO_PROJECT
    terms = read_terms(fields["terms"][0]) if "terms" in fields else NO_TERMS
    return _new_lot(
        id=identifier,
        kind=kind,
        title=project.title,
        description=project.description,
        nature=project.nature,
        cpv_main=project.cpv_main,
        cpv_additional=project.cpv_additional,
        places=project.places,
        value=project.value,
        framework_maximum=project.framework_maximum,
        framework=process.framework,
        dps=process.dps,
        framework_participants=process.framework_participants,
        term=project.term,
        deadline=process.deadline,
        deadline_kind=process.deadline_kind,
        question_deadline=process.question_deadline,
        reserved=terms.reserved,
        reserved_execution=terms.reserved_execution,
        sme_suitable=project.sme_suitable,
        award_criteria=terms.award_criteria,
        selection_criteria=terms.selection_criteria,
        strategic=project.strategic,
        variants=terms.variants,
        electronic_catalogue=terms.electronic_catalogue,
        guarantee_required=terms.guarantee_required,
        documents_url=terms.documents_url,
        submission_url=terms.submission_url,
        tender_languages=terms.tender_languages,
    )


def _process(nodes: Sequence[_Element], *, wall_clock: bool) -> _Process:
    if not nodes:
        return _NO_PROCESS
    fields = take(nodes[0], _PROCESS)
    get = fields.get
    interest = inside(extension(get("extension", EMPTY)), _EXTENSION)
    deadline, deadline_kind = None, None
    for kind, field, periods in (
        ("interest", "BT-630", interest),
        ("request", "BT-1311", get("request", EMPTY)),
        ("tender", "BT-131", get("tender", EMPTY)),
    ):
        moment = _moment(field, periods, wall_clock=wall_clock)
        if moment is not None:
            deadline, deadline_kind = moment, kind
    systems = _systems(get("system", EMPTY))
    participants = None
    for node in get("framework", EMPTY):
        participants = whole("BT-113", inside((node,), _FRAMEWORK))
    return _new_process(
        deadline=deadline,
        deadline_kind=deadline_kind,
        question_deadline=_moment("BT-13", get("question", EMPTY), wall_clock=wall_clock),
        framework=systems.get("framework-agreement"),
        dps=systems.get("dps-usage"),
        framework_participants=participants,
        earlier=earlier_notices(get("earlier", EMPTY)),
    )


def _moment(field: str, periods: Sequence[_Element], *, wall_clock: bool) -> datetime | None:
    for period in periods:
        get = take(period, _DEADLINE).get
        moment = instant(field, get("on", EMPTY), get("at", EMPTY), wall_clock=wall_clock)
        if moment is not None:
            return moment
    return None


_SYSTEMS = {
    "framework-agreement": ("BT-765", code_lists.FRAMEWORK),
    "dps-usage": ("BT-766", code_lists.DPS),
}


def _systems(nodes: Sequence[_Element]) -> dict[str, str]:
    """Return ``@listName`` -> code, without ``none``."""
    found: dict[str, str] = {}
    for outer in nodes:
        for node in only(outer, _SYSTEM):
            listed = node.get("listName", "")
            if listed not in _SYSTEMS:
                raise bad("BT-765", node, f"unknown list {listed[:40]!r}", changed=True)
            field, known = _SYSTEMS[listed]
            value = code(field, (node,), known)
            if value and value != "none":
                found[listed] = value
    return found


def earlier_notices(nodes: Sequence[_Element]) -> tuple[str, ...]:
    """Return the notices that ``cac:NoticeDocumentReference`` elements name (BT-125)."""
    found = dict.fromkeys(plain(inside((node,), _EARLIER)) for node in nodes)
    return tuple(one for one in found if one and one != "n.a.")

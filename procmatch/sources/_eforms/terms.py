"""``cac:TenderingTerms`` of a lot: requirements, criteria, documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml.etree import _Element

from procmatch.model.notice import AwardCriterion, SelectionCriterion
from procmatch.sources._eforms import code_lists
from procmatch.sources._eforms.criteria import read_award_criteria, read_selection_criteria
from procmatch.sources._eforms.ignored import IGNORED_LISTS
from procmatch.sources._eforms.shapes import EMPTY, bad, extension, inside, only, q, shape, take
from procmatch.sources._eforms.values import code, codes, indicator, plain
from procmatch.sources.building import builder

__all__ = ["NO_TERMS", "Terms", "read_terms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Fields as on ``Lot``."""

    reserved: tuple[str, ...] = ()
    reserved_execution: bool = False
    award_criteria: tuple[AwardCriterion, ...] = ()
    selection_criteria: tuple[SelectionCriterion, ...] = ()
    variants: str | None = None
    electronic_catalogue: str | None = None
    guarantee_required: bool | None = None
    documents_url: str | None = None
    submission_url: str | None = None
    tender_languages: tuple[str, ...] = ()


NO_TERMS = Terms()
_new_terms = builder(Terms)

_TERMS = shape(
    "lot terms",
    extension="ext:UBLExtensions",
    variants="cbc:VariantConstraintCode",
    guarantee="cac:RequiredFinancialGuarantee",
    documents="cac:CallForTendersDocumentReference",
    qualification="cac:TendererQualificationRequest",
    execution="cac:ContractExecutionRequirement",
    awarding="cac:AwardingTerms",
    recipient="cac:TenderRecipientParty",
    language="cac:Language",
)
_EXTENSION = shape("lot terms extension", selection="efac:SelectionCriteria")
_GUARANTEE = shape("guarantee", code="cbc:GuaranteeTypeCode")
_DOCUMENTS = shape("documents", type="cbc:DocumentType", attachment="cac:Attachment")
_ATTACHMENT = q("cac:ExternalReference")
_REFERENCE = shape("external reference", uri="cbc:URI")
_QUALIFICATION = shape("qualification request", requirement="cac:SpecificTendererRequirement")
_REQUIREMENT = shape("specific requirement", code="cbc:TendererRequirementTypeCode")
_EXECUTION = shape("execution requirement", code="cbc:ExecutionRequirementCode")
_YES = frozenset(("yes", "true", "True"))
_RECIPIENT = shape("recipient", url="cbc:EndpointID")
_LANGUAGE = q("cbc:ID")


def read_terms(node: _Element) -> Terms:
    """Read the terms of a lot or part.

    Raises:
        SourceError: a value that cannot be read, or (SourceChanged) that no rule knows.
    """
    fields = take(node, _TERMS)
    get = fields.get
    selection = inside(extension(get("extension", EMPTY)), _EXTENSION)
    requirements = _by_list(
        inside(inside(get("qualification", EMPTY), _QUALIFICATION), _REQUIREMENT),
        read=("reserved-procurement", "selection-criteria-source"),
        ignored=IGNORED_LISTS["requirement"],
        field="BT-71",
    )
    execution = _by_list(
        inside(get("execution", EMPTY), _EXECUTION),
        read=("reserved-execution", "ecatalog-submission"),
        ignored=IGNORED_LISTS["execution"],
        field="BT-736",
    )
    sources = codes("BT-821", requirements["selection-criteria-source"])
    return _new_terms(
        reserved=codes("BT-71", requirements["reserved-procurement"], code_lists.RESERVED),
        reserved_execution=code("BT-736", execution["reserved-execution"]) in _YES,
        award_criteria=read_award_criteria(get("awarding", EMPTY)),
        selection_criteria=read_selection_criteria(selection, sources),
        variants=code("BT-63", get("variants", EMPTY)),
        electronic_catalogue=code("BT-764", execution["ecatalog-submission"]),
        guarantee_required=_guarantee(get("guarantee", EMPTY)),
        documents_url=_documents(get("documents", EMPTY)),
        submission_url=_first(get("recipient", EMPTY)),
        tender_languages=codes(
            "BT-97",
            [one for outer in get("language", EMPTY) for one in only(outer, _LANGUAGE)],
        ),
    )


def _by_list(
    nodes: Sequence[_Element], *, read: tuple[str, ...], ignored: frozenset[str], field: str
) -> dict[str, list[_Element]]:
    """Sort codes by ``@listName``; without one they belong to the first list."""
    found: dict[str, list[_Element]] = {name: [] for name in read}
    for node in nodes:
        name = node.get("listName", read[0])
        if name in found:
            found[name].append(node)
        elif name not in ignored:
            raise bad(field, node, f"unknown list {name[:40]!r}", changed=True)
    return found


def _guarantee(nodes: Sequence[_Element]) -> bool | None:
    for node in nodes:
        answer = indicator("BT-751", inside((node,), _GUARANTEE))
        if answer is not None:
            return answer
    return None


def _documents(nodes: Sequence[_Element]) -> str | None:
    """BT-15 where everybody may read the documents, else BT-615."""
    found: list[tuple[bool, str]] = []
    for node in nodes:
        fields = take(node, _DOCUMENTS)
        restricted = plain(fields.get("type", EMPTY)) == "restricted-document"
        for attachment in fields.get("attachment", EMPTY):
            for reference in only(attachment, _ATTACHMENT):
                uri = plain(inside((reference,), _REFERENCE))
                if uri:
                    found.append((restricted, uri))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _first(nodes: Sequence[_Element]) -> str | None:
    for node in nodes:
        url = plain(inside((node,), _RECIPIENT))
        if url:
            return url
    return None

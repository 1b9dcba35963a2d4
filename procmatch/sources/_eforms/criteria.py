"""Award criteria and selection criteria of a lot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml.etree import _Element

from procmatch.model.notice import AwardCriterion, SelectionCriterion
from procmatch.sources._eforms import code_lists
from procmatch.sources._eforms.ignored import IGNORED_LISTS
from procmatch.sources._eforms.shapes import EMPTY, bad, extension, inside, shape, take
from procmatch.sources._eforms.values import code, number, plain, text
from procmatch.sources.building import builder

__all__ = ["read_award_criteria", "read_selection_criteria"]

_AWARDING = shape("awarding terms", criterion="cac:AwardingCriterion")
_CRITERION = shape("awarding criterion", subordinate="cac:SubordinateAwardingCriterion")
_SUBORDINATE = shape(
    "subordinate criterion",
    type="cbc:AwardingCriterionTypeCode",
    name="cbc:Name",
    description="cbc:Description",
    extension="ext:UBLExtensions",
)
_EXTENSION = shape("subordinate criterion extension", parameter="efac:AwardCriterionParameter")
_PARAMETER = shape("criterion parameter", code="efbc:ParameterCode", number="efbc:ParameterNumeric")
_SELECTION = shape(
    "selection criterion",
    type="cbc:CriterionTypeCode cbc:TendererRequirementTypeCode",
    usage="cbc:CalculationExpressionCode",
    name="cbc:Name",
    description="cbc:Description",
)
_NOTHING = AwardCriterion()
_new_award_criterion = builder(AwardCriterion)
_new_selection_criterion = builder(SelectionCriterion)
_FIXED_TYPES = frozenset(("price", "cost", "quality"))


def read_award_criteria(nodes: Sequence[_Element]) -> tuple[AwardCriterion, ...]:
    """Read the criteria inside ``cac:AwardingTerms``; those without any content are left out.

    Raises:
        SourceError: a weight that is no number; SourceChanged: an unknown code.
    """
    read = map(_award_criterion, inside(inside(nodes, _AWARDING), _CRITERION))
    return tuple(criterion for criterion in read if criterion != _NOTHING)


def _award_criterion(node: _Element) -> AwardCriterion:
    fields = take(node, _SUBORDINATE)
    get = fields.get
    kind = code("BT-539", get("type", EMPTY))
    if kind and kind not in _FIXED_TYPES and not kind.startswith("quality-nor-"):
        raise bad("BT-539", fields["type"][0], f"unknown type {kind[:40]!r}", changed=True)
    weight, weight_kind = None, None
    for inner in extension(get("extension", EMPTY)):
        for found in _weights(inside((inner,), _EXTENSION)):
            weight, weight_kind = found
    return _new_award_criterion(
        type=kind,
        name=text(get("name", EMPTY)),
        description=text(get("description", EMPTY)),
        weight=weight,
        weight_kind=weight_kind,
    )


def _weights(nodes: Sequence[_Element]) -> Iterator[tuple[float | None, str | None]]:
    """Yield weights; fixed values and thresholds (BT-5422, BT-5423) stand in the same element."""
    for node in nodes:
        fields = take(node, _PARAMETER)
        kinds = fields.get("code", EMPTY)
        if kinds and kinds[0].get("listName", "number-weight") in IGNORED_LISTS["parameter"]:
            continue
        kind = code("BT-5421", kinds, code_lists.WEIGHTS)
        yield number("BT-541", fields.get("number", EMPTY)), kind


def read_selection_criteria(
    nodes: Sequence[_Element], sources: tuple[str, ...]
) -> tuple[SelectionCriterion, ...]:
    """Read ``efac:SelectionCriteria``; those marked "not used" (BT-748) are no requirements.

    Args:
        nodes: the elements.
        sources: BT-821 of the lot. What stands in the notice comes from the notice, where that
            is one of the sources.
    """
    source = "epo-notice" if "epo-notice" in sources else next(iter(sources), None)
    found = []
    for node in nodes:
        get = take(node, _SELECTION).get
        if plain(get("usage", EMPTY)) in {"n-used", "not-used"}:
            continue
        criterion = _new_selection_criterion(
            type=code("BT-747", get("type", EMPTY)),
            name=text(get("name", EMPTY)),
            description=text(get("description", EMPTY)),
            source=source,
        )
        if criterion.type or criterion.name or criterion.description:
            found.append(criterion)
    return tuple(found)

"""Releases of one contracting process merged into one: the state of today."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from procmatch.errors import ExtraMissing
from procmatch.ocds.values import Json

__all__ = ["WHOLE_LISTS", "compiler"]

#: Lists of the mapping that a later release replaces as a whole: their members have no id of
#: their own, are words, or the schema says so. All other lists merge by the id of their members.
WHOLE_LISTS = (
    "parties/additionalIdentifiers",
    "parties/details/classifications",
    "parties/roles",
    "tender/amendments/rationaleClassifications",
    "tender/amendments/relatedLots",
    "tender/deliveryAddresses",
    "tender/documents/relatedLots",
    "tender/items/additionalClassifications",
    "tender/items/deliveryAddresses",
    "tender/lots/awardCriteria/criteria",
    "tender/lots/otherRequirements/reservedParticipation",
    "tender/lots/selectionCriteria/criteria",
    "tender/lots/submissionTerms/languages",
    "tender/lots/sustainability",
    "tender/otherRequirements/reservedParticipation",
    "tender/selectionCriteria/criteria",
    "tender/submissionTerms/languages",
    "tender/sustainability",
    "awards/relatedLots",
    "contracts/identifiers",
    "relatedProcesses/relationship",
)
_OMITTED = ("id", "date", "tag")


def compiler() -> Callable[[Sequence[Json]], Json]:
    """Return what merges the releases of one ocid, oldest first, into a compiled release.

    The merge is that of the standard's own library, with the rules above: given to it, so that it
    looks for no schema on the network.

    Raises:
        ExtraMissing: the library is not installed.
    """
    try:
        from ocdsmerge import Merger  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        raise ExtraMissing("ocdsmerge", "ocds") from None
    rules: dict[tuple[str, ...], str] = {(name,): "omitWhenMerged" for name in _OMITTED}
    for path in WHOLE_LISTS:
        rules[tuple(path.split("/"))] = "wholeListMerge"
    merger = Merger(merge_rules=rules)

    def compiled(releases: Sequence[Json]) -> Json:
        merged: Json = merger.create_compiled_release(list(releases))
        return merged

    return compiled

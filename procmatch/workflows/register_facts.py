"""What Enhetsregisteret itself says that is evidence: facts in its fields, nothing from a name."""

from __future__ import annotations

from collections.abc import Iterator

from procmatch.codes.evidence import kinds
from procmatch.model.organisation import Evidence, Organisation

__all__ = ["SOURCE", "register_facts"]

SOURCE = "enhetsregisteret"
_NON_PROFIT = "7000"
#: Work training and sheltered work. 88.994 means something else in SN2025.
_WORK_INCLUSION = {"SN2025": {"88.993"}, "SN2007": {"88.993", "88.994"}}


def _facts(unit: Organisation) -> Iterator[tuple[str, str]]:
    if unit.legal_form == "SA":
        yield "cooperative", "organisasjonsform.kode = SA"
    if unit.legal_form == "STI":
        yield "foundation", "organisasjonsform.kode = STI"
    elif unit.is_foundation:
        yield "foundation", "registrertIStiftelsesregisteret"
    if unit.sector == _NON_PROFIT:
        yield "non_profit", "institusjonellSektorkode.kode = 7000"
    if unit.is_voluntary:
        yield "voluntary_organisation", "registrertIFrivillighetsregisteret"
    for at, trade in enumerate(unit.industry_codes, start=1):
        if trade.code in _WORK_INCLUSION.get(trade.revision, ()):
            yield "work_inclusion", f"naeringskode{at} = {trade.code} ({trade.revision})"
            break


def register_facts(unit: Organisation) -> tuple[Evidence, ...]:
    """Return the register's own facts of a unit; ``reference`` names the field."""
    return tuple(
        Evidence(
            kind=kind,
            dimension=kinds()[kind].dimension,
            source=SOURCE,
            reference=field,
            org=unit.id,
            tied_by="register",
        )
        for kind, field in _facts(unit)
    )

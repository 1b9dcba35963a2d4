"""Every kind of hurdle: where it is read, what of the supplier it meets, and how it weighs.

``docs/how-matching-works.md`` prints this table; a test holds the rules against it.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["HURDLE_KINDS", "HurdleKind"]

STOPS, OPEN, WORK = "stops", "open", "work"
_ASKED = "BT-749, 750, 809, 24"
_CERTIFICATE = "evidence"


@dataclass(frozen=True, slots=True)
class HurdleKind:
    """One kind.

    Attributes:
        name: as in :class:`~procmatch.model.match.Hurdle`.
        lot: fields of the notice it is read from.
        supplier: what is known of a supplier that would meet it; ``""``: nothing in registers.
        weights: ``stops`` (verdict not), ``open`` (perhaps), ``work`` to be done before bidding;
            several where it depends on what is known.
    """

    name: str
    lot: str
    supplier: str
    weights: tuple[str, ...]


HURDLE_KINDS = (
    HurdleKind("status", "", "bankruptcy, winding up, deletion, reconstruction", (STOPS, OPEN)),
    HurdleKind("not_a_supplier", "BT-262", "trades, helper unit", (STOPS,)),
    HurdleKind("deadline", "BT-131, 1311, 630", "", (STOPS,)),
    HurdleKind("reserved", "BT-71, 21, 24", "trade, evidence, sector, own words", (STOPS, OPEN)),
    HurdleKind("reserved_execution", "BT-736", "trade, evidence", (OPEN,)),
    HurdleKind("turnover", "BT-749, 750, 809", "accounts, group", (STOPS, OPEN)),
    HurdleKind("capacity", "BT-27, 271, 36", "accounts, else staff; group", (OPEN,)),
    HurdleKind("distance", "BT-5131, 5121, 5071", "establishments", (OPEN,)),
    HurdleKind("food_registration", "BT-262", "trade, food inspection", (WORK,)),
    HurdleKind("cleaning_register", f"BT-262; {_ASKED}", "cleaning register", (OPEN,)),
    HurdleKind("central_approval", _ASKED, "central approval and its class", (OPEN, WORK)),
    HurdleKind("licence", _ASKED, "", (WORK,)),
    HurdleKind("apprentices", f"{_ASKED}, 21", "approved apprenticeship firms", (WORK,)),
    HurdleKind("years_trading", _ASKED, "date of foundation or registration", (OPEN, WORK)),
    HurdleKind("references", _ASKED, "a young firm is told what may count", (WORK,)),
    HurdleKind("staffing", _ASKED, "number of employees", (OPEN, WORK)),
    HurdleKind("key_staff", _ASKED, "", (WORK,)),
    HurdleKind("equipment", _ASKED, "", (WORK,)),
    HurdleKind("equity", _ASKED, "accounts", (OPEN, WORK)),
    HurdleKind("credit_rating", _ASKED, "", (WORK,)),
    HurdleKind("financial_standing", _ASKED, "", (WORK,)),
    HurdleKind("insurance", _ASKED, "", (WORK,)),
    HurdleKind("guarantee", f"BT-751; {_ASKED}", "", (OPEN,)),
    HurdleKind("tax_certificate", _ASKED, "", (WORK,)),
    HurdleKind("fee", _ASKED, "", (WORK,)),
    HurdleKind("quality_certificate", _ASKED, _CERTIFICATE, (WORK,)),
    HurdleKind("quality_system", _ASKED, _CERTIFICATE, (WORK,)),
    HurdleKind("environment_certificate", _ASKED, _CERTIFICATE, (WORK,)),
    HurdleKind("environment_system", _ASKED, _CERTIFICATE, (WORK,)),
    HurdleKind("security_certificate", _ASKED, _CERTIFICATE, (WORK,)),
    HurdleKind("information_security", _ASKED, _CERTIFICATE, (WORK,)),
    HurdleKind("other_certificate", _ASKED, "", (WORK,)),
    HurdleKind("hse_system", _ASKED, "", (WORK,)),
    HurdleKind("due_diligence", _ASKED, "", (WORK,)),
    HurdleKind("police_certificate", _ASKED, "", (WORK,)),
    HurdleKind("security_clearance", _ASKED, "", (WORK,)),
    HurdleKind("nda", _ASKED, "", (WORK,)),
    HurdleKind("language", f"BT-97; {_ASKED}", "", (WORK,)),
    HurdleKind("electronic_catalogue", f"BT-764; {_ASKED}", "", (WORK,)),
    HurdleKind("daily_delivery", _ASKED, "", (OPEN,)),
    HurdleKind("response_time", f"{_ASKED}, 21", "establishments", (OPEN, WORK)),
    HurdleKind("local_presence", f"{_ASKED}, 21", "establishments", (OPEN,)),
    HurdleKind("nationwide", f"{_ASKED}, 21", "", (OPEN,)),
)

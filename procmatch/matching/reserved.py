"""Lots kept for some organisations: by code (BT-71), or by how the work is to be done (BT-736)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procmatch.matching.need import Wanted
from procmatch.matching.profile import Profile
from procmatch.matching.ways_out import filled
from procmatch.model.match import Hurdle
from procmatch.model.organisation import Organisation
from procmatch.text.messages import Message

__all__ = ["SHELTERED", "reserved_hurdles"]

SHELTERED, _PUBLIC_SERVICE = "res-ws", "res-pub-ser"
#: Institutional sector code of non-profit organisations.
_NON_PROFIT = "7000"
#: A firm's own words for giving people outside working life work; they prove nothing alone.
_TELLS = re.compile(
    r"arbeidsinkluder|arbeidstrening|arbeidsmarkedsbedrift|arbeidssamvirke|attføring|vekstbedrift"
    r"|sosialt? entrepren|vernet arbeid|verna arbeid|varig tilrettelagt|varig tilrettelagd",
    re.IGNORECASE,
)
_COUNTS = Message("Ask the buyer {when} whether your organisation counts.")


def _non_profit(unit: Organisation) -> bool:
    return bool(unit.is_foundation or unit.is_voluntary or unit.sector == _NON_PROFIT)


def _sheltered(wanted: Wanted, one: Profile, shown: set[str], trades: str) -> Hurdle | None:
    """Sheltered workshops, and firms whose aim is to include the disabled or disadvantaged."""
    if "work_inclusion" in shown or any(trade.startswith(trades) for trade, _ in one.trades):
        return None
    unit = one.supplier.organisation
    likely = "social_enterprise" in shown or _non_profit(unit)
    if likely or _TELLS.search(f"{unit.activity} {unit.purpose}"):
        return Hurdle(
            kind="reserved",
            blocking=False,
            decides=True,
            reason=Message(
                "The lot is reserved for firms that employ people outside working life; whether "
                "this one counts is not known."
            ),
            way_out=filled(_COUNTS, wanted),
            source="BT-71, naeringskode, aktivitet, vedtektsfestetFormaal",
        )
    return Hurdle(
        kind="reserved",
        blocking=True,
        reason=Message("The lot is reserved for firms that employ people outside working life."),
        way_out=Message(
            "Offer to be subcontractor of such a firm. If this firm is one, a registered trade of "
            "work training or a proof of work inclusion would show it."
        ),
        source="BT-71, naeringskode",
    )


def _public_service(wanted: Wanted, one: Profile) -> Hurdle | None:
    if _non_profit(one.supplier.organisation):
        return None
    return Hurdle(
        kind="reserved",
        blocking=False,
        decides=True,
        reason=Message(
            "The lot is reserved for organisations with a public service mission, such as "
            "non-profits and those owned by their employees."
        ),
        way_out=filled(_COUNTS, wanted),
        source="BT-71, institusjonellSektorkode",
    )


def reserved_hurdles(
    wanted: Wanted, one: Profile, shown: set[str], *, trades: str
) -> Iterator[Hurdle]:
    """Yield what keeps a supplier from a reserved lot; of several reservations one is enough.

    Args:
        wanted: the lot.
        one: the supplier.
        shown: its kinds of evidence that hold today.
        trades: beginning of the SN2025 codes of work training and sheltered work.
    """
    kept_for = wanted.lot.reserved
    every = []
    if SHELTERED in kept_for:
        every.append(_sheltered(wanted, one, shown, trades))
    if _PUBLIC_SERVICE in kept_for:
        every.append(_public_service(wanted, one))
    if every and None not in every:
        # The kindest: one that leaves it open before one that blocks.
        yield min((one for one in every if one), key=lambda hurdle: hurdle.blocking)
    sheltered_work = wanted.lot.reserved_execution and SHELTERED not in kept_for
    if sheltered_work and _sheltered(wanted, one, shown, trades):
        yield Hurdle(
            kind="reserved_execution",
            blocking=False,
            decides=True,
            reason=Message("The work is to be done within programmes of sheltered employment."),
            way_out=Message("Cooperate with a firm for work inclusion that does the work."),
            source="BT-736",
        )

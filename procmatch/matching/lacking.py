"""What a lot does not say, and what that leaves uncompared."""

from __future__ import annotations

from procmatch.codes import Codes
from procmatch.matching.need import notice_codes, total_value
from procmatch.matching.place import lot_municipalities
from procmatch.model.notice import Lot, Notice
from procmatch.text.messages import Message

__all__ = ["lacking"]


def lacking(
    notice: Notice, lot: Lot, *, codes: Codes, buyer_municipality: str | None = None
) -> tuple[Message, ...]:
    """Return what matching misses in a lot, as sentences; nothing when all is there."""
    found = []
    direct = lot.cpv or notice_codes(notice)
    if not direct:
        found.append(Message("It names no CPV code: trades could not be compared."))
    found += [
        Message("The CPV code {code} is not known.", (("code", code),))
        for code in direct
        if not codes.cpv.label(code)
    ]
    if not any(map(str, (lot.title, lot.description, notice.title, notice.description))):
        found.append(Message("It has no text: words could not be compared."))
    towns, field = lot_municipalities(notice, lot, codes.places, buyer_municipality)
    places = codes.places.municipalities
    if not towns and field != "BT-727":
        found.append(Message("It names no place: distance could not be compared."))
    found += [
        Message("The municipality {number} is not known.", (("number", number),))
        for number in sorted(towns)
        if number not in places and not codes.places.today(number)
    ]
    if total_value(notice, lot) is None:
        found.append(
            Message("It names no value in Norwegian kroner: capacity could not be compared.")
        )
    return tuple(found)

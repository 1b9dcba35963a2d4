"""What a buyer asks of suppliers, found in the words of its requirements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from procmatch.model.notice import Lot

__all__ = ["Requirement", "requirements"]

_MILLION = Decimal(1_000_000)
_NUMBER = r"(\d[\d\s.]*(?:,\d+)?)"
_UNIT = r"(mnok|mill(?:ionar|ioner|\.)?(?:\s*(?:kroner|kr|nok))?|kroner|kr|nok)"
#: "4 millioner kroner", "2,5 mill. kr", "500 000 kr"; or "kr 5 000 000", "MNOK 10".
_AMOUNT = rf"(?:{_NUMBER}\s*{_UNIT}\b|\b(mnok|kr|nok)\.?\s*{_NUMBER})"
_WORD = r"(?:omsetning|omsetnad|omsetjing|turnover)"
#: The word before the amount, or "4 millioner kroner i årlig omsetning".
_TURNOVER = (
    re.compile(rf"{_WORD}[^.;]{{0,100}}?{_AMOUNT}", re.IGNORECASE),
    re.compile(rf"{_AMOUNT}\s+(?:i|per|pr\.?)\s+(?:\w+\s+)?{_WORD}", re.IGNORECASE),
)
#: Nobody asks for less: a smaller amount is a fee that stands in the same sentence.
_LEAST_TURNOVER = Decimal(50_000)
_DENIED = re.compile(r"\b(?:ikke|ikkje|ingen|uten|utan)\b[^.;]{0,40}$", re.IGNORECASE)
#: kind -> what gives it away. The kinds are those of ``hurdles``.
_SIGNS = {
    "quality_certificate": re.compile(r"iso\s*-?\s*9001", re.IGNORECASE),
    "environment_certificate": re.compile(
        r"iso\s*-?\s*14001|miljøfyrtårn|\bemas\b|miljøledelsessystem", re.IGNORECASE
    ),
    "security_certificate": re.compile(r"iso\s*-?\s*27001", re.IGNORECASE),
    "references": re.compile(
        r"\breferans(?:er|ar|e|ene|ane)\b|sammenlignbare leveranse|samanliknbare leveranse"
        r"|erfaring fra minst",
        re.IGNORECASE,
    ),
    "daily_delivery": re.compile(
        r"\bdag(?:lig|leg)e?\s+lever|lever\w*\s+(?:dag(?:lig|leg)|hver dag|kvar dag)"
        r"|alle (?:enheter|einingar)",
        re.IGNORECASE,
    ),
    "electronic_catalogue": re.compile(r"elektronisk\s+(?:vare)?katalog|peppol", re.IGNORECASE),
    "credit_rating": re.compile(
        r"kredittvurdering|kredittverdig|\b(?:kreditt)?rating\b", re.IGNORECASE
    ),
    "insurance": re.compile(r"ansvarsforsikring", re.IGNORECASE),
    "apprentices": re.compile(r"lærebedrift|lærling", re.IGNORECASE),
    "cleaning_register": re.compile(r"renholdsregister", re.IGNORECASE),
    "central_approval": re.compile(r"sentral godkjenning", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement: its kind, its amount in NOK if it has one, and the field it stands in."""

    kind: str
    amount: Decimal | None
    field: str


def _amount(number: str, unit: str) -> Decimal | None:
    plain = re.sub(r"[\s.]", "", number).replace(",", ".")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    return value * _MILLION if unit.lower().startswith(("mn", "mi")) else value


def _in_text(text: str, field: str) -> Iterator[Requirement]:
    for pattern in _TURNOVER:
        for found in pattern.finditer(text):
            amount = _amount(found[1] or found[4], found[2] or found[3])
            if amount and amount >= _LEAST_TURNOVER:
                yield Requirement("turnover", amount, field)
    for kind, sign in _SIGNS.items():
        found_sign = sign.search(text)
        if found_sign and not _DENIED.search(text[: found_sign.start()]):
            yield Requirement(kind, None, field)


def requirements(lot: Lot) -> tuple[Requirement, ...]:
    """Return what a lot asks of its suppliers, each kind once (the highest turnover).

    Read from the selection criteria (BT-750) and from the lot's codes for guarantee (BT-751) and
    electronic catalogue (BT-764). What stands only in the documents cannot be seen.
    """
    found: dict[str, Requirement] = {}
    for criterion in lot.selection_criteria:
        for text in (*criterion.name.versions, *criterion.description.versions):
            for one in _in_text(text[1], "BT-750"):
                old = found.get(one.kind)
                if old is None or (one.amount or 0) > (old.amount or 0):
                    found[one.kind] = one
    if lot.guarantee_required:
        found.setdefault("guarantee", Requirement("guarantee", None, "BT-751"))
    if lot.electronic_catalogue == "required":
        found.setdefault(
            "electronic_catalogue", Requirement("electronic_catalogue", None, "BT-764")
        )
    return tuple(found.values())

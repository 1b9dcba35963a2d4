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
#: "4 millioner kroner", "2,5 mill. kr", "500 000 kr"; or "kr 5 000 000".
_AMOUNT = (
    rf"(?:{_NUMBER}\s*(mnok|mill(?:ionar|ioner|\.)?(?:\s*(?:kroner|kr|nok))?|kroner|kr|nok)\b"
    rf"|(?:kr|nok)\.?\s*{_NUMBER})"
)
_TURNOVER = re.compile(
    r"(?:omsetning|omsetnad|omsetjing|turnover)[^.]{0,100}?" + _AMOUNT, re.IGNORECASE
)
#: kind -> what gives it away. The kinds are those of ``hurdles``.
_SIGNS = {
    "quality_certificate": re.compile(r"iso\s*-?\s*9001", re.IGNORECASE),
    "environment_certificate": re.compile(
        r"iso\s*-?\s*14001|miljøfyrtårn|\bemas\b|miljøledelsessystem", re.IGNORECASE
    ),
    "security_certificate": re.compile(r"iso\s*-?\s*27001", re.IGNORECASE),
    "references": re.compile(
        r"referanse|sammenlignbare leveranse|samanliknbare|erfaring fra minst", re.IGNORECASE
    ),
    "daily_delivery": re.compile(r"(?:daglig|dagleg|alle enheter|alle einingar)", re.IGNORECASE),
    "electronic_catalogue": re.compile(r"elektronisk\s+(?:vare)?katalog|peppol", re.IGNORECASE),
    "credit_rating": re.compile(r"kredittvurdering|kredittverdig|rating", re.IGNORECASE),
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
    for found in _TURNOVER.finditer(text):
        if amount := _amount(found[1] or found[3], found[2] or "kr"):
            yield Requirement("turnover", amount, field)
    for kind, sign in _SIGNS.items():
        if sign.search(text):
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

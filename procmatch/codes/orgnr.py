"""Norwegian organisation numbers: nine digits, the last a MOD 11 check digit."""

from __future__ import annotations

import re
import unicodedata

from procmatch.errors import CodeError

__all__ = ["check_digit", "clean", "find", "is_synthetic", "is_valid"]

_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_LENGTH = 9
#: What sources put around a number: labels, country code, VAT suffix.
_BEFORE = r"(?:NO-BRC-|org(?:anisasjons)?\.?\s*-?\s*(?:nr|nummer|no)\.?\s*[:=]?|NO(?=[\s\d]))"
_PRINTED = re.compile(
    rf"^\s*{_BEFORE}?\s*(?:NO\s*)?([\d\s.\-]+?)\s*(?:MVA|VAT)?[\s.,;]*$", re.IGNORECASE
)
_LABELLED = re.compile(
    rf"{_BEFORE}\s*(?:NO\s*)?(\d{{3}}[\s.]?\d{{3}}[\s.]?\d{{3}})(?!\d)", re.IGNORECASE
)
_LOOSE = re.compile(r"(?<![\d.,])(\d{9}|\d{3} \d{3} \d{3})(?![\d]|[.,]\d)")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def check_digit(first_eight: str) -> int | None:
    """Return the check digit for eight digits, or None when no number begins so."""
    rest = sum(int(d) * w for d, w in zip(first_eight, _WEIGHTS, strict=True)) % 11
    digit = 0 if rest == 0 else 11 - rest
    return None if digit == 10 else digit  # noqa: PLR2004 - MOD 11 has no digit for ten


def is_valid(digits: str) -> bool:
    """Return whether ``digits`` is nine ASCII digits with a right check digit."""
    if len(digits) != _LENGTH or not (digits.isascii() and digits.isdigit()):
        return False
    return check_digit(digits[:-1]) == int(digits[-1])


def is_synthetic(number: str) -> bool:
    """Return whether a number is of the ranges kept for test data (first digit 2 or 3)."""
    return number[:1] in {"2", "3"}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_INVISIBLE)


def clean(text: str) -> str:
    """Return the nine digits of an organisation number.

    Accepts what sources really send: spaces of any kind, zero-width characters, dots, ``NO`` and
    ``MVA``, ``Org.nr.:``, ``NO-BRC-``.

    Args:
        text: one organisation number, as published.

    Returns:
        Exactly nine digits, the form used everywhere else in procmatch.

    Raises:
        CodeError: there are not nine digits, or the check digit is wrong.

    Examples:
        >>> clean("NO 988 077 917 MVA")
        '988077917'
        >>> clean("Org.nr.: 999 601 391")
        '999601391'
    """
    found = _PRINTED.match(_plain(text))
    digits = re.sub(r"\D", "", found[1]) if found else ""
    if not is_valid(digits):
        shown = text if len(text) <= 40 else f"{text[:40]}…"  # noqa: PLR2004 - one short line
        raise CodeError(f"not an organisation number: {shown!r}")
    return digits


def find(text: str) -> tuple[str, ...]:
    """Return the organisation numbers in a running text, each once, in order.

    A number counts when it is labelled as one ("org.nr."), or when it is the only valid candidate
    in the text: about one in eleven random nine-digit numbers passes the check.

    Examples:
        >>> find("Asker kommune, org.nr. 920 125 298, tlf 66 70 00 00")
        ('920125298',)
    """
    plain = _plain(text)

    def valid(pattern: re.Pattern[str]) -> tuple[str, ...]:
        digits = (re.sub(r"\D", "", match[1]) for match in pattern.finditer(plain))
        return tuple(dict.fromkeys(number for number in digits if is_valid(number)))

    labelled = valid(_LABELLED)
    if labelled:
        return labelled
    loose = valid(_LOOSE)
    return loose if len(loose) == 1 else ()

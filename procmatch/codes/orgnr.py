"""Norwegian organisation numbers: nine digits, the last a MOD 11 check digit."""

from __future__ import annotations

import re
import unicodedata

from procmatch.errors import CodeError

__all__ = ["check_digit", "clean", "find", "is_synthetic", "is_valid"]

_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
#: Weighted sums of the first, middle and last three digits, check digit included, by the digits.
_FIRST, _MIDDLE, _LAST = (
    {
        f"{number:03d}": sum(int(d) * w for d, w in zip(f"{number:03d}", weights, strict=True))
        for number in range(1000)
    }
    for weights in ((3, 2, 7), (6, 5, 4), (3, 2, 1))
)
_EIGHT = 8
_NINE = 9
_NO_DIGIT = 10
#: Longer than any label with a number; longer texts are prose and go to :func:`find`.
_LONGEST = 80
_SHOWN = 40
#: How sources name the number. No space is matched twice, so that matching stays linear.
_LABEL = (
    r"(?:NO-BRC[- :]?"
    r"|(?:org(?:anisasjons|anisation|anization)?|foretaks|mva|vat)"
    r"[.\- ]{0,2}(?:number|nummer|nr|no)(?:et)?\b[.:= ]{0,3}"
    r"|org\.[: ]{0,2})"
)
_COUNTRY = r"(?:NO[: ]{0,2})"
_PRINTED = re.compile(
    rf"\(?{_LABEL}?{_COUNTRY}?([0-9][0-9 .\-]{{7,20}})(?: ?\(?(?:MVA|VAT)\)?)?[ .,;)]{{0,3}}",
    re.IGNORECASE,
)
_DIGITS = r"([0-9]{3}[ .]?[0-9]{3}[ .]?[0-9]{3})"
_ALONE = r"(?![0-9]|[ .,\-/]{1,2}[0-9]{1,2}(?![0-9])|[.,\-/][0-9])"
_LABELLED = re.compile(
    rf"(?<!\w)(?:{_LABEL}{_COUNTRY}?|{_COUNTRY}(?=[0-9 ]{{9,11}} ?MVA\b)){_DIGITS}(?![0-9])",
    re.IGNORECASE,
)
#: Not an amount, not the tail of a longer number or a reference.
_LOOSE = re.compile(
    rf"(?<![\w.,+/\-])(?<![0-9] )(?<!kr )(?<!nok ){_DIGITS}{_ALONE}(?!\w)", re.IGNORECASE
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))
_SPACES = re.compile(r"\s+")


def check_digit(first_eight: str) -> int | None:
    """Return the check digit for eight digits, or None when no number begins so.

    Raises:
        CodeError: not eight digits.

    Examples:
        >>> check_digit("98807791")
        7
    """
    if len(first_eight) != _EIGHT or not _all_digits(first_eight):
        raise CodeError(f"not eight digits: {_shown(first_eight)}")
    rest = sum(int(d) * w for d, w in zip(first_eight, _WEIGHTS, strict=True)) % 11
    digit = 0 if rest == 0 else 11 - rest
    return None if digit == _NO_DIGIT else digit


def is_valid(digits: str) -> bool:
    """Return whether ``digits`` is nine ASCII digits with a right check digit."""
    if len(digits) != _NINE or not _all_digits(digits):
        return False
    return not (_FIRST[digits[:3]] + _MIDDLE[digits[3:6]] + _LAST[digits[6:]]) % 11


def is_synthetic(number: str) -> bool:
    """Return whether a number is of the ranges kept for test data (first digit 2 or 3)."""
    return number[:1] in {"2", "3"}


def clean(text: str) -> str:
    """Return the nine digits of an organisation number.

    Accepts what sources really send: spaces of any kind, zero-width characters, dots, ``NO`` and
    ``MVA``, ``Org.nr.:``, ``NO-BRC-``. Whether the number is one for test data is not asked here;
    see :func:`is_synthetic`.

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
    if is_valid(text):
        return text
    plain = _plain(text)
    found = _PRINTED.fullmatch(plain) if len(plain) <= _LONGEST else None
    digits = re.sub(r"[^0-9]", "", found[1]) if found else ""
    if not is_valid(digits):
        raise CodeError(f"not an organisation number: {_shown(text)}")
    return digits


def find(text: str) -> tuple[str, ...]:
    """Return the organisation numbers in a running text, each once, in order.

    A number counts when it is labelled as one ("org.nr."), or when it is the only valid candidate
    in the text: about one in eleven random nine-digit numbers passes the check. Digits inside a
    longer run (an account, a telephone number with its country code, a reference) never count.

    Examples:
        >>> find("Asker kommune, org.nr. 920 125 298, tlf 66 70 00 00")
        ('920125298',)
    """
    plain = _plain(text)
    labelled = _valid(_LABELLED, plain)
    if labelled:
        return labelled
    loose = _valid(_LOOSE, plain)
    return loose if len(loose) == 1 else ()


def _valid(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    digits = (re.sub(r"[^0-9]", "", match[1]) for match in pattern.finditer(text))
    return tuple(dict.fromkeys(number for number in digits if is_valid(number)))


def _all_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _plain(text: str) -> str:
    """Fold compatibility forms, drop what cannot be seen, make every space one plain space."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text).translate(_INVISIBLE)).strip()


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")

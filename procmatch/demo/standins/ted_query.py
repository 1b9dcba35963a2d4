"""TED's expert queries: ``buyer-country=NOR AND publication-date>=20260801 SORT BY ...``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from procmatch.demo.standins.ted_rows import FIELDS

__all__ = ["Query", "QueryError", "parse"]

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"[^"]*")|(?P<op>!=|!~|>=|<=|[=~<>()])|(?P<today>today\(\s*-?\d*\s*\))'
    r"|(?P<word>[^\s=!~<>()\"]+))"
)
_FULL_TEXT = "FT"
_WORDS = {"AND", "OR", "NOT", "IN"}
_COMPARED = {">", "<", ">=", "<="}
_CPV_FIELDS = {"classification-cpv", "main-classification-proc", "additional-classification-proc"}
_COUNTRY = re.compile(r"[A-Z]{3}")
_CPV = re.compile(r"\d{8}|\d{1,8}\*")
_DAY = re.compile(r"\d{8}")
_Row = Mapping[str, Any]
_Test = Callable[[_Row], bool]


class QueryError(Exception):
    """A query that TED refuses.

    Attributes:
        kind: TED's name for it, e.g. ``QUERY_UNKNOWN_FIELD``. column: from 1.
    """

    def __init__(self, kind: str, message: str, *, column: int, field: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.column = column
        self.field = field


@dataclass(frozen=True, slots=True)
class Query:
    """A test for rows, and the fields to sort by with whether downwards."""

    fits: _Test
    sort: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


def _tokens(query: str) -> Iterator[_Token]:
    at = 0
    while query[at:].strip():
        found = _TOKEN.match(query, at)
        if found is None:
            raise QueryError("QUERY_SYNTAX_ERROR", "Syntax error in query", column=at + 1)
        kind = str(found.lastgroup)
        yield _Token(kind, found[kind], found.start(kind) + 1)
        at = found.end()
    yield _Token("end", "", len(query) + 1)


def _texts(value: object) -> list[str]:
    """Return all texts of a value: scalars, lists, texts by language."""
    if isinstance(value, dict):
        return [text for part in value.values() for text in _texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    return [] if value is None else [str(value)]


def _is_date(field: str) -> bool:
    return field.endswith("-date") or "-date-" in field


def _comparable(field: str, text: str) -> str:
    return text[:10].replace("-", "") if _is_date(field) else text


def _values(field: str, row: _Row) -> list[str]:
    if field == _FULL_TEXT:
        return [text for name, value in row.items() if name != "links" for text in _texts(value)]
    return [_comparable(field, text) for text in _texts(row.get(field))]


def _equals(field: str, wanted: str) -> _Test:
    prefix = wanted.removesuffix("*")
    if field in _CPV_FIELDS:
        # A code stands for its branch; a division has two digits, the second may be 0.
        prefix = prefix[:2] + prefix[2:].rstrip("0")
        return lambda row: any(value.startswith(prefix) for value in _values(field, row))
    if prefix != wanted:
        return lambda row: any(value.startswith(prefix) for value in _values(field, row))
    return lambda row: wanted.casefold() in [v.casefold() for v in _values(field, row)]


def _contains(field: str, wanted: str) -> _Test:
    word = wanted.casefold().rstrip("*")
    return lambda row: any(word in value.casefold() for value in _values(field, row))


def _compares(field: str, sign: str, wanted: str) -> _Test:
    def fits(row: _Row) -> bool:
        return any(
            {">": v > wanted, "<": v < wanted, ">=": v >= wanted, "<=": v <= wanted}[sign]
            for v in _values(field, row)
        )

    return fits


class _Parser:
    """Recursive descent: OR of ANDs of comparisons."""

    def __init__(self, query: str, today: date) -> None:
        self.tokens = list(_tokens(query))
        self.today = today
        self.at = 0

    def peek(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def takes(self, text: str) -> bool:
        if self.peek().kind in {"word", "op"} and self.peek().text.upper() == text:
            self.take()
            return True
        return False

    def wrong(self, token: _Token) -> QueryError:
        found = token.text or "the end"
        message = f"Syntax error in query: unexpected {found!r}"
        return QueryError("QUERY_SYNTAX_ERROR", message, column=token.column)

    def query(self) -> Query:
        test = self.either()
        sort: list[tuple[str, bool]] = []
        if self.takes("SORT"):
            if not self.takes("BY"):
                raise self.wrong(self.peek())
            while self.peek().kind == "word":
                token = self.take()
                name = token.text.rstrip(",")
                self.known(name, token)
                sort.append((name, self.takes("DESC") or self.takes("DESC,")))
        if self.peek().kind != "end":
            raise self.wrong(self.peek())
        return Query(test, tuple(sort))

    def either(self) -> _Test:
        tests = [self.both()]
        while self.takes("OR"):
            tests.append(self.both())
        return lambda row: any(test(row) for test in tests)

    def both(self) -> _Test:
        tests = [self.single()]
        while self.takes("AND"):
            tests.append(self.single())
        return lambda row: all(test(row) for test in tests)

    def single(self) -> _Test:
        if self.takes("NOT"):
            negated = self.single()
            return lambda row: not negated(row)
        if self.takes("("):
            inner = self.either()
            if not self.takes(")"):
                raise self.wrong(self.peek())
            return inner
        return self.comparison()

    def known(self, name: str, token: _Token) -> None:
        if name != _FULL_TEXT and name not in FIELDS:
            message = f"Unknown field {name!r} in query"
            raise QueryError("QUERY_UNKNOWN_FIELD", message, column=token.column, field=name)

    def comparison(self) -> _Test:
        token = self.take()
        if token.kind != "word" or token.text.upper() in _WORDS:
            raise self.wrong(token)
        field = token.text
        self.known(field, token)
        negated = self.takes("NOT")
        if self.takes("IN"):
            return self.members(field, negated=negated)
        sign = self.take()
        if negated or sign.kind != "op" or sign.text in {"(", ")"}:
            raise self.wrong(sign)
        value = self.value(field)
        if sign.text in _COMPARED:
            if not (_is_date(field) or "value" in field or "number" in field):
                raise QueryError(
                    "QUERY_UNSUPPORTED_FIELD_OPERATION",
                    f"Operation {sign.text} is not supported for field {field}",
                    column=sign.column,
                    field=field,
                )
            return _compares(field, sign.text, value)
        test = _contains(field, value) if "~" in sign.text else _equals(field, value)
        return (lambda row: not test(row)) if sign.text.startswith("!") else test

    def members(self, field: str, *, negated: bool) -> _Test:
        if not self.takes("("):
            raise self.wrong(self.peek())
        tests = []
        while not self.takes(")"):
            tests.append(_equals(field, self.value(field)))
        if not tests:
            raise self.wrong(self.peek())
        return lambda row: any(test(row) for test in tests) is not negated

    def value(self, field: str) -> str:
        token = self.take()
        if token.kind == "today":
            days = re.sub(r"[^\d-]", "", token.text)
            return f"{self.today + timedelta(days=int(days or 0)):%Y%m%d}"
        if token.kind not in {"word", "text"}:
            raise self.wrong(token)
        text = token.text.strip('"')
        refusal = _refusal(field, text)
        if refusal:
            raise QueryError(
                refusal, f"Value {text!r} for field {field}", column=token.column, field=field
            )
        return text


def _refusal(field: str, text: str) -> str:
    """Return TED's name for what is wrong with a value, or ``""``."""
    if field in _CPV_FIELDS and not _CPV.fullmatch(text):
        return "QUERY_UNSUPPORTED_FIELD_VALUE"
    if field.endswith("-country") and not _COUNTRY.fullmatch(text):
        return "QUERY_UNSUPPORTED_FIELD_VALUE"
    if _is_date(field):
        try:
            parsed = bool(_DAY.fullmatch(text)) and datetime.strptime(text, "%Y%m%d")  # noqa: DTZ007
        except ValueError:
            parsed = False
        return "" if parsed else "QUERY_INVALID_FIELD_FORMAT"
    return ""


def parse(query: str, today: date) -> Query:
    """Read an expert query.

    Args:
        query: e.g. ``notice-type IN (cn-standard pin-only) SORT BY publication-date DESC``.
        today: what ``today(-7)`` counts from.

    Raises:
        QueryError: TED would refuse it; says why and in which column.
    """
    return _Parser(query, today).query()

"""Which units a search in Enhetsregisteret finds: the parameters of version 2, traps included."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from urllib.parse import urlencode

from procmatch.demo.standins.content import Json
from procmatch.demo.standins.exchange import Reply, Request, as_json
from procmatch.demo.standins.register_index import Entry

__all__ = ["WINDOW", "BadRequest", "bad_request", "found", "page"]

WINDOW = 10_000
_DEFAULT_SIZE = 20
_LONGEST_NAME = 180
_NUMBER = re.compile(r"\d{9}")
#: Length of an industry code by level: a parameter must end where a level ends.
_CODE_LENGTHS = {2, 4, 5, 6}
#: One to four employees are not told apart, so neither bound may lie among them.
_HIDDEN = {"fraAntallAnsatte": {2, 3, 4}, "tilAntallAnsatte": {1, 2, 3}}
_BOOLEANS = (
    "konkurs",
    "underAvvikling",
    "underTvangsavviklingEllerTvangsopplosning",
    "registrertIMvaregisteret",
    "registrertIForetaksregisteret",
    "registrertIStiftelsesregisteret",
    "registrertIFrivillighetsregisteret",
    "registrertIPartiregisteret",
)
#: Parameter without fra/til -> field.
_DATES = {
    "RegistreringsdatoEnhetsregisteret": "registreringsdatoEnhetsregisteret",
    "Stiftelsesdato": "stiftelsesdato",
    "Oppstartsdato": "oppstartsdato",
    "DatoEierskifte": "datoEierskifte",
    "Nedleggelsesdato": "nedleggelsesdato",
}
_ADDRESSES = ("forretningsadresse", "beliggenhetsadresse", "postadresse")
_LISTS = {
    "organisasjonsnummer": "organisasjonsnummer",
    "organisasjonsform": "organisasjonsform.kode",
    "institusjonellSektorkode": "institusjonellSektorkode.kode",
    "sisteInnsendteAarsregnskap": "sisteInnsendteAarsregnskap",
    "overordnetEnhet": "overordnetEnhet",
} | {
    f"{kind}.{part}": f"{kind}.{part}"
    for kind in _ADDRESSES
    for part in ("kommunenummer", "postnummer", "poststed", "landkode")
}
_Wish = Callable[[Entry], bool]


class BadRequest(Exception):
    """The register's 400 for one parameter."""

    def __init__(self, message: str, parameter: str, value: str) -> None:
        super().__init__(message)
        self.message = message
        self.parameter = parameter
        self.value = value


def bad_request(path: str, error: BadRequest) -> Reply:
    """Return the register's body of a 400."""
    return as_json(
        {
            "tidsstempel": 1780000000000,
            "status": 400,
            "feilmelding": "Feilaktig forespørsel",
            "sti": path,
            "antallFeil": 1,
            "valideringsfeil": [
                {
                    "feilmelding": error.message,
                    "parametere": [error.parameter],
                    "feilaktigVerdi": error.value,
                }
            ],
        },
        400,
    )


def _number(request: Request, name: str, default: int) -> int:
    text = request.one(name, str(default))
    if not text.isdecimal():
        raise BadRequest(f"{name} må være et heltall", name, text)
    return int(text)


def _day(request: Request, name: str) -> str:
    text = request.one(name)
    try:
        if text and date.fromisoformat(text).isoformat() != text:
            raise BadRequest("Dato må være på formen yyyy-MM-dd", name, text)
    except ValueError:
        raise BadRequest("Dato må være på formen yyyy-MM-dd", name, text) from None
    return text


def _at_least(bound: int) -> _Wish:
    return lambda one: one.staff[1] >= bound


def _at_most(bound: int) -> _Wish:
    return lambda one: one.staff[0] <= bound


def _staff_wishes(request: Request) -> list[_Wish]:
    wishes = []
    for name, hidden in _HIDDEN.items():
        if not request.one(name):
            continue
        bound = _number(request, name, 0)
        if bound in hidden:
            allowed = "0, 1" if name.startswith("fra") else "0, 4"
            message = f"{name} må være {allowed} eller større enn 4"
            raise BadRequest(message, name, str(bound))
        wishes.append(_at_least(bound) if name.startswith("fra") else _at_most(bound))
    return wishes


def _name_wish(text: str) -> _Wish:
    """The index drops punctuation and the question keeps it: ``FINN.no`` is not found."""
    asked = text.casefold().split()

    def has(words: Sequence[str], wanted: str) -> bool:
        if wanted.endswith("*"):
            return any(word.startswith(wanted[:-1]) for word in words)
        return wanted in words

    return lambda one: all(has(one.words, wanted) for wanted in asked)


def _one_of(path: str, values: set[str]) -> _Wish:
    return lambda one: one.text(path).casefold() in values


def _in_town(towns: set[str]) -> _Wish:
    """Business or postal address: the trap of this parameter."""
    paths = [f"{kind}.kommunenummer" for kind in _ADDRESSES]
    return lambda one: any(one.flat.get(path) in towns for path in paths)


def _in_industry(codes: list[str]) -> _Wish:
    above = tuple(code for code in codes if len(code) in _CODE_LENGTHS)
    paths = [f"naeringskode{place}.kode" for place in (1, 2, 3)]
    return lambda one: any(one.text(path).startswith(above) for path in paths)


def _between(path: str, first: str, last: str) -> _Wish:
    def fits(one: Entry) -> bool:
        day = one.text(path)
        return bool(day) and first <= day <= (last or "9999")

    return fits


def _date_wishes(request: Request) -> list[_Wish]:
    wishes = []
    for suffix, path in _DATES.items():
        first, last = _day(request, f"fra{suffix}"), _day(request, f"til{suffix}")
        if first or last:
            wishes.append(_between(path, first, last))
    return wishes


def _flagged(name: str, *, on: bool) -> _Wish:
    return lambda one: bool(one.flat.get(name)) is on


def _flag_wishes(request: Request) -> list[_Wish]:
    wishes = []
    for name in _BOOLEANS:
        text = request.one(name).lower()
        if text not in {"", "true", "false"}:
            raise BadRequest(f"{name} må være true eller false", name, text)
        if text:
            wishes.append(_flagged(name, on=text == "true"))
    return wishes


def _list_wishes(request: Request) -> list[_Wish]:
    for number in request.listed("organisasjonsnummer"):
        if not _NUMBER.fullmatch(number):
            message = "Organisasjonsnummer må være et nummer med nøyaktig 9 siffer"
            raise BadRequest(message, "organisasjonsnummer", number)
    return [
        _one_of(path, {value.casefold() for value in values})
        for parameter, path in _LISTS.items()
        if (values := request.listed(parameter))
    ]


def _wishes(request: Request) -> list[_Wish]:
    name = request.one("navn")
    if len(name) > _LONGEST_NAME:
        raise BadRequest("Navn må være mellom 1 og 180 tegn", "navn", name)
    wishes = [
        *_staff_wishes(request),
        *_date_wishes(request),
        *_flag_wishes(request),
        *_list_wishes(request),
    ]
    if name:
        wishes.append(_name_wish(name))
    if towns := request.listed("kommunenummer"):
        wishes.append(_in_town(set(towns)))
    if codes := request.listed("naeringskode"):
        wishes.append(_in_industry(codes))
    return wishes


def found(entries: Sequence[Entry], request: Request) -> list[Json]:
    """Return the items that fit; parameters that the register does not know are ignored.

    ``sort=field,ASC|DESC`` orders them; those without the field come last.

    Raises:
        BadRequest: a parameter has a value that the register refuses.
    """
    wishes = _wishes(request)
    field, _, way = request.one("sort").partition(",")
    if way.upper() not in {"", "ASC", "DESC"}:
        raise BadRequest("Sortering må være ASC eller DESC", "sort", way)
    fitting = [one for one in entries if all(wish(one) for wish in wishes)]
    if field:
        having = [one for one in fitting if field in one.flat]
        having.sort(key=lambda one: one.flat[field], reverse=way.upper() == "DESC")
        fitting = [*having, *(one for one in fitting if field not in one.flat)]
    return [one.item for one in fitting]


def _paging(request: Request) -> tuple[int, int]:
    number, size = _number(request, "page", 0), _number(request, "size", _DEFAULT_SIZE)
    if size < 1 or (number + 1) * size > WINDOW:
        message = f"Summen av page og size kan ikke overstige {WINDOW} treff"
        raise BadRequest(message, "size", str(size))
    return number, size


def _links(request: Request, number: int, size: int, pages: int) -> Json:
    others = {name: v for name, v in request.query.items() if name not in {"page", "size"}}

    def link(to: int) -> Json:
        query = urlencode({**others, "page": to, "size": size}, doseq=True, safe=",*:")
        return {"href": f"{request.site}{request.path}?{query}"}

    if pages <= 1:
        return {"self": link(number)}
    links = {"first": link(0), "self": link(number)}
    if number:
        links["prev"] = link(number - 1)
    if number + 1 < pages:
        links["next"] = link(number + 1)
    return links | {"last": link(pages - 1)}


def page(name: str, items: Sequence[Json], request: Request) -> Reply:
    """Return one HAL page of a collection.

    Raises:
        BadRequest: page or size is no number, or past the first 10,000.
    """
    number, size = _paging(request)
    part = items[number * size : (number + 1) * size]
    pages = -(-len(items) // size)
    links = _links(request, number, size, pages)
    counts = {
        "size": size,
        "totalElements": len(items),
        "totalPages": pages,
        "number": number,
    }
    # An empty answer has no _embedded at all.
    embedded = {"_embedded": {name: list(part)}} if part else {}
    return as_json({**embedded, "_links": links, "page": counts})

"""What is asked: a printed name and what was printed beside it, made comparable."""

from __future__ import annotations

import re
from dataclasses import dataclass

from procmatch.codes import orgnr
from procmatch.errors import CodeError
from procmatch.linkage.owners import heirs, is_public_part, own_names, owners
from procmatch.linkage.places import marks, site, street
from procmatch.text.normalise import Name, ascii_key, fold_ascii, parse_name, spell_out

__all__ = ["Asked", "Query", "ask", "full_key", "municipal_form"]

#: A longer "name" is a paragraph that slipped into the wrong field.
LONGEST_NAME = 500
#: Room for nine digits with labels and spaces.
LONGEST_NUMBER = 60
MOST_TOWN_WORDS = 3
_POSTCODE = re.compile(r"(?<!\d)\d{4}(?!\d)")
#: The word that states the form of a municipality or county, which no AS or SA does for them.
_MUNICIPAL = {"kommune": "KOMM", "fylkeskommune": "FYLK"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A party as printed.

    Attributes:
        name: as printed (BT-500). number: as printed (BT-501), or None.
        place: town (BT-513), "5020 Bergen", or a municipality's four digits.
        postcode: BT-512.
        kind: legal form of the unit where the source tells it, as the register's code.
        street: first line of the address (BT-510).
        website: home page or e-mail address (BT-505, BT-506); only its domain is compared.
    """

    name: str
    number: str | None = None
    place: str | None = None
    postcode: str | None = None
    kind: str | None = None
    street: str | None = None
    website: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A query made comparable.

    Attributes:
        key: :func:`~procmatch.text.normalise.ascii_key` of the name, ``""`` if it has no letter.
        full: the same with the part that follows "avd." or "v/".
        others: keys of that part and of the former name ("tidl. ...") alone.
        behind: keys of who may stand behind the name, see :mod:`procmatch.linkage.owners`.
        own_names: keys of the Norwegian name of a public body that is printed in English.
        is_public_part: whether it may be a part of a public body.
        form: legal form stated, or None.
        town: words of the town's name.
        where, street, site: see :mod:`procmatch.linkage.places`.
        number: nine digits with a right check digit, or None.
        number_problem: why a printed number is not used, or ``""``.
    """

    key: str
    full: str = ""
    others: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    own_names: tuple[str, ...] = ()
    is_public_part: bool = False
    form: str | None = None
    where: frozenset[int] = frozenset()
    street: int = 0
    site: int = 0
    town: tuple[str, ...] = ()
    number: str | None = None
    number_problem: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys under which the unit may be known, the main one first."""
        return tuple(dict.fromkeys(key for key in (self.full, self.key, *self.others) if key))


def full_key(name: Name) -> str:
    """Return the key of a name with its part: "Valle skole avd Reinsvoll" is not "Valle skole"."""
    return spell_out(f"{name.key} {name.department}" if name.department else name.key)


def municipal_form(key: str) -> str | None:
    """Return KOMM or FYLK if the name is that of a municipality or county itself."""
    return _MUNICIPAL.get(key.rpartition(" ")[2])


def _asked_where(place: str | None, postcode: str | None) -> frozenset[int]:
    text = (place or "")[:LONGEST_NAME].strip()
    code = (postcode or "")[:LONGEST_NUMBER].strip() or None
    if text.isdecimal():
        return marks(municipality=text, postcode=code)
    printed = _POSTCODE.search(text)
    city = _POSTCODE.sub(" ", text).strip() or None
    return marks(city=city, postcode=code or (printed[0] if printed else None))


def _town_words(place: str | None) -> tuple[str, ...]:
    if not place:
        return ()
    words = fold_ascii(place[:LONGEST_NAME]).split()
    return tuple(word for word in words if word.isalpha() and len(word) > 1)[:MOST_TOWN_WORDS]


def _number(text: str | None) -> tuple[str | None, str]:
    printed = " ".join((text or "").split())
    if not printed:
        return None, ""
    try:
        return orgnr.clean(printed[:LONGEST_NUMBER]), ""
    except CodeError as error:
        return None, str(error)


def ask(query: Query) -> Asked:
    """Make a query comparable; whatever is printed, this raises nothing."""
    name = query.name[:LONGEST_NAME]
    parsed = parse_name(name)
    key = spell_out(parsed.key)
    if len(query.name) > LONGEST_NAME or not any(char.isalpha() for char in key):
        key = ""
    number, problem = _number(query.number)
    others = [ascii_key(part) for part in (parsed.department, parsed.former) if part]
    where = _asked_where(query.place, query.postcode)
    return Asked(
        key=key,
        full=full_key(parsed) if key else "",
        others=tuple(other for other in others if any(char.isalpha() for char in other)),
        own_names=own_names(key),
        behind=(*heirs(key), *owners(key, where)),
        is_public_part=is_public_part(key),
        form=query.kind or parsed.legal_form or municipal_form(key),
        where=where,
        town=_town_words(query.place),
        street=street((query.street or "")[:LONGEST_NAME]),
        site=site((query.website or "")[:LONGEST_NAME]),
        number=number,
        number_problem=problem,
    )

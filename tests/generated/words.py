"""The words of the generated market: made-up buyers, plain purchases, places nobody knows."""

from __future__ import annotations

import random

from procmatch.codes.orgnr import check_digit
from tests.generated.model import Buyer

__all__ = ["PURCHASES", "buyers", "names", "number"]

_TOWNS = (
    "Havneset", "Lillevik", "Storfjell", "Granli", "Sundøya", "Breivang", "Kvernes", "Elvebakk",
    "Nordmo", "Sørhamn", "Vestnes", "Øyangen", "Fjordby", "Dalsetra", "Myrvoll", "Tangvik",
    "Haugmark", "Skogstad", "Lianes", "Røyset", "Ålviken", "Bekkedal", "Torsvåg", "Kleivland",
)  # fmt: skip
_BODIES = ("kommune", "kommunale eiendom KF", "havnevesen")
_NUTS = ("NO081", "NO060", "NO071", "NO0A1", "NO0A2", "NO0A3", "NO091", "NO092", "NO082")
_PRINTED = ("{0}", "{1} {2} {3}", "NO {1} {2} {3} MVA", "Org.nr. {1} {2} {3}", "\u200b{0}")

#: CPV, nature, what in Norwegian, what in English.
PURCHASES = (
    ("15811000", "supplies", "Ferskt brød", "Fresh bread"),
    ("15500000", "supplies", "Meieriprodukter", "Dairy products"),
    ("55523100", "services", "Skolemat", "School meals"),
    ("90910000", "services", "Renhold", "Cleaning"),
    ("90620000", "services", "Snøbrøyting", "Snow clearing"),
    ("77310000", "services", "Grøntanlegg", "Green areas"),
    ("45233141", "works", "Vedlikehold av veier", "Road maintenance"),
    ("45214200", "works", "Nytt skolebygg", "New school building"),
    ("45442100", "works", "Malerarbeid", "Painting"),
    ("50712000", "services", "Ventilasjon", "Ventilation"),
    ("39130000", "supplies", "Kontormøbler", "Office furniture"),
    ("30213100", "supplies", "Bærbare datamaskiner", "Laptops"),
    ("72200000", "services", "Programvareutvikling", "Software development"),
    ("60130000", "services", "Drosjekjøring", "Taxi transport"),
    ("85312000", "services", "Avlastning", "Respite care"),
    ("33690000", "supplies", "Legemidler", "Medicines"),
    ("34144900", "supplies", "Elektriske biler", "Electric cars"),
    ("71240000", "services", "Arkitekttegning", "Architectural design"),
    ("79341000", "services", "Annonsering", "Advertising"),
    ("80510000", "services", "Kursholdere", "Trainers"),
)
_FIRST = (
    "Bjørke", "Gran", "Eike", "Sol", "Måne", "Berg", "Elve", "Fugle", "Lerke", "Rype", "Hare",
    "Ulve", "Bjørne", "Laks", "Ørret", "Sild", "Multe", "Tytte", "Blåbær", "Rogne", "Selje",
    "Vinter", "Sommer", "Kveld", "Morgen", "Regn", "Tåke", "Torden", "Stein", "Skifer", "Kobber",
    "Sølv", "Jern", "Hassel", "Kløver", "Timotei", "Havre", "Bygg", "Rug", "Humle",
)  # fmt: skip
_SECOND = (
    "lund", "haugen", "kroken", "vangen", "toppen", "vika", "åsen", "myra", "sletta", "bukta",
    "tunet", "hagen", "bakken", "teigen", "holtet", "kollen", "stranda", "dalen", "enga", "moen",
    "rabben", "holmen", "neset", "stølen", "voll", "skogen", "fossen", "tjernet", "brua", "rud",
)  # fmt: skip


def number(chance: random.Random) -> str:
    """Return an organisation number that passes its check; none that begins so is given out."""
    while True:
        first = f"31{chance.randrange(10**6):06d}"
        digit = check_digit(first)
        if digit is not None:
            return f"{first}{digit}"


def buyers(chance: random.Random) -> tuple[Buyer, ...]:
    """Return the buyers; how a buyer prints its number stays the same."""
    found = []
    for body in _BODIES:
        for town in _TOWNS:
            digits = number(chance)
            printed = chance.choice(_PRINTED).format(digits, digits[:3], digits[3:6], digits[6:])
            found.append(
                Buyer(
                    name=f"{town} {body}",
                    number=digits,
                    printed=printed,
                    nuts=chance.choice(_NUTS),
                )
            )
    return tuple(found)


def names(chance: random.Random) -> list[str]:
    """Return 1,200 places in any order; a buyer's purchases of a kind differ in theirs."""
    found = [first + second for first in _FIRST for second in _SECOND]
    chance.shuffle(found)
    return found

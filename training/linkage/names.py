"""Names of firms, farms and persons as a register prints them. Nobody real is meant."""

from __future__ import annotations

from dataclasses import dataclass

from training.linkage.dice import Dice, Spot, words

__all__ = ["Draft", "private"]

_FOREIGN_FORMS = ("Ltd", "GmbH", "AB", "ApS", "A/S", "Sp. z o.o.", "OÜ", "UAB", "SIA", "B.V.", "Oy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A unit before it has a number and an address.

    Attributes:
        name, form: of the unit. kind: sort of name. owner: the person behind, or ``""``.
        spot: its town. branches: (name, town) of establishments.
    """

    name: str
    form: str
    kind: str
    owner: str = ""
    spot: Spot
    branches: tuple[tuple[str, Spot], ...] = ()


def _trade(dice: Dice, *, nynorsk: bool) -> str:
    found = dice.trade()
    return found.nn if nynorsk else found.nb


def invented(dice: Dice) -> str:
    """Return a word that nobody else has."""
    middle = dice.choice(words("coined_middle")) if dice.chance(0.6) else ""
    word = dice.choice(words("coined_start")) + middle + dice.choice(words("coined_end"))
    return word.capitalize()


def _trader(dice: Dice, spot: Spot) -> Draft:
    """A surname and a trade."""
    nynorsk = spot.municipality.startswith("46") and dice.chance(0.5)
    trade, surname = _trade(dice, nynorsk=nynorsk), dice.surname()
    owner = f"{dice.first_name()} {surname}"
    genitive = surname if surname.endswith("s") else f"{surname}s"
    name = dice.choices(
        (
            f"{surname} {trade}",
            f"{genitive} {trade}",
            f"{owner} {trade}",
            f"{trade} {owner}",
            f"{surname} & {dice.surname()} {trade}",
            f"{owner[0]}. {surname} {trade}",
            f"{surname} {trade} {spot.town}",
            f"{owner}",
        ),
        (50, 8, 9, 6, 7, 4, 5, 8),
    )[0]
    return Draft(name=f"{name} AS", form="AS", kind="trader", owner=owner, spot=spot)


def _local(dice: Dice, spot: Spot) -> Draft:
    """A place and a trade."""
    area = dice.choice(words("regions")) if dice.chance(0.2) else spot.town
    trade = _trade(dice, nynorsk=spot.municipality.startswith("46") and dice.chance(0.5))
    numeral = f" {dice.randint(1, 9)}" if dice.chance(0.04) else ""
    name = f"{area} {trade}{numeral}"
    if dice.chance(0.1):
        name = f"{area} {trade} og {_trade(dice, nynorsk=False)}"
    form = dice.choices(("AS", "SA", "DA", "ANS"), (90, 5, 3, 2))[0]
    return Draft(name=f"{name} {form}", form=form, kind="local", spot=spot)


def _natural(dice: Dice, spot: Spot) -> Draft:
    first, second = dice.choice(words("nature")), dice.choice(words("nature")).lower()
    core = dice.choices((first, f"{first}{second}", f"{first} {second.title()}"), (45, 35, 20))[0]
    tail = f" {_trade(dice, nynorsk=False)}" if dice.chance(0.8) else ""
    return Draft(name=f"{core}{tail} AS", form="AS", kind="natural", spot=spot)


def _coined(dice: Dice, spot: Spot) -> Draft:
    word = invented(dice)
    if dice.chance(0.1):
        word = "".join(dice.choice("ABDEGHIKLMNOPRSTV") for _ in range(dice.randint(2, 4)))
    tail = f" {_trade(dice, nynorsk=False)}" if dice.chance(0.55) else ""
    return Draft(name=f"{word}{tail} AS", form="AS", kind="coined", spot=spot)


def _family(dice: Dice, spot: Spot) -> Draft:
    surname, trade = dice.surname(), _trade(dice, nynorsk=False)
    owner = f"{dice.first_name()} {surname}"
    core = dice.choice(
        (
            f"Brødrene {surname}",
            f"Brødrene {surname} {trade}",
            f"{surname} & Sønner",
            f"{owner} & Sønner",
            f"{owner} & Sønn",
            f"{surname} & Sønn {trade}",
            f"Brdr. {surname} {trade}",
            f"Søstrene {surname}",
            f"{owner[0]} {surname} & Co",
        )
    )
    form = dice.choices(("AS", "ANS", "DA"), (80, 10, 10))[0]
    return Draft(name=f"{core} {form}", form=form, kind="family", owner=owner, spot=spot)


def _person(dice: Dice, spot: Spot) -> Draft:
    owner = dice.person()
    first, last = owner.rsplit(" ", 1)
    trade = _trade(dice, nynorsk=dice.chance(0.15))
    name = dice.choices(
        (owner, f"{last} {first}", f"{trade} {owner}", f"{owner} {trade}", f"{trade} v/ {owner}"),
        (35, 12, 15, 30, 8),
    )[0]
    return Draft(name=name, form="ENK", kind="person", owner=owner, spot=spot)


def farm_name(dice: Dice, *, nynorsk: bool) -> str:
    """Return the name that a farm goes by."""
    farm, word = dice.farm(), "gard" if nynorsk else "gård"
    side = dice.choice(("Nordre", "Søndre", "Øvre", "Nedre", "Vestre", "Østre", "Store", "Lille"))
    return dice.choices(
        (f"{farm} {word}", f"{side} {farm} {word}", f"{side} {farm}", f"{farm}",
         f"{farm} gårdsdrift", f"{farm} samdrift", f"{farm} økologiske {word}", f"{farm} gårdsmat"),
        (38, 18, 12, 10, 8, 6, 4, 4),
    )[0]  # fmt: skip


def _farm(dice: Dice, spot: Spot) -> Draft:
    name, owner = farm_name(dice, nynorsk=dice.chance(0.4)), dice.person()
    form = dice.choices(("ENK", "AS", "DA", "ANS", "SA"), (68, 16, 9, 5, 2))[0]
    if "samdrift" in name and form == "ENK":
        form = "DA"
    if form != "ENK":
        name = f"{name} {form}" if dice.chance(0.8) else name
    else:
        name = dice.choices(
            (name, f"{name} {owner}", f"{name} v/ {owner}", f"{owner}", f"{owner} {name}"),
            (35, 30, 12, 13, 10),
        )[0]
    return Draft(name=name, form=form, kind="farm", owner=owner, spot=spot)


def _foreign(dice: Dice, spot: Spot) -> Draft:
    core = f"{dice.choice(words('foreign'))} {dice.choice(words('foreign_trades'))}"
    if dice.chance(0.5):
        core = f"{invented(dice)} {dice.choice(words('foreign_trades'))}"
    tail = f" {dice.choice(_FOREIGN_FORMS)}" if dice.chance(0.85) else ""
    mark = dice.choices(("", " NUF", " Norway", " avd Norge"), (45, 35, 12, 8))[0]
    return Draft(name=f"{core}{tail}{mark}", form="NUF", kind="foreign", spot=spot)


def _housing(dice: Dice, spot: Spot) -> Draft:
    street = f"{dice.farm()}{dice.choice(('veien', 'gata', 'bakken', 'lia', 'tunet'))}"
    number = f" {dice.randint(1, 90)}" if dice.chance(0.6) else ""
    if dice.chance(0.5):
        return Draft(name=f"Sameiet {street}{number}", form="ESEK", kind="housing", spot=spot)
    return Draft(name=f"Borettslaget {street}{number}", form="BRL", kind="housing", spot=spot)


def _chain(dice: Dice, spot: Spot) -> Draft:
    """A firm with establishments that bear names of their own, or its own and a place."""
    core = f"{invented(dice) if dice.chance(0.5) else dice.surname()} {dice.trade().nb}"
    brand = invented(dice)
    towns = [dice.spot() for _ in range(dice.randint(2, 7))]
    how = dice.randrange(3)
    branches = tuple(
        ((f"{core} AS avd {at.town}", f"{core} {at.town}", f"{brand} {at.town}")[how], at)
        for at in towns
    )
    return Draft(name=f"{core} AS", form="AS", kind="chain", spot=spot, branches=branches)


def _holding(dice: Dice, spot: Spot) -> Draft:
    core = dice.surname() if dice.chance(0.6) else invented(dice)
    tail = dice.choice(("Holding", "Invest", "Eiendom", "Eiendommer", "Eigedom", "Kapital"))
    return Draft(name=f"{core} {tail} AS", form="AS", kind="holding", spot=spot)


_MAKERS = (
    (_trader, 18), (_local, 12), (_natural, 7), (_coined, 9), (_family, 3), (_person, 18),
    (_farm, 11), (_foreign, 3), (_housing, 6), (_chain, 2), (_holding, 11),
)  # fmt: skip


def private(dice: Dice) -> Draft:
    """Return a firm, farm, person or house."""
    maker = dice.choices([one for one, _share in _MAKERS], [share for _one, share in _MAKERS])[0]
    return maker(dice, dice.spot())

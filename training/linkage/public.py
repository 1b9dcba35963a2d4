"""Names of municipalities and what belongs to them, of associations and of foundations."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from procmatch.codes import builtin
from training.linkage.dice import Dice, Spot, spots
from training.linkage.names import Draft

__all__ = ["civil", "municipal"]

_PARTS = (
    "Eiendom", "Oppvekst", "Helse og omsorg", "Teknisk", "Kultur", "Innkjøp", "Vann og avløp",
    "Barnehager", "Sosiale tjenester NAV", "Administrasjonen", "Vei og park", "Kirkelig fellesråd",
)  # fmt: skip
_UNDERTAKINGS = ("Eiendom", "Bydrift", "Havn", "Kulturhus", "Parkering", "Boligbygg", "Brannvesen")
_SHARED = ("Renovasjon", "Interkommunale Vannverk", "Revisjon", "Brann og Redning", "Krisesenter")
_SCHOOLS = ("skole", "barneskole", "ungdomsskole", "barnehage", "sykehjem", "bo- og omsorgssenter")
_NYNORSK = {
    "skole": "skule", "barneskole": "barneskule", "ungdomsskole": "ungdomsskule",
    "barnehage": "barnehage", "sykehjem": "sjukeheim", "bo- og omsorgssenter": "omsorgssenter",
}  # fmt: skip
_CLUBS = (
    "Idrettslag", "Musikkorps", "Skolekorps", "Sanitetsforening", "Bondelag",
    "Jeger og Fiskerforening",    "Husflidslag", "Historielag", "Turlag", "Bygdekvinnelag",
    "Skytterlag", "Grendelag",
    "Røde Kors", "Næringsforening", "Ungdomslag", "Mannskor", "Pensjonistforening", "Velforening",
)  # fmt: skip
_COOPERATIVES = (
    "Vassverk",
    "Samvirkelag",
    "Barnehage",
    "Fryseri",
    "Beitelag",
    "Kraftlag",
    "Bygdetun",
)
_FOUNDATIONS = ("Museum", "Kulturminner", "Legat", "Bomiljø", "Arbeidssenter", "Festspill")


@cache
def _towns() -> dict[str, list[Spot]]:
    found = defaultdict(list)
    for spot in spots():
        found[spot.municipality].append(spot)
    return found


def _spot(number: str, name: str, dice: Dice) -> Spot:
    return dice.choice(_towns().get(number) or [Spot(municipality=number, postcode="", town=name)])


def municipal(dice: Dice, share: float) -> list[Draft]:
    """Return municipalities with their parts and undertakings.

    Args:
        dice: the chance. share: of the municipalities.
    """
    found = []
    for number, one in sorted(builtin().places.municipalities.items()):
        if not dice.chance(share):
            continue
        spot, nynorsk = _spot(number, one.name, dice), dice.chance(0.3)
        word = "kommune" if dice.chance(0.97) else "herad"
        name = f"{one.name} {word}"
        found.append(
            Draft(
                name=name,
                form="KOMM",
                kind="municipality",
                spot=spot,
                branches=tuple(
                    (_place_of_work(dice, one.name, name, nynorsk=nynorsk), spot)
                    for _ in range(dice.randint(2, 9))
                ),
            )
        )
        for part in dice.sample(_PARTS, dice.randint(1, 4)):
            printed = f"{name} {part}" if dice.chance(0.8) else f"{part} {name}"
            found.append(Draft(name=printed, form="ORGL", kind="part", spot=spot))
        if dice.chance(0.3):
            tail = dice.choice(_UNDERTAKINGS)
            found.append(Draft(name=f"{one.name} {tail} KF", form="KF", kind="part", spot=spot))
        if dice.chance(0.2):
            tail = dice.choice(_SHARED)
            found.append(Draft(name=f"{one.name} {tail} IKS", form="IKS", kind="part", spot=spot))
    return found


def _place_of_work(dice: Dice, municipality: str, whole: str, *, nynorsk: bool) -> str:
    sort = dice.choice(_SCHOOLS)
    own = f"{dice.farm()} {_NYNORSK[sort] if nynorsk else sort}"
    return dice.choices(
        (own, f"{whole} {own}", f"{whole} {dice.choice(_PARTS)}", f"{municipality} {sort}"),
        (60, 15, 15, 10),
    )[0]


def civil(dice: Dice) -> Draft:
    """Return an association, cooperative or foundation."""
    spot = dice.spot()
    where = spot.town if dice.chance(0.6) else dice.farm()
    form = dice.choices(("FLI", "SA", "STI"), (76, 12, 12))[0]
    if form == "FLI":
        name = f"{where} {dice.choice(_CLUBS)}"
    elif form == "SA":
        name = f"{where} {dice.choice(_COOPERATIVES)} SA"
    else:
        tail = dice.choice(_FOUNDATIONS)
        name = f"Stiftelsen {where} {tail}" if dice.chance(0.8) else f"{where} {tail}"
    return Draft(name=name, form=form, kind="civil", spot=spot)

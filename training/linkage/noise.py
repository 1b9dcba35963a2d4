"""How units get printed in notices, lists of certificates and ledgers, with the truth beside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from procmatch.codes import builtin
from procmatch.linkage import Query
from procmatch.model.organisation import OrgId
from training.linkage import spelling
from training.linkage.dice import Dice, Spot, spots, trades
from training.linkage.names import farm_name, private
from training.linkage.register import Unit

__all__ = ["Noisy", "Sheet", "noisy", "sheet"]

#: How much oftener than others units of a kind are asked for.
_ASKED = {"person": 0.5, "housing": 0.3, "holding": 0.5, "farm": 2.0, "municipality": 5.0,
          "part": 2.0, "group": 1.5, "civil": 0.8, "chain": 3.0, "moved": 1.5}  # fmt: skip
#: What a printed name may lose or gain that a register states.
_FORMS = {"AS": ("A/S", "a.s.", "Aksjeselskap", "AS.", "as"), "ENK": ("ENK", "enkeltpersonforetak"),
          "SA": ("BA", "S.A.", "Samvirkeforetak"), "DA": ("ANS", "D/A"), "ANS": ("DA", "A.N.S."),
          "NUF": ("NUF", "Norwegian branch", "Norge NUF"), "STI": ("Stiftelse", "")}  # fmt: skip
_OTHER_FORMS = ("AS", "DA", "ANS", "SA", "ASA", "ENK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Noisy:
    """One printed party.

    Attributes:
        query: as printed. truth: the unit, or None: nobody in the register, or nobody by name.
        noise: sort of change, the most telling one.
        about: the unit from which it was made, by which sets are kept apart.
    """

    query: Query
    truth: OrgId | None
    noise: str
    about: OrgId


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A register and what was printed about its units, some of whom it does not hold."""

    register: tuple[Unit, ...]
    queries: tuple[Noisy, ...]


def sheet(units: Sequence[Unit], *, count: int, held_out: float = 0.25, seed: int = 1) -> Sheet:
    """Hold units out of a register and print some of all of them.

    Args:
        units: the whole register. count: how many queries.
        held_out: share of units that the register does not get; municipalities it always gets.
        seed: another one gives another sheet.
    """
    dice = Dice(f"noise {seed}")
    gone = {
        unit.organisation.id
        for unit in units
        if dice.chance(held_out) and unit.kind != "municipality"
    }
    asked = dice.choices(units, [_ASKED.get(unit.kind, 1.0) for unit in units], k=count)
    found = []
    for unit in asked:
        one = noisy(dice, unit)
        truth = None if one.truth in gone else one.truth
        found.append(replace(one, truth=truth))
    kept = tuple(unit for unit in units if unit.organisation.id not in gone)
    return Sheet(register=kept, queries=tuple(found))


def noisy(dice: Dice, unit: Unit) -> Noisy:
    """Print a unit."""
    org = unit.organisation
    spot, truth, noise = unit.spot, org.id, "clean"
    name = org.name.title() if dice.chance(0.8) else org.name
    alias = dice.random()
    branches = [one for one in org.establishments if one.name.upper() != org.name.upper()]
    if branches and alias < 0.4:
        branch = dice.choice(branches)
        name, noise = branch.name.title(), "establishment"
        spot = _spot_of(branch.place.postcode, branch.place.municipality) or spot
    elif org.former_names and alias < 0.5:
        name, noise = org.former_names[0].title(), "former name"
    elif unit.kind == "municipality":
        name, noise = _of_municipality(dice, name)
    elif alias > 0.93:
        found = _renamed(dice, unit, name)
        if found is not None:
            name, noise, is_same = found
            return Noisy(query=_printed(dice, unit, name, unit.spot), noise=noise, about=org.id,
                         truth=org.id if is_same else None)  # fmt: skip
    for _ in range(dice.choices((0, 1, 2, 3), (24, 44, 24, 8))[0]):
        sort, change = dice.choices([one for one, _ in _CHANGES], [share for _, share in _CHANGES])[
            0
        ]
        changed = change(dice, name, unit)
        if changed != name and changed.strip():
            name, noise = changed, sort if noise == "clean" else noise
    if dice.chance(0.55):
        name = _form(dice, name, unit)
    return Noisy(query=_printed(dice, unit, name, spot), truth=truth, noise=noise, about=org.id)


def _spot_of(postcode: str | None, municipality: str | None) -> Spot | None:
    fitting = (
        one for one in spots() if one.postcode == postcode and one.municipality == municipality
    )
    return next(fitting, None)


def _of_municipality(dice: Dice, name: str) -> tuple[str, str]:
    part = dice.choice(("Eiendom", "Oppvekst", "Teknisk", "Rådmannen", "Innkjøp", "NAV", "Kultur"))
    forms = (
        (name, "clean"),
        (f"{name} v/ {part}", "part printed"),
        (f"{name}, avd. {part.lower()}", "part printed"),
        (f"{name} - {part}", "part printed"),
        (f"{part} i {name}", "part printed"),
        (f"{name} v/{dice.person()}", "owner printed"),
        (spelling.english(dice, name), "english"),
        (name.rsplit(" ", 1)[0], "word dropped"),
        (f"{name} med hjelp av {private(dice).name}", "helper printed"),
    )
    return dice.choices(forms, (40, 14, 6, 5, 3, 6, 10, 5, 3))[0]


def _renamed(dice: Dice, unit: Unit, name: str) -> tuple[str, str, bool] | None:
    """Return a name of another year, the sort, and whether it is still told by name."""
    if dice.chance(0.45):
        return private(dice).name, "true rename", False
    if unit.kind == "farm" and unit.owner:
        core = name.upper().replace(unit.owner.upper(), "").replace(" V/", "").strip()
        if not core or core == name.upper():
            return farm_name(dice, nynorsk=dice.chance(0.5)), "true rename", False
        # A farm that changes hands gets a new number unless a company runs it.
        surname = unit.owner.rpartition(" ")[2]
        keeps = dice.chance(0.5)
        owner = f"{dice.first_name()} {surname if keeps else dice.surname()}"
        return (
            f"{core.title()} {owner}",
            "owner changed",
            keeps or unit.organisation.legal_form != "ENK",
        )
    if unit.kind == "person" and unit.owner:
        return f"{unit.owner} {dice.trade().nb} AS", "became a company", dice.chance(0.4)
    if unit.kind in {"trader", "natural", "coined", "local"}:
        head = name.split(maxsplit=1)[0]
        return f"{head} {dice.trade().nb} AS", "trade changed", dice.chance(0.45)
    return None


def _form(dice: Dice, name: str, unit: Unit) -> str:
    form = unit.organisation.legal_form or ""
    pieces = name.split()
    is_stated = pieces[-1].upper() == form
    sort = dice.choices(("drop", "other spelling", "front", "wrong"), (62, 24, 6, 8))[0]
    if sort == "drop":
        return " ".join(pieces[:-1]) if is_stated and len(pieces) > 1 else name
    core = " ".join(pieces[:-1]) if is_stated and len(pieces) > 1 else name
    if sort == "wrong":
        return f"{core} {dice.choice(_OTHER_FORMS)}"
    if sort == "front" and form in {"AS", "ANS", "STI"}:
        return f"{'A/S' if form == 'AS' and dice.chance(0.5) else form} {core}"
    return f"{core} {dice.choice(_FORMS[form])}" if form in _FORMS and is_stated else name


def _dropped(dice: Dice, name: str, unit: Unit) -> str:
    """Leave out what somebody thought went without saying."""
    pieces = name.split()
    generic = {word for one in trades() for word in one.nb.casefold().split()}
    places = {unit.spot.town.casefold(), "norge", "avd", "gård", "gard", "økologiske"}
    fitting = [
        at for at, word in enumerate(pieces)
        if word.casefold() in generic or word.casefold() in places
    ]  # fmt: skip
    if unit.owner and dice.chance(0.4):
        surname = unit.owner.rpartition(" ")[2].casefold()
        fitting = [at for at, word in enumerate(pieces) if word.casefold() != surname]
    if not fitting or len(pieces) < 2:
        return name
    at = dice.choice(fitting)
    return " ".join(pieces[:at] + pieces[at + 1 :])


def _added(dice: Dice, name: str, unit: Unit) -> str:
    owner = unit.owner or dice.person()
    stem, _space, form = name.rpartition(" ")
    if form.upper() != unit.organisation.legal_form or not stem:
        stem, form = name, ""
    words = dice.choices(
        (
            f"{stem} {unit.spot.town} {form}",
            f"{stem} {dice.trade().nb} {form}",
            f"{name} v/ {owner}",
            f"{name} v/{owner.rpartition(' ')[2]}",
            f"{name} avd. {unit.spot.town}",
            f"{name} avd {dice.trade().nb}",
            f"{name} c/o {private(dice).name}",
            f"{name} (tidl. {private(dice).name})",
            f"{owner} {name}" if unit.owner else name,
            f"{stem} Norge {form}",
        ),
        (22, 14, 16, 4, 12, 4, 4, 5, 8, 5),
    )[0]
    return " ".join(words.split())


def _initial(dice: Dice, name: str, unit: Unit) -> str:
    if not unit.owner:
        return name
    first = unit.owner.split()[0]
    short = f"{first[0]}." if dice.chance(0.7) else first[0]
    found = [short if word.casefold() == first.casefold() else word for word in name.split()]
    return " ".join(found)


_Change = Callable[[Dice, str, Unit], str]
_CHANGES: tuple[tuple[tuple[str, _Change], float], ...] = (
    (("slip", lambda dice, name, _: spelling.with_slip(dice, name)), 20),
    (("misheard", lambda dice, name, _: spelling.misheard(dice, name)), 6),
    (("foreign letters", lambda dice, name, _: spelling.foreign_letters(dice, name)), 7),
    (("other Norwegian", lambda dice, name, _: spelling.other_norwegian(dice, name)), 9),
    (("english", lambda dice, name, _: spelling.english(dice, name)), 5),
    (("abbreviated", lambda dice, name, _: spelling.abbreviated(dice, name)), 9),
    (("compound", lambda dice, name, _: spelling.compounded(dice, name)), 8),
    (("order", lambda dice, name, _: spelling.reordered(dice, name)), 5),
    (("cut", lambda dice, name, _: spelling.cut(dice, name)), 3),
    (("word dropped", _dropped), 14),
    (("word added", _added), 16),
    (("initial", _initial), 4),
)


def _near(dice: Dice, spot: Spot) -> Spot:
    neighbours = builtin().places.municipalities[spot.municipality].neighbours
    near = [
        one for one in spots() if one.municipality in {*neighbours, spot.municipality}
    ]  # fmt: skip
    return dice.choice(near) if near else spot


def _printed(dice: Dice, unit: Unit, name: str, spot: Spot) -> Query:
    """Put beside a name what sources put there."""
    moved = dice.random()
    if moved < 0.06:
        spot = _near(dice, spot)
    elif moved < 0.09:
        spot = dice.spot()
    municipality = builtin().places.municipalities[spot.municipality].name
    code = spot.postcode or None
    place, postcode = dice.choices(
        ((None, None), (spot.town, None), (f"{spot.postcode} {spot.town}".strip(), None),
         (spot.town, code), (spot.municipality, None), (municipality, None), (None, code)),
        (20, 18, 10, 22, 20, 6, 4),
    )[0]  # fmt: skip
    org = unit.organisation
    street = org.street if dice.chance(0.12) else None
    if street and dice.chance(0.15):
        street = f"Postboks {dice.randint(1, 900)}"
    website = org.website if dice.chance(0.4) else None
    kind = org.legal_form if dice.chance(0.05) else None
    return Query(
        name=name, place=place, postcode=postcode, street=street, website=website, kind=kind
    )


def shares(queries: Iterable[Noisy]) -> dict[str, int]:
    """Return how many queries there are of each noise."""
    found: dict[str, int] = {}
    for one in queries:
        found[one.noise] = found.get(one.noise, 0) + 1
    return dict(sorted(found.items()))

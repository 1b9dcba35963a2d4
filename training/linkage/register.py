"""A business register that could be, as large as asked for, the same every time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from procmatch.codes import builtin
from procmatch.codes.orgnr import check_digit
from procmatch.model.organisation import NORWAY, Establishment, Organisation, OrgId, OrgStatus
from procmatch.model.values import Place
from procmatch.text.normalise import fold_ascii
from training.linkage.dice import Dice, Spot, spots, words
from training.linkage.names import Draft, private
from training.linkage.public import civil, municipal

__all__ = ["Unit", "make"]

#: First eight digits of numbers kept for tests.
_FIRST_NUMBER = 20_000_000
_SIBLINGS = (
    "Holding", "Eiendom", "Invest", "Norge", "Nord", "Sør", "Vest", "Øst", "Drift", "Service",
    "Gruppen", "Utvikling", "Produksjon", "Bolig", "Øst", "Eigedom", "Marine", "II", "2",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """An organisation, and what the register does not print of it.

    Attributes:
        organisation: as in the register. kind: sort of name. owner: the person behind, or ``""``.
        spot: its town.
    """

    organisation: Organisation
    kind: str
    owner: str
    spot: Spot


def _numbers(dice: Dice) -> Iterator[str]:
    body = _FIRST_NUMBER
    while True:
        body += dice.randint(1, 12)
        digit = check_digit(str(body))
        if digit is not None:
            yield f"{body}{digit}"


def _stem(name: str) -> str:
    return re.sub(r" (AS|ANS|DA|SA)$", "", name)


def _siblings(dice: Dice, draft: Draft) -> Iterator[Draft]:
    """Yield other companies of the group, mostly at the same address."""
    stem = _stem(draft.name)
    for tail in dice.sample(_SIBLINGS, dice.choices((1, 2, 3, 5), (50, 30, 15, 5))[0]):
        spot = draft.spot if dice.chance(0.8) else dice.spot()
        yield replace(draft, name=f"{stem} {tail} AS", form="AS", kind="group", spot=spot,
                      branches=())  # fmt: skip


def _twin(dice: Dice, draft: Draft) -> Draft:
    """Return another unit of the same or nearly the same name, elsewhere."""
    spot, name = dice.spot(), draft.name
    if dice.chance(0.2):
        name = f"{_stem(name)} {spot.town} AS"
        return replace(draft, name=name, form="AS", spot=spot, kind="twin", branches=())
    return replace(draft, spot=spot, kind="twin", branches=())


def _successor(dice: Dice, draft: Draft) -> Draft:
    """Return the same business under a new number: form changed, word added, or as it was."""
    stem = _stem(draft.name)
    form = dice.choices(("AS", draft.form), (70, 30))[0]
    tail = dice.choices(("", " Nye", " Drift", f" {draft.spot.town}"), (82, 4, 4, 10))[0]
    stated = f" {form}" if form != "ENK" else ""
    return replace(draft, name=f"{stem}{tail}{stated}", form=form, kind="moved", branches=())


def _neighbour(dice: Dice, draft: Draft) -> Draft:
    """Return a farm of the same name along the same road."""
    owner = dice.person()
    stem = _stem(draft.name).replace(draft.owner, "").replace(" v/", "").strip() or dice.farm()
    side = dice.choice(("Nordre ", "Søndre ", "Øvre ", "Nedre ", ""))
    name = f"{side}{stem} {owner}" if dice.chance(0.6) else f"{side}{stem}"
    return replace(draft, name=name, form="ENK", owner=owner, kind="farm")


def _drafts(dice: Dice, size: int) -> Iterator[tuple[Draft, bool]]:
    """Yield drafts without end, and whether the unit has been deleted."""
    for one in municipal(dice, min(1.0, size / 40_000)):
        yield one, False
    while True:
        if dice.chance(0.12):
            yield civil(dice), False
            continue
        draft = private(dice)
        company = draft.form == "AS" and draft.kind not in {"chain", "holding"}
        if company and dice.chance(0.1):
            yield draft, False
            for sibling in _siblings(dice, draft):
                yield sibling, False
        elif draft.kind in {"natural", "coined", "local", "person"} and dice.chance(0.09):
            yield draft, False
            for _ in range(dice.choices((1, 2, 4), (75, 20, 5))[0]):
                yield _twin(dice, draft), False
        elif dice.chance(0.03):
            yield draft, dice.chance(0.6)
            yield _successor(dice, draft), False
        elif draft.kind == "farm" and dice.chance(0.12):
            yield draft, False
            yield _neighbour(dice, draft), False
        else:
            yield draft, dice.chance(0.02)


def _former(dice: Dice, draft: Draft) -> tuple[str, ...]:
    if draft.form in {"KOMM", "ORGL", "ENK", "ESEK"} or not dice.chance(0.12):
        return ()
    if dice.chance(0.5):
        return (private(dice).name.upper(),)
    stem = _stem(draft.name).rsplit(" ", 1)[0]
    return (f"{stem} {dice.trade().nb} AS".upper(),)


def _website(dice: Dice, draft: Draft) -> str | None:
    if not dice.chance(0.17):
        return None
    host = fold_ascii(_stem(draft.name)).replace(" ", "")[:24]
    return f"www.{host}.no" if host else None


def _place(spot: Spot) -> Place:
    return Place(
        city=spot.town.upper(),
        postcode=spot.postcode or None,
        country="NOR",
        municipality=spot.municipality,
    )


def _near(dice: Dice, spot: Spot) -> Spot:
    neighbours = builtin().places.municipalities[spot.municipality].neighbours
    near = [one for one in spots() if one.municipality in neighbours]
    return dice.choice(near) if near else spot


def _unit(dice: Dice, draft: Draft, numbers: Iterator[str], *, deleted: bool) -> Unit:
    name = draft.name.upper() if dice.chance(0.97) else draft.name
    branches = list(draft.branches)
    if not branches and draft.form not in {"ESEK", "BRL"} and dice.chance(0.3):
        # Most units have one establishment of their own name, not always in the same town.
        branches.append((name, draft.spot if dice.chance(0.9) else _near(dice, draft.spot)))
    elsewhere = dice.chance(0.08)
    organisation = Organisation(
        id=OrgId(NORWAY, next(numbers)),
        name=name,
        former_names=_former(dice, draft),
        legal_form=draft.form,
        status=OrgStatus.DELETED if deleted else OrgStatus.ACTIVE,
        business_place=_place(draft.spot),
        postal_place=_place(_near(dice, draft.spot)) if elsewhere else Place(),
        street=f"{dice.choice(words('streets'))} {dice.randint(1, 120)}"
        if dice.chance(0.9)
        else None,
        website=_website(dice, draft),
        establishments=tuple(
            Establishment(number=next(numbers), name=branch.upper(), place=_place(spot))
            for branch, spot in branches
        ),
    )
    return Unit(organisation=organisation, kind=draft.kind, owner=draft.owner, spot=draft.spot)


def make(size: int = 60_000, seed: int = 1) -> list[Unit]:
    """Return a register.

    Args:
        size: how many units. seed: another one gives another register.
    """
    dice = Dice(f"register {seed}")
    numbers = _numbers(dice)
    found: list[Unit] = []
    for draft, deleted in _drafts(dice, size):
        if len(found) == size:
            break
        found.append(_unit(dice, draft, numbers, deleted=deleted))
    return found


def listed(units: Iterable[Unit]) -> list[Organisation]:
    """Return the organisations of units."""
    return [unit.organisation for unit in units]

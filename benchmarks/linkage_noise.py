"""Names as others print them: slips, shortenings and additions, by rules of their own.

Nothing here knows the linker's tables: words are cut, vowels dropped and letters confused wherever
they stand, not from a list of abbreviations.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from linkage_register import Unit

__all__ = ["Printed", "print_names"]

#: Share of names whose organisation is not in the register, with a place, with a wrong one.
ABSENT, PLACED, MISPLACED = 0.15, 0.6, 0.1
_ROWS = ("qwertyuiopå", "asdfghjkløæ", "zxcvbnm")
_MISREAD = (("rn", "m"), ("m", "rn"), ("l", "1"), ("o", "0"), ("i", "l"), ("u", "v"), ("e", "c"))
_FORMS = ("AS", "ASA", "ANS", "DA", "SA", "NUF", "KS")
_PARTS = ("Hovedkontor", "Region Midt", "Salg", "Verksted", "Kundesenter", "Lager", "Prosjekt")
_EXTRA = ("Norge", "Gruppen", "Avdeling", "& Co", "Service", "Team")


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed name. ``number`` is of the unit meant, or None when the register lacks it."""

    name: str
    city: str | None
    number: str | None
    meant: str
    noise: tuple[str, ...]


def _neighbour(letter: str, dice: random.Random) -> str:
    for row in _ROWS:
        at = row.find(letter.lower())
        if at >= 0:
            near = row[max(0, at - 1) : at] + row[at + 1 : at + 2]
            return dice.choice(near or letter)
    return letter


def _slip(words: list[str], dice: random.Random) -> list[str]:
    at = max(range(len(words)), key=lambda one: len(words[one]) * dice.random())
    word = words[at]
    if len(word) < 4:
        return words
    cut = dice.randrange(1, len(word) - 1)
    slipped = dice.choice(
        (
            word[:cut] + word[cut + 1 :],
            word[:cut] + word[cut] * 2 + word[cut + 1 :],
            word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :],
            word[:cut] + _neighbour(word[cut], dice) + word[cut + 1 :],
            word[:cut] + _neighbour(word[cut], dice) + word[cut:],
        )
    )
    return [*words[:at], slipped, *words[at + 1 :]]


def _misread(words: list[str], dice: random.Random) -> list[str]:
    text = " ".join(words).lower()
    wrong = [pair for pair in _MISREAD if pair[0] in text]
    if not wrong:
        return words
    old, new = dice.choice(wrong)
    return text.replace(old, new, 1).split()


def _letters(words: list[str], dice: random.Random) -> list[str]:
    way = dice.choice((("ae", "oe", "aa"), ("e", "o", "a"), ("ae", "o", "a"), ("ä", "ö", "å")))
    text = " ".join(words)
    for letter, plain in zip("æøå", way, strict=True):
        text = text.replace(letter, plain).replace(letter.upper(), plain.upper())
    return text.split()


def _shorten(words: list[str], dice: random.Random) -> list[str]:
    at = dice.randrange(len(words))
    word = words[at]
    if len(word) < 5:
        return words
    short = dice.choice(
        (
            word[: dice.randrange(3, len(word) - 1)] + ".",
            word[0] + "".join(letter for letter in word[1:] if letter.lower() not in "aeiouyæøå"),
            word[0] + ".",
        )
    )
    return [*words[:at], short, *words[at + 1 :]]


def _drop(words: list[str], dice: random.Random) -> list[str]:
    if len(words) < 3:
        return words
    at = dice.randrange(1, len(words))
    return words[:at] + words[at + 1 :]


def _add(words: list[str], dice: random.Random) -> list[str]:
    return [*words, dice.choice(_EXTRA)]


def _turn(words: list[str], dice: random.Random) -> list[str]:
    at = dice.randrange(len(words))
    return words[at:] + words[:at]


def _part(words: list[str], dice: random.Random) -> list[str]:
    return [*words, dice.choice(("avd.", "-", "v/", ",")), dice.choice(_PARTS)]


def _cut(words: list[str], dice: random.Random) -> list[str]:
    text = " ".join(words)
    return text[: max(5, dice.randrange(len(text) // 2, len(text) + 1))].split() or words


def _join(words: list[str], dice: random.Random) -> list[str]:
    if len(words) < 2:
        word = words[0]
        cut = len(word) // 2
        return [word[:cut], word[cut:]] if cut >= 3 else words
    at = dice.randrange(len(words) - 1)
    return [*words[:at], words[at] + words[at + 1].lower(), *words[at + 2 :]]


_WAYS: tuple[tuple[str, int, Callable[[list[str], random.Random], list[str]]], ...] = (
    ("slip", 30, _slip),
    ("letters", 16, _letters),
    ("shortened", 14, _shorten),
    ("part", 9, _part),
    ("turned", 8, _turn),
    ("joined", 7, _join),
    ("cut", 5, _cut),
    ("dropped", 5, _drop),
    ("added", 4, _add),
    ("misread", 2, _misread),
)


def _form(words: list[str], dice: random.Random) -> list[str]:
    if words[-1].upper() not in _FORMS or len(words) < 2:
        return words
    body, form = words[:-1], words[-1]
    way = dice.random()
    if way < 0.38:
        return body
    if way < 0.45:
        return [form, *body]
    if way < 0.55:
        return [*body, "/".join(form) if len(form) == 2 else ".".join(form)]
    return words


def _case(text: str, dice: random.Random) -> str:
    return dice.choice((text, text, text.upper(), text.lower(), text.title()))


def _print(name: str, dice: random.Random) -> tuple[str, tuple[str, ...]]:
    words, noise = _form(name.split(), dice), []
    for _ in range(dice.choices((0, 1, 2, 3), (15, 42, 30, 13))[0]):
        label, _weight, way = dice.choices(_WAYS, [weight for _l, weight, _w in _WAYS])[0]
        words = way(words, dice) or words
        noise.append(label)
    return _case(" ".join(words), dice), tuple(noise)


def print_names(
    units: Sequence[Unit], absent: Sequence[Unit], count: int, seed: int
) -> list[Printed]:
    """Print ``count`` names, of units of the register and of ones that it lacks.

    Args:
        units: of the register; no unit is printed for two different seeds.
        absent: not in the register.
        count: how many names.
        seed: 0, 1, 2, ...: which part of the units.
    """
    dice = random.Random(seed)
    found: list[Printed] = []
    mine = range(seed, len(units), 3)
    picked = dice.sample(mine, min(count, len(mine)))
    others = dice.sample(range(seed, len(absent), 3), min(count // 5 + 1, len(absent) // 3))
    for at in picked:
        is_absent = bool(others) and dice.random() < ABSENT
        unit = absent[others.pop()] if is_absent else units[at]
        name, noise = _print(unit.name, dice)
        city = unit.city if dice.random() < PLACED else None
        if city and dice.random() < MISPLACED:
            city = units[dice.randrange(len(units))].city
        number = None if is_absent else unit.number
        found.append(Printed(name, city, number, unit.name, noise))
    return found

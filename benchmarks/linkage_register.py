"""An invented register of organisations, as large as asked for, the same every time.

Shares of forms and the make of names follow what is known of the Norwegian register: sole
proprietors called after persons, companies after families, places, trades and nothing at all. The
parts are put together here; nothing is taken from the linker's tables.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from procmatch.codes import builtin, orgnr
from procmatch.model.organisation import NORWAY, Organisation, OrgId
from procmatch.model.values import Place

__all__ = ["Unit", "organisations", "read", "write"]

_SEED = 7_301
_T = TypeVar("_T")
_GIVEN = (
    "Ola Kari Nils Marit Per Anne Lars Ingrid Hans Liv Jon Berit Tor Astrid Geir Hilde Arne "
    "Solveig Svein Randi Terje Turid Odd Bente Leif Grete Rolf Unni Egil Aase Jarle Siv "
    "Trygve Ruth Asle Mai Sigurd Torill Amund Gro Sverre Ellen Håvard Guri Øystein Åshild "
    "Bård Jorid Stig Wenche Dag Nora Omar Fatima Marek Ewa Minh Thuy Tomas Jana Erlend Synne "
    "Kjersti Magne Oddvar Signe Ragnar Tuva"
).split()
_ROOTS = (
    "Al As Ask Aur Bjør Borg Brem Brat Dags Djup Dyr Eik El Eng Fager Fisk Fjell Fos Furu Gam "
    "Gjer Gran Grøn Gul Hal Ham Haug Hav Hell Hol Hor Hov Hund Hval Høg Ild Is Jern Kal Kirke "
    "Klepp Kol Kors Krok Kval Lang Laks Leir Lil Lom Lyng Løv Mar Mel Mid Mjøl Mo Mus Myr Nes "
    "Nor Ny Odd Or Os Over Rag Ram Raud Rim Ros Røys San Sel Sig Sjø Skar Skei Skog Slett "
    "Smed Snø Sol Stav Stein Stor Straum Sul Svart Sver Sæl Tang Til Tind Tor Tran Tun Tyr "
    "Ulv Urd Val Var Ved Vest Vig Våg Yt Ørn Østre Ål Ås"
).split()
_TAILS = (
    "aas bakk berg bjørk bo borg bru bu dal eid fall fjord foss gard grind hagen heim hol hus "
    "kleiv koll land li lid lund lø mark mo myr nes os rud sand set sjø skar slåtten stad "
    "strand sund svik tangen tjønn tveit vang vatn vik voll ødegård øy"
).split()
_TRADES = (
    "Bakst Bygg Byggmester Bygginnredning Blikk Båtbyggeri Catering Data Digital Dyreklinikk "
    "Eiendom Elektro Elkraft Energi Entreprenør Fisk Fiskeri Flis Frisør Frukt Fysioterapi "
    "Gartneri Glass Grafisk Gravemaskin Gulv Hagesenter Handel Helse Hotell Håndverk Industri "
    "Ingeniør Interiør Invest Isolering Kafé Kjøtt Klima Konditori Konsulent Kran Kurs "
    "Landbruk Lakk Lås Maler Marine Maskin Mat Mekaniske Mek Mur Møbel Oppdrett Optikk "
    "Pakking Personal Plast Regnskap Reklame Renhold Renovasjon Restaurant Revisjon Rør Sag "
    "Sanitær Service Sikkerhet Skog Snekkeri Software Sport Stål Sveis Sykkel Tak Tannlege "
    "Taxi Tekstil Teknikk Terapi Trafikkskole Transport Trelast Trykk Tømrer Utleie Vakt "
    "Varme Vask Ventilasjon Verksted Vedlikehold Ysteri Økologisk"
).split()
_GENERAL = "Gruppen Partner Norge Nordic Sør Nord Vest Øst Drift Utvikling Eiendom Holding".split()
_CLUBS = (
    "Idrettslag Velforening Skolekorps Bygdelag Ungdomslag Båtforening Jeger Turlag Songlag "
    "Bondelag Sanitetsforening Håndballklubb Skytterlag Historielag Menighetsråd Grendehus"
).split()
_SOUNDS = (
    "ba be bi bo da de do fa fi ga go ha ka ki ko la le li lo ma mi mo na ne ni no ra re ri ro "
    "sa se si so ta te ti to va ve vi xa xo za zi qua pro tri eko nor ark lyx vik tek"
).split()
_ENDS = ("a", "o", "ia", "us", "ex", "on", "is", "tek", "co", "um", "ix", "en")
#: Forms with their shares, and whether the name says them.
_FORMS = {
    "AS": (39.0, True), "ENK": (38.0, False), "FLI": (12.0, False), "NUF": (2.2, True),
    "ESEK": (2.4, False), "BRL": (1.2, False), "DA": (1.0, True), "ANS": (0.9, True),
    "STI": (0.8, False), "SA": (0.9, True), "KS": (0.3, True), "ASA": (0.1, True),
}  # fmt: skip
_COLUMNS = ("number", "name", "form", "municipality", "city", "postcode")


@dataclass(frozen=True, slots=True)
class Unit:
    """One line of the register."""

    number: str
    name: str
    form: str
    municipality: str
    city: str
    postcode: str


class _Dice:
    """Words drawn as names draw them: few often, many seldom."""

    def __init__(self) -> None:
        self.random = random.Random(_SEED)
        farms = [one + two for one in _ROOTS for two in _TAILS if one[-1].lower() != two[0]]
        self.random.shuffle(farms)
        self.farms = farms
        coined = {
            "".join(self.random.choices(_SOUNDS, k=self.random.choice((2, 2, 3)))).capitalize()
            + self.random.choice(_ENDS)
            for _ in range(50_000)
        }
        self.coined = sorted(coined)
        self.random.shuffle(self.coined)
        towns = sorted(builtin().places.municipalities.items())
        self.random.shuffle(towns)
        self.towns = [(number, one.name) for number, one in towns]

    def seldom(self, words: Sequence[_T], slope: float = 2.2) -> _T:
        """Draw from a list whose first words are the common ones."""
        return words[int(len(words) * self.random.random() ** slope)]

    def some(self, *words: str) -> str:
        return self.random.choice(words)


def _person(dice: _Dice) -> str:
    given = dice.some(*_GIVEN)
    middle = f" {dice.some(*_GIVEN)}" if dice.random.random() < 0.2 else ""
    return f"{given}{middle} {dice.seldom(dice.farms)}"


def _trade(dice: _Dice) -> str:
    one = dice.seldom(_TRADES, 1.4)
    if dice.random.random() < 0.15:
        return f"{one} og {dice.seldom(_TRADES, 1.4)}"
    return one


def _company(dice: _Dice, town: str) -> str:
    farm, trade = dice.seldom(dice.farms), _trade(dice)
    makes = (
        (16, lambda: f"{farm} {trade}"),
        (9, lambda: f"{town} {trade}"),
        (6, lambda: _person(dice)),
        (5, lambda: f"{_person(dice)} {trade}"),
        (6, lambda: f"{farm} & {dice.seldom(dice.farms)}"),
        (12, lambda: f"{dice.seldom(dice.coined, 1.3)} {trade}"),
        (9, lambda: dice.seldom(dice.coined, 1.3)),
        (5, lambda: f"{farm}{dice.some('veien', 'gata', 'bakken')} {dice.random.randrange(1, 99)}"),
        (4, lambda: f"{''.join(dice.random.choices('ABDEFGHJKLMNRST', k=2))} {trade}"),
        (4, lambda: f"Brødrene {farm}"),
        (4, lambda: f"{farm} og sønner {trade}"),
        (6, lambda: f"{dice.seldom(dice.coined, 1.3)} {dice.some(*_GENERAL)}"),
        (5, lambda: f"{farm} {dice.some(*_GENERAL)}"),
        (5, lambda: f"{dice.seldom(dice.coined, 1.3)} {trade} {town}"),
        (4, lambda: f"{farm}{trade.split()[0].lower()}"),
    )  # fmt: skip
    chosen = dice.random.choices(makes, [weight for weight, _make in makes])[0]
    return chosen[1]()


def _name(dice: _Dice, form: str, town: str) -> str:
    farm = dice.seldom(dice.farms)
    if form == "ENK":
        return dice.random.choices(
            (_person(dice), f"{_trade(dice)} {_person(dice)}", f"{farm} gård {_person(dice)}"),
            (60, 25, 15),
        )[0]
    if form == "FLI":
        return f"{dice.some(farm, town)} {dice.some(*_CLUBS)}"
    if form == "ESEK":
        return f"Sameiet {farm}{dice.some('veien', 'gata', 'tunet')} {dice.random.randrange(1, 99)}"
    if form == "BRL":
        return f"{farm} Borettslag"
    if form == "STI":
        return f"Stiftelsen {dice.some(farm, _person(dice))}"
    return _company(dice, town)


def _units(count: int) -> Iterator[Unit]:
    dice = _Dice()
    forms, shares = list(_FORMS), [share for share, _said in _FORMS.values()]
    taken: set[str] = set()
    body = 81_000_000
    for _ in range(count):
        while True:
            body += dice.random.randrange(1, 14)
            digit = orgnr.check_digit(str(body))
            if digit is not None:
                break
        form = dice.random.choices(forms, shares)[0]
        number, town = dice.seldom(dice.towns, 2.5)
        name = _name(dice, form, town)
        if _FORMS[form][1]:
            # The law gives a company's name to one only.
            while f"{name} {form}".upper() in taken:
                name = f"{name} {dice.some(town, dice.seldom(dice.coined), str(body % 97))}"
            name = f"{name} {form}"
            taken.add(name.upper())
        shown = name.upper() if dice.random.random() < 0.85 else name
        postcode = f"{int(number) * 7 % 9900 + dice.random.randrange(90):04d}"
        yield Unit(f"{body}{digit}", shown, form, number, town.upper(), postcode)


def write(path: Path, count: int) -> None:
    """Write a register of ``count`` units as a table."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines)
        table.writerow(_COLUMNS)
        for unit in _units(count):
            table.writerow([getattr(unit, column) for column in _COLUMNS])


def read(path: Path) -> Iterator[Unit]:
    """Yield the units of a written register."""
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield Unit(**row)


def organisations(units: Iterator[Unit]) -> Iterator[Organisation]:
    """Yield units as the linker takes them."""
    for one in units:
        place = Place(municipality=one.municipality, city=one.city, postcode=one.postcode)
        yield Organisation(
            id=OrgId(NORWAY, one.number), name=one.name, legal_form=one.form, business_place=place
        )

"""Slips of the pen, other spellings, other languages: changes that need only the text."""

from __future__ import annotations

import re

from training.linkage.dice import Dice, trades, words

__all__ = [
    "abbreviated",
    "compounded",
    "cut",
    "english",
    "foreign_letters",
    "other_norwegian",
    "reordered",
    "with_slip",
]

_KEYS = ("qwertyuiopå", "asdfghjkløæ", "zxcvbnm")
_NEXT = {
    letter: row[max(0, at - 1) : at] + row[at + 1 : at + 2]
    for row in _KEYS
    for at, letter in enumerate(row)
}
#: Spellings that people take for one another when they write down what they hear.
_HEARD = (
    ("k", "c"), ("v", "w"), ("ks", "x"), ("s", "z"), ("f", "ph"), ("kk", "ck"), ("i", "j"),
    ("y", "u"), ("e", "æ"), ("o", "å"), ("t", "th"), ("ei", "ej"), ("å", "aa"), ("kv", "qv"),
    ("nd", "nn"), ("ld", "ll"), ("dt", "t"),
)  # fmt: skip
_LEAST = 3
_NYNORSK = (
    ("gård", "gard"), ("skole", "skule"), ("sykehjem", "sjukeheim"), ("sykehus", "sjukehus"),
    ("eiendom", "eigedom"), ("eiendommer", "eigedommar"), ("forening", "foreining"),
    ("vann", "vatn"), ("vei", "veg"), ("melk", "mjølk"), ("øst", "aust"), ("hjem", "heim"),
    ("lag", "lag"), ("tjenester", "tenester"), ("sosiale", "sosiale"), ("brødrene", "brørne"),
    ("verksted", "verkstad"), ("økologiske", "økologisk"), ("utleie", "utleige"),
    ("kirkelig", "kyrkjeleg"), ("menighet", "kyrkjelyd"), ("bygdekvinnelag", "bygdekvinnelag"),
    ("idrettslag", "idrottslag"), ("samvirkelag", "samyrkelag"), ("stiftelsen", "stiftinga"),
    ("barnehage", "barnehage"), ("administrasjonen", "administrasjonen"), ("innkjøp", "innkjøp"),
    ("utvikling", "utvikling"), ("rådgivning", "rådgjeving"), ("ungdomslag", "ungdomslag"),
    ("mannskor", "mannskor"), ("skolekorps", "skulekorps"), ("øvre", "øvre"), ("nedre", "nedre"),
    ("søndre", "søre"), ("gårdsdrift", "gardsdrift"), ("gårdsmat", "gardsmat"),
)  # fmt: skip
_ENDINGS = (("ingen", "inga"), ("ene", "ane"), ("er", "ar"), ("sjonen", "sjonen"), ("het", "heit"))
_ENGLISH = (
    ("eiendom", "property"), ("eiendom", "real estate"), ("norge", "norway"), ("gruppen", "group"),
    ("skole", "school"), ("gård", "farm"), ("stiftelsen", "foundation"), ("bydrift", "services"),
    ("renovasjon", "waste management"), ("nord", "north"), ("og", "and"),
    ("sykehjem", "nursing home"),    ("barnehage", "kindergarten"),
    ("utvikling", "development"), ("havn", "port"),
    ("bolig", "homes"),    ("brødrene", "brothers"), ("drift", "operations"),
    ("produksjon", "production"),
)  # fmt: skip
_SHORT = (
    ("brødrene", "brdr."), ("brødrene", "br."), ("kommune", "komm."), ("kommune", "k."),
    ("nordre", "n."), ("søndre", "s."), ("øvre", "ø."), ("nedre", "n."), ("vestre", "v."),
    ("østre", "ø."), ("avdeling", "avd."), ("og", "&"), ("forening", "for."), ("service", "serv."),
    ("stiftelsen", "st."), ("borettslaget", "brl"), ("sameiet", "sam."), ("sønner", "s."),
    ("interkommunale", "interk."), ("eiendom", "eiend."), ("norge", "n."), ("gård", "gd."),
    ("invest", "inv."), ("holding", "hold."), ("transport", "tr.port"), ("idrettslag", "il"),
)  # fmt: skip


def with_slip(dice: Dice, text: str) -> str:
    """Return a text with one wrong key, lost, doubled, swapped or misheard letter."""
    places = [at for at, char in enumerate(text) if char.isalpha()]
    if len(places) < _LEAST:
        return text
    # The first letter is rarely wrong.
    at = dice.choice(places[1:]) if dice.chance(0.95) else places[0]
    before, char, after = text[:at], text[at].lower(), text[at + 1 :]
    sort = dice.choices(("key", "lost", "double", "swap", "heard"), (22, 28, 15, 15, 20))[0]
    if sort == "key" and _NEXT.get(char):
        return before + dice.choice(_NEXT[char]) + after
    if sort == "double":
        single = bool(after) and after[0].lower() == char
        return before + char + (after[1:] if single else char + after)
    if sort == "swap" and after and after[0].isalpha():
        return before + after[0] + char + after[1:]
    if sort == "heard" and (heard := misheard(dice, text)) != text:
        return heard
    return before + after


def misheard(dice: Dice, text: str) -> str:
    """Return a text with one sound spelt otherwise, if it has such a sound."""
    low = text.lower()
    fitting = [(a, b) for pair in _HEARD for a, b in (pair, pair[::-1]) if a in low[1:]]
    if not fitting:
        return text
    one, other = dice.choice(fitting)
    at = dice.choice([found.start() for found in re.finditer(one, low) if found.start()])
    return low[:at] + other + low[at + len(one) :]


def foreign_letters(dice: Dice, text: str) -> str:
    """Return a text as keyboards without æ, ø and å write it."""
    tables = (
        {"æ": "ae", "ø": "oe", "å": "aa"},
        {"æ": "a", "ø": "o", "å": "a"},
        {"æ": "ä", "ø": "ö", "å": "å"},
        {"æ": "?", "ø": "?", "å": "?"},
    )
    table = dice.choices(tables, (45, 40, 10, 5))[0]
    return "".join(table.get(char, char) for char in text.lower())


def _swapped(dice: Dice, text: str, pairs: tuple[tuple[str, str], ...], *, both: bool) -> str:
    low = f" {text.lower()} "
    for one, other in dice.sample(pairs, len(pairs)):
        for old, new in ((one, other), (other, one)) if both else ((one, other),):
            if old != new and f" {old} " in low:
                return low.replace(f" {old} ", f" {new} ", 1).strip()
    return text


def _trade_pairs(field: str) -> tuple[tuple[str, str], ...]:
    pairs = ((one.nb.lower(), getattr(one, field).lower()) for one in trades())
    return tuple((nb, other) for nb, other in pairs if other and nb != other)


def other_norwegian(dice: Dice, text: str) -> str:
    """Return a text with a word in the other written language, if it has such a word."""
    found = _swapped(dice, text, (*_NYNORSK, *_trade_pairs("nn")), both=True)
    if found != text or dice.chance(0.5):
        return found
    pieces = text.lower().split()
    for at, word in enumerate(pieces):
        for one, other in _ENDINGS:
            for old, new in ((one, other), (other, one)):
                if old != new and len(word) > len(old) + _LEAST and word.endswith(old):
                    return " ".join([*pieces[:at], word[: -len(old)] + new, *pieces[at + 1 :]])
    return text


def english(dice: Dice, text: str) -> str:
    """Return a text with words in English, or the English form of a municipality's name."""
    if found := re.fullmatch(r"(.+) kommune(.*)", text, re.IGNORECASE):
        form = dice.choice(("Municipality of {}", "{} Municipality", "{} Kommune Municipality"))
        return form.format(found[1]) + found[2]
    once = _swapped(dice, text, (*_trade_pairs("en"), *_ENGLISH), both=False)
    return _swapped(dice, once, _ENGLISH, both=False) if dice.chance(0.4) else once


def abbreviated(dice: Dice, text: str) -> str:
    """Return a text with a word made short, or the longest cut with a full stop."""
    found = _swapped(dice, text, (*_SHORT, *_trade_pairs("short")), both=False)
    if found != text or dice.chance(0.5):
        return found
    pieces = text.split()
    longest = max(range(len(pieces)), key=lambda at: len(pieces[at]))
    if len(pieces[longest]) > 2 * _LEAST:
        pieces[longest] = pieces[longest][: dice.randint(_LEAST, 5)] + "."
    return " ".join(pieces)


def compounded(dice: Dice, text: str) -> str:
    """Return a text with two words written as one, or one as two."""
    pieces = text.lower().split()
    for at, word in enumerate(pieces):
        for head in words("compound_heads"):
            if word.startswith(head) and len(word) > len(head) + _LEAST and dice.chance(0.8):
                hyphen = dice.choice((" ", " ", "-"))
                return " ".join(
                    [*pieces[:at], f"{head}{hyphen}{word[len(head) :]}", *pieces[at + 1 :]]
                )
    if len(pieces) > 1:
        at = dice.randrange(len(pieces) - 1)
        if len(pieces[at]) >= _LEAST and len(pieces[at + 1]) >= _LEAST:
            pieces[at : at + 2] = [pieces[at] + pieces[at + 1]]
    return " ".join(pieces)


def reordered(dice: Dice, text: str) -> str:
    """Return a text with its words in another order, as in lists sorted by surname."""
    pieces = text.split()
    if len(pieces) < 2:
        return text
    turn = dice.randrange(1, len(pieces))
    comma = "," if dice.chance(0.4) else ""
    return " ".join(pieces[turn:]) + comma + " " + " ".join(pieces[:turn])


def cut(dice: Dice, text: str) -> str:
    """Return a text that a narrow column has cut off."""
    return text[: dice.randint(12, 30)].strip()

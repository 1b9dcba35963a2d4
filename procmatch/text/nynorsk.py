"""Spelling that differs between nynorsk and bokmål, and plurals that change the stem.

Applied anywhere inside a word, so that it also holds inside compounds. Both sides of every
comparison go through the same table, so a harmless oddity in one word does no harm.
"""

from __future__ import annotations

import re

__all__ = ["to_bokmaal"]

#: Pattern in nynorsk (or an irregular plural), and what it is written as instead.
_SPELLINGS: tuple[tuple[str, str], ...] = (
    # Trades, places and goods of public purchasing.
    (r"skul(?=e|a|ar|t|h|m|b|f|k|s)", "skol"),
    (r"tenest", "tjenest"),
    (r"mjølk", "melk"),
    (r"kjøt(?!t|øy|sel)", "kjøtt"),
    (r"grønsak", "grønnsak"),
    (r"reinhald", "renhold"),
    (r"reingj[ea]r", "rengjør"),
    (r"rein(?=s(?!dyr))", "ren"),
    (r"vedlikehald", "vedlikehold"),
    (r"(?<=.)hald(?=$|s|et)", "hold"),
    (r"sjuke?heim", "sykehjem"),
    (r"sjuk", "syk"),
    (r"heim", "hjem"),
    (r"veg(?!g|eta|an(?:er|sk|t|$))", "vei"),
    (r"vatn", "vann"),
    (r"avlaup", "avløp"),
    (r"løysing", "løsning"),
    (r"rekneskap", "regnskap"),
    (r"rådgjev", "rådgiv"),
    (r"rådgiving", "rådgivning"),
    (r"røyr", "rør"),
    (r"leggj(?=ar|ing)", "legg"),
    (r"leggar", "legger"),
    (r"elektrikar", "elektriker"),
    (r"målar", "maler"),
    (r"tømrar", "tømrer"),
    (r"køyre", "kjøre"),
    (r"køyr", "kjør"),
    (r"byggje", "bygge"),
    (r"tryggleik", "sikkerhet"),
    (r"verksemd", "virksomhet"),
    (r"leveransar", "leveranser"),
    (r"omsetjing", "oversettelse"),
    (r"utgreiing", "utredning"),
    (r"undersøking", "undersøkelse"),
    (r"snø(?:rydding|måking)", "snøbrøyting"),
    (r"boss(?=handtering|anlegg|tømming|henting)", "avfalls"),
    (r"handtering", "håndtering"),
    (r"handverk", "håndverk"),
    (r"innhald", "innhold"),
    (r"mjøl", "mel"),
    (r"klede", "klær"),
    (r"arbeidstøy|arbeidsty", "arbeidsklær"),
    (r"hovud", "hoved"),
    (r"berekraft", "bærekraft"),
    (r"tilbydar", "tilbyder"),
    (r"brukar", "bruker"),
    (r"prosjektleiing", "prosjektledelse"),
    (r"leiing", "ledelse"),
    (r"leig(?=e|a)", "lei"),
    # Plurals that change the stem, in both written forms.
    (r"møbl(?:er|ene|ar|ane)(?![a-zæøå])", "møbel"),
    (r"midl(?:er|ene|ar|ane|a)(?![a-zæøå])", "middel"),
    (r"sykl(?:er|ene|ar|ane)(?![a-zæøå])", "sykkel"),
    (r"artikl(?:er|ene|ar|ane)(?![a-zæøå])", "artikkel"),
    (r"kabl(?:er|ene|ar|ane)(?![a-zæøå])", "kabel"),
    (r"bøker|bøkene|bøkar", "bok"),
    (r"(?<![a-zæøå])trær(?:ne)?(?![a-zæøå])", "tre"),
    # Endings of nynorsk.
    (r"(?<=.{3})(?:ingane|ingar|inga)$", "ing"),
    (r"(?<=.{3})(?<!vik)(?<!invent)(?<!veget)(?:ane|ar)$", "er"),
    # The neuter of adjectives in -sk.
    (r"(?<=.sk)t$", ""),
)
_TABLE = re.compile("|".join(f"({pattern})" for pattern, _plain in _SPELLINGS))
#: The same without groups: most words hold none of these, and this says so ten times as fast.
_ANY = re.compile("|".join(pattern for pattern, _plain in _SPELLINGS))
_PLAIN = tuple(plain for _pattern, plain in _SPELLINGS)


def _plain(found: re.Match[str]) -> str:
    assert found.lastindex is not None  # every alternative is one group
    return _PLAIN[found.lastindex - 1]


def to_bokmaal(word: str) -> str:
    """Return ``word`` (folded) with nynorsk spellings and irregular plurals as in bokmål."""
    return _TABLE.sub(_plain, word) if _ANY.search(word) else word

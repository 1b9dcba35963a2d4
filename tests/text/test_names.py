from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procmatch.text.normalise import LEGAL_FORMS, ascii_key, name_key, parse_name


@pytest.mark.parametrize(
    ("name", "core", "form"),
    [
        ("AS Vinmonopolet", "vinmonopolet", "AS"),
        ("Vinmonopolet A/S", "vinmonopolet", "AS"),
        ("Vinmonopolet A.S.", "vinmonopolet", "AS"),
        ("VINMONOPOLET A S", "vinmonopolet", "AS"),
        ("Aker BP ASA", "aker bp", "ASA"),
        ("Tine SA", "tine", "SA"),
        ("BR, KOLNES ANS", "br kolnes", "ANS"),
        ("Renovasjon i Grenland IKS", "renovasjon i grenland", "IKS"),
        ("Vestre Viken HF", "vestre viken", "HF"),
        ("Stiftelsen Kirkens Bymisjon", "kirkens bymisjon", "STI"),
        ("Läkarleasing Sverige AB", "läkarleasing sverige", None),
        ("C. I. Pedersen A/S", "ci pedersen", "AS"),
        ("H & M AS", "hm", "AS"),
        ("Bjertnæs & Hoel AS", "bjertnæs hoel", "AS"),
        ("Bjertnæs og Hoel AS", "bjertnæs hoel", "AS"),
        ("Larvik kommune 918082956", "larvik kommune", None),
        ("AS", "as", "AS"),
        ("", "", None),
    ],
)
def test_a_name_is_its_core_and_its_legal_form(name: str, core: str, form: str | None) -> None:
    parsed = parse_name(name)
    assert (parsed.key, parsed.legal_form) == (core, form)
    assert name_key(name) == core


@pytest.mark.parametrize(
    ("name", "core", "department"),
    [
        ("Asker kommune v/ Eiendom", "asker kommune", "eiendom"),
        ("Oslo kommune v/Klimaetaten", "oslo kommune", "klimaetaten"),
        ("SKAGERAK VARME AS AVD PORSGRUNN", "skagerak varme", "porsgrunn"),
        ("Skagerak Varme AS, avd. Tønsberg", "skagerak varme", "tønsberg"),
        ("Dødsbo etter Hansen c/o Advokat Lie", "dødsbo etter hansen", "advokat lie"),
        ("v/ Ola", "ola", ""),
    ],
)
def test_a_part_is_told_from_the_whole(name: str, core: str, department: str) -> None:
    parsed = parse_name(name)
    assert (parsed.key, parsed.department) == (core, department)


def test_a_former_name_is_set_apart() -> None:
    parsed = parse_name("Nye Brød AS (tidl. Gamle Brød AS)")
    assert (parsed.key, parsed.former) == ("nye brød", "gamle brød as")


@pytest.mark.parametrize("form", sorted(LEGAL_FORMS))
def test_every_legal_form_is_stripped_anywhere(form: str) -> None:
    assert name_key(f"{form} Elvebakken Bakeri") == "elvebakken bakeri"
    assert name_key(f"Elvebakken {form.upper()} Bakeri") == "elvebakken bakeri"
    assert name_key(f"Elvebakken Bakeri {form}") == "elvebakken bakeri"


def test_spellings_meet_in_the_ascii_key() -> None:
    assert ascii_key("HÅLAND & SØNNER AS") == ascii_key("Haaland og Soenner A/S")


_PIECES = st.sampled_from(
    ["as", "A/S", "a", "s", "og", "&", "v/", "c/o", "avd.", "tidl.", "x", "987654321", "Ås", "-"]
)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=8).map(" ".join)))
def test_the_key_of_a_key_is_the_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


def test_long_names_are_cut() -> None:
    assert len(parse_name("ord " * 5_000).core) <= 24

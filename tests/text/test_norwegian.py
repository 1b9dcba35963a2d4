from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procmatch.text.lexicon import LEMMAS, SYNONYMS
from procmatch.text.norwegian import is_generic, split_compound, stem, stems
from procmatch.text.nynorsk import to_bokmaal


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("renholdstjenester", ("renhold", "tjeneste")),
        ("reinhaldstenester", ("renhold", "tjeneste")),
        ("skolemat", ("skole", "mat")),
        ("skulemat", ("skole", "mat")),
        ("kontorrenhold", ("kontor", "renhold")),
        ("kontorrengjøring", ("kontor", "renhold")),
        ("avløpsrens", ("avløp", "rensing")),
        ("avløpsrengjøring", ("avløp", "rensing")),
        ("trafikkontroll", ("trafikk", "kontroll")),
        ("fiskeprodukter", ("fisk", "produkt")),
        ("sykehusmøbler", ("sykehus", "møbel")),
        ("vedlikehold", ("vedlikehold",)),
        ("rammeavtalen", ("rammeavtale",)),
        ("tomat", ("tomat",)),
        ("format", ("format",)),
        ("barnevern", ("barnevern",)),
        ("revisortjenester", ("revisor", "tjeneste")),
        ("gjerdetjenester", ("gjerde", "tjeneste")),
        ("forsikringsmegling", ("forsikring", "megling")),
        ("energieffektivisering", ("energi", "effektivisering")),
        ("xyz", ("xyz",)),
        ("", ("",)),
    ],
)
def test_compounds_are_taken_apart(word: str, parts: tuple[str, ...]) -> None:
    assert split_compound(word) == parts


@pytest.mark.parametrize(
    ("bokmaal", "nynorsk"),
    [
        ("skolene", "skulane"),
        ("melk", "mjølk"),
        ("kjøttvarer", "kjøtvarer"),
        ("grønnsaker", "grønsaker"),
        ("renhold", "reinhald"),
        ("vedlikehold av bygninger", "vedlikehald av bygningar"),
        ("tjenester", "tenester"),
        ("rørleggertjenester", "røyrleggjartenester"),
        ("veivedlikehold", "vegvedlikehald"),
        ("elektriker", "elektrikar"),
        ("sykehjem", "sjukeheim"),
        ("vann og avløp", "vatn og avlaup"),
        ("rådgivning", "rådgjeving"),
        ("snøbrøyting", "snøbrøytinga"),
        ("personbiler", "personbilar"),
        ("møbler", "møblar"),
        ("utleie", "utleige"),
        ("sikkerhet", "tryggleik"),
    ],
)
def test_bokmaal_and_nynorsk_share_stems(bokmaal: str, nynorsk: str) -> None:
    assert stems(bokmaal) == stems(nynorsk)


@pytest.mark.parametrize(
    "words",
    [
        ("skole", "skolen", "skoler", "skolene"),
        ("brød", "brødet", "brødene"),
        ("barnehage", "barnehager", "barnehagen", "barnehagar"),
        ("økologisk", "økologiske"),
        ("fersk", "ferskt", "ferske"),
    ],
)
def test_inflections_share_a_stem(words: tuple[str, ...]) -> None:
    assert len({tuple(stems(word)) for word in words}) == 1


def test_stop_words_numbers_and_single_letters_are_left_out() -> None:
    assert stems("Kjøp av 12 brød til skolene i A") == ["kjøp", "brød", "skol"]


def _trade(text: str) -> set[str]:
    return {found for found in stems(text) if not is_generic(found)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kontorrenhold", "avløpsrens"),
        ("renholdstjenester", "avløpstjenester"),
        ("Rammeavtale, kjøp av matvarer", "Rammeavtale, kjøp av kontormøbler"),
        ("levering av frukt", "levering av bøker"),
        ("vedlikeholdsarbeid", "malerarbeid"),
        ("Reparasjon og vedlikehold av heiser", "Reparasjon og vedlikehald av tak"),
        ("drift av svømmehall", "Drift og service av nettverk"),
    ],
)
def test_a_shared_generic_head_is_no_shared_trade(one: str, other: str) -> None:
    assert not _trade(one) & _trade(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kontorrenhold", "rengjøringstjenester"),
        ("skulemat", "levering av mat til skoler"),
        ("matombringing", "middagsmat"),
        ("snørydding", "brøyting og strøing"),
    ],
)
def test_one_trade_in_two_words_is_seen(one: str, other: str) -> None:
    assert _trade(one) & _trade(other)


@pytest.mark.parametrize("lemma", sorted(LEMMAS))
def test_every_lemma_is_found_as_itself(lemma: str) -> None:
    assert to_bokmaal(lemma) == lemma
    assert split_compound(lemma) == (SYNONYMS.get(lemma, lemma),)


def test_synonyms_lead_to_lemmas_that_stay() -> None:
    assert set(SYNONYMS) | set(SYNONYMS.values()) <= LEMMAS
    assert not set(SYNONYMS) & set(SYNONYMS.values())


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_has_stems(text: str) -> None:
    assert all(found and " " not in found for found in stems(text))
    assert isinstance(stem(text), str)

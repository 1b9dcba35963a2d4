"""CPV codes suggested for texts: by typed words and labels, and by what buyers called things."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.codes import builtin
from procmatch.codes.cpv import depth
from procmatch.matching.relevance import CpvModel, Lexicon, doubt_code, suggest_cpv
from procmatch.matching.relevance.vectors import Vectoriser
from procmatch.matching.relevance.words import subwords


@pytest.mark.parametrize(
    ("text", "branch"),
    [
        ("skolemat, økologisk brød", "158"),
        ("økologiske grønnsaker til barnehager", "153"),
        ("Reinhald av skular", "909"),
        ("spyling av avløpsledninger", "904"),
        ("brøyting og strøing av kommunale veier", "906"),
        ("skoleskyss med buss", "601"),
        ("rammeavtale bedriftshelsetjeneste", "85"),
        ("tolketjenester", "79"),
        ("lekeplassutstyr", "375"),
        ("Totalentreprise ny barneskole", "45"),
        ("arkitekttjenester nytt rådhus", "71"),
        ("legemidler og multidose", "33"),
        ("drift av kantine", "55"),
    ],
)
def test_needs_in_plain_words_find_their_branch(text: str, branch: str) -> None:
    assert any(code.startswith(branch) for code, _ in suggest_cpv(text)[:2])


def test_certainties_fall_and_are_shares() -> None:
    found = suggest_cpv("renhold av kontorer og vinduspuss")
    certain = [value for _, value in found]
    assert certain == sorted(certain, reverse=True)
    assert 0 < sum(certain) <= 1 + 1e-9


def test_an_empty_text_suggests_nothing() -> None:
    assert suggest_cpv("") == []
    assert suggest_cpv(" – ") == []


def test_a_vague_text_is_less_certain_than_a_plain_one() -> None:
    vague, plain = (
        suggest_cpv("rammeavtale om ulike tjenester"),
        suggest_cpv("vinduspuss og renhold"),
    )
    assert vague[0][1] < plain[0][1]


def test_notices_teach_words_that_nobody_typed() -> None:
    before = CpvModel()
    notices = [(f"Zyklotron til avdeling {at}", "", "33111000") for at in range(40)]
    notices += [(f"Kattesand {at}", "", "14210000") for at in range(40)]
    after = before.fit(notices)
    assert suggest_cpv("Zyklotron", model=after)[0][0].startswith("33")
    assert after.seen == 80
    assert before.learned is None


def test_notices_of_unknown_divisions_are_left_out() -> None:
    model = CpvModel()
    assert model.fit([("Noe", "", "99000000")]) is model


def test_the_typed_table_names_only_branches_that_exist() -> None:
    known = {code[:length] for code in builtin().cpv.labels for length in (2, 3, 4)}
    lexicon = Lexicon.load()
    typed = {
        prefix
        for words in (lexicon.begins, lexicon.whole, lexicon.inside, lexicon.phrases)
        for prefixes in words.values()
        for prefix in prefixes
    }
    assert {prefix[:2] for prefix in typed} <= {code[:2] for code in known}
    assert len(typed) > 100


def test_words_are_found_at_the_start_in_compounds_and_side_by_side() -> None:
    lexicon = Lexicon.of(
        [("15", ["bakeri", "=øl"]), ("60", ["*buss"]), ("22", ["gule_sider"]), ("30", ["skjerm"])]
    )
    assert lexicon.votes("Bakeriet")["15"] > 0
    assert lexicon.votes("øl")["15"] > 0
    assert lexicon.votes("ølhund")["15"] == 0
    assert lexicon.votes("trolleybuss")["60"] > 0
    assert lexicon.votes("gule sider")["22"] > 0
    assert lexicon.votes("gule og blå sider")["22"] == 0
    assert 0 < lexicon.votes("storskjermer")["30"] < lexicon.votes("skjermer")["30"]


@given(st.text(max_size=80))
def test_any_text_gets_an_answer_of_codes_and_shares(text: str) -> None:
    for code, certain in suggest_cpv(text):
        assert len(code) == 8
        assert code.isdigit()
        assert 0 <= certain <= 1


@pytest.mark.parametrize(
    ("code", "text", "kind", "branch"),
    [
        ("48000000", "Brøyting og strøing av kommunale veier", "wrong", "906"),
        ("55000000", "Rammeavtale rørlegger", "wrong", "453"),
        ("66000000", "Skade- og personforsikring", "coarse", "665"),
        ("39000000", "Møbler", "coarse", "391"),
    ],
)
def test_a_code_that_looks_wrong_or_too_coarse_is_doubted(
    code: str, text: str, kind: str, branch: str
) -> None:
    found = doubt_code(code, text)
    assert found is not None
    assert (found.kind, found.code[: len(branch)]) == (kind, branch)
    assert 0 < found.certainty <= 1


@pytest.mark.parametrize(
    ("code", "text"),
    [("15811000", "Brød til skolene"), ("79000000", ""), ("79000000", "Rammeavtale 2025/17")],
)
def test_a_code_stands_where_the_words_agree_or_say_too_little(code: str, text: str) -> None:
    assert doubt_code(code, text) is None


@pytest.mark.parametrize("length", [2, 3, 4])
def test_a_branch_is_spoken_for_by_its_likest_label_and_by_typed_words(length: int) -> None:
    texts = [("økologisk brød", "til skolen"), ("buss", ""), ("zzz", "")]
    known = builtin().cpv.labels
    labels = [(code, own["nb"]) for code, own in known.items() if own.get("nb")]
    features = [subwords(label) for _, label in labels]
    vectoriser = Vectoriser.fit(features)
    asked = vectoriser.transform(subwords(f"{one} {one} {two}") for one, two in texts)
    alike = (asked @ vectoriser.transform(features).T).toarray()
    prefixes = sorted({code[:length] for code in known if depth(code) >= length})
    below: dict[str, list[int]] = {prefix: [] for prefix in prefixes}
    for place, (code, _) in enumerate(labels):
        if depth(code) >= length:
            below[code[:length]].append(place)
    wanted = np.zeros((len(texts), len(prefixes)))
    for row, (title, description) in enumerate(texts):
        votes = Lexicon.load(("nb",)).votes
        typed = [
            votes(title).get(prefix, 0.0) + 0.4 * votes(description).get(prefix, 0.0)
            for prefix in prefixes
        ]
        for at, prefix in enumerate(prefixes):
            likest = alike[row, below[prefix]].max(initial=0.0)
            wanted[row, at] = typed[at] / (sum(typed) + 0.5) + 0.6 * likest
    assert np.allclose(CpvModel(languages=("nb",)).prior(texts, length), wanted)

"""Relevance: what each criterion sees, what it must not do, and lists that stay open."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.errors import SettingsError
from procmatch.matching.relevance import POLICY, Award, Firm, Need, Relevance
from procmatch.matching.relevance.opening import EVERY, open_places
from procmatch.matching.relevance.places import shared_area
from procmatch.matching.relevance.trades import said_code
from procmatch.matching.relevance.words import telling_stems

BAKER = Firm(
    key="1",
    name="Fjordbrød AS",
    text="Produksjon av brød og ferske bakervarer",
    language="nb",
    industries=("10.71",),
    areas=("NO0A2",),
    towns=("bergen",),
)
CLEANER = Firm(
    key="2",
    name="Rein Vask AS",
    text="Rengjøring av kontorer og skoler",
    language="nb",
    industries=("81.21",),
    areas=("NO0A2",),
)
DRAINS = Firm(
    key="3",
    name="Slamsug Øst AS",
    text="Spyling og rensing av avløp og tanker",
    language="nb",
    industries=("37.00",),
    areas=("NO081",),
)
STRANGER = Firm(key="4", name="Ukjent AS")
FIRMS = (BAKER, CLEANER, DRAINS, STRANGER)
BREAD = Need(
    key="bread",
    title="Levering av brød til barnehager",
    language="nb",
    cpv=("15810000",),
    areas=("NO0A2",),
    buyer="Bergen kommune",
)
OFFICES = Need(key="offices", title="Kontorrenhold", language="nb", cpv=("90911200",))


def best(need: Need, *awards: Award) -> str:
    return Relevance.build(FIRMS, awards).rank(need)[0].key


def test_a_baker_stands_first_for_bread_and_a_cleaner_for_offices() -> None:
    assert best(BREAD) == BAKER.key
    assert best(OFFICES) == CLEANER.key


def test_inflection_and_compounds_meet() -> None:
    relevance = Relevance.build(FIRMS)
    words = relevance.signals([Need(key="", title="Skolerenhold", language="nb")])["words"][0]
    assert words[1] > 0
    assert words[1] > words[2]


def test_drain_cleaning_is_not_office_cleaning() -> None:
    relevance = Relevance.build(FIRMS)
    scores = relevance.scores([Need(key="", title="Spyling av avløpsledninger", language="nb")])[0]
    assert scores[2] > scores[1]


def test_general_words_and_parts_of_compounds_are_no_likeness() -> None:
    assert telling_stems("Drift, reparasjon og vedlikehold: levering av tjenester", "nb") == []
    assert telling_stems("vedlikeholdstjenester for heiser", "nb")[-1] == "heis"
    relevance = Relevance.build([Firm(key="1", name="Heis", text="Reparasjon og vedlikehold")])
    asked = Need(key="", title="Vedlikehald og reparasjonar av tak", language="nb")
    assert not relevance.signals([asked])["words"].any()


def test_the_main_code_counts_more_than_the_others() -> None:
    relevance = Relevance.build(FIRMS)
    main = Need(key="a", cpv=("15810000", "90911200"))
    other = Need(key="b", cpv=("90911200", "15810000"))
    trade = relevance.signals([main, other])["trade"]
    assert trade[0, 0] > trade[1, 0] > 0


def test_an_unknown_industry_is_not_a_no() -> None:
    trade = Relevance.build(FIRMS).signals([BREAD])["trade"][0]
    assert 0 < trade[3] < trade[0]


def test_a_firm_that_won_something_alike_is_found_and_the_criterion_can_be_switched_off() -> None:
    past = Award(
        need=Need(key="", title="Brød til barnehager i Bergen", language="nb", cpv=("15810000",)),
        winners=(STRANGER.key,),
    )
    assert best(BREAD, *[past] * 300) == STRANGER.key
    relevance = Relevance.build(FIRMS, [past] * 300)
    without = POLICY.without_history()
    assert relevance.rank(BREAD, policy=without)[0].key == BAKER.key
    assert not {"neighbours", "series", "buyer", "wins"} & set(
        relevance.signals([BREAD], policy=without)
    )


def test_one_award_moves_the_list_less_than_many() -> None:
    past = Award(need=BREAD, winners=(STRANGER.key,))
    assert best(BREAD, past) == BAKER.key
    one, many = (
        Relevance.build(FIRMS, [past] * times).signals([BREAD])["neighbours"][0, 3]
        for times in (1, 100)
    )
    assert 0 < one < many


def test_size_is_no_merit() -> None:
    assert POLICY.without(["size"]) == POLICY


def test_size_can_be_let_in_to_show_what_it_would_do() -> None:
    twin = Firm(
        key="5", name=BAKER.name, text=BAKER.text, language="nb", industries=("10.71",), size=1
    )
    small = Firm(
        key="4", name=BAKER.name, text=BAKER.text, language="nb", industries=("10.71",), size=0
    )
    relevance = Relevance.build([twin, small])
    assert [one.key for one in relevance.rank(BREAD)] == ["4", "5"]
    with_size = POLICY.with_weight("size", 2.0)
    assert [one.key for one in relevance.rank(BREAD, policy=with_size)] == ["5", "4"]


def test_winners_who_are_not_candidates_teach_nothing() -> None:
    past = Award(need=BREAD, winners=("nobody",))
    found = Relevance.build(FIRMS, [past]).rank(BREAD)
    assert found[0].key == BAKER.key


def test_a_need_without_anything_ranks_everybody_in_a_stable_order() -> None:
    past = Award(need=Need(key=""), winners=("1",))
    for awards in ((), (past,)):
        found = Relevance.build(reversed(FIRMS), awards).rank(Need(key="empty"))
        assert sorted(one.key for one in found) == ["1", "2", "3", "4"]
        assert all(0 <= one.score <= 1 for one in found)


def test_the_order_of_firms_does_not_matter() -> None:
    one = Relevance.build(FIRMS).rank(BREAD)
    other = Relevance.build(tuple(reversed(FIRMS))).rank(BREAD)
    assert one == other


def test_areas_agree_by_levels_and_a_country_alone_says_nothing() -> None:
    assert shared_area("NO0A2", "NO0A2") == 1
    assert shared_area("NO0A2", "NO0A1") == pytest.approx(2 / 3)
    assert shared_area("NO0A2", "NO081") == pytest.approx(1 / 3)
    assert shared_area("NO0A2", "SE110") == 0
    assert shared_area("NO", "NO0A2") == 0
    assert shared_area("NO", "NO") == 1
    assert shared_area("FR/84/69", "FR/84/38") == 0.5
    assert shared_area("FR/84/69", "FR/27/69") == 0


def test_what_the_industries_of_winners_teach_reaches_firms_that_never_won() -> None:
    firms = [
        Firm(key=str(at), name=f"Nr {at}", industries=("88.99",) if at < 5 else ("70.22",))
        for at in range(40)
    ]
    need = Need(key="", cpv=("90511000",))
    untaught = Relevance.build(firms).signals([need])["trade"][0]
    awards = [Award(need=need, winners=("0",)) for _ in range(60)]
    taught = Relevance.build(firms, awards).signals([need])["trade"][0]
    assert taught[firms.index(firms[1])] > untaught[1]


def test_unknown_criteria_and_weights_below_zero_are_refused() -> None:
    with pytest.raises(SettingsError, match="no criterion 'charm'"):
        POLICY.without(["charm"])
    with pytest.raises(SettingsError, match="below 0"):
        POLICY.with_weight("place", -1)


points = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@given(points, st.randoms(use_true_random=False))
def test_every_fourth_place_of_a_list_is_open(full: list[float], dice: object) -> None:
    fair = list(full)
    dice.shuffle(fair)  # type: ignore[attr-defined]
    places = open_places(np.array([full]), np.array([fair]))[0]
    assert sorted(places) == list(range(len(full)))
    firsts = {int(at) for at in np.argsort(places)[:EVERY]}
    kept = np.argsort(-np.round(np.array(full), 9), kind="stable")[: EVERY - 1]
    given_away = np.argsort(-np.round(np.array(fair), 9), kind="stable")[0]
    assert set(map(int, kept)) <= firsts
    assert int(given_away) in firsts


def test_a_firm_high_in_both_orders_leaves_the_open_place_to_the_next() -> None:
    full = np.array([[0.9, 0.8, 0.7, 0.6, 0.5, 0.0]])
    open_to_all = np.array([[0.9, 0.8, 0.7, 0.1, 0.1, 0.2]])
    assert np.argsort(open_places(full, open_to_all)[0]).tolist() == [0, 1, 2, 5, 3, 4]


def test_where_winners_come_from_counts_for_firms_that_never_won() -> None:
    kept = {row.name: row.weight for row in POLICY.open_to_all().rows}
    assert kept["reach"] > 0
    won_before = {"neighbours", "series", "buyer", "wins"}
    assert {row.name for row in POLICY.rows if row.weight and not kept[row.name]} == won_before


def test_words_that_name_no_branch_are_unknown_and_not_wrong() -> None:
    points = Relevance.build(FIRMS).signals([BREAD])["branch"][0]
    baker, cleaner, drains, stranger = points
    assert baker > stranger > max(cleaner, drains)
    silent = Relevance.build(FIRMS).signals([Need(key="")])["branch"][0]
    assert not silent.any()


def test_what_a_title_plainly_says_is_one_more_code() -> None:
    vague = Need(key="", title="Kontorrenhold", language="nb", cpv=("79000000",))
    points = Relevance.build(FIRMS).signals([vague])["trade"][0]
    silent = Relevance.build(FIRMS).signals([Need(key="", cpv=("79000000",))])["trade"][0]
    assert points[1] > silent[1]
    uncoded = Need(key="", title="Kontorrenhold", language="nb")
    assert Relevance.build(FIRMS).signals([uncoded])["trade"][0][1] > 0.5


def test_a_code_that_the_title_repeats_is_not_counted_twice() -> None:
    assert said_code(Need(key="", title="Kontorrenhold", language="nb")).startswith("909")
    assert said_code(Need(key="", title="Renhold", language="nb", cpv=("90911200",))) == ""
    assert said_code(Need(key="", title="Rammeavtale 2025", language="nb")) == ""


def test_the_trade_of_a_head_office_is_not_known() -> None:
    office = Firm(key="5", name="Konsern AS", industries=("70.10",))
    unknown, head = Relevance.build([STRANGER, office]).signals([BREAD])["trade"][0]
    assert head == unknown > 0


def test_norwegian_awards_teach_across_both_editions_of_industry_codes() -> None:
    need = Need(key="", language="nb", cpv=("98390000",), areas=("NO0A2",))
    firms = [
        Firm(key="1", name="Vinner AS", industries=("81.210",), nace="SN2007"),
        Firm(key="2", name="Nykomling AS", industries=("81.210",), nace="SN2025"),
        *(Firm(key=f"3{at}", name="Annen AS", industries=("62.100",)) for at in range(40)),
    ]
    place = {firm.key: at for at, firm in enumerate(sorted(firms, key=lambda one: one.key))}
    before = Relevance.build(firms).signals([need])["trade"][0]
    after = Relevance.build(firms, [Award(need=need, winners=("1",))] * 60).signals([need])
    assert after["trade"][0][place["2"]] > before[place["2"]]
    assert after["trade"][0][place["2"]] > after["trade"][0][place["30"]]


def test_a_branch_with_all_the_awards_tells_nothing_of_its_winners() -> None:
    one = Award(need=Need(key="", cpv=("15810000",)), winners=("1",))
    other = Award(need=Need(key="", cpv=("90911200",)), winners=("2",))
    alone = Relevance.build(FIRMS, [one] * 5).signals([BREAD])["wins"][0]
    beside = Relevance.build(FIRMS, [one] * 5 + [other] * 5).signals([BREAD])["wins"][0]
    assert alone[0] == 0
    assert beside[0] > 0

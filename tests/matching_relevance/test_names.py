"""What winners are called tells of others who are called alike, and never of a firm's own wins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.matching.relevance import Award, Firm, Need, Relevance
from procmatch.matching.relevance.names import Names, lot_number

ROOFS, PAINT = "45261210", "45442100"
ROOFERS = [Firm(key=f"r{at}", name=f"Couverture {town}") for at, town in enumerate("ABCDEFGH")]
PAINTERS = [Firm(key=f"p{at}", name=f"Peinture {town}") for at, town in enumerate("IJKLMNOP")]
NEW = [Firm(key="new roofer", name="Couvertures du Lac"), Firm(key="new", name="Peintures du Lac")]
FIRMS = [*ROOFERS, *PAINTERS, *NEW]


def award(cpv: str, winner: Firm, lot: str = "") -> Award:
    return Award(need=Need(key="", cpv=(cpv,), reference=lot), winners=(winner.key,))


AWARDS = [
    *(award(ROOFS, one, "2024-07-L3") for one in ROOFERS),
    *(award(PAINT, one, "2024-07-L9") for one in PAINTERS),
]


def points(need: Need, awards: list[Award] = AWARDS) -> dict[str, float]:
    names = Names.learn(awards, {firm.key: firm.name for firm in FIRMS})
    return dict(zip([one.key for one in FIRMS], names.points([need], FIRMS)[0], strict=True))


def test_a_newcomer_is_known_by_the_names_of_those_who_win_in_the_branch() -> None:
    found = points(Need(key="", cpv=(ROOFS,)))
    assert found["new roofer"] > 0
    assert found["new"] == 0


def test_the_number_of_the_lot_tells_where_the_code_says_nothing() -> None:
    found = points(Need(key="", reference="M24-118 lot 9"))
    assert found["new"] > 0
    assert found["new roofer"] == 0


def test_the_last_two_digits_of_a_file_number_tell_less_surely_the_lot_of_a_building() -> None:
    found = points(Need(key="", cpv=("45000000",), reference="202411809"))
    plain = points(Need(key="", cpv=("45000000",), reference="2024118 lot 9"))
    assert 0 < found["new"] <= plain["new"]
    assert found["new roofer"] < found["new"] / 10


@pytest.mark.parametrize("reference", ["2024118 lot 9", "202411809"])
def test_only_the_lots_of_a_building_come_in_the_order_of_trades(reference: str) -> None:
    assert not any(points(Need(key="", cpv=("15800000",), reference=reference)).values())


def test_a_firms_own_win_says_nothing_of_its_name() -> None:
    lonely = Firm(key="lonely", name="Zyx")
    names = {firm.key: firm.name for firm in [*FIRMS, lonely]}
    own = Names.learn([*AWARDS, award(ROOFS, lonely)], names)
    assert own.points([Need(key="", cpv=(ROOFS,))], [lonely])[0, 0] == 0
    found = points(Need(key="", cpv=(ROOFS,)), [*AWARDS, award(ROOFS, PAINTERS[0])])
    assert found["p0"] == found["p1"]


def test_without_names_codes_or_awards_nothing_is_told() -> None:
    need = Need(key="", cpv=(ROOFS,))
    assert not Names.learn([], {}).points([need], FIRMS).any()
    assert not Names.learn(AWARDS, {}).points([need], FIRMS).any()
    assert not any(points(Need(key="")).values())


def test_it_is_a_criterion_that_asks_for_no_past_win() -> None:
    relevance = Relevance.build(FIRMS, AWARDS)
    need = Need(key="", cpv=(ROOFS,))
    found = {one.key: dict(one.points) for one in relevance.rank(need, limit=len(FIRMS))}
    assert found["new roofer"]["names"] > found["new"]["names"]


@pytest.mark.parametrize(
    ("reference", "number"),
    [
        ("2024-126-3", "3"),
        ("2024TX_LOT12", "12"),
        ("2025_LOT04_ECOLE", "4"),
        ("24M017L05", "5"),
        ("2024M0015", ""),
        ("202415", ""),
        ("", ""),
    ],
)
def test_lot_numbers(reference: str, number: str) -> None:
    assert lot_number(reference) == number


@given(
    st.lists(st.tuples(st.sampled_from(FIRMS), st.sampled_from([ROOFS, PAINT, "45"])), max_size=9)
)
def test_points_stay_between_nothing_and_all(won: list[tuple[Firm, str]]) -> None:
    awards = [award(cpv, firm, "L1") for firm, cpv in won]
    names = Names.learn(awards, {firm.key: firm.name for firm in FIRMS})
    found = names.points([Need(key="", cpv=(ROOFS,), reference="L1")], FIRMS)
    assert np.isfinite(found).all()
    assert ((found >= 0) & (found <= 1)).all()

"""Needs laid out for firms answer one firm just as each of them is answered by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.matching.index import FirmIndex, NeedIndex
from procmatch.matching.relevance import Firm, Need
from tests.matching_index.market import awards, each, firms, needs

#: Words, trades and places that no firm of a made-up market has.
STRANGERS = (
    Firm(key="x", name="Kålrotbua", text="kålrot og brød", language="nb", industries=("01.130",),
         nace="SN2025", municipalities=("1103",), turnover=2e6),
    Firm(key="x", name="Kålrotbua", text="snømåking", language="nb"),
    Firm(key="x", name="", text=""),
    Firm(key="x", name="Seglmakar", text="segl", language="nn", industries=("13.920",),
         areas=("NO0A2",), towns=("bergen",), postcode="5003"),
)  # fmt: skip
ABOUT_STRANGERS = (
    Need(key="a", title="Kålrot", text="kålrot til skolemat", language="nb", cpv=("03221112",)),
    Need(key="b", title="Segl", language="nn", cpv=("39522520", "15810000"), areas=("NO0A2",)),
    Need(key="c"),
    Need(key="d", title="Skolemat", cpv=("99999999",), municipalities=("9999",), yearly=1e6),
)


def one_by_one(market: FirmIndex, asked: list[Need], firm: Firm) -> list[dict[str, float]]:
    alone = market.alone(firm)
    return [each(alone.points(need, [firm.key]))[0] for need in asked]


def together(board: NeedIndex, firm: Firm) -> list[dict[str, float]]:
    points = board.points(firm)
    return [
        {name: float(values[at]) for name, values in points.items()} for at in range(len(board))
    ]


@given(firms(), st.lists(needs(), max_size=4), firms(least=1, most=2), st.data())
def test_each_need_gets_exactly_what_it_gets_by_itself(
    market: list[Firm], asked: list[Need], others: list[Firm], data: st.DataObject
) -> None:
    """Firms of the market and others, and where past awards taught which trades win what."""
    index = FirmIndex.build(market, data.draw(awards(market)))
    every = [*asked, *ABOUT_STRANGERS]
    board = NeedIndex.build(index, every)
    for firm in [*market[:2], *others, data.draw(st.sampled_from(STRANGERS))]:
        assert together(board, firm) == one_by_one(index, every, firm)


@given(firms(least=1), st.lists(needs(), min_size=1, max_size=4), st.data())
def test_needs_that_come_and_go_change_nothing_for_the_others(
    market: list[Firm], asked: list[Need], data: st.DataObject
) -> None:
    index = FirmIndex.build(market)
    first = NeedIndex.build(index, asked)
    now = [*data.draw(st.lists(st.sampled_from(asked))), *ABOUT_STRANGERS]
    kept = NeedIndex.build(index, now, first)
    assert together(kept, market[0]) == together(NeedIndex.build(index, now), market[0])


def test_what_the_earlier_index_read_is_not_read_again() -> None:
    index = FirmIndex.build([Firm(key="1", name="Bakeri")])
    first = NeedIndex.build(index, ABOUT_STRANGERS)
    again = NeedIndex.build(index, ABOUT_STRANGERS[1:], first)
    assert all(one is two for one, two in zip(again.said, first.said[1:], strict=True))
    other = NeedIndex.build(FirmIndex.build([Firm(key="1", name="Vask")]), ABOUT_STRANGERS, first)
    assert not any(one is two for one, two in zip(other.said, first.said, strict=True))


def test_a_need_read_in_another_market_is_read_anew() -> None:
    need = Need(key="a", title="brød", language="nb")
    small = FirmIndex.build([Firm(key="1", name="Vask")])
    large = FirmIndex.build([Firm(key="1", name="Brød"), Firm(key="2", name="Vask")])
    board = NeedIndex.build(large, [need], NeedIndex.build(small, [need]))
    firm = Firm(key="1", name="Brød", language="nb")
    assert together(board, firm) == one_by_one(large, [need], firm)


@pytest.mark.parametrize("firm", STRANGERS, ids=lambda one: one.name or "nothing")
def test_a_firm_gets_points_for_words_that_only_it_has(firm: Firm) -> None:
    index = FirmIndex.build([Firm(key=str(at), name=f"Nr {at} brød") for at in range(5)])
    board = NeedIndex.build(index, ABOUT_STRANGERS)
    assert together(board, firm) == one_by_one(index, list(ABOUT_STRANGERS), firm)
    if "kålrot" in firm.text:
        assert board.points(firm)["words"][0] > 0.3


def test_no_needs_give_no_points() -> None:
    index = FirmIndex.build([Firm(key="1", name="Bakeri")])
    points = NeedIndex.build(index, []).points(Firm(key="1", name="Bakeri"))
    assert {name: values.tolist() for name, values in points.items()} == {
        name: [] for name in points
    }


def test_an_empty_market_answers_as_well() -> None:
    index = FirmIndex.build([])
    firm = replace(STRANGERS[0], turnover=None)
    board = NeedIndex.build(index, ABOUT_STRANGERS)
    assert together(board, firm) == one_by_one(index, list(ABOUT_STRANGERS), firm)
    assert np.isfinite(board.points(firm)["place"]).all()

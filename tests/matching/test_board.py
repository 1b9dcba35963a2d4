"""The board of open lots answers a firm just as asking lot by lot does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procmatch.codes import builtin
from procmatch.matching import (
    DEFAULT_POLICY,
    Board,
    RelevancePolicy,
    SupplierIndex,
    match_supplier,
    policy_from,
    why,
)
from procmatch.matching import board as board_module
from procmatch.matching.board import LotOf
from procmatch.matching.common import asked
from procmatch.matching.criteria import points_of
from procmatch.matching.judging import Bench, relevant
from procmatch.matching.need import prepare
from procmatch.matching.profile import profile
from procmatch.matching.records import firm_of, key_of
from procmatch.matching.relevance.records import Award
from procmatch.model.match import Match
from procmatch.model.notice import Lot
from procmatch.model.organisation import Supplier
from tests.matching.market import (
    ASKER,
    BAERUM,
    CODES,
    NOW,
    OTHERS,
    TROMSO,
    criterion,
    firm,
    lot,
    notice,
)

PAST = policy_from({}, past_awards=True)
WORDS = ("brød", "fisk", "renhold", "skolemat", "catering", "kontor", "nettsted", "levering")
#: The bell founder's trade, words and town are nobody else's, and no other lot is like its own.
BELLS = firm("Klokkestøperiet AS", "24.540", "Støper kirkeklokker.", at="5501", turnover=3e6)
BELL_LOT = lot("Kirkeklokker", "37313400", "Støping av kirkeklokker.", at="5501", value=1e6)

firms = st.builds(
    lambda name, trade, words, at, staff, turnover: firm(
        f"{name} AS", trade, " ".join(words), at=at, employees=staff, turnover=turnover
    ),
    name=st.sampled_from(["Nor", "Vest", "Kyst", "Grønn bakeri"]),
    trade=st.sampled_from(["10.710", "10.203", "56.210", "81.210", "46.390", "88.993", ""]),
    words=st.lists(st.sampled_from(WORDS), max_size=4),
    at=st.sampled_from([ASKER, BAERUM, TROMSO, None, "9999"]),
    staff=st.none() | st.integers(0, 400),
    turnover=st.none() | st.floats(0, 1e9),
)
lots = st.builds(
    lambda words, also, cpv, at, value, reserved: lot(
        " ".join(words), cpv, " ".join(also), at=at, value=value, reserved=reserved,
        also=("55524000", "03221000") if cpv and also else (),
    ),
    words=st.lists(st.sampled_from(WORDS), max_size=4),
    also=st.lists(st.sampled_from(WORDS), max_size=2),
    cpv=st.sampled_from(["15811000", "55523100", "90919200", "72000000", "99999999", None]),
    at=st.sampled_from([ASKER, TROMSO, None]),
    value=st.none() | st.floats(0, 1e9),
    reserved=st.sampled_from([(), (), ("res-ws",)]),
)  # fmt: skip


def hung(*some: Lot) -> list[LotOf]:
    """Each lot in a notice of its own."""
    return [
        (replace(notice(one), source_id=f"2026-{at}", notice_id=f"n{at}"), one, None)
        for at, one in enumerate(some)
    ]


def lot_by_lot(
    supplier: Supplier,
    lots: Sequence[LotOf],
    index: SupplierIndex,
    policy: RelevancePolicy = DEFAULT_POLICY,
) -> list[Match]:
    """Every lot read, scored and judged by itself, as the index scores a firm."""
    bench = Bench(index=index, codes=CODES, policy=policy, radius_km=80)
    one = profile(supplier, CODES)
    key = key_of(supplier.organisation.id)
    alone = index.firms.alone(replace(firm_of(supplier, CODES, one), blocked=False))
    pairs = []
    for announced, part, buyer in lots:
        wanted = prepare(announced, part, codes=CODES, now=NOW, buyer_municipality=buyer)
        found = alone.points(wanted.need, [key], radius_km=80)
        found |= index.of_past(wanted.need, [key], policy=policy)
        points = points_of(wanted, {name: value for name, (value,) in found.items()})
        if relevant(wanted, one, points):
            pairs.append((bench.pair(wanted, one, points), wanted))
    pairs.sort(key=lambda two: (*two[0].rank, two[1].notice.source_id or "", two[1].lot.id))
    return [bench.match(wanted, asked(wanted.need), pair) for pair, wanted in pairs]


@settings(max_examples=40, deadline=None)
@given(market=st.lists(firms, min_size=1, max_size=6), some=st.lists(lots, max_size=6))
def test_a_firm_gets_the_same_matches_in_the_same_order(
    market: list[Supplier], some: list[Lot]
) -> None:
    """Points, hurdles and sentences too; lots and firms may lack any of their parts."""
    index = SupplierIndex.build(market, codes=CODES)
    every = hung(*some, BELL_LOT, lot(), lot("Brød"))
    board = Board.prepare(every, index=index)
    for one in (*market[:2], BELLS, firm("Kålrotbua AS", "", "Dyrker kålrot og baker brød.")):
        assert board.matches(one, now=NOW) == lot_by_lot(one, every, index)


@settings(max_examples=40, deadline=None)
@given(
    market=st.lists(firms, min_size=2, max_size=6),
    some=st.lists(lots, min_size=1, max_size=6),
    data=st.data(),
)
def test_the_same_holds_where_past_awards_count(
    market: list[Supplier], some: list[Lot], data: st.DataObject
) -> None:
    """They teach which trades win what, and firms have won lots like those on the board."""
    every = hung(*some)
    won = data.draw(
        st.lists(st.tuples(st.sampled_from(every), st.sampled_from(market)), min_size=1)
    )
    awards = [
        Award(
            need=prepare(*one[:2], codes=CODES, now=NOW, buyer_municipality=None).need,
            winners=(key_of(winner.organisation.id),),
        )
        for one, winner in won
    ]
    index = SupplierIndex.build(market, codes=CODES, awards=awards)
    board = Board.prepare(every, index=index)
    for one in (*market[:3], BELLS):
        assert board.matches(one, policy=PAST, now=NOW) == lot_by_lot(one, every, index, PAST)
        assert board.matches(one, now=NOW) == lot_by_lot(one, every, index)


@settings(max_examples=20, deadline=None)
@given(market=st.lists(firms, min_size=1, max_size=4), some=st.lists(lots, min_size=1, max_size=5))
def test_what_a_lot_gets_does_not_depend_on_the_others_on_the_board(
    market: list[Supplier], some: list[Lot]
) -> None:
    index = SupplierIndex.build(market, codes=CODES)
    every = hung(*some)
    together = {
        (one.notice, one.lot): one
        for one in Board.prepare(every, index=index).matches(market[0], now=NOW, every=True)
    }
    for announced, part, _ in every:
        alone = why(market[0], announced, part, index=index, now=NOW)
        assert together[alone.notice, alone.lot] == alone


def test_a_firm_of_a_trade_that_nobody_else_has_finds_its_lot() -> None:
    index = SupplierIndex.build(OTHERS, codes=CODES)
    every = hung(lot("Brød", "15811000"), BELL_LOT, lot("Renhold", "90919200"))
    (found,) = Board.prepare(every, index=index).matches(BELLS, now=NOW)
    assert found.notice == "2026-1"
    assert criterion(found, "words").points > 0


def test_winners_have_points_that_others_have_not() -> None:
    """Else the test of past awards would compare nothing."""
    baker, other = (firm(f"{name} AS", "10.710", "Baker brød.") for name in ("Nor", "Vest"))
    every = hung(lot("Brød til skoler", "15811000"))
    need = prepare(*every[0][:2], codes=CODES, now=NOW, buyer_municipality=None).need
    award = Award(need=need, winners=(key_of(baker.organisation.id),))
    index = SupplierIndex.build([baker, other, *OTHERS], codes=CODES, awards=[award] * 30)
    board = Board.prepare(every, index=index)
    past = {
        one.organisation.name: criterion(board.matches(one, policy=PAST, now=NOW)[0], "neighbours")
        for one in (baker, other)
    }
    assert past["Nor AS"].points > 0.1
    assert past["Vest AS"].points == 0


def test_deadlines_pass_while_a_lot_hangs_there() -> None:
    baker = firm("Bakeriet AS", "10.710", "Baker brød.")
    index = SupplierIndex.build([baker, *OTHERS], codes=CODES)
    board = Board.prepare(hung(lot("Brød", "15811000")), index=index)
    before, after = (
        board.matches(baker, now=NOW + timedelta(days=days))[0].verdict for days in (0, 30)
    )
    assert (before.value, after.value) == ("eligible", "not")


def test_only_new_and_changed_lots_are_read_when_a_board_is_renewed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    baker = firm("Bakeriet AS", "10.710", "Baker brød og kaker.")
    index = SupplierIndex.build([baker, *OTHERS], codes=CODES)
    bread, cakes, fish = hung(
        lot("Brød", "15811000"), lot("Kaker", "15812000"), lot("Fisk", "15220000")
    )
    first = Board.prepare([bread, cakes, fish], index=index)
    read: list[str] = []

    def prepared(*given: object, **more: object) -> object:
        read.append(str(given[1].title))  # type: ignore[attr-defined]
        return prepare(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(board_module, "prepare", prepared)
    dearer = replace(cakes[1], value=lot(value=2e6).value)
    now = [(replace(cakes[0], lots=(dearer,)), dearer, None), bread, (*fish[:2], ASKER)]
    renewed = Board.prepare(now, index=index, like=first)
    assert read == ["Kaker", "Fisk"]  # one has a value now, the other's buyer is known
    monkeypatch.undo()
    assert renewed.matches(baker, now=NOW) == Board.prepare(now, index=index).matches(
        baker, now=NOW
    )


def test_a_board_renewed_in_another_market_is_that_of_the_other_market() -> None:
    baker = firm("Bakeriet AS", "10.710", "Baker brød og kaker.")
    small, large = (
        SupplierIndex.build([baker, *some], codes=CODES) for some in (OTHERS[:3], OTHERS)
    )
    every = hung(lot("Brød og kaker", "15811000"))
    renewed = Board.prepare(every, index=large, like=Board.prepare(every, index=small))
    found = renewed.matches(baker, now=NOW)
    assert found == lot_by_lot(baker, every, large)
    assert found != lot_by_lot(baker, every, small)


def test_lots_are_read_anew_with_other_code_lists() -> None:
    codes = builtin()
    town = replace(codes.places.municipalities[ASKER], name="Et annet sted")
    places = replace(codes.places, municipalities={**codes.places.municipalities, ASKER: town})
    baker = firm("Bakeriet AS", "10.710", "Baker brød.")
    index = SupplierIndex.build([baker, *OTHERS], codes=codes)
    every = hung(lot("Brød i Asker", "15811000"))
    first = Board.prepare(every, index=index)
    other = Board.prepare(every, index=index, codes=replace(codes, places=places), like=first)
    assert first.lots[0].need.title != other.lots[0].need.title


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_a_short_list_is_the_head_of_the_long_one(limit: int) -> None:
    baker = firm("Bakeriet AS", "10.710", "Baker brød og kaker.")
    index = SupplierIndex.build([baker, *OTHERS], codes=CODES)
    every = hung(lot("Brød", "15811000"), lot("Kaker", "15812000"))
    whole = match_supplier(baker, every, index=index, now=NOW)
    assert len(whole) == 2
    assert match_supplier(baker, every, index=index, now=NOW, limit=limit) == whole[:limit]

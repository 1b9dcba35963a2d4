"""Properties that hold for every market: bounds, order, neutrality, and answers to bad input."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procmatch.errors import CodeError, SettingsError
from procmatch.matching import (
    DEFAULT_POLICY,
    SupplierIndex,
    match_lot,
    match_need,
    match_supplier,
    policy_from,
)
from procmatch.matching.affinity import _table
from procmatch.model.organisation import Evidence, SizeClass, Supplier
from tests.matching.market import (
    ASKER,
    BAERUM,
    CODES,
    NOW,
    TROMSO,
    criterion,
    firm,
    judge,
    lot,
    notice,
    rank,
)

TRADES = ["10.710", "10.203", "56.210", "81.210", "46.390", "62.100", ""]
WORDS = ["brød", "fisk", "renhold", "skolemat", "catering", "kontor", "nettsted", "levering"]

firms = st.builds(
    lambda name, trade, words, at, staff, turnover: firm(
        f"{name} AS", trade, " ".join(words), at=at, employees=staff, turnover=turnover
    ),
    name=st.sampled_from(["Nor", "Vest", "Kyst", "Grønn"]),
    trade=st.sampled_from(TRADES),
    words=st.lists(st.sampled_from(WORDS), max_size=4),
    at=st.sampled_from([ASKER, BAERUM, TROMSO, None, "9999"]),
    staff=st.one_of(st.none(), st.integers(0, 400)),
    turnover=st.one_of(st.none(), st.floats(0, 1e9)),
)
lots = st.builds(
    lambda words, cpv, at, value: lot(" ".join(words), cpv, at=at, value=value),
    words=st.lists(st.sampled_from(WORDS), max_size=4),
    cpv=st.sampled_from(["15811000", "55523100", "90919200", "72000000", "99999999", None]),
    at=st.sampled_from([ASKER, TROMSO, None]),
    value=st.one_of(st.none(), st.floats(0, 1e9)),
)


@settings(max_examples=60, deadline=None)
@given(one=lots, market=st.lists(firms, max_size=8))
def test_scores_are_bounded_and_the_order_of_suppliers_never_matters(
    one: object, market: list[Supplier]
) -> None:
    from procmatch.model.notice import Lot  # noqa: PLC0415

    assert isinstance(one, Lot)
    found = rank(one, *market)
    assert found == rank(one, *reversed(market))
    for match in found:
        assert 0 <= match.score <= 1
        assert all(0 <= one.points <= 1 for one in match.criteria)


@settings(max_examples=40, deadline=None)
@given(market=st.lists(firms, min_size=1, max_size=6), size=st.sampled_from(SizeClass))
def test_sustainability_and_size_labels_never_move_the_order(
    market: list[Supplier], size: SizeClass
) -> None:
    one = lot("Brød og skolemat", "55523100", value=2e6)
    fact = Evidence(kind="organic_certificate", dimension="green", source="test")
    dressed = [replace(s, size=size, evidence=(fact,), past_awards=("2026-9",)) for s in market]
    plain = [(m.supplier, m.score) for m in rank(one, *market)]
    assert [(m.supplier, m.score) for m in rank(one, *dressed)] == plain


@settings(max_examples=40, deadline=None)
@given(one=lots, market=st.lists(firms, min_size=1, max_size=5))
def test_a_lot_and_a_supplier_see_the_same_match(one: object, market: list[Supplier]) -> None:
    from procmatch.model.notice import Lot  # noqa: PLC0415

    assert isinstance(one, Lot)
    index = SupplierIndex.build(market, codes=CODES)
    shared = {"codes": CODES, "now": NOW, "radius_km": 80.0}
    for match in match_lot(notice(one), one, index, **shared):  # type: ignore[arg-type]
        (own,) = match_supplier(
            index.supplier(match.supplier),
            [(notice(one), one, None)],
            index=index,
            **shared,  # type: ignore[arg-type]
        )
        assert own.supplier == match.supplier
        assert own.score == pytest.approx(match.score, abs=1e-5)
        assert (own.verdict, own.hurdles, own.reasons) == (
            match.verdict, match.hurdles, match.reasons,
        )  # fmt: skip


def test_sole_proprietors_stay_out_of_lists() -> None:
    person = firm("Ola Bakeri", "10.710", "Bakeri.", legal_form="ENK")
    one = lot("Brød", "15811000")
    for suppliers in ([person], SupplierIndex.build([person], codes=CODES)):
        assert match_lot(notice(one), one, suppliers, codes=CODES, now=NOW, radius_km=80) == []


def test_what_could_not_be_compared_is_no_reason() -> None:
    """It is neutral: the criterion says so, but it does not speak for the supplier."""
    supplier = firm("Bakeri AS", "10.710", "Baker brød til skole.", at=None)
    match = judge(lot("Brød", "15811000", at=None), supplier)
    assert [criterion(match, name).points for name in ("place", "capacity")] == [0.5, 0.5]
    assert not {criterion(match, name).reason for name in ("place", "capacity")} & set(
        match.reasons
    )


@settings(max_examples=40, deadline=None)
@given(one=lots, market=st.lists(firms, max_size=6))
def test_reasons_rest_on_two_values_that_met(one: object, market: list[Supplier]) -> None:
    from procmatch.model.notice import Lot  # noqa: PLC0415

    assert isinstance(one, Lot)
    for match in rank(one, *market):
        met = [c.reason for c in match.criteria if c.lot_value and c.supplier_value and c.points]
        assert set(match.reasons) <= set(met)
        assert bool(match.reasons) is bool(met)


def test_shared_words_are_shown_whole_as_the_lot_spells_them() -> None:
    supplier = firm("Bakeri AS", "10.710", "Brød til skoler og barnehager.")
    match = judge(lot("Brødvarer til skolene og barnehagene", "15811000"), supplier)
    shown = criterion(match, "words").lot_value.split(", ")
    assert {"skolene", "barnehagene"} <= set(shown)
    assert len(shown) == len(set(shown))


@pytest.mark.parametrize(
    ("one", "name", "says"),
    [
        (lot("Brød og bakeri til skole"), "trade", "no CPV code"),
        (lot("Brød", "15811000", at=None), "place", "not tied to a place"),
        (lot("Brød", "15811000"), "capacity", "not known"),
        (lot("", "15811000"), "words", "no text"),
        (lot("Brød", "00000000"), "trade", "not known"),
    ],
)
def test_a_lot_that_lacks_something_says_what(one: object, name: str, says: str) -> None:
    from procmatch.model.notice import Lot  # noqa: PLC0415

    assert isinstance(one, Lot)
    match = judge(one, firm("Bakeri AS", "10.710", "Baker brød til skole og bakeri."))
    assert says in criterion(match, name).reason.text


def test_a_supplier_without_industry_is_found_by_its_words() -> None:
    match = judge(
        lot("Surdeigsbrød fra steinovn", "15811000"), firm("Nor AS", "", "Surdeig steinovn brød")
    )
    assert "no trade" in criterion(match, "trade").reason.text


def test_an_unknown_place_or_code_is_no_crash() -> None:
    odd = firm("Bakeri AS", "99.999", "brød bakeri", at="9999")
    assert judge(lot("Brød bakeri", "99999999", at="0000"), odd).score >= 0


def test_a_need_in_words_finds_the_trade() -> None:
    market = [firm("Bakeri AS", "10.710", "Baker brød."), firm("Bank AS", "64.190", "Bank.")]
    found = match_need("økologisk brød", suppliers=market, codes=CODES, now=NOW, radius_km=80)
    assert [match.supplier_name for match in found.matches] == ["Bakeri AS"]
    ((code, certainty), *_) = found.cpv
    assert code.startswith("15")
    assert certainty is not None
    assert 0 < certainty <= 1
    named = match_need("brød", suppliers=market, codes=CODES, now=NOW, radius_km=80).cpv
    assert [code for code, _ in named] == ["15810000"], "what is hardly likely is not named"
    with pytest.raises(CodeError):
        match_need("brød", cpv=["158"], suppliers=market, codes=CODES, now=NOW, radius_km=80)


@pytest.mark.parametrize(
    "weights",
    [
        {"size": 0.5},
        {"names": 1.0},
        {"industry": 1.0},
        {"trade": -1},
        dict.fromkeys(("trade", "branch", "words", "subwords", "place", "capacity"), 0.0),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(weights: dict[str, float]) -> None:
    with pytest.raises(SettingsError):
        policy_from(weights)


def test_a_changed_weight_changes_the_score() -> None:
    assert policy_from({"place": 10.0}).share("place") > DEFAULT_POLICY.share("place")
    assert policy_from({}) == DEFAULT_POLICY


def test_every_row_of_the_affinity_table_names_codes_that_exist() -> None:
    trades = CODES.industry.labels["SN2025"]
    for cpv, rows in _table().items():
        assert CODES.cpv.label(cpv.ljust(8, "0")), cpv
        for trade, strength, role in rows:
            assert any(known.startswith(trade[:4]) for known in trades), trade
            assert 0 < strength <= 1
            assert role

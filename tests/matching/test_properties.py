"""What holds for every market: which fields can move an order, and in which direction."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procmatch.matching import SupplierIndex, lacking, match_lot, match_need, why
from procmatch.matching.relevance.places import NEUTRAL
from procmatch.model.match import Match, Verdict
from procmatch.model.notice import Lot
from procmatch.model.organisation import (
    Evidence,
    IndustryCode,
    Organisation,
    SizeClass,
    Supplier,
)
from procmatch.model.values import Money, Place
from procmatch.text.messages import say
from tests.matching.market import (
    ASKER,
    BAERUM,
    CODES,
    NOW,
    OTHERS,
    TROMSO,
    criterion,
    firm,
    judge,
    lot,
    notice,
    rank,
    text,
)
from tests.matching.test_rules import firms, lots

#: Fields that the ranking reads, or that the verdict does: whoever is gone or sells nothing.
READ = {
    "activity", "establishments", "business_place", "employees", "has_employees", "id",
    "industry_codes", "is_helper_unit", "name", "purpose", "status", "legal_form",
}  # fmt: skip
#: Every other field of a unit, with another value than those of the tests. Some of them may meet
#: what a buyer asks for (age, group, sector), which these lots do not.
OTHER: dict[str, object] = {
    "country": "SE",
    "deleted_on": date(2025, 1, 1),
    "former_names": ("BRØD OG SKOLEMAT AS",),
    "founded_on": date(1890, 1, 1),
    "in_business_register": True,
    "in_group": False,
    "is_foundation": True,
    "is_voluntary": True,
    "language": "nn",
    "last_accounts_year": 2024,
    "parent": "999601391",
    "postal_place": Place(municipality=TROMSO),
    "registered_on": date(1995, 2, 3),
    "sector": "7000",
    "street": "Brødveien 1",
    "vat_registered": True,
    "website": "https://skolemat.example",
}
TWICE = "Leverandøren skal ha en årlig omsetning på minst 2 ganger kontraktens verdi."
FACTS = (
    Evidence(kind="organic_certificate", dimension="green", source="test"),
    Evidence(kind="eco_lighthouse", dimension="green", source="test", certainty=0.6),
    Evidence(kind="cooperative", dimension="social", source="test"),
)


def test_every_field_of_a_unit_is_read_or_changed_here() -> None:
    assert {field.name for field in fields(Organisation)} == READ | OTHER.keys()


def order(found: list[Match]) -> list[tuple[object, float]]:
    return [(match.supplier, match.score) for match in found]


@settings(max_examples=30, deadline=None)
@given(
    one=lots,
    market=st.lists(firms, min_size=2, max_size=6),
    field=st.sampled_from(sorted(OTHER)),
    which=st.integers(0, 5),
)
def test_no_field_outside_the_policy_moves_the_order(
    one: Lot, market: list[Supplier], field: str, which: int
) -> None:
    at = which % len(market)
    unit = replace(market[at].organisation, **{field: OTHER[field]})  # type: ignore[arg-type]
    changed = [*market]
    changed[at] = replace(market[at], organisation=unit)
    assert order(rank(one, *changed)) == order(rank(one, *market))


@settings(max_examples=30, deadline=None)
@given(
    one=lots,
    market=st.lists(firms, min_size=2, max_size=6),
    which=st.integers(0, 5),
    size=st.sampled_from(SizeClass),
    facts=st.sets(st.sampled_from(range(len(FACTS)))),
)
def test_neither_size_nor_evidence_nor_past_awards_move_the_order(
    one: Lot, market: list[Supplier], which: int, size: SizeClass, facts: set[int]
) -> None:
    at = which % len(market)
    changed = [*market]
    changed[at] = replace(
        market[at],
        size=size,
        sizes=() if size is SizeClass.UNKNOWN else (size,),
        size_inputs=(("employees", "1-4"),),
        evidence=tuple(FACTS[number] for number in sorted(facts)),
        past_awards=("2025-1", "2025-2"),
    )
    assert order(rank(one, *changed)) == order(rank(one, *market))


def _without_industry(one: Supplier) -> Supplier:
    return replace(one, organisation=replace(one.organisation, industry_codes=()))


def _nowhere(one: Supplier) -> Supplier:
    return replace(one, organisation=replace(one.organisation, business_place=Place()))


def _without_accounts(one: Supplier) -> Supplier:
    unit = replace(one.organisation, employees=None, has_employees=None)
    return replace(one, accounts=(), organisation=unit)


@settings(max_examples=40, deadline=None)
@given(one=lots, supplier=firms)
@pytest.mark.parametrize(
    ("name", "remove", "unknown"),
    [
        ("trade", _without_industry, 0.35),
        ("place", _nowhere, NEUTRAL),
        ("capacity", _without_accounts, NEUTRAL),
    ],
)
def test_what_speaks_for_a_supplier_never_speaks_more_when_it_is_gone(
    one: Lot,
    supplier: Supplier,
    name: str,
    remove: Callable[[Supplier], Supplier],
    unknown: float,
) -> None:
    """A criterion may fall to what is given to the unknown, and rise to it only from below.

    An industry that is not known answers each code a little (0.25), so a title that counts as one
    more code makes that up to 0.35.
    """
    index = SupplierIndex.build([supplier, *OTHERS], codes=CODES)
    before, after = (
        criterion(why(who, notice(one), one, index=index, now=NOW), name).points
        for who in (supplier, remove(supplier))
    )
    assert after <= max(before, unknown) + 1e-6


@settings(max_examples=40, deadline=None)
@given(one=lots, market=st.lists(firms, min_size=1, max_size=8), seed=st.randoms())
def test_scores_lie_between_nothing_and_one_in_one_order(
    one: Lot, market: list[Supplier], seed: random.Random
) -> None:
    """Whatever the order that suppliers come in."""
    found = match_lot(notice(one), one, SupplierIndex.build(market, codes=CODES), now=NOW)
    assert all(0 <= match.score <= 1 for match in found)
    assert all(0 <= each.points <= 1 for match in found for each in match.criteria)
    shuffled = seed.sample(market, len(market))
    assert found == match_lot(notice(one), one, SupplierIndex.build(shuffled, codes=CODES), now=NOW)


@settings(max_examples=40, deadline=None)
@given(one=lots, supplier=firms)
def test_words_speak_only_where_a_word_is_shared(one: Lot, supplier: Supplier) -> None:
    """Whose words are taken away gets nothing for them."""
    index = SupplierIndex.build([supplier, *OTHERS], codes=CODES)
    bare = replace(supplier.organisation, activity="", industry_codes=(), name="X AS")
    silent = replace(supplier, organisation=bare)
    said, unsaid = (
        criterion(why(who, notice(one), one, index=index, now=NOW), "words")
        for who in (supplier, silent)
    )
    assert bool(said.points) is bool(said.lot_value) is bool(said.supplier_value)
    assert (unsaid.points, unsaid.lot_value) == (0.0, "")


@settings(max_examples=40, deadline=None)
@given(
    market=st.lists(firms, min_size=1, max_size=6),
    value=st.floats(1e5, 1e8),
    words=st.sampled_from(["Brød", "Renhold", "Skolemat og brød"]),
    cpv=st.sampled_from(["15811000", "90919200", "55523100"]),
    asks=st.sampled_from([(), (TWICE,)]),
    parts=st.integers(2, 6),
)
def test_splitting_a_lot_never_lowers_how_many_could_bid(
    market: list[Supplier], value: float, words: str, cpv: str, asks: tuple[str, ...], parts: int
) -> None:
    whole = lot(words, cpv, value=value, asks=asks)
    amount = Money(amount=Decimal(str(value / parts)), currency="NOK")
    part = replace(whole, value=amount)

    def able(found: list[Match], *verdicts: Verdict) -> set[object]:
        return {match.supplier for match in found if match.verdict in verdicts}

    before, after = rank(whole, *market), rank(part, *market)
    assert able(before, Verdict.ELIGIBLE) <= able(after, Verdict.ELIGIBLE)
    either = (Verdict.ELIGIBLE, Verdict.PERHAPS)
    assert able(before, *either) <= able(after, *either)


@settings(max_examples=30, deadline=None)
@given(one=lots, market=st.lists(firms, min_size=1, max_size=8), limit=st.integers(1, 8))
def test_a_shorter_list_is_the_beginning_of_a_longer_one(
    one: Lot, market: list[Supplier], limit: int
) -> None:
    index = SupplierIndex.build(market, codes=CODES)
    every = match_lot(notice(one), one, index, now=NOW)
    assert match_lot(notice(one), one, index, now=NOW, limit=limit) == every[:limit]
    assert match_lot(notice(one), one, index, now=NOW) == every


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (lot("Brød", value=1e6), "names no CPV code"),
        (lot("Brød", "15811000", at=None, value=1e6), "names no place"),
        (lot("Brød", "15811000"), "names no value"),
        (lot("", "15811000", value=1e6), "has no text"),
        (lot("Brød", "00000000", value=1e6), "CPV code {code} is not known"),
        (lot("Brød", "15811000", at="0000", value=1e6), "municipality {number} is not known"),
    ],
)
def test_what_a_lot_lacks_is_said(one: Lot, says: str) -> None:
    (only,) = lacking(notice(one), one, codes=CODES)
    assert says in only.text


def test_a_lot_that_lacks_nothing_has_nothing_said() -> None:
    one = lot("Brød", "15811000", value=1e6)
    assert lacking(notice(one), one, codes=CODES) == ()


def test_a_lot_of_nothing_is_answered_with_all_that_it_lacks() -> None:
    one = lot("", None, at=None)
    market = [firm("Bakeri AS", "10.710", "Baker brød."), *OTHERS]
    assert rank(one, *market) == []
    said = " ".join(message.text for message in lacking(notice(one), one, codes=CODES))
    for word in ("CPV", "text", "place", "value"):
        assert word in said
    asked = why(market[0], notice(one), one, index=SupplierIndex.build(market), now=NOW)
    assert asked.reasons == ()
    assert asked.against


def test_a_need_of_no_words_is_answered_with_what_it_lacks() -> None:
    found = match_need("  ", suppliers=[firm("Bakeri AS", "10.710", "Baker brød.")], now=NOW)
    assert found.matches == []
    assert found.cpv == ()
    assert any("has no text" in message.text for message in found.lacking)


def test_a_proposed_code_is_a_proposal_with_its_certainty() -> None:
    market = [firm("Bakeri AS", "10.710", "Baker brød."), *OTHERS]
    proposed = match_need("økologisk brød", suppliers=market, now=NOW).cpv
    given_ = match_need("økologisk brød", cpv=["15811000"], suppliers=market, now=NOW).cpv
    assert all(certainty is not None and 0 < certainty <= 1 for _, certainty in proposed)
    assert given_ == (("15811000", None),)


def test_a_supplier_of_whom_nothing_is_known_is_told_what_is_missing() -> None:
    bare = firm("Ukjent AS", at=None)
    match = why(bare, notice(one := lot("Brød", "15811000", value=1e6)), one,
                index=SupplierIndex.build([bare, *OTHERS]), now=NOW)  # fmt: skip
    said = " ".join(message.text for message in match.against)
    assert "names no trade" in said
    assert "works is not known" in said
    assert "capacity is not known" in said


@pytest.mark.parametrize(
    ("trade", "says"),
    [
        ("xx.xxx", "The industry code xx.xxx is not known, so the trade could not be compared."),
        (
            "56.999",
            (
                "The industry code 56.999 is not known; what stands above it, food and beverage "
                "service activities, does not answer the lot's codes."
            ),
        ),
        ("00.000", "The register names no trade for this supplier."),
        ("99.999", "The register names no trade for this supplier."),
    ],
)
def test_a_supplier_of_an_unknown_industry_code_is_told_so_and_found_by_its_words(
    trade: str, says: str
) -> None:
    odd = firm("Nor AS", trade, "Surdeigsbrød fra steinovn.")
    one = lot("Surdeigsbrød fra steinovn", "15811000", value=1e6)
    (match,) = rank(one, odd, *OTHERS)
    asked = why(odd, notice(one), one, index=SupplierIndex.build([odd, *OTHERS]), now=NOW)
    assert says in {say(message, "en") for message in asked.against}
    assert match.supplier == odd.organisation.id


def test_an_unknown_industry_code_counts_as_none() -> None:
    """Unknown is not "no": it gets the points of a firm that told no trade."""
    one = lot("Brød", "15811000")
    odd, none = (firm("Nor AS", trade, "Baker brød.") for trade in ("xx.xxx", ""))
    index = SupplierIndex.build([odd, none, *OTHERS])
    points = [
        criterion(why(who, notice(one), one, index=index, now=NOW), "trade").points
        for who in (odd, none)
    ]
    assert points[0] == points[1] > 0


def test_an_unknown_industry_code_beside_a_known_one_takes_nothing_from_it() -> None:
    baker = firm("Nor AS", "10.710", "Baker brød.")
    odd = IndustryCode("SN2025", "xx.xxx")
    both = replace(
        baker,
        organisation=replace(
            baker.organisation, industry_codes=(*baker.organisation.industry_codes, odd)
        ),
    )
    one = lot("Renhold", "90911200")
    for who in (baker, both):
        reason = criterion(judge(one, who), "trade").reason
        assert say(reason, "en") == "The trade does not answer the lot's codes."


@pytest.mark.parametrize("code", ["99999999", "00000000", "abc"])
def test_a_lot_of_an_unknown_code_is_answered_by_its_words_and_says_so(code: str) -> None:
    baker = firm("Nor AS", "10.710", "Surdeigsbrød fra steinovn.")
    one = lot("Surdeigsbrød fra steinovn", code, value=1e6)
    (match,) = rank(one, baker, *OTHERS)
    assert match.supplier == baker.organisation.id
    asked = why(baker, notice(one), one, index=SupplierIndex.build([baker, *OTHERS]), now=NOW)
    missing = f"The CPV code {code} is not known"
    assert any(say(message, "en").startswith(missing) for message in asked.against)
    assert [say(message, "en") for message in lacking(notice(one), one, codes=CODES)] == [
        f"{missing}."
    ]


def test_words_of_its_own_count_as_what_the_register_says() -> None:
    plain = firm("Nor AS", "10.890", at=BAERUM)
    telling = replace(plain, profile="Surdeigsbrød fra steinovn, levert til skoler.")
    one = lot("Surdeigsbrød", "15811000", at=ASKER)
    index = SupplierIndex.build([plain, *OTHERS], codes=CODES)
    before, after = (
        criterion(why(who, notice(one), one, index=index, now=NOW), "words").points
        for who in (plain, telling)
    )
    assert after > before


def test_the_title_of_one_lot_says_nothing_of_its_neighbour() -> None:
    """Lots of one notice are judged each by its own words."""
    bread, fish = lot("Brød", "15811000"), replace(lot("Fisk", "15220000"), id="LOT-0002")
    both = replace(notice(bread), title=text("Matvarer"), lots=(bread, fish))
    market = [firm("Bakeri AS", "10.710", "Baker brød."), firm("Sjømat AS", "10.203", "Fisk.")]
    index = SupplierIndex.build([*market, *OTHERS], codes=CODES)
    first = [match_lot(both, one, index, now=NOW)[0].supplier_name for one in both.lots]
    assert first == ["Bakeri AS", "Sjømat AS"]

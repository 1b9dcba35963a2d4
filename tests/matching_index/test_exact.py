"""A register laid out for search answers as the policy does, worked out for every firm."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.matching.index import FirmIndex, Hit
from procmatch.matching.relevance import POLICY, Firm, Need, Relevance, RelevancePolicy
from tests.matching_index.market import each, firms, needs

NEAR = 1e-6
PLAIN = POLICY.without_history()


def dense(market: list[Firm], need: Need, policy: RelevancePolicy = PLAIN) -> dict[str, float]:
    """Return key -> score of every firm that may be listed, by the dense computation."""
    relevance = Relevance.build(market)
    scores = relevance.scores([need], policy=policy)[0]
    return {
        one.key: float(score)
        for one, score in zip(relevance.firms, scores, strict=True)
        if not one.blocked
    }


def agree(hits: list[Hit], exact: dict[str, float]) -> None:
    """Hits are the best by ``exact``: same scores, in order, equal ones by key."""
    for hit in hits:
        assert hit.score == pytest.approx(exact[hit.key], abs=NEAR)
    shown = [(-round(hit.score, 6), hit.key) for hit in hits]
    assert shown == sorted(shown)
    best = sorted(exact.values(), reverse=True)[: len(hits)]
    assert [hit.score for hit in hits] == pytest.approx(best, abs=NEAR)


@given(firms(), needs())
def test_every_score_is_that_of_the_policy(market: list[Firm], need: Need) -> None:
    hits = FirmIndex.build(market).search([need], policy=PLAIN)[0]
    exact = dense(market, need)
    assert {hit.key for hit in hits} == set(exact)
    agree(hits, exact)


@given(firms(least=1), needs(), st.sampled_from([row.name for row in PLAIN.rows if row.weight]))
def test_each_criterion_by_itself_is_that_of_the_policy(
    market: list[Firm], need: Need, name: str
) -> None:
    alone = PLAIN.without(row.name for row in PLAIN.rows if row.name != name)
    hits = FirmIndex.build(market).search([need], policy=alone)[0]
    agree(hits, dense(market, need, alone))


@given(firms(least=1), needs())
def test_size_counts_only_when_it_is_let_in(market: list[Firm], need: Need) -> None:
    index, let_in = FirmIndex.build(market), PLAIN.with_weight("size", 3.0)
    agree(index.search([need], policy=let_in)[0], dense(market, need, let_in))
    sizeless = [replace(one, size=None) for one in market]
    assert index.search([need]) == FirmIndex.build(sizeless).search([need])


@given(firms(least=2), needs(), st.integers(1, 3))
def test_a_short_list_is_the_head_of_the_long_one(
    market: list[Firm], need: Need, limit: int
) -> None:
    index = FirmIndex.build(market)
    assert index.search([need], limit=limit)[0] == index.search([need])[0][:limit]


@given(firms(), needs(), st.randoms(use_true_random=False))
def test_the_order_in_which_firms_come_does_not_matter(
    market: list[Firm], need: Need, dice: random.Random
) -> None:
    shuffled = market.copy()
    dice.shuffle(shuffled)
    assert FirmIndex.build(shuffled).search([need]) == FirmIndex.build(market).search([need])


@given(firms(), needs())
def test_scores_and_points_lie_between_0_and_1(market: list[Firm], need: Need) -> None:
    index = FirmIndex.build(market)
    hits = index.search([need])[0]
    assert all(0 <= hit.score <= 1 + NEAR for hit in hits)
    for values in index.points(need, [hit.key for hit in hits]).values():
        assert all(0 <= value <= 1 for value in values)


@given(firms(), needs())
def test_points_are_those_that_the_score_is_made_of(market: list[Firm], need: Need) -> None:
    index = FirmIndex.build(market)
    hits = index.search([need], policy=PLAIN)[0]
    weights = {row.name: row.weight for row in PLAIN.rows if row.weight}
    found = each(index.points(need, [hit.key for hit in hits]))
    for hit, points in zip(hits, found, strict=True):
        score = sum(weights[name] * points[name] for name in weights) / PLAIN.total
        assert score == pytest.approx(hit.score, abs=NEAR)


@given(firms(least=1))
def test_those_who_may_not_be_listed_never_are(market: list[Firm]) -> None:
    listed = FirmIndex.build(market).search([Need(key="")])[0]
    assert {hit.key for hit in listed} == {one.key for one in market if not one.blocked}


def test_equal_scores_stand_in_the_order_of_their_keys() -> None:
    twins = [Firm(key=key, name="Rein Vask", industries=("81.210",)) for key in "cabd"]
    hits = FirmIndex.build(twins).search([Need(key="", cpv=("90911200",))])[0]
    assert [hit.key for hit in hits] == ["a", "b", "c", "d"]
    assert len({hit.score for hit in hits}) == 1


@pytest.mark.parametrize(
    "missing",
    [
        Need(key="nothing"),
        Need(key="no code", title="Skolemat", language="nb", municipalities=("4601",), yearly=1e6),
        Need(key="no place", title="Skolemat", language="nb", cpv=("55520000",), yearly=1e6),
        Need(key="no text", cpv=("55520000",), municipalities=("4601",), yearly=1e6),
        Need(key="no value", title="Skolemat", cpv=("55520000",), municipalities=("4601",)),
        Need(key="unknown codes", cpv=("00000000", "99999999"), municipalities=("9999",)),
    ],
    ids=lambda need: need.key,
)
def test_a_need_that_lacks_something_is_answered_by_the_rest(missing: Need) -> None:
    market = [
        Firm(key="1", name="Matbua", text="skolemat", language="nb", industries=("56.210",),
             municipalities=("4601",), turnover=1e7),
        Firm(key="2", name="", industries=(), turnover=None),
    ]  # fmt: skip
    agree(FirmIndex.build(market).search([missing], policy=PLAIN)[0], dense(market, missing))


def test_a_register_without_firms_answers_with_nobody() -> None:
    index = FirmIndex.build([])
    assert index.search([Need(key="", title="brød", cpv=("15810000",))]) == [[]]
    assert index.search([]) == []
    assert each(index.points(Need(key=""), [])) == []
    assert "1" not in index


def test_points_of_a_stranger_are_refused() -> None:
    with pytest.raises(KeyError, match="nobody"):
        FirmIndex.build([Firm(key="1", name="En")]).points(Need(key=""), ["1", "nobody"])


@given(firms(least=1), st.lists(needs(), min_size=2, max_size=5))
def test_needs_asked_together_are_answered_as_one_by_one(
    market: list[Firm], several: list[Need]
) -> None:
    index = FirmIndex.build(market)
    assert index.search(several) == [index.search([one])[0] for one in several]


def test_the_dense_scores_are_not_all_equal() -> None:
    """Else the tests above would compare nothing."""
    market = [
        Firm(key="1", name="Bakeri", text="brød", language="nb", industries=("10.710",)),
        Firm(key="2", name="Vask", text="renhold", language="nb", industries=("81.210",)),
    ]
    bread = Need(key="", title="økologisk brød", language="nb", cpv=("15810000",))
    assert np.ptp(list(dense(market, bread).values())) > 0.1


@given(firms(), needs())
def test_looking_at_likely_firms_only_finds_the_same_in_a_small_market(
    market: list[Firm], need: Need
) -> None:
    index = FirmIndex.build(market)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("procmatch.matching.index.search._FEW", -1)
        found = index.search([need])
    assert found == index.search([need], thorough=True)


@pytest.fixture(scope="module")
def crowd() -> list[Firm]:
    """Thousands of firms near the place that say much the same, one of them of another kind."""
    dice = random.Random(5)
    return [
        Firm(
            key=f"{at:05d}",
            name=f"Firma {at}",
            text=" ".join(dice.choices(("vask", "bygg", "data", "mat", "salg", "drift"), k=4)),
            language="nb",
            industries=(dice.choice(("81.210", "41.000", "62.100", "56.210")),),
            nace="SN2025",
            municipalities=(dice.choice(("3203", "3203", "0301")),),
        )
        for at in range(4_000)
    ]


@pytest.mark.parametrize(
    "alone",
    [
        Firm(key="x", name="Klokkestøperiet", text="kirkeklokker", language="nb",
             industries=("24.540",), nace="SN2025", municipalities=("5501",)),
        Firm(key="x", name="", text="kirkeklokker", language="nb"),
        Firm(key="x", name="", industries=("24.540",), nace="SN2025", municipalities=("3203",)),
    ],
    ids=["of its trade and words", "of its words", "of its trade"],
)  # fmt: skip
def test_a_firm_that_is_alone_with_what_is_asked_for_is_not_overlooked(
    alone: Firm, crowd: list[Firm], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("procmatch.matching.index.search._FEW", 0)
    need = Need(key="", title="Kirkeklokker", language="nb", cpv=("37313400",),
                municipalities=("3203",))  # fmt: skip
    index = FirmIndex.build([*crowd, alone])
    exact = index.search([need], thorough=True)[0]
    for found in (index.search([need])[0], index.search([need, need])[0]):
        assert found[0].key == exact[0].key
        assert ("x" in {hit.key for hit in exact}) <= ("x" in {hit.key for hit in found})
        shared = {hit.key for hit in found} & {hit.key for hit in exact}
        assert len(shared) >= 0.9 * len(exact)

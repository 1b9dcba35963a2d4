from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from procmatch.linkage import Linker, Query
from procmatch.linkage.index.topn import MANY
from procmatch.model.organisation import Organisation
from tests.linkage.register import REGISTER, number, unit

_WORDS = ("Elvebakken", "Bakeri", "Nordlys", "Renhold", "Solvik", "kommune", "Holding", "Hauge")
_NAMES = st.one_of(
    st.sampled_from([one.name for one in REGISTER]),
    st.lists(st.sampled_from((*_WORDS, "AS", "A/S", "v/", "avd.", "og")), max_size=5).map(" ".join),
    st.text(max_size=30),
)
_QUERIES = st.builds(
    Query,
    name=_NAMES,
    number=st.one_of(
        st.none(), st.sampled_from([*(one.id.number for one in REGISTER), number(999), "12"])
    ),
    place=st.sampled_from([None, "Oslo", "Bergen", "5003 Bergen", "0301", "Solvik"]),
    postcode=st.sampled_from([None, "0150", "5003", "9990", "x"]),
)
_LINKER = Linker.build(REGISTER)
#: Shares no word with the others.
_UNRELATED = st.lists(
    st.sampled_from(["QVIST", "ZEBRA", "WÅGØ", "XYLOFON", "YTTERBØ"]), min_size=1, max_size=3
).map(lambda words: unit(500, " ".join([*words, "AS"])))


def _ask(linker: Linker, query: Query) -> object:
    return linker.link(query.name, number=query.number, place=query.place, postcode=query.postcode)


@settings(deadline=None)
@given(st.lists(_QUERIES, max_size=5))
def test_many_queries_get_the_answers_of_single_ones(queries: list[Query]) -> None:
    assert _LINKER.link_many(queries) == [_ask(_LINKER, query) for query in queries]


@settings(max_examples=20, deadline=None)
@given(st.lists(_QUERIES, min_size=2 * MANY, max_size=3 * MANY))
def test_so_many_queries_that_they_are_counted_together_get_the_same_answers(
    queries: list[Query],
) -> None:
    together = _LINKER.candidates_many(queries)
    assert together == [_LINKER.candidates_many([query])[0] for query in queries]
    assert _LINKER.link_many(queries) == [_ask(_LINKER, query) for query in queries]


@settings(max_examples=50, deadline=None)
@given(_QUERIES, st.randoms(use_true_random=False))
def test_the_order_of_the_register_never_matters(query: Query, chance: random.Random) -> None:
    register: list[Organisation] = list(REGISTER)
    chance.shuffle(register)
    assert _ask(Linker.build(register), query) == _ask(_LINKER, query)


@settings(max_examples=100, deadline=None)
@given(_QUERIES, _UNRELATED)
def test_an_unrelated_organisation_never_changes_a_certain_link(
    query: Query, unrelated: Organisation
) -> None:
    before = _LINKER.link_many([query])[0]
    after = Linker.build([*REGISTER, unrelated]).link_many([query])[0]
    if before is None or not before.certain:
        assert after is None or not after.certain
        return
    assert after is not None
    assert (after.org, after.certain, after.method, after.score, after.criteria) == (
        before.org,
        True,
        before.method,
        before.score,
        before.criteria,
    )


@settings(deadline=None)
@given(_QUERIES)
def test_only_agreement_makes_certain(query: Query) -> None:
    linked = _LINKER.link_many([query])[0]
    if linked is None:
        return
    assert 0 <= linked.score <= 1
    assert linked.criteria
    assert linked.runner_up is None or linked.runner_up[0] != linked.org
    if linked.certain:
        assert linked.method in {"number+name", "name+place", "name"}
        assert linked.score > 0.9
    else:
        assert linked.score < 1

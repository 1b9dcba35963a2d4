"""A need: what is counted of it is counted of the matches, though only those seen are said."""

from __future__ import annotations

from collections import Counter

import pytest

from procmatch.insight.small import is_small
from procmatch.insight.supply import SMALL, Within
from procmatch.matching import match_need
from procmatch.model.match import Match, Verdict
from procmatch.workflows.open_market import Now
from procmatch.workflows.supply import NeedAsked, supply_of
from tests.insight.test_what_if import market
from tests.matching.market import ASKER, BAERUM, NOW, TROMSO, firm

FIRMS = [
    firm("Bakeren AS", "10.710", "Brød.", turnover=4e6, employees=5, in_group=False),
    firm("Nabo AS", "10.710", "Brød.", at=BAERUM, evidence=("miljofyrtarn",)),
    firm("Nord AS", "10.710", "Brød.", at=TROMSO, employees=2, in_group=False),
    firm("Ukjent AS", "10.710", "Brød.", at=None),
    firm("Skjult AS", "10.710", "Brød."),
    firm("Stor AS", "10.710", "Brødfabrikk.", employees=900, in_group=False),
    firm("Konkurs AS", "10.710", "Brød.", status="bankrupt"),
    firm("Skjult i nord AS", "10.710", "Brød.", at=TROMSO),
]
HIDDEN = frozenset(FIRMS[at].organisation.id.number for at in (4, 7))
ASKED = [
    NeedAsked(words="brød", within=Within(place=ASKER, radius_km=50.0)),
    NeedAsked(words="brød", within=Within(place=ASKER)),
    NeedAsked(words="brød"),
    NeedAsked(
        words="brød", cpv=("15811000",), within=Within(place=ASKER, radius_km=200.0, small=True)
    ),
    NeedAsked(words="brød", within=Within(place=BAERUM, radius_km=50.0, dimension="green")),
]


def _wanted(one: Match, asked: Within) -> bool:
    if asked.radius_km is not None and asked.place:
        near = one.distance_km is not None and one.distance_km <= asked.radius_km
    else:
        near = True
    small = not asked.small or (bool(one.sizes) and set(one.sizes) <= SMALL)
    return near and small and (not asked.dimension or asked.dimension in dict(one.known).values())


@pytest.mark.parametrize("asked", ASKED)
def test_a_need_is_counted_as_its_matches_are(asked: NeedAsked) -> None:
    now = Now(market=market(*FIRMS), tenders=(), hidden=HIDDEN)
    view = supply_of(now.market, asked, clock=lambda: NOW, hidden=now.hidden)
    every = match_need(
        asked.words,
        cpv=asked.cpv,
        place=asked.place or None,
        suppliers=now.market.index,
        policy=now.market.policy,
        now=NOW,
        radius_km=now.market.radius_km,
    )
    fitting = [
        one
        for one in now.shown(list(every.matches))
        if one.verdict is not Verdict.NOT and one.score >= 0.25
    ]
    found = [one for one in fitting if _wanted(one, asked.within)]
    assert list(view.found) == found
    assert found or asked.within.small
    assert view.found[1:3] == found[1:3]
    depth = view.depth
    assert (len(view.found), depth.firms, view.map.before) == (len(found), len(found), len(fitting))
    sizes = [is_small(now.market.index.supplier(one.supplier)) for one in found]
    assert (depth.small, depth.unknown_size) == (sizes.count(True), sizes.count(None))
    assert depth.free == sum(one.verdict is Verdict.ELIGIBLE for one in found)
    shows = {"social", "green", "innovative"}
    assert depth.proven == sum(bool(shows & set(dict(one.known).values())) for one in found)
    distances = [one.distance_km for one in found]
    assert depth.within == tuple(
        (km, sum(far is not None and far <= km for far in distances)) for km, _ in depth.within
    )
    assert bool(depth.within) == (asked.within.reach_km is not None)
    towns = Counter(now.municipality(one.supplier) for one in found)
    assert view.map.elsewhere == towns.pop(None, 0)
    assert {place.town: place.firms for place in view.places} == towns


def test_a_match_is_said_once_however_often_it_is_looked_at() -> None:
    found = match_need("brød", suppliers=FIRMS, now=NOW).matches
    assert found[0] is found[0]
    assert found[-1] is found[len(found) - 1]
    with pytest.raises(IndexError):
        found[len(found)]

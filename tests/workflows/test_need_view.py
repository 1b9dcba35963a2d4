"""A need: what is counted of it is counted of the matches, though only those seen are said."""

from __future__ import annotations

from collections import Counter

import pytest

from procmatch.matching import match_need
from procmatch.model.match import Match, Verdict
from procmatch.workflows.need_view import SMALL, NeedAsked, view_need
from procmatch.workflows.open_market import Now
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
]
HIDDEN = FIRMS[4].organisation.id.number
ASKED = [
    NeedAsked(words="brød", place=ASKER, radius_km=50.0),
    NeedAsked(words="brød", place=ASKER, radius_km=None),
    NeedAsked(words="brød"),
    NeedAsked(words="brød", cpv=("15811000",), place=ASKER, radius_km=200.0, small=True),
    NeedAsked(words="brød", place=BAERUM, radius_km=50.0, dimension="green"),
]


def _wanted(one: Match, asked: NeedAsked) -> bool:
    if asked.radius_km is not None and asked.place:
        near = one.distance_km is not None and one.distance_km <= asked.radius_km
    else:
        near = True
    small = not asked.small or (bool(one.sizes) and set(one.sizes) <= SMALL)
    return near and small and (not asked.dimension or asked.dimension in dict(one.known).values())


@pytest.mark.parametrize("asked", ASKED)
def test_a_need_is_counted_as_its_matches_are(asked: NeedAsked) -> None:
    now = Now(market=market(*FIRMS), tenders=(), hidden=frozenset({HIDDEN}))
    view = view_need(now, asked, lambda: NOW)
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
    found = [one for one in fitting if _wanted(one, asked)]
    assert list(view.found) == found
    assert found or asked.small
    assert view.found[1:3] == found[1:3]
    assert (len(view.found), view.before) == (len(found), len(fitting))
    assert view.small == sum(bool(one.sizes) and set(one.sizes) <= SMALL for one in found)
    assert view.free == sum(one.verdict is Verdict.ELIGIBLE for one in found)
    assert view.proven == sum(any(kind != "approval" for _, kind in one.known) for one in found)
    towns = Counter(now.municipality(one.supplier) for one in found)
    assert view.elsewhere == towns.pop(None, 0)
    assert {place.town: place.firms for place in view.places} == towns


def test_a_match_is_said_once_however_often_it_is_looked_at() -> None:
    found = match_need("brød", suppliers=FIRMS, now=NOW).matches
    assert found[0] is found[0]
    assert found[-1] is found[len(found) - 1]
    with pytest.raises(IndexError):
        found[len(found)]

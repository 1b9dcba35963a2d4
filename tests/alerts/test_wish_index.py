"""The index of subscriptions gives the answer of asking each of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from procmatch.alerts.substrings import Substrings
from procmatch.alerts.wish_index import WishIndex
from procmatch.alerts.wishes import Offer, wants
from procmatch.model.notice import OrganisationRef
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.model.subscription import Reserved, Subscription
from procmatch.model.values import Money
from tests.alerts.news import lot, notice, subscription, text

CODES = ["15", "158", "15800000", "15811000", "10", "1", "45000000", "4521", "90910000"]
PLACES = ["3203", "3201", "32", "46", "4601", ""]
WORDS = ["brød", "BRØD", "ferske", "brø", "ø", "å ", "øvre å", "straße", "bakervarer", "", "ski"]
NUMBERS = ["999999999", "888888888", "99 99", "fjordby", "KOMMUNE", "Fjordby kommune", "by"]
LANGUAGES = ["NOB", "NNO", "ENG"]
AMOUNTS = [Decimal(text) for text in ("0", "1", "99.99", "100", "850000", "850000.01", "2000000")]


def several(values: list[str], most: int = 2) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=most).map(tuple)


subscriptions = st.builds(
    lambda **changes: replace(subscription(org=None), **changes),
    org=st.sampled_from([None, None, None, OrgId(NORWAY, "999999999")]),
    cpv=several(CODES),
    words=several(WORDS) | st.lists(st.text("abøå ", max_size=4), max_size=2).map(tuple),
    municipalities=several(PLACES),
    buyers=several(NUMBERS),
    value_min=st.none() | st.sampled_from(AMOUNTS),
    value_max=st.none() | st.sampled_from(AMOUNTS),
    reserved=st.sampled_from(Reserved),
    sme_suitable=st.booleans(),
    languages=several(LANGUAGES),
)


@st.composite
def offers(draw: st.DrawFn) -> Offer:
    one = lot(
        title=draw(st.sampled_from(["Brød og bakervarer", "STRASSE", ""]) | st.text("abøå ")),
        cpv_main=draw(st.none() | st.sampled_from(CODES)),
        cpv_additional=draw(several(CODES)),
        value=draw(
            st.none()
            | st.builds(
                Money, amount=st.sampled_from(AMOUNTS), currency=st.sampled_from(["NOK", "EUR"])
            )
        ),
        description=text(draw(st.sampled_from(WORDS))),
        tender_languages=draw(several(LANGUAGES)),
        reserved=draw(several(["res-ws", "none"])),
        sme_suitable=draw(st.sampled_from([None, True, False])),
    )
    whole = notice(
        one,
        cpv_main=draw(st.none() | st.sampled_from(CODES)),
        buyers=draw(
            st.lists(
                st.builds(
                    OrganisationRef,
                    name=st.sampled_from(["Fjordby kommune", "Skiby", ""]),
                    number=st.none() | st.sampled_from(["999 999 999", "888888888", "x"]),
                ),
                max_size=2,
            ).map(tuple)
        ),
    )
    return Offer(
        notice=whole,
        lot=one,
        places=frozenset(draw(several(PLACES))),
        buyers=draw(several(NUMBERS)),
    )


@given(some=st.lists(subscriptions, max_size=8), offer=offers())
def test_the_index_says_what_the_plain_loop_says(some: list[Subscription], offer: Offer) -> None:
    expected = [at for at, one in enumerate(some) if wants(one, offer)]
    index = WishIndex(some)
    assert list(index.positions(offer)) == expected
    assert index.wanted_by(offer) == [some[at] for at in expected]


@given(words=st.lists(st.text("abc", max_size=5)), within=st.text("abc", max_size=30))
@example(words=["", "a", "aaaa"], within="aaa")
def test_words_within_a_text_are_found_each_once(words: list[str], within: str) -> None:
    found = list(Substrings(words).within(within))
    assert sorted(found) == sorted({word for word in words if word in within})

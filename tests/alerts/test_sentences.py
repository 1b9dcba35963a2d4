"""Results, agreements that end, and small firms nearby, as sentences."""

from __future__ import annotations

from datetime import date

import pytest

from procmatch.alerts.agreements import agreement_sentence
from procmatch.alerts.nearby import Nearby, nearby_sentences
from procmatch.alerts.results import result_sentences
from procmatch.model.notice import Award, OrganisationRef
from procmatch.text.messages import Message
from tests.alerts.news import kroner, lot, notice

BAKER = OrganisationRef(name="Bakeri AS")
DAIRY = OrganisationRef(name="Meieri\nAS")


def result(*awards: Award, lots: int = 1) -> list[str]:
    some = [lot(f"LOT-000{n}", f"Del {n}") for n in range(1, lots + 1)]
    one = notice(*some, awards=awards)
    return result_sentences(one, some, language="en", unnamed=("Kari",))


def test_a_result_says_who_won_what_and_against_how_many() -> None:
    award = Award(lot="LOT-0001", winners=(BAKER,), value=kroner(5000), tenders_received=1)
    said = result(award)
    assert said == ["Won by Bakeri AS. Value: NOK\u00a05,000. 1 tender came in."]


def test_each_lot_is_named_and_those_that_it_leaves_out_are_not() -> None:
    said = result(Award(lot="LOT-0001", winners=(BAKER,)), Award(lot="LOT-0002"), lots=3)
    assert said == ["Del 1: Won by Bakeri AS.", "Del 2: Nobody won."]


def test_of_several_winners_no_single_value_is_said() -> None:
    one, two = (Award(winners=(who,), value=kroner(5000)) for who in (BAKER, DAIRY))
    assert result(one, two) == ["Won by Bakeri AS, Meieri AS."]


def test_a_sole_proprietor_is_not_named() -> None:
    won = Award(winners=(OrganisationRef(name="Kari"), BAKER))
    assert result(won) == ["Won by a sole proprietor, Bakeri AS."]


@pytest.mark.parametrize(
    ("last_end", "renewable", "said"),
    [
        (None, False, "Brød ends 31 December 2026. Start planning by 31 December 2025."),
        (None, True, "Whether it can be renewed is not told."),
        (date(2028, 12, 31), True, "With all renewals it runs to 31 December 2028."),
    ],
)
def test_an_agreement_says_when_it_ends(last_end: date | None, renewable: bool, said: str) -> None:
    sentence = agreement_sentence(
        title="Brød",
        end=date(2026, 12, 31),
        last_end=last_end,
        renewable=renewable,
        value=None,
        plan_from=date(2025, 12, 31),
        language="en",
    )
    assert said in sentence


def test_a_buyer_reads_who_fits_what_stops_others_and_what_may_help() -> None:
    hurdle = Message("A turnover of 100 million kroner is asked for.")
    near = Nearby(fitting=("A AS", "B AS"), sure=1, stopped=2, hurdles=(hurdle,), radius_km=80)
    said = nearby_sentences(near, lot(), "en", alone=False)
    assert said[0] == (
        "Brød og bakervarer: Only 2 small firms within 80 km are known to fit: A AS, B AS."
    )
    assert said[1] == (
        "2 more would, but for what is asked for: A turnover of 100 million kroner is asked for."
    )
    assert "smaller lots" in said[2]

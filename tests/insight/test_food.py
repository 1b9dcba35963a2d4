"""The food pack: groups as kitchens buy them."""

from procmatch.codes import builtin
from procmatch.insight.food import food_groups, group_of, ways_of_splitting


def test_codes_lead_to_the_group_a_kitchen_would_look_in() -> None:
    expected = {
        "15811000": "bread",
        "15811511": "bread",
        "15500000": "dairy",
        "03311000": "fish",
        "15131000": "meat",
        "03221000": "vegetables",
        "15331170": "vegetables",
        "03222321": "fruit",
        "15332140": "fruit",
        "03142500": "eggs",
        "55523100": "school_food",
        "55520000": "catering",
    }
    assert {code: group.key for code in expected if (group := group_of(code))} == expected


def test_what_is_no_food_has_no_group() -> None:
    assert group_of("90911000") is None


def test_every_prefix_and_trade_stands_in_the_official_lists() -> None:
    codes = builtin()
    cpv = codes.cpv.labels
    trades = codes.industry.labels["SN2025"]
    for group in food_groups():
        for prefix in group.cpv:
            assert any(code.startswith(prefix) for code in cpv), (group.key, prefix)
        for trade in group.trades:
            assert any(code.startswith(trade) for code in trades), (group.key, trade)


def test_every_name_stands_in_all_three_languages() -> None:
    named = [group.names for group in food_groups()]
    named += [season.names for group in food_groups() for season in group.seasons]
    named += [split.names for split in ways_of_splitting()]
    assert all(set(names) == {"nb", "nn", "en"} and all(names.values()) for names in named)


def test_seasons_are_months_of_the_year() -> None:
    for group in food_groups():
        for season in group.seasons:
            assert season.months
            assert set(season.months) <= set(range(1, 13))


def test_the_groups_are_those_a_kitchen_buys_by() -> None:
    assert [group.key for group in food_groups()] == [
        "bread", "dairy", "fish", "meat", "vegetables", "fruit", "eggs", "ready_meals",
        "catering", "school_food",
    ]  # fmt: skip
    assert "møtemat" in next(one for one in food_groups() if one.key == "catering").words


def test_the_ways_that_the_procurement_authority_names_are_there() -> None:
    # DFØ, Lokalprodusert mat: by product group, good by good, organic and conventional apart.
    assert {"by_product", "by_good", "organic"} <= {one.key for one in ways_of_splitting()}

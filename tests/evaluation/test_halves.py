"""One half of a task is chosen on, the other is only measured."""

from __future__ import annotations

from procmatch.evaluation.matching.halves import halves, kept_apart

GROUPS = [f"buyer {at}" for at in range(200)]


def test_a_group_stands_on_one_side_and_both_sides_have_about_half() -> None:
    apart = sum(map(kept_apart, GROUPS))
    assert apart == sum(map(kept_apart, GROUPS))
    assert 70 < apart < 130


def test_each_half_is_measured_by_itself() -> None:
    groups = {f"{group}/{n}": group for group in GROUPS for n in range(2)}
    measured = {query: {"R@10": float(kept_apart(group))} for query, group in groups.items()}
    found = halves(measured, groups)
    assert found.chosen_on["R@10"].value == 0
    assert found.apart["R@10"].value == 1
    assert sum(found.queries) == len(measured)


def test_a_half_without_queries_has_no_figures() -> None:
    (group,) = [one for one in GROUPS if kept_apart(one)][:1]
    found = halves({"q": {"R@10": 1.0}}, {"q": group})
    assert found.chosen_on["R@10"].value is None
    assert found.queries == (0, 1)

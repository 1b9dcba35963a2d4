"""What the market calls the truth can be found from what its notices print, and from nothing less.

The rules here are the plainest that find it; they are no part of the library.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from tests.generated.market import Market, generate
from tests.generated.model import Key, Published
from tests.generated.truth import among, expected_procedures


class Sets:
    """Sets that grow together."""

    def __init__(self) -> None:
        self._above: dict[object, object] = {}

    def top(self, one: object) -> object:
        while (above := self._above.setdefault(one, one)) != one:
            one = above
        return one

    def join(self, one: object, other: object) -> None:
        self._above[self.top(one)] = self.top(other)


def joined(seen: Mapping[Key, Published]) -> set[frozenset[Key]]:
    """Put together what names the same procedure, notice or change."""
    sets = Sets()
    for key, one in seen.items():
        notice = one.notice
        version = f"{notice.id}-{notice.version}"
        for name in (version, notice.id, one.id, notice.procedure):
            if name:
                sets.join(key, name)
        if notice.changes:
            sets.join(key, notice.changes)
        if notice.form == "result" and notice.earlier:
            called = [other for other in seen.values() if other.notice.form == "competition"]
            names = {f"{other.notice.id}-{other.notice.version}" for other in called}
            if notice.earlier in names | {other.id for other in called}:
                sets.join(key, notice.earlier)
    found: dict[object, set[Key]] = {}
    for key in seen:
        found.setdefault(sets.top(key), set()).add(key)
    return {frozenset(one) for one in found.values()}


def without(groups: Iterable[frozenset[Key]], keys: frozenset[Key]) -> set[frozenset[Key]]:
    return {group - keys for group in groups} - {frozenset()}


@pytest.fixture(scope="module")
def market() -> Market:
    return generate(1_900, seed=5)


def test_all_publications_together_show_their_groups(market: Market) -> None:
    truth = market.truth
    found = joined(market.publications)
    assert without(found, truth.probable) == without(truth.groups, truth.probable)
    for group in found:
        assert group <= truth.probable or not group & truth.probable


def test_so_do_those_that_a_crawl_of_doffin_finds(market: Market) -> None:
    truth = market.truth
    seen = {("doffin", key): market.doffin[key] for key in market.found_by_search}
    found = joined(seen)
    assert without(found, truth.probable) == without(among(truth.groups, seen), truth.probable)


def test_a_name_can_be_asked_for_the_procedure_of_any_publication(market: Market) -> None:
    named = expected_procedures(market.truth)
    assert named.keys() == market.publications.keys()
    assert len({*named.values()}) == len(market.truth.groups)

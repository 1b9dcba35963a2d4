"""Points of one supplier and of many are the same, bit for bit, and so are their scores."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from procmatch.codes import builtin
from procmatch.matching.criteria import columns_of, points_of, total, totals
from procmatch.matching.need import Wanted, prepare
from procmatch.matching.relevance.policy import DEFAULT_POLICY
from tests.matching.market import NOW, lot, notice

NAMES = ("trade", "branch", "words", "subwords", "place", "capacity", "size")
POINTS = st.floats(-0.5, 1.5)


def _wanted(cpv: str | None) -> Wanted:
    one = lot(cpv=cpv)
    return prepare(notice(one), one, codes=builtin(), now=NOW, buyer_municipality=None)


@given(
    st.lists(st.fixed_dictionaries(dict.fromkeys(NAMES, POINTS)), min_size=1),
    st.sampled_from(("15810000", None)),
)
def test_many_are_counted_as_each_is(found: list[dict[str, float]], cpv: str | None) -> None:
    wanted = _wanted(cpv)
    columns = columns_of(wanted, {name: [one[name] for one in found] for name in NAMES})
    each = [points_of(wanted, one) for one in found]
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    assert [dict(zip(columns, row, strict=True)) for row in rows] == each
    assert totals(columns, DEFAULT_POLICY) == [total(one, DEFAULT_POLICY) for one in each]
    for one, points in zip(found, each, strict=True):
        assert all(0.0 <= value <= 1.0 for value in points.values())
        assert math.isclose(points["place"], min(1.0, max(0.0, one["place"])), abs_tol=5e-7)
        assert cpv or points["trade"] == 0.5

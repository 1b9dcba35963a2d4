from __future__ import annotations

import pandas as pd
import pytest

from procmatch.errors import LinkageError
from procmatch.linkage import Linker, Query
from procmatch.linkage.frames import queries_of
from tests.linkage.register import REGISTER, TWIN_BERGEN, TWIN_OSLO


def test_a_frame_is_linked_as_its_rows_would_be() -> None:
    linker = Linker.build(REGISTER)
    frame = pd.DataFrame(
        {
            "name": ["Nordlys Renhold AS", "Nordlys Renhold AS", "Ukjent AS", None],
            # With a gap, pandas makes these floats: 150.0 is the postcode 0150.
            "postcode": [150, 5003, None, None],
            "remark": ["not of a query", "", "", ""],
        }
    )
    links = linker.link_many(frame)
    assert [linked and linked.org for linked in links] == [TWIN_OSLO.id, TWIN_BERGEN.id, None, None]
    assert links[:2] == linker.link_many(
        [Query(name="Nordlys Renhold AS", postcode=code) for code in ("0150", "5003")]
    )


def test_every_field_of_a_query_may_be_a_column() -> None:
    row = {"name": "A", "number": 987654321, "place": "Oslo", "street": "Gata 1", "website": "a.no"}
    (query,) = queries_of(pd.DataFrame([row]))
    assert query == Query(
        name="A", number="987654321", place="Oslo", street="Gata 1", website="a.no"
    )


def test_a_frame_without_names_is_refused_with_what_it_has() -> None:
    with pytest.raises(LinkageError, match="no column 'name'; it has navn"):
        Linker.build(REGISTER).link_many(pd.DataFrame({"navn": ["A"]}))


def test_what_is_neither_frame_nor_queries_is_refused() -> None:
    with pytest.raises(LinkageError, match="neither a frame nor queries"):
        Linker.build(REGISTER).link_many(7)

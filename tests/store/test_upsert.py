"""Many rows go in at once, on each database by its own way."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from procmatch.errors import StoreError
from procmatch.store import Store
from procmatch.store.tables import establishments
from procmatch.store.upsert import put_many

Row = tuple[object, ...]


def row(number: int, document: str) -> Row:
    return ("NO-BRC", f"{number:09d}", "310000017", None, document, number)


def stored(store: Store) -> list[Row]:
    with store.read() as connection:
        query = select(establishments).order_by(establishments.c.number)
        return [tuple(found) for found in connection.execute(query)]


@pytest.mark.parametrize("new", [False, True])
def test_rows_are_written_and_existing_ones_updated(store: Store, *, new: bool) -> None:
    odd = 'tab\t line\n back\\slash \\N "quoted" Ærlig'
    first = [row(number, odd) for number in range(7000)]
    with store.begin() as connection:
        put_many(connection, establishments, first, new=new)
    assert stored(store) == first
    second = [row(number, "other") for number in range(6990, 7010)]
    with store.begin() as connection:
        put_many(connection, establishments, second, new=new)
        put_many(connection, establishments, [row(3, "third")], new=False)
        put_many(connection, establishments, [], new=new)
    assert stored(store) == [*first[:3], row(3, "third"), *first[4:6990], *second]


@pytest.mark.parametrize("new", [False, True])
def test_a_row_that_the_database_refuses_is_a_store_error(store: Store, *, new: bool) -> None:
    with pytest.raises(StoreError), store.begin() as connection:
        put_many(connection, establishments, [("NO-BRC", "1", None, None, "x", 0)], new=new)
    assert stored(store) == []

"""What is stored of a register is known by number, in little memory, in whatever order it comes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from procmatch.store.known import FIRST_MARK, UNLISTED, Known

numbers = st.integers(min_value=0, max_value=999_999_999)
marks = st.integers(min_value=FIRST_MARK, max_value=2**62)


@given(st.dictionaries(numbers, marks, max_size=30), st.lists(st.tuples(numbers, marks)), st.data())
def test_a_record_is_unchanged_when_number_and_mark_are_stored(
    stored: dict[int, int], others: list[tuple[int, int]], data: st.DataObject
) -> None:
    known = Known([sorted(stored.items())] if stored else [])
    listed = data.draw(st.permutations([*stored.items(), *others]))
    for number, mark in listed:
        assert known.unchanged(number, mark) == (stored.get(number) == mark)
        assert number not in stored or known.maybe_stored([number])
    assert list(known.missing()) == []


@given(st.dictionaries(numbers, st.sampled_from([UNLISTED, FIRST_MARK]), min_size=1), st.data())
def test_what_was_listed_before_and_is_not_now_is_missing(
    stored: dict[int, int], data: st.DataObject
) -> None:
    known = Known([sorted(stored.items())])
    still = data.draw(st.sets(st.sampled_from(sorted(stored))))
    for number in still:
        known.unchanged(number, FIRST_MARK)
    gone = [n for n, mark in sorted(stored.items()) if mark != UNLISTED and n not in still]
    assert list(known.missing()) == gone


def test_a_new_number_listed_twice_may_be_stored_the_second_time() -> None:
    known = Known()
    known.unchanged(310000017, FIRST_MARK)
    assert not known.maybe_stored([310000017])
    known.unchanged(310000017, FIRST_MARK)
    assert known.maybe_stored([310000017])


def test_what_was_written_counts_when_the_number_comes_again() -> None:
    known = Known([[(310000017, 5)]])
    assert not known.unchanged(310000017, 6)
    known.written(310000017, 6)
    assert not known.unchanged(310000017, 5)
    assert known.unchanged(310000017, 6)

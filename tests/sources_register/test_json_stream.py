from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.errors import SourceError
from procmatch.sources import enhetsregisteret
from procmatch.sources.json_stream import objects

UNITS = [
    {"navn": 'Br}{ces, "quotes" and \\ back\\"slash AS', "a": [{"b": {"c": 1}}, []], "n": None},
    {},
    {"navn": "ÆØÅ\nlinje 2"},
    {"x": "]"},
]


def cut(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def read(data: bytes, size: int = 7) -> tuple[list[bytes], str]:
    found: list[bytes] = []
    try:
        for piece in (one for group in enhetsregisteret.stream(cut(data, size)) for one in group):
            found.append(piece)  # noqa: PERF402  what came before an error counts
    except SourceError as error:
        return found, error.reason
    return found, ""


@pytest.mark.parametrize("size", [1, 2, 7, 4096])
@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("packed", [False, True])
def test_an_array_is_taken_apart_wherever_it_is_cut(
    size: int, indent: int | None, packed: bool
) -> None:
    data = json.dumps(UNITS, indent=indent, ensure_ascii=False).encode()
    found, error = read(gzip.compress(data) if packed else data, size)
    assert [json.loads(one) for one in found] == UNITS
    assert error == ""


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.lists(st.dictionaries(st.text(), json_values, max_size=4), max_size=5),
    st.integers(min_value=1, max_value=64),
    st.booleans(),
)
def test_any_array_of_objects_comes_out_as_it_went_in(
    units: list[dict[str, object]], size: int, ascii_only: bool
) -> None:
    data = json.dumps(units, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    found, error = read(data, size)
    assert [json.loads(one) for one in found] == units
    assert error == ""


def test_several_gzip_members_are_one_file() -> None:
    found, error = read(gzip.compress(b'[{"a":1},') + gzip.compress(b'{"a":2}]'))
    assert (found, error) == ([b'{"a":1}', b'{"a":2}'], "")


def test_a_truncated_gzip_gives_what_is_complete_and_then_the_error() -> None:
    # Stored, not compressed, so that a cut loses only the end.
    data = gzip.compress(json.dumps([{"n": n} for n in range(100)]).encode(), compresslevel=0)
    found, error = read(data[: len(data) // 2])
    assert 30 < len(found) < 60
    assert "too early" in error


@pytest.mark.parametrize(
    ("data", "complete", "reason"),
    [
        (b'[{"a":1},{"b":', 1, "too early"),
        (b'[{"a":1}', 1, "too early"),
        (b"", 0, "too early"),
        (b"<html>maintenance</html>", 0, "not a JSON array"),
        (b'{"status":500}', 0, "not a JSON array"),
        (b'[{"a":1}, 7]', 1, "something else"),
        (b"\x1f\x8b\x08\x00 this is no gzip", 0, "damaged"),
    ],
)
def test_what_is_no_whole_array_says_so(data: bytes, complete: int, reason: str) -> None:
    found, error = read(data)
    assert len(found) == complete
    assert reason in error


def test_one_object_that_is_no_json_harms_no_other() -> None:
    found, error = read(b'[{"a":1},{broken},{"a":2}]', 5)
    assert (found, error) == ([b'{"a":1}', b"{broken}", b'{"a":2}'], "")


def test_an_object_without_end_is_given_up() -> None:
    pieces = (b"x" * (1 << 20) for _ in range(20))
    with pytest.raises(SourceError, match="more than"):
        list(objects(iter([b'[{"a":"', *pieces]), source="test"))

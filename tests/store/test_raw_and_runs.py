"""Raw answers are kept once, whole and before reading; the ledger never forgets."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from procmatch.errors import NotFound, SourceError
from procmatch.model.answer import Answer
from procmatch.store import Store, ledger, open_store, raw, runs
from procmatch.store.tables import raw_answers, raw_chunks

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def answer(body: bytes | Path, key: str = "2026-1") -> Answer:
    return Answer(
        source="doffin", kind="notice", key=key, url="http://x", body=body, fetched_at=NOW
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(body=st.binary(max_size=5000))
def test_what_is_kept_comes_back(tmp_path: Path, body: bytes) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'p.db'}", create=True)
    with store.begin() as connection:
        assert raw.load(connection, raw.keep(connection, answer(body))) == body
    store.close()


def test_a_large_file_is_kept_in_pieces(store: Store, tmp_path: Path) -> None:
    body = bytes(range(256)) * 12_000
    file = tmp_path / "bulk.gz"
    file.write_bytes(body)
    with store.begin() as connection:
        sha256 = raw.keep(connection, answer(file))
        assert connection.scalar(select(func.count()).select_from(raw_chunks)) == 3
        assert raw.load(connection, sha256) == body


def test_the_same_content_is_stored_once_and_each_sighting_once(store: Store) -> None:
    with store.begin() as connection:
        first = raw.keep(connection, answer(b"<x/>"))
        assert raw.keep(connection, answer(b"<x/>")) == first
        assert raw.keep(connection, answer(b"<x/>", key="2026-2")) == first
        assert connection.scalar(select(func.count()).select_from(raw_chunks)) == 1
        assert connection.scalar(select(func.count()).select_from(raw_answers)) == 2


def test_an_unknown_content_is_not_found(store: Store) -> None:
    with store.read() as connection, pytest.raises(NotFound):
        raw.load(connection, "0" * 64)


def test_a_killed_run_is_closed_by_the_next(store: Store) -> None:
    with store.begin() as connection:
        runs.open_run(connection, "doffin", NOW)
        runs.open_run(connection, "doffin", NOW + timedelta(hours=1))
        newest = ledger.sources(connection)
    assert [run["outcome"] for run in newest] == ["running"]


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([date(2026, 6, 1)], date(2026, 6, 1)),
        ([date(2026, 6, 1), date(2026, 5, 1)], date(2026, 6, 1)),
        ([date(2026, 6, 1), None], date(2026, 6, 1)),
        ([None], None),
    ],
)
def test_a_watermark_moves_forward_only(
    store: Store, moves: list[date | None], expected: date | None
) -> None:
    for moved_to in moves:
        with store.begin() as connection:
            run = runs.open_run(connection, "doffin", NOW)
            runs.close(
                connection, run, outcome="ok", message="", now=NOW, move_watermark_to=moved_to
            )
    with store.read() as connection:
        assert runs.watermark(connection, "doffin") == expected


def test_a_failed_download_waits_longer_each_time_and_is_never_given_up(store: Store) -> None:
    now, waits = NOW, []
    for _ in range(9):
        with store.begin() as connection:
            runs.postpone(connection, "doffin", "2026-7", "404", now)
            minute = next(
                m
                for m in range(0, 3000, 5)
                if runs.pending(connection, "doffin", now + timedelta(minutes=m))
            )
        waits.append(minute)
        now += timedelta(minutes=minute)
    assert waits == sorted(waits)
    assert waits[0] == 5
    assert waits[-1] == 1440


def test_queueing_again_keeps_the_place_in_the_queue(store: Store) -> None:
    with store.begin() as connection:
        runs.postpone(connection, "doffin", "2026-7", "500", NOW)
        runs.queue(connection, "doffin", ["2026-7", "2026-8"], NOW)
        assert runs.pending(connection, "doffin", NOW) == ("2026-8",)
        runs.done_downloading(connection, "doffin", "2026-8")
        assert runs.pending(connection, "doffin", NOW) == ()


def test_what_was_set_aside_names_field_and_reason_until_it_is_read(store: Store) -> None:
    error = SourceError("not a date: 'x'", source="eforms", where="BT-131")
    with store.begin() as connection:
        for _ in range(2):
            runs.put_aside(
                connection,
                source="doffin",
                kind="notice",
                key="2026-9",
                sha256="a" * 64,
                error=error,
                parser="1",
                now=NOW,
            )
        (row,) = ledger.newest_set_aside(connection)
        assert (row["field"], row["reason"], row["tries"]) == ("BT-131", "not a date: 'x'", 2)
        runs.clear_aside(connection, "doffin", "notice", "2026-9")
        assert ledger.newest_set_aside(connection) == []

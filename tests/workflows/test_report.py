"""The operator's weekly report: what needs a look comes first, and no subscriber is named."""

from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from procmatch.errors import SettingsError
from procmatch.model.subscription import Letter, Subscription
from procmatch.settings import Jobs, Mail, Settings
from procmatch.store import Store, brake, leases, outbox, runs
from procmatch.store.leases import Result
from procmatch.workflows import report, subscribe
from tests.workflows.conftest import NOW, clock


def crawl(store: Store, source: str, at: datetime, outcome: str, message: str = "") -> None:
    with store.begin() as connection:
        run = runs.open_run(connection, source, at)
        runs.close(
            connection, run, outcome=outcome, message=message, now=at, move_watermark_to=None
        )


def job(store: Store, name: str, outcome: str, said: str = "") -> None:
    with store.begin() as connection:
        lease = leases.claim(
            connection,
            name,
            due=NOW,
            holder="one",
            now=NOW,
            length=timedelta(minutes=5),
            retries=0,
        )
        assert lease is not None
        leases.finish(
            connection,
            lease,
            Result(outcome=outcome, said=said),
            now=NOW + timedelta(seconds=90),
            retries=0,
            retry_after=timedelta(),
        )


def section(text: str, title: str) -> str:
    return text.split(f"\n{title}\n")[1].split("\n\n", maxsplit=1)[0]


def test_all_is_well(store: Store) -> None:
    crawl(store, "doffin", NOW - timedelta(hours=5), "ok")
    job(store, "match", "ok")
    text = report.weekly_report(store, clock=clock)
    assert section(text, "NEEDS A LOOK").strip() == "nothing"
    assert "doffin: ok, last read to the end 5 h ago" in section(text, "SOURCES")
    assert "match: 1 ok; longest 90 s" in section(text, "JOBS OF THE WEEK")


def test_what_needs_a_look(store: Store) -> None:
    crawl(store, "ted", NOW - timedelta(days=9), "ok")
    crawl(store, "ted", NOW - timedelta(days=1), "failed", "no answer")
    shrunk = "the source has shrunk: units 9 (last good run 99, expected at least 90)"
    crawl(store, "enhetsregisteret", NOW - timedelta(days=2), "failed", shrunk)
    job(store, "match", "failed", "line one\nno memory")
    told = section(report.weekly_report(store, clock=clock), "NEEDS A LOOK")
    assert "ted was not read to the end this week" in told
    assert f"enhetsregisteret: {shrunk}" in told
    assert "match failed the last time: no memory" in told


def test_a_brake_that_holds_letters_needs_a_look(store: Store) -> None:
    with store.begin() as connection:
        brake.pull(connection, "more than 5 letters in an hour", NOW - timedelta(hours=1))
    told = section(report.weekly_report(store, clock=clock), "NEEDS A LOOK")
    assert "no letter has left since 2026-06-01 13:00: more than 5 letters in an hour" in told


def test_letters_are_counted_and_nobody_is_named(store: Store) -> None:
    wanted = Subscription(
        id=subscribe.new_id(),
        email="kari@firm.example",
        words=("brød",),
        created_at=NOW,
        consent="test",
    )
    subscribe.subscribe(store, wanted, confirmed=True, clock=clock)
    letter = Letter(id="one", to=wanted.email, subject="Nytt anbud", message=b"x")
    with store.begin() as connection:
        outbox.queue(connection, wanted.id, letter, (), NOW)
    text = report.weekly_report(store, clock=clock)
    assert "queued: 1" in section(text, "LETTERS")
    assert "kari" not in text
    assert "firm.example" not in text


def test_it_is_written_to_a_file_or_sent(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    mail = Mail(outbox=str(tmp_path / "outbox"))
    report.hand_over(
        "æøå", settings=Settings(jobs=Jobs(report_file=str(file)), mail=mail), clock=clock
    )
    assert file.read_text(encoding="utf-8") == "æøå"
    sent = Settings(jobs=Jobs(report_to="drift@kommune.example"), mail=mail)
    for _ in range(2):
        report.hand_over("æøå", settings=sent, clock=clock)
    (path,) = (tmp_path / "outbox").glob("*.eml")
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert message["To"] == "drift@kommune.example"
    assert message["Message-ID"] == "<report-2026-06-01@procmatch.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().strip() == "æøå"


def test_a_file_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    settings = Settings(jobs=Jobs(report_file=str(tmp_path / "none" / "report.txt")))
    with pytest.raises(SettingsError, match=r"jobs\.report_file"):
        report.hand_over("text", settings=settings, clock=clock)

"""What an operator sees of letters on their way, and what can be done about them."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from procmatch.cli import main
from procmatch.cli.stopping import until_stopped
from procmatch.model.subscription import Letter, Subscription
from procmatch.store import Store, brake, open_store, outbox, stopped, subscriptions

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, list(words))


@pytest.fixture
def store(run: Run) -> Iterator[Store]:
    """A store with one letter that is due and one that was refused."""
    opened = open_store("sqlite:///procmatch.db", create=True)
    with opened.begin() as connection:
        wanted = Subscription(id="s1", email="a@b.example", cpv=("15",), created_at=NOW)
        subscriptions.save(connection, wanted)
        for key in ("l1", "l2"):
            letter = Letter(id=key, to=f"{key}@firma.example", subject=key, message=b"x")
            outbox.queue(connection, "s1", letter, (), NOW)
        outbox.mark_failed(connection, "l2", "550 no such mailbox", NOW, for_good=True)
        stopped.stop(connection, "mail", "l2@firma.example", "550 no such mailbox", NOW)
    yield opened
    opened.close()


def test_what_was_given_up_is_listed_and_shown_in_the_status(run: Run, store: Store) -> None:
    (row,) = json.loads(run("letters", "dead", "--format", "json").stdout)
    assert (row["letter"], row["error"]) == ("l2", "550 no such mailbox")
    assert "letters retry" in run("letters", "dead").stdout
    status = run("status").stdout
    assert "letters: 1 dead, 1 queued" in status
    assert "refused for good: 1" in status
    assert "l2@firma.example" not in status


@pytest.mark.parametrize("choice", [["l2"], ["--address", "l2@firma.example"], ["--all"]])
def test_what_was_given_up_is_tried_again(run: Run, store: Store, choice: list[str]) -> None:
    assert "1 letters queued again, 1 addresses opened" in run("letters", "retry", *choice).stdout
    assert run("letters", "send").stdout.startswith("2 handed over")
    assert sorted(path.name for path in Path("outbox").iterdir()) == ["l1.eml", "l2.eml"]


def test_a_retry_says_of_what(run: Run, store: Store) -> None:
    assert run("letters", "retry").exit_code == 2
    assert run("letters", "retry", "l2", "--all").exit_code == 2


def test_the_brake_holds_all_until_it_is_released(run: Run, store: Store) -> None:
    assert run("letters", "brake").stdout == "not held\n"
    with store.begin() as connection:
        brake.pull(connection, "more than 5 letters in an hour", NOW)
    for command in (["letters", "send"], ["alert"]):
        done = run(*command)
        assert done.exit_code == 1
        assert "more than 5 letters in an hour" in done.output
    assert "NO LETTER LEAVES" in run("status").stdout
    assert "held since" in run("letters", "brake").stdout
    assert run("letters", "brake", "--release").stdout == "released\n"
    assert run("letters", "send").stdout.startswith("1 handed over")


def test_sigterm_sets_a_flag_and_is_itself_again_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with until_stopped() as stop:
        assert not stop()
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop()
    assert signal.getsignal(signal.SIGTERM) is before

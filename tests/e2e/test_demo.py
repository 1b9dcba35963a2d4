"""The whole trip: HTTP, store, linkage, matching, letters; the second time nothing is new."""

from __future__ import annotations

import email
import subprocess
import sys
from email.policy import default
from pathlib import Path

import pytest


def demo(folder: Path) -> str:
    command = [sys.executable, "-m", "procmatch.cli", "demo", "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_demo_tells_a_true_story_and_then_nothing_new(tmp_path: Path) -> None:
    first = demo(tmp_path)
    assert "26 fetched" in first
    assert "NO SMALL FIRM CAN BID" in first
    assert "2026-200103" in first.split("NO SMALL FIRM CAN BID")[1]
    bread = first.split("Brød til Havneset")[1].split("2026-2001")[0]
    assert "BAKERI" in bread
    letters = sorted((tmp_path / "outbox").glob("*.eml"))
    assert len(letters) == 4
    for path in letters:
        message = email.message_from_bytes(path.read_bytes(), policy=default)
        assert message["Subject"]
        text = message.get_body(("plain",))
        assert text is not None
        assert "doffin.no/notices/2026-2001" in text.get_content()
    second = demo(tmp_path)
    for line in second.splitlines()[1:5]:
        assert " 0 new, 0 changed" in line
    assert "nothing new to tell anybody" in second
    assert sorted((tmp_path / "outbox").glob("*.eml")) == letters

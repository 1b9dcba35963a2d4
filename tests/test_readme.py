"""What the README says can be done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from procmatch.cli import _doors
from procmatch.demo import world

README = Path(__file__).resolve().parents[1] / "README.md"
TEXT = README.read_text(encoding="utf-8")


def test_every_command_it_names_exists() -> None:
    named = set(re.findall(r"`procmatch (\w+)", TEXT)) | set(
        re.findall(r"^procmatch (\w+)", TEXT, re.MULTILINE)
    )
    assert named
    assert named <= set(_doors())


def test_every_page_it_links_to_exists() -> None:
    for target in re.findall(r"\]\(([\w./-]+)\)", TEXT):
        assert (README.parent / target).exists(), target


def test_its_python_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notice.xml").write_bytes(world.notices()["2026-200101"])
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    exec(compile(example, "README.md", "exec"), {})
    assert "Varm skolelunsj" in capsys.readouterr().out

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from procmatch.errors import ExtraMissing
from procmatch_spiders.command import crawl


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["codes", "--from", "2026-01-01"], "--from and --to mean nothing to codes"),
        (["doffin", "--number", "923609016"], "--number means nothing to doffin"),
        (["doffin", "--from", "2026-02-01", "--to", "2026-01-01"], "--to is before --from"),
        (["doffin", "--to", "2026-01-01"], "--to needs --from"),
        (["codes", "--active"], "--active is for doffin"),
        (["doffin", "--active", "--from", "2026-01-01"], "without --from and --to"),
        (["doffin", "--from", "yesterday"], "does not match the format"),
        (["mercell"], "is not one of"),
    ],
)
def test_options_that_make_no_sense_are_refused(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(crawl, arguments)
    assert result.exit_code == 2
    assert said in result.output


def test_without_scrapy_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("procmatch_spiders.crawl")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "scrapy", None)
    monkeypatch.setitem(sys.modules, "scrapy.crawler", None)
    result = CliRunner().invoke(crawl, ["codes"])
    assert isinstance(result.exception, ExtraMissing)
    assert "procmatch[crawl]" in str(result.exception)


def test_the_command_loads_no_scrapy_until_it_runs() -> None:
    code = (
        "import sys, procmatch_spiders.command;"
        "print(sorted({'scrapy', 'twisted'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_scrapy_finds_the_spiders_in_their_folder() -> None:
    folder = Path(__file__).resolve().parents[2] / "spiders"
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["codes", "doffin", "doffin-webclient", "enhetsregisteret", "ted"]

"""``procmatch who``: two files, no store, one page."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from procmatch.cli import main
from procmatch.demo import world
from procmatch.demo.standins.register_csv import as_csv

DAY = "2026-05-20"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A notice with lots, one of them reserved, and the sample world's register as CSV."""
    folder = tmp_path_factory.mktemp("who")
    notice, register = folder / "notice.xml", folder / "register.csv"
    notice.write_bytes(world.notices()["2026-200108"])
    living = [unit for unit in world.units() if "slettedato" not in unit]
    register.write_bytes(as_csv(living))
    return notice, register


def _who(files: tuple[Path, Path], *more: str, language: str = "en") -> Result:
    words = [str(files[0]), "--register", str(files[1]), "--day", DAY, *more]
    return CliRunner().invoke(main, ["--language", language, "who", *words])


def test_every_lot_has_its_part_of_the_page(files: tuple[Path, Path]) -> None:
    done = _who(files)
    assert done.exit_code == 0, done.output
    lots = [line for line in done.stdout.splitlines() if line.startswith("## LOT-")]
    assert len(lots) == 3
    assert "MØTEMAT HAVNESET AS" in done.stdout


def test_the_lots_are_held_against_one_contract(files: tuple[Path, Path]) -> None:
    page = _who(files).stdout
    _, _, told = page.partition("## In one contract, or in parts")
    assert "In 3 parts:" in told
    assert "neither a requirement nor an award criterion" in told


def test_the_same_files_give_the_same_page_wherever_it_goes(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    done = _who(files, "--output", str(tmp_path / "page.md"))
    assert done.exit_code == 0, done.output
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == _who(files).stdout


def test_sole_proprietors_and_bankruptcies_are_not_shown(files: tuple[Path, Path]) -> None:
    page = _who(files, "--limit", "500").stdout
    persons = [
        unit["organisasjonsnummer"]
        for unit in world.units()
        if unit.get("organisasjonsform", {}).get("kode") == "ENK" or unit.get("konkurs")
    ]
    assert persons
    assert not any(number in page for number in persons)


def test_what_is_no_register_is_one_clear_line(files: tuple[Path, Path]) -> None:
    done = _who((files[0], files[0]))
    assert done.exit_code == 1
    assert "organisasjonsnummer" in done.stderr
    assert "Traceback" not in done.output

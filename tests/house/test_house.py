"""The rules of the house that a machine can check."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from procmatch import errors
from procmatch.cli import _doors
from procmatch.settings import Mail, Settings, Sources

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = [ROOT / "procmatch", ROOT / "spiders", ROOT / "jobs"]
SOURCES = sorted(path for package in PACKAGES for path in package.rglob("*.py"))
LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def test_the_library_imports_without_frameworks() -> None:
    code = (
        "import sys, procmatch\n"
        "heavy = {'scrapy', 'twisted', 'apscheduler', 'sqlalchemy', 'fastapi'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_help_loads_no_framework() -> None:
    code = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from procmatch.cli import main\n"
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0\n"
        "heavy = {'scrapy', 'twisted', 'apscheduler', 'sqlalchemy', 'lxml'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.end_lineno is not None
            length = node.end_lineno - node.lineno + 1
            # A migration is a list of tables; splitting it would hide the order.
            assert "migrations" in path.parts or length <= LONGEST_FUNCTION, (
                f"{node.name} has {length} lines"
            )


def test_constraints_name_no_index_and_cover_every_dependency() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--" not in text

    def name(requirement: str) -> str:
        found = re.match(r"[A-Za-z0-9._-]+", requirement)
        assert found
        return found[0].lower().replace("_", "-")

    pinned = {name(line) for line in text.splitlines() if line}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    for extra in project["project"]["optional-dependencies"].values():
        wanted += extra
    missing = {name(item) for item in wanted} - pinned - {"procmatch"}
    assert not missing


def test_every_error_stands_in_the_tree() -> None:
    assert errors.__doc__
    for name in errors.__all__:
        assert name in errors.__doc__


def test_every_command_is_documented() -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    for name in _doors():
        assert f"## procmatch {name}" in text


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for section in (Settings, Mail, Sources):
        for field in section.__struct_fields__:
            assert f"`{field}`" in text, field

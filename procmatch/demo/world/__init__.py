"""The bundled sample world: a fictional county, its buyers, firms and notices."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from procmatch.demo.world.register import accounts, establishments, evidence, units

__all__ = ["WORLD_DIR", "accounts", "establishments", "evidence", "notices", "units", "world"]

WORLD_DIR = Path(__file__).parent


def world() -> dict[str, Any]:
    """Return the county: anchor date, municipalities, neighbours, points, postcodes."""
    facts: dict[str, Any] = json.loads((WORLD_DIR / "world.json").read_text(encoding="utf-8"))
    return facts


def notices() -> dict[str, bytes]:
    """Return Doffin id -> eForms XML; dates are as of the anchor day."""
    return {path.stem: path.read_bytes() for path in sorted((WORLD_DIR / "notices").glob("*.xml"))}

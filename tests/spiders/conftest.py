from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("crawl_once.py")
KEY = "0123456789abcdef-secret"

Crawl = Callable[..., dict[str, Any]]


@pytest.fixture
def crawl_once() -> Crawl:
    """Crawl in a process of its own; returns what the desk noted, and what was logged."""

    def crawl(source: str, url: str, **order: object) -> dict[str, Any]:
        settings = {
            "doffin_key": KEY,
            "requests_per_second": 200.0,
            "ted_requests_per_second": 200.0,
            "sources": {
                "doffin_url": f"{url}/public",
                "ted_url": url,
                "ted_page_url": url,
                "brreg_url": url,
                "klass_url": url,
                "geonorge_url": url,
                "bring_url": url,
                "eu_codes_url": url,
            },
        }
        changed = order.pop("settings", {})
        assert isinstance(changed, dict)
        done = subprocess.run(
            [sys.executable, "-W", "error::ResourceWarning", str(SCRIPT)],
            input=json.dumps({"source": source, "settings": settings | changed} | order),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        notes: dict[str, Any] = json.loads(done.stdout)
        return notes | {"log": done.stderr}

    return crawl

"""Pictures of the pages for docs/pages.md, at the width of a phone and of a desk.

    procmatch demo && python benchmarks/page_pictures.py --out docs/pages

Takes a copy of the store that the demo made, with a ledger and two targets added, so firms, tenders
and payments are invented. Needs Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from bench_web import served
from playwright.sync_api import Browser, sync_playwright

from procmatch.cli.output import now
from procmatch.demo.world import WORLD_DIR
from procmatch.insight.shares import Measure, Question, Target
from procmatch.store import open_store
from procmatch.workflows.spend import import_spend
from procmatch.workflows.trends import set_target

_WIDTHS = {"phone": 360, "desk": 1280}
_TALLEST = {"phone": 1000, "desk": 1100}
PAGES = {
    "home": "/?lang=nb",
    "tender": "/tender/2026-200103?lang=nb",
    "what-if": "/tender/2026-200103/what-if?way=product&lang=nb",
    "supplier": "/supplier/359056079?lang=nb",
    "need": "/need?group=vegetables&place=Myrland&lang=nb",
    "leader": "/municipality/9803/leader?lang=nb",
    "purchaser": "/municipality/9803/purchaser?lang=nb",
    "trends": "/municipality/9802/trends?of=ledger&lang=nb",
    "leakage": "/municipality/9802/leakage?lang=nb",
    "levers": "/municipality/9803/levers?lang=nb",
    "invitation": "/municipality/9803/invitation?tender=2026-200103&lang=nb",
    "unit": "/municipality/9803/unit?group=bread&lang=nn",
    "guide": "/guide/food?lang=nb",
}


def add_insight(store: Path) -> None:
    """Take the sample ledger in, and set two targets."""
    opened = open_store(f"sqlite:///{store}")
    import_spend(opened, WORLD_DIR / "ledger.csv", place="9802", clock=now)
    for question, measure in ((Question.SMALL, Measure.NUMBER), (Question.LOCAL, Measure.VALUE)):
        for place in ("9802", "9803"):
            target = Target(question=question, measure=measure, year=now().year, percent=30)
            set_target(opened, place, target)
    opened.close()


def picture(browser: Browser, address: str, file: Path, size: str) -> None:
    """Write the upper part of one page as a picture."""
    page = browser.new_page(viewport={"width": _WIDTHS[size], "height": 800})
    page.goto(address)
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": _WIDTHS[size], "height": min(height, _TALLEST[size])})
    page.screenshot(path=str(file), type="jpeg", quality=60)
    page.close()


def pictures(browser: Browser, store: Path, out: Path) -> None:
    """Write all pages of a store as pictures."""
    with served(f"sqlite:///{store}") as address:
        for name, path in PAGES.items():
            for size in _WIDTHS:
                picture(browser, f"{address}{path}", out / f"{name}-{size}.jpg", size)
    browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, default=Path("procmatch-demo/procmatch.db"))
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is not installed (Debian: apt-get install chromium)")
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        store = Path(shutil.copy(options.store, folder))
        add_insight(store)
        pictures(
            play.chromium.launch(executable_path=chromium, args=["--no-sandbox"]),
            store,
            options.out,
        )


if __name__ == "__main__":
    main()

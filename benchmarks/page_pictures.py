"""Pictures of the pages for docs/pages.md, at the width of a phone and of a desk.

    procmatch demo && python benchmarks/page_pictures.py --out docs/pages

Takes the store that the demo made, so firms and tenders are invented. Needs Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from bench_web import served
from playwright.sync_api import Browser, sync_playwright

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
    "unit": "/municipality/9803/unit?group=bread&lang=nn",
    "guide": "/guide/food?lang=nb",
}


def picture(browser: Browser, address: str, file: Path, size: str) -> None:
    """Write the upper part of one page as a picture."""
    page = browser.new_page(viewport={"width": _WIDTHS[size], "height": 800})
    page.goto(address)
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": _WIDTHS[size], "height": min(height, _TALLEST[size])})
    page.screenshot(path=str(file), type="jpeg", quality=60)
    page.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, default=Path("procmatch-demo/procmatch.db"))
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is not installed (Debian: apt-get install chromium)")
    options.out.mkdir(parents=True, exist_ok=True)
    with served(f"sqlite:///{options.store.resolve()}") as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, path in PAGES.items():
            for size in _WIDTHS:
                file = options.out / f"{name}-{size}.jpg"
                picture(browser, f"{address}{path}", file, size)
        browser.close()


if __name__ == "__main__":
    main()

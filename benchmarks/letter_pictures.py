"""Pictures of a letter as a phone and a desk show it, light and dark: docs/letters/*.png.

    procmatch demo
    python benchmarks/letter_pictures.py procmatch-demo/outbox/<id>.eml docs/letters

With PROCMATCH_MAIL_PUBLIC_URL set, the demo's letters have all their links. Needs Chromium.
"""

from __future__ import annotations

import argparse
import email
import shutil
import sys
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

WIDTHS = {"phone": 390, "desk": 800}
SHADES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TALLEST = 1700


def html_of(path: Path) -> str:
    """Return the HTML part of a letter."""
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("html",))
    assert body is not None
    text = body.get_content()
    assert isinstance(text, str)
    return text


def picture(
    browser: Browser, letter: str, width: int, shade: Literal["light", "dark"], file: Path
) -> None:
    """Write the upper part of a letter as a picture."""
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=shade)
    page.set_content(letter)
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": width, "height": min(height, TALLEST)})
    page.screenshot(path=str(file))
    page.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("letter", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is not installed (Debian: apt-get install chromium)")
    letter = html_of(options.letter)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for device, width in WIDTHS.items():
            for shade in SHADES:
                picture(
                    browser, letter, width, shade, options.folder / f"letter-{device}-{shade}.png"
                )
        browser.close()


if __name__ == "__main__":
    main()

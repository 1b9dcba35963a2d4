"""Pictures of a letter as a phone and a desktop show it, light and dark: docs/letters/*.png.

    python benchmarks/letter_pictures.py LETTER.eml FOLDER NAME

It needs Chromium (``chromium`` on the path). Headless Chromium makes no window narrower than 500
pixels, so the letter stands in a frame.
"""

from __future__ import annotations

import email
import html
import subprocess
import sys
import tempfile
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

WIDTHS = {"phone": 390, "desktop": 800}
#: Chromium's numbers for the colours that a reader prefers.
SCHEMES = {"dark": 0, "light": 1}
NARROWEST = 500
HEIGHT = 1700


def html_of(path: Path) -> str:
    """Return the HTML part of a letter."""
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("html",))
    assert body is not None
    text = body.get_content()
    assert isinstance(text, str)
    return text


def shoot(letter: str, width: int, scheme: int, target: Path) -> None:
    """Write one picture."""
    frame = (
        '<meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        f'<body style="margin:0"><iframe style="border:0;width:{width}px;height:{HEIGHT}px"'
        f' srcdoc="{html.escape(letter)}"></iframe>'
    )
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "frame.html"
        page.write_text(frame, encoding="utf-8")
        command = [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            f"--blink-settings=preferredColorScheme={scheme}",
            f"--window-size={max(width, NARROWEST)},{HEIGHT}",
            f"--screenshot={target}", page.as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    letter, folder, name = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    text = html_of(letter)
    for device, width in WIDTHS.items():
        for shade, scheme in SCHEMES.items():
            shoot(text, width, scheme, folder / f"{name}-{device}-{shade}.png")


if __name__ == "__main__":
    main()

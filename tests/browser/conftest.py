"""Real Chromium before real pages: the sample world served on loopback."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from procmatch.settings import Mail, Settings
from procmatch.store import Store
from procmatch.web import create_app
from tests.conftest import left_out
from tests.web.conftest import matched  # noqa: F401 - a fixture
from tests.workflows.conftest import NOW, world_file  # noqa: F401 - fixtures

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_REASON = "tests in a real browser: no Chromium (Debian: apt-get install chromium)"
_WAIT_S = 30.0

#: What axe looks for.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> str:
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        left_out["browser"] = _REASON
        pytest.skip(_REASON)
    return found


@pytest.fixture(scope="session")
def address(chromium: str, matched: Store) -> Iterator[str]:  # noqa: F811
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    mail = Mail(public_url=f"http://127.0.0.1:{port}")
    app = create_app(Settings(secret_key="s", mail=mail), store=matched, clock=lambda: NOW)
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + _WAIT_S
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(_WAIT_S)


# A module at a time: while Playwright runs, its event loop counts as this thread's own, and
# tests of other modules that come between could run no loop themselves.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


@pytest.fixture
def new_page(browser: Browser, address: str) -> Iterator[Open]:
    """Return what opens a page of the site in a browser of its own."""
    contexts: list[BrowserContext] = []

    def new(path: str = "/", *, scripts: bool = True, width: int = 1280, **options: object) -> Page:
        context = browser.new_context(
            base_url=address,
            java_script_enabled=scripts,
            viewport={"width": width, "height": 800},
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        context.set_default_timeout(_WAIT_S * 1000)
        page = context.new_page()
        page.goto(path)
        return page

    yield new
    for context in contexts:
        context.close()

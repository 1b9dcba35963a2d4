"""A firm says what it does, hides itself and is forgotten, as a person clicks through it."""

from __future__ import annotations

import email
import re
from datetime import timedelta
from email.policy import default

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from procmatch.alerts.links import sign
from procmatch.store import Store, outbox
from tests.browser.conftest import RULES, Open
from tests.workflows.conftest import NOW

FIRM, ADDRESS = "359056079", "kari@gmail.com"


def link_to_say_yes(store: Store) -> str:
    """Return the link of the one letter that asks for a yes; others tell what was decided."""
    with store.read() as connection:
        letters = outbox.due(connection, NOW)
    found = []
    for letter in letters:
        body = email.message_from_bytes(letter.message, policy=default).get_body(("plain",))
        assert body is not None
        found += re.findall(r"https?://\S+?(/statement/\S+)", body.get_content())
    (link,) = found
    return str(link)


def checked(page: Page) -> None:
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def ask(page: Page, wish: str) -> None:
    page.goto(f"/supplier/{FIRM}?lang=nb")
    page.get_by_role("link", name="Si hva du gjør").click()
    page.get_by_label(wish).check()
    page.get_by_label("E-postadresse").fill(ADDRESS)


def send_and_say_yes(page: Page, store: Store) -> None:
    page.get_by_role("button", name="Send meg").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("postkassen")
    page.goto(link_to_say_yes(store))
    page.get_by_role("button", name="Ja, jeg taler for virksomheten").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_firm_corrects_itself_hides_itself_and_is_forgotten(
    new_page: Open, matched: Store, scripts: bool
) -> None:
    page = new_page("/", scripts=scripts)
    ask(page, "Vis det virksomheten sier selv")
    page.get_by_label("Hva dere gjør, med egne ord").fill("Surdeigsbrød til skoler")
    send_and_say_yes(page, matched)
    expect(page.get_by_role("heading", level=1)).to_have_text("Takk. Et menneske ser på det")
    token = sign("requests", "list", secret="s", expires_at=NOW + timedelta(days=1))
    page.goto(f"/requests/{token}?lang=nb")
    expect(page.get_by_text(ADDRESS)).to_be_visible()
    if scripts:
        checked(page)
    page.get_by_label("Det er virksomheten: la det gjelde").check()
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_role("status")).to_have_text("1 forespørsler avgjort.")
    page.goto(f"/supplier/{FIRM}?lang=nb")
    expect(page.get_by_role("heading", name="Sagt av virksomheten selv")).to_be_visible()
    expect(page.get_by_text("Surdeigsbrød til skoler")).to_be_visible()
    if scripts:
        checked(page)
    ask(page, "Ikke vis virksomheten")
    send_and_say_yes(page, matched)
    expect(page.get_by_role("heading", level=1)).to_have_text("Gjort")
    page.goto(f"/supplier/{FIRM}?lang=nb")
    expect(page.get_by_role("heading", level=1)).to_have_text("Her er det ingenting")
    page.goto(f"/you?org={FIRM}&lang=nb")
    page.get_by_label("Slett alt virksomheten har sagt").check()
    page.get_by_label("E-postadresse").fill(ADDRESS)
    send_and_say_yes(page, matched)
    page.goto(f"/supplier/{FIRM}?lang=nb")
    expect(page.get_by_role("heading", name="Hva registeret sier")).to_be_visible()
    expect(page.get_by_text("Surdeigsbrød til skoler")).to_have_count(0)

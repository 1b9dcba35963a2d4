"""What a leader, a purchaser, a unit head and a supplier come for, in two languages."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import RULES, Open
from tests.web.test_draft_page import DRAFT

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
LANGUAGES = pytest.mark.parametrize("language", ["nb", "en"])


def say(language: str, nb: str, en: str) -> str:
    return nb if language == "nb" else en


def to_municipality(page: Page, language: str) -> None:
    """From the front page to Brattdal, as somebody who comes for the first time."""
    page.get_by_role("link", name=say(language, "For kommunen", "For the municipality")).click()
    name = say(language, "Kommune eller fylke", "Municipality or county")
    page.get_by_label(name).fill("Brattdal")
    page.get_by_role("button", name=say(language, "Gå videre", "Go on")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Brattdal")


@SCRIPTS
@LANGUAGES
def test_a_leader_sees_on_one_page_how_it_stands(
    new_page: Open, language: str, scripts: bool
) -> None:
    page = new_page(f"/?lang={language}", scripts=scripts)
    to_municipality(page, language)
    page.get_by_role("link", name=say(language, "For ledere", "For leaders")).click()
    title = say(language, "Brattdal på én side", "Brattdal on one page")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    chart = say(
        language, "Andel av tildelinger, alle år sammen", "Share of awards, all years together"
    )
    expect(page.get_by_role("img", name=chart)).to_be_visible()
    page.get_by_text(say(language, "Tallene som tabell", "The figures as a table")).click()
    expect(page.get_by_role("table")).to_be_visible()
    with page.expect_download() as file:
        page.get_by_role("link", name="XLSX").click()
    assert file.value.suggested_filename == "shares-9803.xlsx"
    develops = say(
        language, "Utviklingen: andeler, mål, lignende kommuner",
        "How it develops: shares, targets, others alike",
    )  # fmt: skip
    page.get_by_role("link", name=develops).click()
    target = say(
        language, "Minst 30\xa0% av kronene til bedrifter som arbeider her i 2026",
        "At least 30% of the kroner to firms that work here in 2026",
    )  # fmt: skip
    expect(page.get_by_role("img", name=target)).to_be_visible()
    alike = say(language, "Ved siden av lignende kommuner", "Beside municipalities alike")
    expect(page.get_by_role("heading", name=alike)).to_be_visible()
    page.get_by_role("link", name=say(language, "Etter enhet", "By unit")).click()
    expect(
        page.get_by_role("link", name=say(language, "Etter enhet", "By unit"))
    ).to_have_attribute("aria-current", "page")


@SCRIPTS
@LANGUAGES
def test_a_purchaser_goes_from_a_need_to_the_firms_and_invites_them_openly(
    new_page: Open, language: str, scripts: bool
) -> None:
    page = new_page(f"/?lang={language}", scripts=scripts)
    to_municipality(page, language)
    page.get_by_role("link", name=say(language, "For innkjøpere", "For purchasers")).click()
    locked = say(language, "Hva som er låst til når", "What is locked until when")
    expect(page.get_by_role("heading", name=locked)).to_be_visible()
    page.get_by_label(say(language, "Hvem kan levere …", "Who could deliver …")).fill("brød")
    page.get_by_role("button", name=say(language, "Vis bedrifter", "Show firms")).click()
    expect(page.get_by_role("link", name="BRATTDAL STEINOVNSBAKERI AS")).to_be_visible()
    around = say(
        language, "Hvor bedriftene arbeider, rundt Brattdal",
        "Where the firms work, around Brattdal",
    )  # fmt: skip
    expect(page.get_by_role("img", name=around)).to_be_visible()
    reminder = say(
        language, "kan verken være et krav eller et tildelingskriterium",
        "may be neither a requirement nor an award criterion",
    )  # fmt: skip
    expect(page.get_by_text(reminder)).to_be_visible()
    with page.expect_download() as file:
        page.get_by_role("link", name="CSV").click()
    assert file.value.suggested_filename == "need.csv"
    invite = say(language, "Skriv en åpen invitasjon", "Write an open invitation")
    page.get_by_role("link", name=invite).click()
    expect(
        page.get_by_label(say(language, "Hva som skal kjøpes", "What is to be bought"))
    ).to_have_value("brød")
    page.get_by_label(say(language, "Adresse for svar", "Address for answers")).fill(
        "post@x.example"
    )
    page.get_by_role(
        "button", name=say(language, "Skriv invitasjonen", "Write the invitation")
    ).click()
    expect(page.get_by_text("post@x.example")).to_be_visible()
    assert "post@x.example" not in page.url
    with page.expect_download() as file:
        page.get_by_role(
            "button", name=say(language, "Ta den med som tekstfil", "Take it as a text file")
        ).click()
    assert file.value.suggested_filename == "invitation.txt"


@SCRIPTS
@LANGUAGES
def test_a_purchaser_holds_a_draft_against_the_market(
    new_page: Open, language: str, scripts: bool
) -> None:
    page = new_page(f"/municipality/9803/purchaser?lang={language}", scripts=scripts)
    name = say(language, "Hold et utkast mot markedet", "Hold a draft against the market")
    page.get_by_role("link", name=name).click()
    place = page.get_by_label(say(language, "Kommunen deres", "Your municipality"))
    expect(place).to_have_value("Brattdal")
    page.get_by_label(say(language, "Lim inn utkastet", "Paste the draft")).fill(DRAFT)
    page.get_by_role("button", name=say(language, "Se på utkastet", "Look at the draft")).click()
    beyond = say(
        language, "Utover det loven normalt tillater", "Beyond what the law normally allows"
    )
    expect(page.get_by_text(beyond).first).to_be_visible()
    together = say(
        language, "Alle deler i én kontrakt, mot delene slik de er",
        "All lots in one contract, against the lots as they are",
    )  # fmt: skip
    expect(page.get_by_role("heading", name=together)).to_be_visible()
    if scripts:
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(("language", "scripts"), [("nb", True), ("en", False)])
def test_a_purchaser_keeps_a_draft_changes_it_and_deletes_it(
    new_page: Open, language: str, scripts: bool
) -> None:
    page = new_page(f"/draft?place=Brattdal&lang={language}", scripts=scripts)
    words = page.get_by_label(say(language, "Lim inn utkastet", "Paste the draft"))
    look = page.get_by_role("button", name=say(language, "Se på utkastet", "Look at the draft"))
    words.fill(DRAFT)
    page.get_by_label(say(language, "Ta vare på utkastet i 90", "Keep the draft for 90")).check()
    look.click()
    expect(page.get_by_text(say(language, "tatt vare på til", "is kept until"))).to_be_visible()
    private = page.url
    expect(words).to_have_value(DRAFT)
    words.fill(DRAFT.replace("minst 20 millioner kroner", "minst 2 millioner kroner"))
    look.click()
    changed = say(language, "Hva den nye teksten endrer", "What the newer text changes")
    expect(page.get_by_role("table", name=changed)).to_be_visible()
    if scripts:
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
    page.get_by_role(
        "button", name=say(language, "Slett utkastet nå", "Delete the draft now")
    ).click()
    expect(page.get_by_text(say(language, "er slettet", "is deleted"))).to_be_visible()
    answer = page.goto(private)
    assert answer is not None
    assert answer.status == 404


@SCRIPTS
@LANGUAGES
def test_a_unit_head_learns_what_binds_and_from_whom_to_buy(
    new_page: Open, language: str, scripts: bool
) -> None:
    page = new_page(f"/?lang={language}", scripts=scripts)
    to_municipality(page, language)
    door = say(
        language, "For en skole, et sykehjem eller en annen enhet",
        "For a school, a nursing home or another unit",
    )  # fmt: skip
    page.get_by_role("link", name=door).click()
    group = say(language, "En varegruppe", "A group of food")
    page.get_by_label(group).select_option("bread")
    page.get_by_role("button", name=say(language, "Vis", "Show"), exact=True).click()
    expect(page.get_by_text("Brattdal Steinovnsbakeri AS, Bakehuset Nor AS")).to_be_visible()
    limit = say(language, "gjelder ikke anskaffelsesloven", "the procurement act does not apply")
    expect(page.get_by_text(limit)).to_be_visible()
    page.get_by_role("link", name="BRATTDAL BAKERI AS").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("BRATTDAL BAKERI AS")


@SCRIPTS
@LANGUAGES
def test_a_supplier_finds_itself_what_is_open_and_subscribes(
    new_page: Open, language: str, scripts: bool
) -> None:
    page = new_page(f"/?lang={language}", scripts=scripts)
    search = say(language, "Søk", "Search")
    page.get_by_role("searchbox", name=search).fill("359 056 079")
    page.get_by_role("button", name=search).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("HAVNESET BAKERI AS")
    yours = say(language, "Få anbud som passer på e-post", "Get tenders that fit by e-mail")
    page.get_by_role("link", name=yours).click()
    mail = say(language, "E-postadresse", "E-mail address")
    page.get_by_label(mail).fill("post@bakeri.example")
    page.get_by_role(
        "button", name=say(language, "Send meg det brevet", "Send me that letter")
    ).click()
    title = say(language, "Se i postkassen din", "Look in your mailbox")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_a_reader_goes_on_in_the_language_chosen(new_page: Open) -> None:
    page = new_page("/municipality/9803/unit?group=bread&lang=nb")
    page.get_by_role("link", name="Nynorsk").click()
    assert page.locator("html").get_attribute("lang") == "nn"
    assert page.get_by_label("Ei varegruppe").input_value() == "bread"
    page.get_by_role("link", name="procmatch").click()
    assert page.locator("html").get_attribute("lang") == "nn"


def test_by_keyboard_alone_from_the_front_page_to_a_firm(new_page: Open) -> None:
    page = new_page("/?lang=nb")

    def tab_to(role: str, name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            here = page.locator(":focus")
            outline = here.evaluate("one => getComputedStyle(one).outlineStyle")
            assert outline != "none", "the focus can be seen"
            if page.get_by_role(role, name=name).and_(here).count():  # type: ignore[arg-type]
                return
        raise AssertionError(f"Tab does not reach {role} {name}")

    tab_to("link", "Hopp til innholdet")
    page.keyboard.press("Enter")
    tab_to("searchbox", "Søk")
    page.keyboard.type("ferske grønnsaker")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search**")
    tab_to("link", "Poteter, grønnsaker, frukt og egg")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Poteter, grønnsaker, frukt og egg")
    tab_to("link", "MYRLAND POTET AS")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("MYRLAND POTET AS")

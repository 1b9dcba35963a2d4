"""A firm hides, corrects and forgets itself on the page about it, by a signed link in a letter."""

from __future__ import annotations

import email
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.policy import default
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient
from sqlalchemy import select

from procmatch.alerts.post import open_post
from procmatch.cli import main
from procmatch.model.organisation import OrgId
from procmatch.model.statement import Proof, Request, Wish
from procmatch.settings import Mail, Settings
from procmatch.store import Store, open_store, organisations, statements
from procmatch.store.tables import metadata
from procmatch.web import create_app
from procmatch.workflows import statements as verb
from procmatch.workflows import upkeep
from procmatch.workflows.deliver import send_letters
from procmatch.workflows.match import need
from procmatch.workflows.speaking import proof_of
from tests.alerts.mail_server import Desk, serving
from tests.web.conftest import SOLE
from tests.workflows.conftest import NOW, places
from tests.workflows.test_news import unit

FIRM = unit(
    "310000043", "LEFSEVERKET AS", "AS", activity="Lefser og flatbrød",
    website="www.lefseverket.example",
)  # fmt: skip
OWN, OTHER = "post@lefseverket.example", "kari@gmail.com"
NEED = "/need?q=lefser+og+flatbrød&radius=all&lang=nb"


@dataclass
class Site:
    store: Store
    settings: Settings
    days: int = 0
    client: TestClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.other()

    def clock(self) -> datetime:
        return NOW + timedelta(days=self.days)

    def other(self) -> TestClient:
        """The pages in a process of their own."""
        return TestClient(create_app(self.settings, store=self.store, clock=self.clock))

    def ask(self, wish: Wish, sender: str = OWN, org: str = FIRM.id.number, **said: str) -> None:
        form = {"org": org, "wish": wish.value, "email": sender, **said}
        answer = self.client.post("/you?lang=nb", data=form)
        assert answer.status_code == 200, answer.text
        assert "et brev er på vei" in answer.text.lower()

    def letter(self) -> str:
        """Send what waits through a real mail server; return the newest letter's text."""
        desk = Desk()
        with serving(desk) as port:
            mail = msgspec.structs.replace(
                self.settings.mail, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none"
            )
            with open_post(mail) as post:
                send_letters(self.store, clock=self.clock, post=post, mail=mail)
        content = desk.letters[-1].content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=default)
        body = message.get_body(("plain",))
        assert body is not None
        return f"{message['Subject']}\n{body.get_content()}"

    def link(self) -> str:
        found = re.search(r"https://treff\.example(/statement/\S+)", self.letter())
        assert found
        return found[1]

    def say_yes(self) -> str:
        link = self.link()
        assert self.client.get(link).status_code == 200
        answer = self.client.post(link)
        assert answer.status_code == 200
        return answer.text

    def everywhere(self, text: str) -> set[str]:
        with self.store.read() as connection:
            return {
                table.name
                for table in metadata.sorted_tables
                if text in repr(connection.execute(select(table)).all())
            }


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    store = open_store(database_url, create=True)
    with store.begin() as connection:
        organisations.save_organisations(connection, [FIRM, SOLE])
        organisations.save_codes(connection, list(places()))
    mail = Mail(public_url="https://treff.example", outbox=str(tmp_path / "outbox"))
    settings = Settings(secret_key="s", mail=mail, index_dir=str(tmp_path / "index"))
    yield Site(store, settings)
    store.close()


def test_a_firm_hides_itself_at_once_in_every_list_and_process(site: Site) -> None:
    page = f"/supplier/{FIRM.id.number}"
    other = site.other()
    for client in (site.client, other):
        assert FIRM.name in client.get(NEED).text
        assert client.get(page).status_code == 200
    other.app.state.context.open_market.hidden_s = 0.0  # type: ignore[attr-defined]
    site.ask(Wish.HIDE)
    assert FIRM.name in site.client.get(NEED).text, "before the yes nothing happens"
    assert "Gjort" in site.say_yes()
    for client in (site.client, other):
        for path in (NEED, f"{NEED}&format=csv", f"{NEED}&format=json",
                     "/api/need?q=lefser+og+flatbrød&radius=all", "/search?q=lefser"):  # fmt: skip
            assert FIRM.name not in client.get(path).text, path
        assert client.get(page).status_code == 404
        assert client.get(f"/api/suppliers/{FIRM.id.number}").status_code == 404
    found = need(site.store, "lefser", settings=site.settings, clock=site.clock)
    assert FIRM.id not in {one.supplier for one in found.matches}
    site.ask(Wish.SHOW)
    site.say_yes()
    assert FIRM.name in site.client.get(NEED).text
    assert site.client.get(page).status_code == 200


def test_what_a_firm_says_is_shown_as_its_own_and_counts_as_words(site: Site) -> None:
    site.ask(
        Wish.CORRECT, words="Skolelunsj med <b>bokhvete</b>", cpv="15811", places="Brattdal",
        evidence="Debio\nSvanen", contact="71 00 00 00",
    )  # fmt: skip
    site.say_yes()
    page = site.client.get(f"/supplier/{FIRM.id.number}?lang=nb").text
    for said in ("Sagt av virksomheten selv", "1. juni 2026", "bokhvete",
                 "Brødprodukter (15811000)", "Brattdal", "Debio; Svanen", "71 00 00 00",
                 "Lefser og flatbrød"):  # fmt: skip
        assert said in page, said
    assert "<b>bokhvete" not in page
    found = need(site.store, "bokhvete til skolelunsj", settings=site.settings, clock=site.clock)
    assert found.matches[0].supplier == FIRM.id
    with site.store.read() as connection:
        unit_now = organisations.find(connection, FIRM.id)
    assert unit_now == FIRM, "the register's facts stay as they are"
    form = site.client.get(f"/you?org={FIRM.id.number}&lang=nb").text
    assert "bokhvete" in form, "it can be changed where it stands"


def test_all_is_forgotten_and_no_address_stays(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    site.ask(Wish.CORRECT, words="Bokhvetelefse")
    assert site.everywhere(OWN) == {"statement_requests", "outbox", "letter_messages"}
    site.say_yes()
    assert site.everywhere(OWN) == set()
    assert site.everywhere("Bokhvetelefse") == {"statements"}
    need(site.store, "lefser", settings=site.settings, clock=site.clock)
    site.ask(Wish.FORGET)
    site.say_yes()
    assert site.everywhere("Bokhvetelefse") == set()
    kept = b"".join(one.read_bytes() for one in site_files(site))
    assert b"bokhvetelefs" not in kept.lower()
    need(site.store, "lefser", settings=site.settings, clock=site.clock)
    kept = b"".join(one.read_bytes() for one in site_files(site))
    assert b"bokhvetelefs" not in kept.lower()
    own = [one.getMessage() for one in caplog.records if one.name.startswith("procmatch")]
    assert not [line for line in own if OWN in line or "bokhvete" in line.lower()]


def site_files(site: Site) -> list[Path]:
    return [one for one in Path(site.settings.index_dir).rglob("*") if one.is_file()]


def test_an_address_elsewhere_waits_for_the_operator(site: Site) -> None:
    site.ask(Wish.HIDE, OTHER)
    assert "Et menneske ser på det" in site.say_yes()
    assert FIRM.name in site.client.get(NEED).text
    config, run = site_config(site), CliRunner(env={"PROCMATCH_SECRET_KEY": "s"})
    listed = run.invoke(main, [*config, "firm", "list", "--format", "json"])
    (row,) = msgspec.json.decode(listed.output)
    assert (row["number"], row["email"]) == (str(FIRM.id), OTHER)
    assert run.invoke(main, [*config, "firm", "approve", row["id"]]).exit_code == 0
    site.client.app.state.context.open_market.hidden_s = 0.0  # type: ignore[attr-defined]
    assert FIRM.name not in site.client.get(NEED).text
    assert site.everywhere(OTHER) == {"outbox", "letter_messages"}, "until the letter is sent"
    site.ask(Wish.SHOW, OTHER)
    assert "Gjort" in site.say_yes(), "that address speaks for the firm from now on"
    site.ask(Wish.HIDE, "else@gmail.com")
    site.say_yes()
    (row,) = msgspec.json.decode(
        run.invoke(main, [*config, "firm", "list", "--format", "json"]).output
    )
    assert run.invoke(main, [*config, "firm", "refuse", row["id"]]).exit_code == 0
    assert site.everywhere("else@gmail.com") == {"outbox", "letter_messages"}
    assert FIRM.name in site.client.get(NEED).text


def site_config(site: Site) -> list[str]:
    path = Path(site.settings.index_dir).parent / "procmatch.toml"
    path.write_text(f'index_dir = "{site.settings.index_dir}"\n')
    url = site.store.engine.url.render_as_string(hide_password=False)
    return ["--config", str(path), "--database", url]


@pytest.mark.parametrize(
    ("site_of_another", "waits"),
    [
        ("https://www.Lefseverket.example/", True),
        ("lefseverket.example", True),
        ("www.lefseverket.example/avdeling", False),
        ("www.storlefseverket.example", False),
        (None, False),
    ],
)
def test_an_address_at_a_site_that_several_firms_name_waits_for_the_operator(
    site: Site, site_of_another: str | None, waits: bool
) -> None:
    rival = unit("310000078", "LEFSEVERKET BYEN AS", "AS", website=site_of_another)
    with site.store.begin() as connection:
        organisations.save_organisations(connection, [rival])
    site.ask(Wish.HIDE)
    site.say_yes()
    assert (FIRM.name in site.client.get(NEED).text) is waits
    assert bool(verb.waiting(site.store)) is waits


def test_the_operator_decides_on_a_page_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCMATCH_SECRET_KEY", "s")
    site.ask(Wish.HIDE, OTHER)
    site.say_yes()
    done = CliRunner().invoke(main, [*site_config(site), "firm", "list", "--link"])
    path = done.output.strip()
    with site.store.read() as connection:
        (asked,) = statements.requests(connection)
    site.clock = lambda: datetime.now(UTC)  # type: ignore[method-assign]
    client = site.other()
    page = client.get(path)
    assert page.status_code == 200
    assert FIRM.name in page.text
    assert client.post(path, data={asked.id: "yes"}).status_code == 200
    with site.store.read() as connection:
        stated = statements.find(connection, FIRM.id)
    assert stated
    assert (stated.shown, stated.proof) == (False, Proof.OPERATOR)
    assert OTHER not in repr(stated)


def test_a_sole_proprietor_asks_to_be_shown_and_is_forgotten_again(site: Site) -> None:
    number = SOLE.id.number
    form = site.client.get(f"/you?org={number}&lang=nb").text
    assert SOLE.name not in form, "a person's name is not told to whoever types a number"
    site.ask(Wish.SHOW, OTHER, number, words="Surdeigsbrød og lefser")
    assert "Et menneske" in site.say_yes()
    assert SOLE.name not in site.other().get(NEED).text
    with site.store.read() as connection:
        (asked,) = statements.requests(connection)
    done = CliRunner().invoke(main, [*site_config(site), "firm", "approve", asked.id])
    assert done.exit_code == 1, "the secret marks the address"
    verb.approve(site.store, asked.id, settings=site.settings, clock=site.clock)
    assert "er gjort" in site.letter()
    client = site.other()
    assert SOLE.name in client.get(NEED).text
    assert "Surdeigsbrød" in client.get(f"/supplier/{number}").text
    site.client = client
    site.ask(Wish.FORGET, "anybody@gmail.com", number)
    assert "Gjort" in site.say_yes()
    assert SOLE.name not in client.get(NEED).text
    assert client.get(f"/supplier/{number}").status_code == 404
    assert site.everywhere("Surdeigsbrød") == set()


def test_the_letter_holds_nothing_that_was_typed(site: Site) -> None:
    site.ask(Wish.SHOW, OTHER, SOLE.id.number, words="Kjøp billige piller", contact="spam.example")
    text = site.letter()
    assert "piller" not in text
    assert "spam.example" not in text
    assert SOLE.name not in text
    assert SOLE.id.number in text


def test_nobody_is_flooded_and_nothing_waits_for_ever(site: Site) -> None:
    for _ in range(5):
        site.ask(Wish.HIDE)
    with site.store.read() as connection:
        assert len(statements.of_address(connection, OWN)) == 3
    link = site.link()
    site.days = 8
    upkeep.clean_up(site.store, settings=site.settings.jobs, clock=site.clock)
    assert site.everywhere(OWN) == set()
    assert site.client.post(link).status_code == 403, "the link has ended"


@pytest.mark.parametrize(
    ("sender", "website", "speaks"),
    [
        ("a@firma.no", "www.firma.no", True),
        ("A@FIRMA.NO", "https://firma.no/", True),
        ("a@bløtkake.no", "www.bløtkake.no", True),
        ("a@sub.firma.no", "www.firma.no", False),
        ("a@firma.no", "www.kjede.no/firma", False),
        ("a@gmail.com", "gmail.com", False),
        ("a@facebook.com", "www.facebook.com", False),
        ("a@firma.no", "", False),
        ("a@firma.no.evil.example", "firma.no", False),
    ],
)  # fmt: skip
def test_an_address_speaks_for_a_firm_at_its_own_site_only(
    sender: str, website: str, speaks: bool
) -> None:
    firm = unit("310000043", "FIRMA AS", "AS", website=website or None)
    asked = Request(
        id="x", org=OrgId("NO-BRC", "310000043"), email=sender, language="nb", wish=Wish.HIDE,
        asked_at=NOW,
    )  # fmt: skip
    assert (proof_of(asked, firm, None, "s") is Proof.WEBSITE) is speaks

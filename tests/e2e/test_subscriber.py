"""A subscriber's whole way: asked, confirmed, written to, and gone without a trace."""

from __future__ import annotations

import email
import logging
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Self

import msgspec
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from procmatch.alerts.links import sign
from procmatch.demo import world
from procmatch.demo.world.register import rows
from procmatch.model.subscription import Letter
from procmatch.settings import Mail, Settings
from procmatch.store import Store, subscriptions
from procmatch.store.tables import metadata
from procmatch.web import create_app
from procmatch.workflows import alert, inbox, match
from tests.workflows.conftest import NOW, take, world_file, world_store  # noqa: F401 - fixtures

BAKERY = next(row["number"] for row in rows("suppliers") if row["name"] == "HAVNESET BAKERI AS")
SETTINGS = Settings(
    secret_key="secret",
    mail=Mail(
        sender="procmatch <varsel@post.example>",
        unsubscribe_mailto="avmeld@post.example",
        public_url="https://treff.example/anbud",
    ),
)
ADDRESS = "Kari.Baker@bakeri.example"
FORM = {
    "email": ADDRESS, "org": BAKERY, "offers": "Brød og kaker", "cpv": "158",
    "frequency": "instant", "reserved": "any", "remind_days": "3", "language": "nn", "mail": "1",
}  # fmt: skip


@dataclass
class Mailbox:
    """The receiver's mailbox: a post that keeps what it is given."""

    letters: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    @property
    def newest(self) -> EmailMessage:
        message = email.message_from_bytes(self.letters[-1].message, policy=default)
        assert isinstance(message, EmailMessage)
        return message


@dataclass
class Site:
    """The whole of it: store, pages, clock and a mailbox."""

    store: Store
    now: datetime = NOW
    mailbox: Mailbox = field(default_factory=Mailbox)

    def clock(self) -> datetime:
        return self.now

    @property
    def client(self) -> TestClient:
        app = create_app(SETTINGS, store=self.store, clock=self.clock)
        return TestClient(app)

    def post_letters(self) -> alert.AlertReport:
        return alert.alert(self.store, settings=SETTINGS, clock=self.clock, post=self.mailbox)

    def link(self, purpose: str, after: str = "") -> str:
        """The path of the first link in the newest letter after a text."""
        body = self.mailbox.newest.get_body(("plain",))
        assert body is not None
        text = body.get_content().partition(after)[2] if after else body.get_content()
        found = re.search(rf"https://treff\.example/anbud(/{purpose}/\S+)", text)
        assert found, text
        return found[1]

    def subscribed(self) -> bool:
        with self.store.read() as connection:
            return subscriptions.count(connection) > 0

    def everywhere(self) -> dict[str, object]:
        with self.store.read() as connection:
            return {
                table.name: found
                for table in metadata.sorted_tables
                if (found := connection.execute(select(table)).all()) and ADDRESS in repr(found)
            }


@pytest.fixture
def site(world_store: Store) -> Site:  # noqa: F811
    match.match(world_store, settings=SETTINGS, clock=lambda: NOW)
    return Site(world_store)


@pytest.fixture
def reader(site: Site) -> Site:
    """A site with one subscriber who has said yes and got a first letter."""
    assert site.client.post("/subscribe", data=FORM).status_code == 200
    site.post_letters()
    assert site.client.post(site.link("confirm")).status_code == 200
    site.now += timedelta(hours=1)
    assert site.post_letters().sent == 1
    return site


def test_nothing_but_one_question_comes_before_a_yes(site: Site) -> None:
    shown = site.client.get(f"/subscribe?org={BAKERY}").text
    assert "HAVNESET BAKERI AS" in shown
    assert "15800000" in shown
    assert site.client.post("/subscribe", data=FORM).status_code == 200
    assert (site.post_letters().sent, site.post_letters().sent) == (1, 0)
    assert "Vil du ha brev" in site.mailbox.newest["Subject"]
    assert "Brød og kaker" in site.client.get(site.link("confirm")).text
    assert site.post_letters().subscriptions == 0, "a scanner that follows the link says no yes"
    assert site.client.post(site.link("confirm")).status_code == 200
    assert site.post_letters().sent == 1
    assert site.mailbox.newest["To"] == ADDRESS


def test_consent_is_kept_with_time_text_and_way(reader: Site) -> None:
    data = reader.client.get(reader.link("change").replace("/change/", "/data/")).json()
    said = [(one["action"], one["way"]) for one in data["consents"]]
    assert said == [("asked", "web"), ("confirmed", "link")]
    assert "procmatch tek vare på adressa mi" in data["consents"][0]["text"]
    assert data["consents"][0]["at"] == "2026-06-01T12:00:00Z"
    assert len(data["letters"]) == 2


def test_leaving_by_link_asks_first_and_then_leaves_no_trace(reader: Site, tmp_path: Path) -> None:
    link = reader.link("leave")
    assert "Stoppe desse breva?" in reader.client.get(link).text
    assert reader.subscribed(), "a scanner that follows the link stops nobody's letters"
    assert reader.everywhere()
    assert "Ingen fleire brev" in reader.client.post(link).text
    assert reader.everywhere() == {}
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "world.db" for path in kept)
    for path in kept:
        assert ADDRESS.encode() not in path.read_bytes(), path
    with reader.store.read() as connection:
        assert subscriptions.tally(connection, subscriptions.FORGOTTEN) == 1
    assert reader.client.post(link).status_code == 200, "once more is no error"
    assert reader.post_letters().written == ()


def test_leaving_by_the_mail_programs_button_is_one_post(reader: Site) -> None:
    message = reader.mailbox.newest
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.search(
        r"<https://treff\.example/anbud(/leave/[^>]+)>", message["List-Unsubscribe"]
    )
    assert address
    body = {"List-Unsubscribe": "One-Click"}
    assert reader.client.post(address[1], data=body).status_code == 200
    assert not reader.subscribed()


def test_leaving_by_mail_is_the_address_in_the_header(reader: Site) -> None:
    found = re.search(
        r"<mailto:([^?]+)\?subject=([^>]+)>", reader.mailbox.newest["List-Unsubscribe"]
    )
    assert found
    stop = EmailMessage()
    stop["To"], stop["From"] = found[1], "somebody.else@bakeri.example"
    stop["Subject"] = found[2].replace("%20", " ")
    assert (
        inbox.take_in(reader.store, bytes(stop), settings=SETTINGS, clock=reader.clock) == "stopped"
    )
    assert not reader.subscribed()


@pytest.mark.parametrize("purpose", ["confirm", "leave", "change", "feedback", "data"])
def test_a_forged_expired_or_foreign_link_is_refused(reader: Site, purpose: str) -> None:
    later = reader.now + timedelta(days=1)
    with reader.store.read() as connection:
        key = next(subscriptions.subscribers(connection)).id
    kind = "change" if purpose == "data" else purpose
    bad = {
        "forged": sign(kind, key, secret="another", expires_at=later),
        "expired": sign(kind, key, secret="secret", expires_at=reader.now),
        "foreign": sign("more", key, secret="secret", expires_at=later),
        "cut": sign(kind, key, secret="secret", expires_at=later)[:-1],
        "empty": "x.y",
    }
    for name, token in bad.items():
        for method in ("GET", "POST"):
            if (purpose, method) == ("data", "POST"):
                continue
            answer = reader.client.request(method, f"/{purpose}/{token}")
            assert answer.status_code == 403, (name, method)
    assert reader.subscribed()


def test_who_has_only_old_links_gets_fresh_ones_once_a_day(reader: Site) -> None:
    old = reader.link("change")
    reader.now += timedelta(days=61)
    refused = reader.client.get(old)
    assert refused.status_code == 403
    assert 'action="/anbud/links"' in refused.text
    answers = {
        reader.client.post("/links", data={"email": who}).text
        for who in (ADDRESS, ADDRESS, "stranger@bakeri.example")
    }
    assert len(answers) == 1
    before = len(reader.mailbox.letters)
    reader.post_letters()
    subjects = [letter.subject for letter in reader.mailbox.letters[before:]]
    assert subjects.count("Lenkjene dine til procmatch") == 1
    reader.mailbox.letters.sort(key=lambda letter: letter.subject.startswith("Lenkjene"))
    assert reader.client.get(reader.link("change")).status_code == 200


def test_what_is_changed_holds_from_the_next_letter(reader: Site) -> None:
    link = reader.link("change")
    assert "Brød og kaker" in reader.client.get(link).text
    changed = FORM | {"action": "change", "frequency": "weekly", "quiet": "weekends"}
    assert "Lagra." in reader.client.post(link, data=changed).text
    with reader.store.read() as connection:
        (one,) = subscriptions.subscribers(connection)
    assert (one.frequency.value, [day.value for day in one.quiet]) == ("weekly", ["weekends"])
    assert one.email == ADDRESS
    assert 'role="alert"' in reader.client.post(link, data=changed | {"places": "Nowhere"}).text


def test_a_judgement_counts_at_once_is_shown_and_can_be_taken_back(reader: Site) -> None:
    link = reader.link("feedback", after="2026-200102")
    client = reader.client
    assert client.get(f"{link}?fits=no&why=too-big").status_code == 200
    assert "Ingenting enno" in client.get(reader.link("change")).text, "looking is no answer"
    answer = {"action": "judge", "answer": "wrong-trade"}
    assert client.post(link, data=answer).status_code == 200
    assert client.post(link, data=answer).status_code == 200
    assert "feil bransje" in client.get(reader.link("change")).text
    moved = world.notices()["2026-200102"].replace(b"2026-07-09", b"2026-07-16")
    take(reader.store, "doffin", "notice", "2026-200102", moved)
    assert reader.post_letters().written == (), "not mentioned again"
    assert client.post(link, data={"action": "withdraw"}).status_code == 200
    assert reader.post_letters().sent == 1


def test_feeds_have_secret_addresses_that_can_be_renewed(reader: Site) -> None:
    client = reader.client
    with reader.store.read() as connection:
        (one,) = subscriptions.subscribers(connection)
    atom = client.get(f"/feeds/{one.feed_key}/atom.xml")
    assert atom.headers["content-type"].startswith("application/atom+xml")
    calendar = client.get(f"/feeds/{one.feed_key}/deadlines.ics")
    assert calendar.text.count("BEGIN:VEVENT") >= 1
    assert client.get(f"/feeds/{one.feed_key}x/atom.xml").status_code == 404
    client.post(reader.link("change"), data={"action": "renew"})
    assert client.get(f"/feeds/{one.feed_key}/atom.xml").status_code == 404


def test_what_the_letter_had_no_room_for_is_shown_by_its_link(site: Site) -> None:
    few = msgspec.structs.replace(
        SETTINGS, mail=msgspec.structs.replace(SETTINGS.mail, max_items=1)
    )
    wide = {name: value for name, value in FORM.items() if name not in {"org", "offers"}}
    site.client.post("/subscribe", data=wide | {"cpv": "15 55 90"})
    site.post_letters()
    site.client.post(site.link("confirm"))
    site.now += timedelta(hours=1)
    alert.alert(site.store, settings=few, clock=site.clock, post=site.mailbox)
    assert "<h2>" in site.client.get(site.link("more")).text


def test_pages_keep_their_addresses_to_themselves(reader: Site) -> None:
    answer = reader.client.get(reader.link("leave"))
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers
    assert "<script" not in answer.text


def test_a_stranger_learns_nothing_and_floods_nobody(site: Site) -> None:
    answers = {site.client.post("/subscribe", data=FORM).text for _ in range(6)}
    assert len(answers) == 1
    assert site.post_letters().sent == 3


def test_no_log_holds_an_address_or_a_link(
    site: Site, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    site.client.post("/subscribe", data=FORM)
    site.post_letters()
    token = site.link("confirm").rpartition("/")[2]
    site.client.post(f"/confirm/{token}")
    site.now += timedelta(hours=1)
    site.post_letters()
    site.client.post(site.link("leave"))
    # The client of the test says what it asks for; a server's own lines are looked at here.
    told = [one.getMessage() for one in caplog.records if not one.name.startswith("http")]
    told.append("".join(capfd.readouterr()))
    assert not [line for line in told if ADDRESS in line or token in line]

"""A firm is told what the operator decided on what it asked for, and its address is forgotten."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from procmatch.alerts.post import open_post
from procmatch.cli import main
from procmatch.errors import NotFound
from procmatch.model.statement import Wish
from procmatch.settings import Mail
from procmatch.store import organisations, outbox, statements, stopped
from procmatch.store.tables import outbox as outbox_table
from procmatch.workflows import statements as verb
from procmatch.workflows import subscriber_data, upkeep
from procmatch.workflows.deliver import send_letters
from tests.alerts.mail_server import Desk, serving
from tests.web.conftest import SOLE
from tests.web.test_you_page import FIRM, OTHER, OWN, Site, site, site_config
from tests.workflows.test_news import unit

__all__ = ["site"]

MAILBOX = {"outbox", "letter_messages"}


def asked(site: Site, wish: Wish = Wish.HIDE, **form: str) -> str:
    """Somebody asks from an address elsewhere and says yes; return the request's id."""
    site.ask(wish, OTHER, **form)
    site.say_yes()
    with site.store.read() as connection:
        (request,) = statements.requests(connection)
    return request.id


def approve(site: Site, key: str) -> None:
    verb.approve(site.store, key, settings=site.settings, clock=site.clock)


def refuse(site: Site, key: str) -> None:
    verb.refuse(site.store, key, settings=site.settings, clock=site.clock)


def clean_up(site: Site) -> int:
    folder = Path(site.settings.mail.outbox)
    done = upkeep.clean_up(
        site.store, settings=site.settings.jobs, clock=site.clock, outbox_folder=folder
    )
    return done["letters"]


def letters(site: Site) -> list[tuple[str, str]]:
    """(state, receiver) of each letter in the outbox."""
    columns = outbox_table.c.state, outbox_table.c.recipient
    with site.store.read() as connection:
        return sorted((row.state, row.recipient) for row in connection.execute(select(*columns)))


def test_a_yes_is_told_by_letter_over_smtp(site: Site) -> None:
    key = asked(site, Wish.CORRECT, words="Bokhvetelefse", contact="spam.example")
    approve(site, key)
    text = site.letter()
    assert "Det du ba om for LEFSEVERKET AS, er gjort" in text
    assert "Vis det virksomheten sier selv" in text
    assert "Bokhvete" not in text
    assert "spam.example" not in text
    for path in (f"/supplier/{FIRM.id.number}?lang=nb", f"/you?org={FIRM.id.number}&lang=nb"):
        assert f"https://treff.example{path}" in text
        assert site.client.get(path).status_code == 200
    assert site.client.get(f"/supplier/{FIRM.id.number}").text.count("Bokhvetelefse")


def test_a_no_is_told_with_what_one_can_do(site: Site) -> None:
    key = asked(site, Wish.FORGET)
    refuse(site, key)
    text = " ".join(site.letter().split())
    assert "er ikke gjort" in text
    assert "Ingenting er endret" in text
    assert "nettstedet registeret oppgir" in text
    assert site.settings.contact in text
    with site.store.read() as connection:
        assert statements.find(connection, FIRM.id) is None


def test_a_no_does_not_send_anybody_to_a_site_that_others_share(site: Site) -> None:
    rival = unit("310000078", "LEFSEVERKET BYEN AS", "AS", website=FIRM.website)
    with site.store.begin() as connection:
        organisations.save_organisations(connection, [rival])
    refuse(site, asked(site))
    text = site.letter()
    assert "nettstedet" not in text
    assert site.settings.contact in text


def test_the_operators_page_and_commands_tell_too(site: Site) -> None:
    key = asked(site)
    answers = {key: "no", "another": "yes"}
    assert verb.decide(site.store, answers, settings=site.settings, clock=site.clock) == 1
    assert "er ikke gjort" in site.letter()
    key = asked(site)
    run, config = CliRunner(env={"PROCMATCH_SECRET_KEY": "s"}), site_config(site)
    assert run.invoke(main, [*config, "firm", "refuse", key]).exit_code == 0
    assert run.invoke(main, [*config, "firm", "approve", key]).exit_code == 1
    assert letters(site) == [("queued", OTHER), ("sent", OTHER)]


def test_of_a_sole_proprietor_the_letter_says_the_number_alone(site: Site) -> None:
    key = asked(site, Wish.SHOW, org=SOLE.id.number, words="Surdeig")
    approve(site, key)
    text = site.letter()
    assert SOLE.id.number in text
    assert SOLE.name not in text
    assert "Surdeig" not in text


def test_a_firm_whose_own_address_decides_gets_no_second_letter(site: Site) -> None:
    site.ask(Wish.CORRECT, words="Lefse")
    assert "Gjort" in site.say_yes()
    assert letters(site) == []
    approve(site, asked(site, Wish.CORRECT, words="Lefser"))
    site.letter()
    clean_up(site)
    site.ask(Wish.HIDE, OTHER)
    assert "Gjort" in site.say_yes(), "the operator vouched for this address"
    assert letters(site) == []


def test_who_never_said_yes_is_not_written_to_again(site: Site) -> None:
    site.ask(Wish.HIDE, OTHER)
    with site.store.read() as connection:
        (request,) = statements.of_address(connection, OTHER)
    refuse(site, request.id)
    assert site.everywhere(OTHER) == set()


def test_one_request_is_decided_once(site: Site) -> None:
    key = asked(site)

    def decide(answer: int) -> bool:
        try:
            (approve if answer % 2 else refuse)(site, key)
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(decide, range(4)))
    assert sum(done) == 1
    assert letters(site) == [("queued", OTHER)]
    with site.store.read() as connection:
        approved = statements.find(connection, FIRM.id) is not None
    assert ("er gjort" in site.letter()) is approved is any(done[1::2])


def test_without_a_sender_the_decision_holds_all_the_same(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    key = asked(site)
    mail = Mail(
        public_url="https://treff.example", sender="nobody", outbox=site.settings.mail.outbox
    )
    site.settings = msgspec.structs.replace(site.settings, mail=mail)
    with caplog.at_level(logging.WARNING):
        approve(site, key)
    with site.store.read() as connection:
        stated = statements.find(connection, FIRM.id)
    assert stated
    assert stated.shown is False
    assert site.everywhere(OTHER) == set()
    assert "mail.sender" in caplog.text
    assert OTHER not in caplog.text


@pytest.mark.parametrize("decide", [approve, refuse])
def test_after_clean_up_no_trace_of_the_address_is_left(
    site: Site, tmp_path: Path, decide: object
) -> None:
    def traces() -> set[str]:
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        return {path.name for path in files if OTHER.encode() in path.read_bytes()}

    key = asked(site)
    assert callable(decide)
    decide(site, key)
    assert site.everywhere(OTHER) == MAILBOX
    assert clean_up(site) == 0, "a letter on its way is left alone"
    with open_post(site.settings.mail) as post:
        send_letters(site.store, clock=site.clock, post=post)
    assert letters(site) == [("sent", OTHER)]
    (file,) = Path(site.settings.mail.outbox).glob("*.eml")
    assert message_from_bytes(file.read_bytes(), policy=default)["To"] == OTHER
    assert traces()
    assert clean_up(site) == 1
    assert site.everywhere(OTHER) == set()
    assert traces() == set()
    assert clean_up(site) == 0


def test_an_address_that_refuses_the_letter_is_forgotten_too(site: Site) -> None:
    approve(site, asked(site))
    desk = Desk(receiver=["550 no such mailbox"])
    with serving(desk) as port:
        mail = msgspec.structs.replace(
            site.settings.mail, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none"
        )
        with open_post(mail) as post:
            assert send_letters(site.store, clock=site.clock, post=post, mail=mail).refused == 1
    assert site.everywhere(OTHER) == {*MAILBOX, "stopped_addresses"}
    assert clean_up(site) == 1
    assert site.everywhere(OTHER) == set()


def test_clean_up_leaves_the_letter_that_waits_for_a_yes(site: Site) -> None:
    site.ask(Wish.HIDE, OTHER)
    site.ask(Wish.CORRECT, OWN, words="Lefse")
    assert clean_up(site) == 0
    link = site.link()
    assert clean_up(site) == 0
    assert [state for state, _ in letters(site)] == ["sent", "sent"]
    assert site.client.post(link).status_code == 200


def test_a_mailbox_that_refuses_the_first_letter_is_forgotten_with_the_request(site: Site) -> None:
    site.ask(Wish.HIDE, OTHER)
    with site.store.begin() as connection:
        (letter,) = outbox.due(connection, site.clock())
        outbox.mark_failed(connection, letter.id, "550", site.clock(), for_good=True)
        stopped.stop(connection, "mail", OTHER, "550 no such mailbox", site.clock())
    assert clean_up(site) == 0
    site.days = 8
    clean_up(site)
    assert site.everywhere(OTHER) == set()


def test_forgetting_a_firm_forgets_who_was_told(site: Site) -> None:
    approve(site, asked(site, Wish.CORRECT, words="Lefse"))
    site.letter()
    assert site.everywhere(OTHER) == MAILBOX
    verb.forget(site.store, FIRM.id, settings=site.settings)
    assert site.everywhere(OTHER) == set()


@pytest.mark.parametrize("address", ["kari@gmail.com", "Kari@Blåbær.example"])
def test_an_address_is_given_out_and_forgotten_whole(site: Site, address: str) -> None:
    site.ask(Wish.HIDE, address)
    site.say_yes()
    with site.store.read() as connection:
        (request,) = statements.requests(connection)
    approve(site, request.id)
    (row,) = subscriber_data.export(site.store, address.swapcase())
    assert row["letter"]["state"] == "queued"
    assert "er gjort" in row["letter"]["subject"]
    assert subscriber_data.forget(site.store, address) == 0
    assert letters(site) == []
    with pytest.raises(NotFound):
        subscriber_data.export(site.store, address)

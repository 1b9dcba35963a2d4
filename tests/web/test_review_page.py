"""Who has the operator's link decides who is meant; nobody else sees the list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from procmatch.alerts.links import sign
from procmatch.cli import main
from procmatch.model.label import Decision, Printed
from procmatch.model.match import Linked
from procmatch.model.organisation import OrgId
from procmatch.store import Store, labels, notices, organisations
from procmatch.web import create_app
from procmatch.workflows.decide import NOBODY, decide
from procmatch.workflows.review_list import Choice, Question
from tests.web.conftest import SETTINGS
from tests.workflows.conftest import NOW, world_file, world_store  # noqa: F401 - fixtures
from tests.workflows.test_news import unit

DAY = timedelta(days=1)


def token(purpose: str = "review", days: int = 1) -> str:
    return sign(purpose, "list", secret=SETTINGS.secret_key, expires_at=NOW + days * DAY)


@pytest.fixture
def unsure(world_store: Store) -> Store:  # noqa: F811
    """A buyer whose name is two units' of the same town."""
    with world_store.begin() as connection:
        firms = [unit("310000027", "HAVNESET MATDRIFT AS", "AS"),
                 unit("310000051", "HAVNESET MATDRIFT DA", "DA")]  # fmt: skip
        organisations.save_organisations(connection, firms)
        row = notices.find(connection, "2026-200101").row
        printed = notices.parties_of(connection, row)[0]
        maybe = Linked(
            org=OrgId("NO-BRC", "310000027"), name="x", score=0.6, certain=False, method="name"
        )
        notices.save_link(
            connection, notice=row, role=printed.role, position=printed.position, linked=maybe
        )
    return world_store


def test_a_person_answers_and_is_not_asked_again(unsure: Store) -> None:
    client = TestClient(create_app(SETTINGS, store=unsure, clock=lambda: NOW))
    page = client.get(f"/review/{token()}?lang=nb")
    assert page.status_code == 200
    assert "Hvem er ment?" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_an_answer_is_kept_and_one_that_is_no_candidate_is_not(unsure: Store) -> None:
    one, other = Printed(name="Matdrift Havneset"), Printed(name="Somebody else")
    choice = Choice(org=OrgId("NO-BRC", "310000027"), name="x", score=0.5, why="")
    asked = [Question(printed=printed, candidates=(choice,)) for printed in (one, other)]
    assert decide(unsure, asked, {one.key: "310000051", other.key: ""}, NOW) == 0
    answers = {one.key: "310000027", other.key: NOBODY}
    assert decide(unsure, asked, answers, NOW) == 2
    assert decide(unsure, asked, answers, NOW) == 0
    with unsure.read() as connection:
        kept = {label.key: label.decision for label in labels.iterate(connection)}
    assert kept == {one.key: Decision.SAME, other.key: Decision.NOBODY}


@pytest.mark.parametrize("bad", ["x.y", token("confirm"), token(days=-1)])
def test_without_the_link_nothing_is_shown(site: TestClient, bad: str) -> None:
    for answer in (site.get(f"/review/{bad}"), site.post(f"/review/{bad}")):
        assert answer.status_code == 403


def test_the_command_line_gives_out_the_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCMATCH_SECRET_KEY", "s")
    monkeypatch.setenv("PROCMATCH_MAIL_PUBLIC_URL", "https://treff.example/anbud/")
    done = CliRunner().invoke(main, ["review", "--link"])
    assert done.exit_code == 0, done.output
    assert done.output.startswith("https://treff.example/anbud/review/")

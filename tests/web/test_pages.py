"""Pages: readable by all, in three languages, and forms that say what is wrong."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from procmatch.codes import builtin
from procmatch.errors import CodeError
from procmatch.model.organisation import OrgId
from procmatch.model.subscription import QuietDay, Reserved
from procmatch.settings import Mail, Settings
from procmatch.store import Store, organisations, subscriptions
from procmatch.web import create_app
from procmatch.web.forms import Filled, own_words, read_form, shown
from tests.alerts.news import subscription
from tests.workflows.test_news import BAKERY, NOW, unit

SETTINGS = Settings(secret_key="s", mail=Mail(public_url="https://treff.example"))
PLACES = builtin().places
WHOLE = subscription(
    org=None,
    cpv=("158", "55500000"),
    words=("brød", "kaker"),
    municipalities=("3203", "32"),
    value_min=Decimal(1000),
    value_max=Decimal("1250000.50"),
    buyers=("Fjordby kommune",),
    reserved=Reserved.ONLY,
    sme_suitable=True,
    languages=("NOR", "NOB", "NNO"),
    quiet=(QuietDay.HOLIDAYS,),
    remind_days=5,
    channels=("mail", "webhook"),
    webhook_url="https://hook.example/",
)


class Page(HTMLParser):
    """Collects what a screen reader goes by."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[str] = []
        self.bare: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append((tag, values))
        if tag in {"input", "textarea", "select"} and values.get("type") != "hidden":
            named = "label" in self.inside or values.get("id") in self.labelled
            if not named:
                self.bare.append(str(values.get("name")))
        if tag not in {"input", "meta", "link", "br"}:
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.inside.pop() == tag

    @property
    def labelled(self) -> set[str | None]:
        return {values.get("for") for tag, values in self.tags if tag == "label"}


@pytest.fixture
def client(store: Store) -> TestClient:
    with store.begin() as connection:
        organisations.save_organisations(
            connection,
            [
                replace(BAKERY, id=OrgId("NO-BRC", "310000027")),
                unit("310000035", "KARI BAKER", "ENK", activity="Bakst"),
            ],
        )
    return TestClient(create_app(SETTINGS, store=store, clock=lambda: NOW))


PATHS = [
    "/subscribe", "/subscribe?topic=tenders", "/subscribe?topic=few-local",
    "/subscribe?topic=expiring", "/subscribe?org=310000027", "/leave/x.y",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_page_names_its_language_title_and_fields(
    client: TestClient, path: str, language: str
) -> None:
    answer = client.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
    page = Page(answer.text)
    assert ("html", {"lang": language}) in page.tags
    assert page.bare == [], "each field has a label"
    names = [tag for tag, _ in page.tags]
    assert names.count("h1") == 1
    assert names.count("main") == 1
    assert not {"script", "img", "iframe", "style"} & set(names)
    ids = [values["id"] for _, values in page.tags if values.get("id")]
    assert len(ids) == len(set(ids))


def test_the_browsers_language_is_answered_in(client: TestClient) -> None:
    for accepted, language in (
        ("nn-NO, nb;q=0.9", "nn"), ("no, en;q=0.8", "nb"), ("de, en;q=0.5, nn;q=0.7", "nn"),
        ("fr", "nb"), ("en;q=1, nb;q=x", "en"),
    ):  # fmt: skip
        answer = client.get("/subscribe", headers={"Accept-Language": accepted})
        assert f'<html lang="{language}">' in answer.text, accepted


def test_the_register_fills_in_what_a_firm_does(client: TestClient) -> None:
    text = client.get("/subscribe?org=310 000 027&lang=nn").text
    assert "BAKERI AS" in text
    assert "Produksjon av brød og bakervarer." in text
    assert 'name="cpv_suggested" value="158' in text


def test_a_sole_proprietors_data_is_not_shown_to_whoever_types_its_number(
    client: TestClient,
) -> None:
    text = client.get("/subscribe?org=310000035").text
    assert "KARI" not in text
    assert "Bakst" not in text


@pytest.mark.parametrize("org", ["1", "310000043", "<script>"])
def test_a_number_that_is_nobodys_is_said_so(client: TestClient, org: str) -> None:
    answer = client.get("/subscribe", params={"org": org})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "<script>" not in answer.text


def test_a_wrong_field_is_named_and_what_was_typed_stays(client: TestClient, store: Store) -> None:
    form = {"email": "a@b.example", "words": "brød", "places": "Atlantis", "mail": "1"}
    answer = client.post("/subscribe", data=form)
    assert answer.status_code == 400
    assert "Atlantis" in answer.text
    assert 'value="brød"' in answer.text
    with store.read() as connection:
        assert subscriptions.count(connection) == 0


def test_a_body_that_is_too_long_is_not_read(client: TestClient) -> None:
    assert client.post("/subscribe", content=b"a" * 200_000).status_code == 413


def test_a_form_shows_and_reads_back_the_same_subscription() -> None:
    filled = shown(WHOLE, PLACES, suggested=("55500000",))
    assert filled.one("places").startswith("Asker")
    back = read_form(filled, WHOLE, PLACES)
    assert set(back.cpv) == set(WHOLE.cpv)
    assert {name: getattr(back, name) for name in WHOLE.__slots__ if name != "cpv"} == {
        name: getattr(WHOLE, name) for name in WHOLE.__slots__ if name != "cpv"
    }


@pytest.mark.parametrize(
    ("text", "amount"),
    [("", None), ("1 250 000", 1250000), ("1.250.000 kr", 1250000), ("99,50", "99.50")],
)
def test_amounts_are_read_as_they_are_written(text: str, amount: object) -> None:
    read = read_form(Filled({"value_max": (text,)}), WHOLE, PLACES).value_max
    assert read == (None if amount is None else Decimal(str(amount)))


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("value_max", "much"), ("value_min", "nan"), ("places", "Atlantis"), ("reserved", "x"),
        ("frequency", "hourly"), ("quiet", "mondays"), ("remind_days", "many"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_an_error_of_its_own(field: str, text: str) -> None:
    with pytest.raises(CodeError):
        read_form(Filled({field: (text,)}), WHOLE, PLACES)


def test_without_a_profile_words_stay() -> None:
    assert own_words(WHOLE, None) == WHOLE

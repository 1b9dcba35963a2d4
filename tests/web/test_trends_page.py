"""Shares over the years, targets, others alike, and what left: each can be counted again."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from fastapi.testclient import TestClient

from procmatch.demo.world.register import rows as world_rows
from procmatch.insight.shares import Measure, Question
from procmatch.insight.trends import Cut, imported, trends
from procmatch.text.messages import LANGUAGES, translate
from procmatch.web import trend_tables
from procmatch.web.municipal import QUESTIONS, SHORT
from procmatch.web.trend_tables import COUNTED
from procmatch.web.wording import percent
from tests.web.conftest import WITH_LEDGER

AWARDS = "/municipality/9803/trends?lang=nb"
LEDGER = f"/municipality/{WITH_LEDGER}/trends?of=ledger&lang=nb"
LEAKAGE = f"/municipality/{WITH_LEDGER}/leakage?lang=nb"
PAGES = pytest.mark.parametrize("page", [AWARDS, LEDGER], ids=["awards", "ledger"])


def table(site: TestClient, address: str, name: str) -> list[dict[str, str]]:
    text = site.get(f"{address}&table={name}&format=csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def counted(rows: Iterable[Mapping[str, str]], question: str, *, value: bool) -> dict[str, Decimal]:
    """Add up by hand: yes, no and unknown, and how many have no value to add."""
    sums = {name: Decimal(0) for name in ("yes", "no", "unknown", "without_value")}
    for row in rows:
        if not value:
            sums[row[question]] += 1
        elif row["value"]:
            sums[row[question]] += Decimal(row["value"])
        else:
            sums["without_value"] += 1
    return sums


@PAGES
@pytest.mark.parametrize("cut", Cut)
def test_every_share_is_counted_again_by_hand_from_the_rows_given_out(
    site: TestClient, page: str, cut: Cut
) -> None:
    rows = table(site, page, "purchases")
    shares = table(site, f"{page}&by={cut}", "shares")
    asked = {translate(said, "nb"): one.value for one, said in QUESTIONS.items()}
    of = {translate(said, "nb"): one for one, said in COUNTED.items()}
    codes = {group: name for name, group in names(site, page, cut).items()}
    assert shares
    for share in shares:
        own = [
            row
            for row in rows
            if (row["year"] or "ikke kjent") == share["year"]
            and (cut is Cut.WHOLE or row[cut] == codes[share["group"]])
        ]
        assert len(own) == int(share["purchases"])
        sums = counted(own, asked[share["question"]], value=of[share["measure"]] is Measure.VALUE)
        for name, found in sums.items():
            assert Decimal(share[name]) == found, (share, name)
        whole = sums["yes"] + sums["no"] + sums["unknown"]
        if whole:
            assert float(share["low"]) == pytest.approx(float(sums["yes"] / whole))
            assert float(share["high"]) == pytest.approx(
                float((sums["yes"] + sums["unknown"]) / whole)
            )


def names(site: TestClient, page: str, cut: Cut) -> dict[str, str]:
    """Return group -> name as the page says it, through the API, which tells the codes."""
    if cut is Cut.WHOLE:
        return {}
    number, of = ("9803", "awards") if page == AWARDS else (WITH_LEDGER, "ledger")
    told = site.get(f"/api/municipalities/{number}/trends?of={of}&by={cut}").json()
    shown = table(site, f"{page}&by={cut}", "shares")
    return {one["group"]: row["group"] for one, row in zip(told, shown, strict=True)}


@PAGES
def test_the_rows_read_back_give_the_table_and_the_bars_on_the_page(
    site: TestClient, page: str
) -> None:
    text = html.unescape(site.get(page).text)
    found = trends(imported(table(site, page, "purchases")))
    shown = trend_tables.trend_table(found, "", str, "nb")
    for row in shown.rows:
        for column, cell in shown.cells(row):
            assert f">{column.shown(cell, 'nb')}</td>" in text
    for one in found:
        low, high = percent(one.share.low, "nb"), percent(one.share.high, "nb")
        told = low if low == high else f"{low} – {high}"
        assert f">{told} · {one.purchases - one.share.without_value}</text>" in text


@PAGES
def test_no_purchase_is_dropped_whatever_is_not_known_of_it(site: TestClient, page: str) -> None:
    rows = table(site, page, "purchases")
    for cut in Cut:
        shares = table(site, f"{page}&by={cut}", "shares")
        number = translate(COUNTED[Measure.NUMBER], "nb")
        for said in QUESTIONS.values():
            own = [
                one
                for one in shares
                if one["question"] == translate(said, "nb") and one["measure"] == number
            ]
            assert sum(int(one[name]) for one in own for name in ("yes", "no", "unknown")) == len(
                rows
            )


def test_a_line_without_a_day_and_one_without_a_supplier_stay(site: TestClient) -> None:
    rows = table(site, LEDGER, "purchases")
    assert any(not row["year"] for row in rows)
    assert any(row["local"] == "unknown" for row in rows)
    assert "ikke kjent" in site.get(LEDGER).text


@pytest.mark.parametrize("address", [LEDGER, LEAKAGE], ids=["trends", "leakage"])
def test_no_name_and_no_number_of_a_supplier_goes_out(site: TestClient, address: str) -> None:
    told = [site.get(address).text]
    told += [
        site.get(f"{address}&table={name}&format=json").text
        for name in ("purchases", "shares", "leakage")
    ]
    told.append(site.get(f"/api/municipalities/{WITH_LEDGER}/purchases?of=ledger").text)
    for row in world_rows("suppliers"):
        assert not any(row["number"] in text for text in told)
    assert not any("Ukjent Leverandør" in text for text in told)


def test_a_target_stands_in_words_with_the_line_in_its_chart(site: TestClient) -> None:
    text = html.unescape(site.get(LEDGER).text)
    told = "Minst 30\xa0% av kjøpene til små bedrifter i 2025"
    assert told in text
    assert ">Nådd<" in text
    chart = re.search(rf'<svg[^>]*aria-label="{told}".*?</svg>', text, re.DOTALL)
    assert chart
    assert 'class="third"' in chart[0]
    rows = table(site, LEDGER, "targets")
    purchases = table(site, LEDGER, "purchases")
    for row in rows:
        if row["target"] == told:
            own = [one for one in purchases if one["year"] == row["year"]]
            assert Decimal(row["yes"]) == counted(own, Question.SMALL, value=False)["yes"]


def test_a_municipality_without_targets_learns_how_to_set_one(site: TestClient) -> None:
    assert "procmatch targets 9801 --question" in site.get("/municipality/9801/trends").text


def test_it_stands_beside_others_whose_figures_are_their_own(site: TestClient) -> None:
    rows = table(site, AWARDS, "similar")
    assert rows[0]["number"] == "9803"
    assert len({row["number"] for row in rows}) > 1
    asked = {translate(said, "nb"): one.value for one, said in SHORT.items()}
    for row in rows:
        own = table(site, f"/municipality/{row['number']}/trends?lang=nb", "purchases")
        sums = counted(own, asked[row["question"]], value=False)
        assert [Decimal(row[name]) for name in ("yes", "no", "unknown")] == [
            sums[name] for name in ("yes", "no", "unknown")
        ]


def test_what_left_is_added_up_from_the_lines(site: TestClient) -> None:
    lines = table(site, LEAKAGE, "purchases")
    leaks = table(site, LEAKAGE, "leakage")
    for leak in leaks:
        own = [row for row in lines if row["category"] == leak["category"]]
        sums = counted(own, Question.LOCAL, value=True)
        assert (Decimal(leak["local"]), Decimal(leak["away"]), Decimal(leak["unknown"])) == (
            sums["yes"], sums["no"], sums["unknown"],
        )  # fmt: skip
    whole = sum(Decimal(row["value"]) for row in lines)
    assert sum(Decimal(leak["whole"]) for leak in leaks) == whole
    assert f"{whole:,.0f}".replace(",", "\xa0") in site.get(LEAKAGE).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_ledger_the_page_says_how_to_take_one_in(site: TestClient, language: str) -> None:
    text = site.get(f"/municipality/9803/leakage?lang={language}").text
    assert "procmatch import spend" in text
    assert "--place 9803" in text


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("leader", "trends"), ("leader", "leakage"), ("purchaser", "leakage"),
        ("unit", r"trends\?by=unit"), ("", "trends"), ("", "leakage"),
    ],
)  # fmt: skip
def test_the_doors_lead_there(site: TestClient, path: str, link: str) -> None:
    assert re.search(f"9803/{link}", site.get(f"/municipality/9803/{path}".rstrip("/")).text)


@pytest.mark.parametrize(
    ("asked", "status"),
    [("by=moon", 400), ("of=x", 400), ("format=pdf", 404), ("format=csv&table=x", 404)],
)
def test_what_is_not_there_is_said(site: TestClient, asked: str, status: int) -> None:
    assert site.get(f"/municipality/9803/trends?{asked}").status_code == status


def test_the_api_says_the_same_shares(site: TestClient) -> None:
    told: list[dict[str, Any]] = site.get("/api/municipalities/9803/trends").json()
    shown = table(site, AWARDS, "shares")
    assert [(one["yes"], one["unknown"]) for one in told] == [
        (float(row["yes"]), float(row["unknown"])) for row in shown
    ]

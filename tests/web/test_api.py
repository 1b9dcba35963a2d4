"""The API tells the same as the pages, and what it tells is described."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from fastapi.testclient import TestClient

FOOD = "2026-200105"
ADDRESSES = {
    "/api/tenders": "/api/tenders?q=mat",
    "/api/tenders/{notice}": f"/api/tenders/{FOOD}",
    "/api/tenders/{notice}/lots/{lot}/suppliers": f"/api/tenders/{FOOD}/lots/LOT-0002/suppliers",
    "/api/suppliers/{number}": "/api/suppliers/359056079",
    "/api/need": "/api/need?q=potet&place=Myrland",
    "/api/need/depth": "/api/need/depth?q=potet&place=Myrland",
    "/api/municipalities/{number}/agreements": "/api/municipalities/9803/agreements",
    "/api/municipalities/{number}/lots": "/api/municipalities/9803/lots",
    "/api/municipalities/{number}/shares": "/api/municipalities/9803/shares",
    "/api/municipalities/{number}/trends": "/api/municipalities/9803/trends?by=unit",
    "/api/municipalities/{number}/purchases": "/api/municipalities/9802/purchases?of=ledger",
    "/api/municipalities/{number}/targets": "/api/municipalities/9802/targets?of=ledger",
    "/api/municipalities/{number}/similar": "/api/municipalities/9803/similar",
    "/api/municipalities/{number}/leakage": "/api/municipalities/9802/leakage",
    "/api/levers": "/api/levers",
}


def openapi(site: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = site.get("/api/openapi.json").json()
    return found


def test_the_description_names_the_api_and_no_page(site: TestClient) -> None:
    assert set(openapi(site)["paths"]) == set(ADDRESSES)


@pytest.mark.parametrize(("path", "address"), ADDRESSES.items())
def test_an_answer_is_what_the_description_says(site: TestClient, path: str, address: str) -> None:
    described = openapi(site)
    answer = site.get(address)
    assert answer.status_code == 200
    assert answer.json(), "the sample world has an answer to each"
    schema = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    resolved = {**schema["schema"], "components": described["components"]}
    jsonschema.Draft202012Validator(resolved).validate(answer.json())


def test_the_api_keeps_the_order_of_the_page(site: TestClient) -> None:
    told = site.get(ADDRESSES["/api/tenders/{notice}/lots/{lot}/suppliers"]).json()
    shown = site.get(f"/tender/{FOOD}/suppliers?lot=LOT-0002&format=json").json()
    assert [one["number"] for one in told] == [one["number"] for one in shown]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/tenders/9", 404),
        ("/api/tenders/2026-200105/lots/LOT-9999/suppliers", 404),
        ("/api/suppliers/310000035", 404),
        ("/api/suppliers/x", 404),
        ("/api/municipalities/0000/shares", 404),
        ("/api/need?place=Atlantis&q=x", 400),
        ("/api/tenders?cpv=x", 400),
        ("/api/tenders?lang=de", 422),
        (f"/api/need?q={'x' * 300}", 422),
        ("/api/municipalities/9803/trends?by=moon", 400),
        ("/api/municipalities/9803/trends?of=x", 400),
        ("/api/municipalities/0000/leakage", 404),
        ("/api/nothing", 404),
    ],
)
def test_what_is_wrong_is_said_as_json(site: TestClient, address: str, status: int) -> None:
    answer = site.get(address)
    assert answer.status_code == status
    assert answer.json()["detail"]

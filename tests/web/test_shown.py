"""Which firms a page showed is noted, without who looked or what was typed."""

from __future__ import annotations

from fastapi.testclient import TestClient

from procmatch.store import Store
from procmatch.workflows.equal_treatment import was_shown


def test_a_page_of_firms_is_noted_in_its_order(site: TestClient, matched: Store) -> None:
    site.app.state.context.shown.every_s = 0.0  # type: ignore[attr-defined]
    page = site.get("/need?q=brød+og+kaker&place=9801&lang=nb")
    assert page.status_code == 200
    noted = was_shown(matched)
    one = next(one for one in noted if one.list.kind == "need" and "9801" in one.list.asked)
    assert not [one for one in noted if "brød" in one.list.asked]
    assert one.list.whole >= len(one.list.firms) > 0
    shown = [page.text.index(f"/supplier/{org}") for org in one.list.firms]
    assert shown == sorted(shown)

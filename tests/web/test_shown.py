"""Which firms a page showed is noted, without who looked."""

from __future__ import annotations

from fastapi.testclient import TestClient

from procmatch.store import Store
from procmatch.workflows.equal_treatment import was_shown


def test_a_page_of_firms_is_noted_in_its_order(site: TestClient, matched: Store) -> None:
    site.app.state.context.shown.every_s = 0.0  # type: ignore[attr-defined]
    page = site.get("/need?q=brød+og+kaker&place=9801&lang=nb")
    assert page.status_code == 200
    one = next(one for one in was_shown(matched) if one.list.asked.startswith("brød og kaker"))
    assert one.list.kind == "need"
    assert one.list.whole >= len(one.list.firms) > 0
    shown = [page.text.index(f"/supplier/{org}") for org in one.list.firms]
    assert shown == sorted(shown)

"""Link and match over the sample world: who is who, who could bid, and why."""

from __future__ import annotations

import json

import pytest

from procmatch.demo.world.register import rows
from procmatch.errors import NotFound
from procmatch.model.match import Verdict
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.settings import Settings
from procmatch.store import Store
from procmatch.workflows import link, lookup, match
from tests.workflows.conftest import clock, fill, take

NUMBER = {row["name"]: row["number"] for row in rows("suppliers")}


def names(store: Store, settings: Settings, key: str, lot: str) -> list[str]:
    _, lots = match.suppliers_of(store, key, settings=settings, clock=clock)
    found = next(hits for one, hits in lots if one.id == lot)
    return [hit.supplier_name for hit in found if hit.verdict is not Verdict.NOT]


def test_linking_again_changes_nothing(store: Store) -> None:
    fill(store)
    first = link.link(store)
    assert first.certain >= 30
    assert link.link(store).certain == 0


def test_a_winner_named_without_number_is_found_by_name_and_place(world_store: Store) -> None:
    parties = lookup.look_up(world_store, "2026-200124").parties
    (unnumbered,) = [one for one in parties if one.role == "winner" and one.number is None]
    assert unnumbered.linked is not None
    assert unnumbered.linked.org.number == NUMBER["MØTEMAT HAVNESET AS"]
    assert unnumbered.linked.certain
    assert unnumbered.linked.method == "name+place"


@pytest.mark.parametrize(
    ("key", "lot", "trade"),
    [
        ("2026-200102", "LOT-0001", ("10.71",)),
        ("2026-200104", "LOT-0001", ("10.2", "03")),
        ("2026-200105", "LOT-0001", ("01.1", "10.3")),
        ("2026-200105", "LOT-0004", ("01.47",)),
        ("2026-200111", "LOT-0001", ("81.21", "81.2")),
        ("2026-200112", "LOT-0000", ("37.",)),
        ("2026-200113", "LOT-0001", ("81.3",)),
        ("2026-200108", "LOT-0003", ("88.993",)),
    ],
)
def test_the_best_three_are_of_the_right_trade(
    world_store: Store, settings: Settings, key: str, lot: str, trade: tuple[str, ...]
) -> None:
    trades = {row["name"]: row["industry_codes"].split(";") for row in rows("suppliers")}
    best = names(world_store, settings, key, lot)[:3]
    assert best
    for name in best:
        assert any(code.startswith(trade) for code in trades[name]), name


def test_a_passed_deadline_stops_everybody(world_store: Store, settings: Settings) -> None:
    assert names(world_store, settings, "2026-200114", "LOT-0000") == []


def test_lists_hold_nobody_who_is_gone(world_store: Store, settings: Settings) -> None:
    gone = {row["name"] for row in rows("suppliers") if row["status"] in {"bankrupt", "dissolving"}}
    assert gone.isdisjoint(names(world_store, settings, "2026-200102", "LOT-0001"))
    assert gone.isdisjoint(names(world_store, settings, "2026-200101", "LOT-0001"))


def test_accounts_are_asked_for_once_and_close_a_lot(
    world_store: Store, settings: Settings
) -> None:
    before = match.match(world_store, settings=settings, clock=clock)
    assert before.accounts_wanted > 50
    number = NUMBER["HAVNESET BAKERI AS"]
    year = {
        "regnskapstype": "SELSKAP", "valuta": "NOK",
        "regnskapsperiode": {"fraDato": "2025-01-01", "tilDato": "2025-12-31"},
        "resultatregnskapResultat": {
            "driftsresultat": {"driftsinntekter": {"sumDriftsinntekter": 5_000_000.0}}
        },
    }  # fmt: skip
    take(world_store, "accounts", "accounts", number, json.dumps([year]).encode())
    after = match.match(world_store, settings=settings, clock=clock)
    assert after.accounts_wanted == before.accounts_wanted - 1
    found = match.tenders_for(world_store, OrgId(NORWAY, number), settings=settings, clock=clock)
    hit = next(hit for _, lot, hit in found if hit.notice == "2026-200103")
    assert hit.verdict is Verdict.NOT
    assert "turnover" in {hurdle.kind for hurdle in hit.hurdles if hurdle.blocking}


def test_matching_again_finds_the_same(world_store: Store, settings: Settings) -> None:
    match.match(world_store, settings=settings, clock=clock)
    assert match.match(world_store, settings=settings, clock=clock).changed == 0


def test_both_directions_agree(world_store: Store, settings: Settings) -> None:
    org = OrgId(NORWAY, NUMBER["HAVNESET BAKERI AS"])
    own = {
        (hit.notice, hit.lot): hit
        for _, _, hit in match.tenders_for(world_store, org, settings=settings, clock=clock)
    }
    _, lots = match.suppliers_of(world_store, "2026-200102", settings=settings, clock=clock)
    for lot, hits in lots:
        theirs = next(hit for hit in hits if hit.supplier == org)
        assert own["2026-200102", lot.id] == theirs


def test_a_correction_is_open_in_place_of_the_notice_it_corrects(world_store: Store) -> None:
    keys = [one.stored.notice.source_id for one in match.open_tenders(world_store, clock)]
    assert "2026-200120" in keys
    assert "2026-200107" not in keys
    assert not {"2026-200121", "2026-200122"} & set(keys)


def test_a_need_without_a_tender_finds_suppliers(world_store: Store, settings: Settings) -> None:
    found = match.need(
        world_store,
        "økologisk brød til barnehagen",
        settings=settings,
        clock=clock,
        place="9801",
    )
    assert "10.71" in found.matches[0].criteria[0].supplier_value
    assert found.cpv[0][0].startswith("15")


def test_unknown_keys_are_not_found(world_store: Store, settings: Settings) -> None:
    with pytest.raises(NotFound):
        match.suppliers_of(world_store, "2026-1", settings=settings, clock=clock)
    with pytest.raises(NotFound):
        match.tenders_for(world_store, OrgId(NORWAY, "999601391"), settings=settings, clock=clock)

"""Figures of open tenders: worked out after matching, the same as asked for on the spot."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from procmatch.codes import builtin
from procmatch.insight.lots import Division, Way
from procmatch.insight.what_if import WhatIf
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.settings import Settings
from procmatch.store import Store, matches, removal, tender_figures
from procmatch.workflows import match
from procmatch.workflows.kept_figures import FiguresMade, kept_figures
from procmatch.workflows.lot_hurdles import hurdles_in
from procmatch.workflows.market import OpenTender, load_market
from procmatch.workflows.small_nearby import small_nearby
from procmatch.workflows.tender_figures import Figures
from procmatch.workflows.what_if import in_one_or_parts, split
from tests.workflows.conftest import clock

NOBODY: frozenset[str] = frozenset()
CODES = builtin()


@pytest.fixture
def matched(world_store: Store, settings: Settings) -> Store:
    match.match(world_store, settings=settings, clock=clock)
    return world_store


def kept(store: Store, one: OpenTender) -> Figures:
    found = kept_figures(store, one.stored, CODES, NOBODY)
    assert found is not None
    return found


def in_short(told: WhatIf) -> WhatIf:
    """Leave out the hurdles of firms that are named: no page tells them."""
    joined, one_step = (
        tuple(replace(row, standing=replace(row.standing, hurdles=())) for row in rows)
        for rows in (told.joined, told.one_step)
    )
    return replace(told, joined=joined, one_step=one_step)


def again(store: Store, settings: Settings, *, first: list[OpenTender] | None = None) -> int:
    """Return for how many tenders figures are made, when those of the last run are at hand."""
    made = FiguresMade.begin(store, load_market(store, settings, clock), settings, clock)
    for one in match.open_tenders(store, clock) if first is None else first:
        with store.read() as connection:
            ranked = {
                lot.id: matches.of_lot(connection, notice=one.stored.row, lot=lot.id)
                for lot in one.stored.notice.lots
            }
        made.add(one, ranked)
    made.end()
    return made.made


def test_every_open_tender_has_what_pages_would_work_out(
    matched: Store, settings: Settings
) -> None:
    market = load_market(matched, settings, clock)
    tenders = match.open_tenders(matched, clock)
    assert any(len(one.stored.notice.lots) > 1 for one in tenders)
    for one in tenders:
        notice, home = one.stored.notice, one.buyer_municipality
        found = kept(matched, one)
        hurdles = hurdles_in(market, notice, clock=clock, buyer_municipality=home)
        assert list(found.hurdles) == hurdles
        if len(notice.lots) > 1:
            told = in_one_or_parts(market, notice, clock=clock, buyer_municipality=home)
            assert found.together == in_short(told)
        else:
            assert found.together is None
        near = [
            small_nearby(market, one, lot, match.kept(matched, one, lot)) for lot in notice.lots
        ]
        assert list(found.near) == near


def test_the_only_lot_of_a_tender_is_divided_beforehand_as_pages_first_ask(
    matched: Store, settings: Settings
) -> None:
    market = load_market(matched, settings, clock)
    alone = [one for one in match.open_tenders(matched, clock) if len(one.stored.notice.lots) == 1]
    assert alone
    for one in alone:
        (lot,) = one.stored.notice.lots
        for way in (Way.PRODUCT, Way.VALUE):
            told = split(
                market,
                one.stored.notice,
                lot,
                Division(way=way),
                clock=clock,
                buyer_municipality=one.buyer_municipality,
            )
            assert kept(matched, one).of(Division(way=way)) == in_short(told)
        assert kept(matched, one).of(Division(way=Way.VALUE, parts=3)) is None
        assert kept(matched, one).of(Division(way=Way.TIME)) is None


def test_nothing_is_worked_out_again_while_nothing_changes(
    matched: Store, settings: Settings
) -> None:
    assert again(matched, settings) == 0


def test_another_policy_is_worked_out_anew(matched: Store, settings: Settings) -> None:
    farther = msgspec.structs.replace(settings, radius_km=settings.radius_km + 10)
    assert again(matched, farther) == len(match.open_tenders(matched, clock))
    assert again(matched, farther) == 0


def test_another_ranking_of_a_lot_is_worked_out_anew_alone(
    matched: Store, settings: Settings
) -> None:
    one = next(one for one in match.open_tenders(matched, clock) if one.stored.notice.lots)
    lot = one.stored.notice.lots[0]
    with matched.begin() as connection:
        found = matches.of_lot(connection, notice=one.stored.row, lot=lot.id)
        matches.replace_lot(connection, notice=one.stored.row, lot=lot.id, found=found[1:])
    assert again(matched, settings) == 1


def test_figures_of_what_is_open_no_more_go(matched: Store, settings: Settings) -> None:
    first, *others = match.open_tenders(matched, clock)
    again(matched, settings, first=others)
    assert kept_figures(matched, first.stored, CODES, NOBODY) is None
    assert all(kept(matched, one) for one in others)


def test_figures_that_count_a_firm_that_hides_are_not_used(
    matched: Store, settings: Settings
) -> None:
    one = match.open_tenders(matched, clock)[0]
    with matched.read() as connection:
        found = tender_figures.find(connection, one.stored.row)
    assert found is not None
    counted = min(found[0])
    assert kept_figures(matched, one.stored, CODES, frozenset({counted})) is None
    assert kept_figures(matched, one.stored, CODES, frozenset({"123456785"})) is not None


def test_figures_of_a_notice_that_was_read_anew_with_other_lots_are_not_used(
    matched: Store, settings: Settings
) -> None:
    one = next(one for one in match.open_tenders(matched, clock) if len(one.stored.notice.lots) > 1)
    fewer = replace(one.stored.notice, lots=one.stored.notice.lots[1:])
    assert kept_figures(matched, replace(one.stored, notice=fewer), CODES, NOBODY) is None


def test_figures_of_another_version_are_not_used_and_made_anew(
    matched: Store, settings: Settings
) -> None:
    one = match.open_tenders(matched, clock)[0]
    with matched.begin() as connection:
        tender_figures.save(connection, one.stored.row, "of another version", [], '{"near": 1}')
    assert kept_figures(matched, one.stored, CODES, NOBODY) is None
    assert again(matched, settings) == 1
    assert kept(matched, one)


def test_a_firm_that_the_law_has_removed_is_in_no_figures(
    matched: Store, settings: Settings
) -> None:
    one = match.open_tenders(matched, clock)[0]
    with matched.begin() as connection:
        found = tender_figures.find(connection, one.stored.row)
        assert found is not None
        gone = min(found[0])
        removal.purge(connection, OrgId(NORWAY, gone))
        left = [
            tender_figures.find(connection, row) for row in sorted(tender_figures.signs(connection))
        ]
    assert all(row is not None and gone not in row[0] and gone not in row[1] for row in left)

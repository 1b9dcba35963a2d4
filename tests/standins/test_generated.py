"""The generated market: files that can be read, lists that agree with them, every trap set."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from procmatch.demo.standins.faults import Faults
from procmatch.demo.standins.hits import publications
from procmatch.demo.standins.notice_facts import read_facts
from procmatch.demo.standins.server import StandIn
from procmatch.demo.standins.ted_rows import ted_row
from procmatch.errors import SourceError
from procmatch.model.notice import Notice, NoticeKind
from procmatch.sources import eforms
from tests.generated.listing import content, faults
from tests.generated.market import BUSY_DAY, Bodies, Market, generate
from tests.generated.model import Key, Published
from tests.generated.truth import among
from tests.standins.small import KEY, ask, download, search

KINDS = {
    "planning": NoticeKind.PLANNING,
    "competition": NoticeKind.COMPETITION,
    "result": NoticeKind.RESULT,
    "dir-awa-pre": NoticeKind.DIRECT_AWARD,
    "cont-modif": NoticeKind.MODIFICATION,
}


@cache
def small() -> Market:
    return generate(count=300, seed=3)


@cache
def large() -> Market:
    return generate(count=4_000)


def read(market: Market, one: Published) -> Notice:
    bodies = Bodies(market.doffin if one.source == "doffin" else market.ted)
    return eforms.read(bodies[one.id], source=one.source, source_id=one.id)


def readable(market: Market) -> Iterable[Published]:
    return (one for one in market.publications.values() if not one.notice.unreadable)


def test_every_file_says_what_the_market_says() -> None:
    market = small()
    for one in readable(market):
        found, wanted = read(market, one), one.notice
        state, correction = wanted.state, wanted.subtype == "99"
        assert (found.notice_id, found.version) == (wanted.id, wanted.version)
        assert found.procedure_id == wanted.procedure
        assert found.kind is (NoticeKind.CHANGE if correction else KINDS[wanted.form])
        assert found.dispatched_at == wanted.issued_at.replace(microsecond=0)
        assert found.buyers[0].number == wanted.buyer.number
        assert (found.cpv_main, found.title.versions[0][1]) == (wanted.cpv, wanted.title)
        assert (found.value and found.value.amount) == state.value
        assert (found.changes.notice if found.changes else "") == wanted.changes
        assert ((found.changes and found.changes.reason) or "") == wanted.reason
        assert ("".join(found.previous_planning)) == wanted.earlier
        if wanted.form == "competition" and not correction:
            assert {lot.deadline for lot in found.lots} == {state.deadline}
            assert [lot.id for lot in found.lots] == [lot.id for lot in state.lots]
        assert [(won.lot, bool(won.winners)) for won in found.awards] == [
            (result.lot, result.winner is not None) for result in wanted.results
        ]


def test_one_file_cannot_be_read() -> None:
    market = small()
    with pytest.raises(SourceError):
        read(market, market.doffin[market.unreadable])


def test_the_same_seed_tells_the_same() -> None:
    assert generate(count=50, seed=7) == generate(count=50, seed=7)
    assert generate(count=50, seed=7) != generate(count=50, seed=8)


def test_as_many_notices_as_asked_for_in_the_years_asked_for() -> None:
    market = generate(count=400, years=1)
    assert len(market.doffin) == 400
    assert {one.notice.issued_at.year for one in market.doffin.values()} == {2025}
    assert not any(one.notice.converted for one in market.doffin.values())


def test_the_list_says_what_follows_from_the_files() -> None:
    market = small()
    served = content(market)
    assert served.index is not None
    whole = {key: xml for key, xml in served.notices.items() if key != market.unreadable}
    derived = publications(whole, served.today)
    same: tuple[str, ...] = ("id", "heading", "description", "type", "allTypes", "estimatedValue")
    same += ("locationId", "cpvCodes", "receivedTenders", "allReceivedTenders", "buyer")
    for key, one in derived.items():
        hit, wanted = served.index[key].hit, one.hit
        assert {name: hit[name] for name in same} == {name: wanted[name] for name in same}
        # Converted ones print a summer offset all year, which the index takes at its word.
        if not market.doffin[key].notice.converted:
            assert [hit["issueDate"], hit["deadline"]] == [wanted["issueDate"], wanted["deadline"]]
        assert list(hit) == list(wanted)


def days(value: Any) -> list[str]:  # noqa: ANN401 - one or several, with or without an offset
    return [one[:10] for one in ([value] if isinstance(value, str) else value)]


def test_teds_list_says_what_follows_from_the_files() -> None:
    market = small()
    served = content(market)
    assert served.ted_rows is not None
    for row in served.ted_rows:
        key = row["publication-number"]
        derived = ted_row(key, read_facts(key, served.ted[key]))
        names = row.keys() & derived.keys() - {"publication-date", "description-proc"}
        told: dict[str, Any] = {name: row[name] for name in names}
        wanted = {name: derived[name] for name in names}
        for name in names & {"classification-cpv", "place-of-performance"}:
            told[name], wanted[name] = set(told[name]), set(wanted[name])
        for name in names & {"dispatch-date", "deadline-receipt-tender-date-lot"}:
            told[name], wanted[name] = days(told[name]), days(wanted[name])
        assert told == wanted
        assert names >= {"notice-identifier", "notice-version", "buyer-country", "title-proc"}


def styles(market: Market) -> Counter[str]:
    found: Counter[str] = Counter()
    for child, parent in market.truth.changes.items():
        one, old = market.publications[child], market.publications[parent]
        printed, uuid = one.notice.changes, one.notice.id
        if not printed:
            found["no block"] += 1
        elif uuid == old.notice.id and one.notice.version > old.notice.version:
            found["next version"] += 1
        elif printed == old.notice.id and not old.notice.converted:
            found["bare uuid"] += 1
        elif printed == f"{old.notice.id}-{old.notice.version}":
            found["uuid-version"] += 1
        elif len(printed.partition("-")[0]) == 4 and printed in market.doffin:
            found["doffin id"] += 1
        else:
            found["ted number"] += 1
    return found


def test_changes_name_what_they_change_in_all_ways() -> None:
    found = styles(large())
    assert found["uuid-version"] > sum(found.values()) / 3
    for way in ("no block", "next version", "bare uuid", "doffin id", "ted number"):
        assert found[way] >= 10, way


def test_chains_are_long_and_some_changes_come_twice() -> None:
    market = large()
    changes = market.truth.changes
    lengths: Counter[int] = Counter()
    for key in changes:
        length, at = 0, key
        while at in changes:
            length, at = length + 1, changes[at]
        lengths[length] += 1
    assert lengths[3] >= 20
    by_parent: dict[Key, list[Published]] = {}
    for child, parent in changes.items():
        by_parent.setdefault(parent, []).append(market.publications[child])
    twice = [
        pair
        for pair in by_parent.values()
        if len(pair) == 2
        and abs(pair[0].notice.issued_at - pair[1].notice.issued_at) < timedelta(minutes=10)
        and pair[0].notice.changes == pair[1].notice.changes
    ]
    assert len(twice) >= 10


def test_differences_are_those_between_the_files() -> None:
    market = large()
    seen: Counter[str] = Counter()
    for child, parent in market.truth.changes.items():
        new, old = (market.publications[key].notice for key in (child, parent))
        for one in market.truth.differences[child]:
            seen[one.field] += 1
            if one.field == "deadline":
                assert (one.old, one.new) == (old.state.deadline, new.state.deadline)
    assert seen.keys() == {"deadline", "value", "lots", "description", "cancelled", "awards"}


def test_competitions_are_called_off_in_three_ways() -> None:
    market = large()
    how = market.truth.cancelled_how
    assert {*how.values()} == {"change", "result", "status"}
    for key, way in how.items():
        one = market.publications[key]
        if way == "status" and one.source == "doffin" and one.notice.form == "competition":
            assert one.status == "CANCELLED"
            assert one.notice.reason != "cancel"
    assert market.truth.cancelled == how.keys()
    assert not market.truth.cancelled & market.truth.awarded


def test_results_name_their_competition_rightly_wrongly_or_not_at_all() -> None:
    market = large()
    truth, published = market.truth, market.publications
    assert min(Counter(truth.ties.values()).values()) >= 40
    for key, tie in truth.ties.items():
        result, call = published[key].notice, published[truth.results[key]].notice
        assert (result.procedure == call.procedure) is (tie == "procedure")
        if tie == "reference":
            assert result.earlier in {f"{call.id}-{call.version}", truth.results[key][1]}
        elif tie == "probable":
            # A number at most, of a converted notice: it does not say its own.
            assert not result.earlier or call.converted
        assert (result.buyer, result.cpv, result.title) == (call.buyer, call.cpv, call.title)
    per_call = Counter(truth.results.values())
    assert max(per_call.values()) >= 2


def test_only_one_competition_fits_a_result_that_only_its_name_ties() -> None:
    market = large()
    named: dict[tuple[str, str, str], set[str]] = {}
    for procedure in market.truth.procedures:
        if procedure.competition:
            name = (procedure.buyer.number, procedure.cpv, procedure.title)
            named.setdefault(name, set()).add(procedure.name)
    assert any(len(several) > 1 for several in named.values())
    for key in market.truth.probable:
        one = market.publications[key].notice
        assert len(named[one.buyer.number, one.cpv, one.title]) == 1


def test_planning_notices_have_no_procedure_and_are_named_by_uuid_and_version() -> None:
    market = large()
    assert len(market.truth.planned) >= 40
    for call, planning in market.truth.planned.items():
        notice = market.publications[planning].notice
        assert notice.procedure is None
        printed = market.publications[call].notice.earlier
        assert printed == f"{notice.id}-{notice.version}"
    groups = market.truth.groups
    apart = {key: group for group in groups for key in group}
    assert all(apart[call] != apart[plan] for call, plan in market.truth.planned.items())


def test_the_groups_part_all_publications() -> None:
    market = large()
    groups = market.truth.groups
    assert sum(map(len, groups)) == len(market.publications)
    assert frozenset().union(*groups) == market.publications.keys()
    seen = [("doffin", key) for key in market.found_by_search]
    assert frozenset().union(*among(groups, seen)) == set(seen)


def test_ted_shows_some_notices_too_some_late_some_alone() -> None:
    market = large()
    copies = market.truth.copies
    for ted, doffin in copies.items():
        one, other = market.publications[ted].notice, market.publications[doffin].notice
        assert (one.id, one.version) == (other.id, other.version)
    lags = [
        market.ted[key].published_on - market.ted[key].notice.issued_at.date() for _, key in copies
    ]
    assert max(lags) > timedelta(days=9)
    alone = market.ted.keys() - {key for _, key in copies}
    assert len(alone) >= 20
    at_ted = set(copies.values())
    missing = [
        one
        for one in market.doffin.values()
        if one.key not in at_ted and one.notice.regime == "eu" and not one.notice.converted
    ]
    assert len(missing) >= 10


def test_superseded_notices_are_often_not_found_and_sometimes_are() -> None:
    market = large()
    old = {key for source, key in market.truth.changes.values() if source == "doffin"}
    found = len(old & market.found_by_search)
    assert len(old) * 0.1 < found < len(old) * 0.5
    assert market.doffin.keys() - market.found_by_search <= old


def test_converted_notices_bear_their_doffin_id() -> None:
    old = [one for one in large().doffin.values() if one.notice.converted]
    assert len(old) >= 300
    assert all(one.notice.id == one.id for one in old)
    assert all(one.notice.issued_at.date() < date(2023, 10, 24) for one in old)
    assert sum(one.notice.subtype == "99" for one in old) >= 20


def test_one_day_has_more_than_a_search_shows() -> None:
    market = large()
    busy = [
        one
        for one in market.doffin.values()
        if one.searchable and one.notice.issued_at.date() == BUSY_DAY.date()
    ]
    assert len(busy) > 1000
    assert max(Counter(one.kind for one in busy).values()) <= 1000


def test_downloads_are_late_broken_and_superseded() -> None:
    market = small()
    with StandIn(content(market), faults=faults(market, refuse_every=0), key=KEY) as server:
        late, broken = next(iter(market.not_yet)), next(iter(market.broken))
        assert [download(server.url, late).status for _ in range(2)] == [404, 200]
        assert {download(server.url, broken).status for _ in range(8)} == {500}
        assert download(server.url, broken).status == 200
        hidden = next(key for key, one in market.doffin.items() if not one.searchable)
        assert download(server.url, hidden).status == 200


def test_requests_are_refused_in_a_row_now_and_then() -> None:
    market = small()
    with StandIn(
        content(market), faults=Faults(rate_limit=0, refuse_every=10, refuse_times=2), key=KEY
    ) as server:
        key = next(iter(market.doffin))
        statuses = [download(server.url, key).status for _ in range(30)]
    assert Counter(statuses)[429] == 6


def test_a_lone_hit_may_come_without_a_list() -> None:
    market = small()
    with StandIn(content(market), faults=Faults(lone_hit=True, rate_limit=0), key=KEY) as server:
        search(server.url)
        found = search(server.url, searchString=next(iter(market.doffin.values())).notice.title)
        assert isinstance(found.json()["hits"], dict)


def pages(url: str, **order: object) -> Iterable[dict[str, Any]]:
    """Read a TED search to its end."""
    asked = {
        "query": "buyer-country=NOR SORT BY publication-date DESC",
        "fields": ["publication-number", "notice-identifier", "notice-version", "title-proc"],
        "limit": 50,
        "paginationMode": "ITERATION",
    }
    asked |= order
    while True:
        body = json.dumps(asked).encode()
        found = ask(url, "/v3/notices/search", method="POST", body=body).json()
        if not found["notices"]:
            return
        yield from found["notices"]
        asked["iterationNextToken"] = found["iterationNextToken"]


def test_ted_serves_the_market_page_by_page() -> None:
    market = small()
    with StandIn(content(market), faults=Faults.none(), key=KEY) as server:
        found = {row["publication-number"]: row for row in pages(server.url)}
        newest = {row["publication-number"] for row in pages(server.url, onlyLatestVersions=True)}
        bodies = {key: ask(server.url, f"/en/notice/{key}/xml").body for key in found}
    assert found.keys() == market.ted.keys()
    replaced = {key for source, key in market.truth.changes.values() if source == "ted"}
    assert newest < found.keys()
    assert market.ted.keys() - newest <= replaced
    for key, body in bodies.items():
        notice, one = eforms.read(body, source="ted", source_id=key), market.ted[key]
        assert (notice.notice_id, notice.version) == (one.notice.id, one.notice.version)
        assert [language for language, _ in notice.title.versions] == ["ENG"]
        assert notice.published_on == one.published_on

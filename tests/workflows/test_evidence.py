"""Evidence from crawl and file to supplier: ingest, close, link, import, matching."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest

from procmatch.demo.world import WORLD_DIR
from procmatch.demo.world.register import rows
from procmatch.model.answer import Answer
from procmatch.model.organisation import (
    NORWAY,
    Establishment,
    IndustryCode,
    Organisation,
    OrgId,
)
from procmatch.settings import Settings
from procmatch.store import Store, evidence_known, organisations, raw
from procmatch.text.messages import say
from procmatch.workflows import ingest, link, match
from procmatch.workflows.evidence import evidence_of, evidence_overview
from procmatch.workflows.import_evidence import import_evidence
from procmatch.workflows.market import load_market
from procmatch.workflows.register_facts import register_facts
from procmatch.workflows.status import status
from tests.workflows.conftest import NOW, clock

NUMBER = {row["name"]: row["number"] for row in rows("suppliers")}
NUMBERS = sorted(NUMBER.values())
CANTEEN = OrgId(NORWAY, NUMBER["HAVNESET KANTINEDRIFT AS"])


def answer(source: str, body: bytes, *, kind: str = "list", key: str = "all") -> Answer:
    return Answer(source=source, kind=kind, key=key, url="x", body=body, fetched_at=NOW)


def crawl(
    store: Store,
    source: str,
    body: bytes,
    *,
    kind: str = "list",
    key: str = "all",
    accept: bool = False,
) -> str:
    run = ingest.begin(store, source, settings=Settings(), clock=clock)
    run.accept_size = accept
    ingest.ingest(store, run, answer(source, body, kind=kind, key=key))
    return ingest.finish(store, run, complete=True).outcome


def cleaners(numbers: Sequence[str], status: str = "Godkjent med ansatte") -> bytes:
    firms = "".join(
        f"<Renholdsvirksomhet><Organisasjonsnummer>{number}</Organisasjonsnummer>"
        f"<Status>{status}</Status></Renholdsvirksomhet>"
        for number in numbers
    )
    return f"<Register>{firms}</Register>".encode()


def counts(store: Store, source: str = "renhold") -> dict[str, int]:
    (row,) = [row for row in evidence_overview(store) if row["source"] == source]
    return {name: row[name] for name in ("certain", "possible", "nobody", "closed")}


def kinds(store: Store, org: OrgId, settings: Settings) -> set[str]:
    market = load_market(store, settings, clock)
    return {fact.kind for fact in market.index.supplier(org).evidence}


def test_a_list_is_linked_by_number_and_closed_when_it_shrinks(world_store: Store) -> None:
    crawl(world_store, "renhold", cleaners(NUMBERS[:3]))
    assert link.link(world_store).evidence.certain == 3
    crawl(world_store, "renhold", cleaners(NUMBERS[:2]))
    assert counts(world_store) == {"certain": 2, "possible": 0, "nobody": 0, "closed": 1}


def test_a_firm_that_lost_its_approval_is_closed(world_store: Store) -> None:
    crawl(world_store, "renhold", cleaners(NUMBERS[:2]))
    body = cleaners(NUMBERS[:1]) + cleaners(NUMBERS[1:2], "Ikke godkjent")
    crawl(world_store, "renhold", b"<All>" + body + b"</All>")
    assert counts(world_store)["closed"] == 1


def test_a_run_that_did_not_end_closes_nothing(world_store: Store) -> None:
    crawl(world_store, "renhold", cleaners(NUMBERS[:3]))
    run = ingest.begin(world_store, "renhold", settings=Settings(), clock=clock)
    ingest.ingest(world_store, run, answer("renhold", cleaners(NUMBERS[:1])))
    ingest.finish(world_store, run, complete=False)
    assert counts(world_store)["closed"] == 0


def test_a_sudden_fall_fails_loudly_and_closes_nothing_until_somebody_accepts_it(
    world_store: Store,
) -> None:
    crawl(world_store, "renhold", cleaners(NUMBERS[:40]))
    assert crawl(world_store, "renhold", cleaners(NUMBERS[:4])) == "failed"
    assert counts(world_store)["closed"] == 0
    (row,) = [row for row in status(world_store).sources if row["source"] == "renhold"]
    assert row["outcome"] == "failed"
    assert "shrunk: rows 4 (last good run 40" in str(row["message"])
    assert crawl(world_store, "renhold", cleaners(NUMBERS[:4]), accept=True) == "ok"
    assert counts(world_store)["closed"] == 36


def test_an_establishment_that_changes_hands_takes_its_evidence_along(
    world_store: Store,
) -> None:
    shop = Establishment(number="310000116", name="AVD TORGET")
    with world_store.begin() as connection:
        organisations.save_establishments(connection, NORWAY, [(NUMBERS[0], shop)])
    crawl(world_store, "renhold", cleaners([shop.number]))
    link.link(world_store)
    with world_store.begin() as connection:
        organisations.save_establishments(connection, NORWAY, [(NUMBERS[1], shop)])
    assert link.link(world_store).evidence.certain == 1
    with world_store.read() as connection:
        assert list(evidence_known.valid(connection, NOW.date())) == [OrgId(NORWAY, NUMBERS[1])]
    assert link.link(world_store).evidence.rows == 0


def test_what_is_not_understood_is_shown_and_forgotten_when_it_is_gone(
    world_store: Store,
) -> None:
    crawl(world_store, "renhold", cleaners(NUMBERS[:1], "Kanskje"))
    (odd,) = status(world_store).set_aside
    assert (odd["source"], odd["field"]) == ("renhold", "Godkjenningsstatus")
    crawl(world_store, "renhold", cleaners(NUMBERS[:1]))
    assert status(world_store).set_aside == []


def test_a_look_up_by_number_closes_that_number_only(world_store: Store) -> None:
    def enterprise(number: str) -> dict[str, object]:
        return {"organizational_number": number, "status": {"approved": True}}

    body = json.dumps({"enterprises": [enterprise(n) for n in NUMBERS[:3]]}).encode()
    crawl(world_store, "sentral-godkjenning", body)
    crawl(world_store, "sentral-godkjenning", b"", kind="one", key=NUMBERS[0])
    found = counts(world_store, "sentral-godkjenning")
    # The directorate asks that nothing be kept: the row is gone, not closed.
    assert found == {"certain": 0, "possible": 0, "nobody": 2, "closed": 0}


def test_what_is_said_of_persons_is_left_out_before_an_answer_is_kept(world_store: Store) -> None:
    body = json.dumps([{"partner_sid": 1, "display_name": "Gård", "contact_name": "Kari"}])
    run = ingest.begin(world_store, "debio", settings=Settings(), clock=clock)
    ingest.ingest(world_store, run, answer("debio", body.encode()))
    with world_store.read() as connection:
        from procmatch.store.tables import raw_answers  # noqa: PLC0415

        (sha256,) = connection.scalars(
            raw_answers.select()
            .with_only_columns(raw_answers.c.sha256)
            .where(raw_answers.c.source == "debio")
        )
        assert b"Kari" not in raw.load(connection, sha256)


SAMPLE = (WORLD_DIR / "evidence.csv").read_bytes()


def test_the_sample_file_goes_in_once_and_most_of_it_finds_its_owner(world_store: Store) -> None:
    first = import_evidence(world_store, SAMPLE, clock=clock)
    assert (first.rows, first.new, first.unread) == (146, 146, ())
    assert first.linked.certain > 100
    assert first.linked.possible > 0
    again = import_evidence(world_store, SAMPLE, clock=clock)
    assert (again.new, again.changed, again.closed) == (0, 0, 0)
    assert link.link(world_store).evidence.certain == 0


def test_a_dry_run_says_the_same_and_does_nothing(world_store: Store) -> None:
    before = status(world_store)
    dry = import_evidence(world_store, SAMPLE, clock=clock, dry_run=True)
    assert status(world_store) == before
    assert evidence_overview(world_store) == []
    assert import_evidence(world_store, SAMPLE, clock=clock) == dry


HEADER = b"kind,source,name,number,valid_to,place\n"


def test_a_whole_file_closes_what_it_no_longer_has_and_another_does_not(
    world_store: Store,
) -> None:
    two = b"".join(f"iso_9001,DNV,,{number},,\n".encode() for number in NUMBERS[:2])
    import_evidence(world_store, HEADER + two, clock=clock)
    one = f"iso_9001,DNV,,{NUMBERS[0]},,\n".encode()
    assert import_evidence(world_store, HEADER + one, clock=clock).closed == 0
    assert import_evidence(world_store, HEADER + one, clock=clock, whole=True).closed == 1


@pytest.mark.parametrize(
    ("row", "method", "certain"),
    [
        (f"iso_9001,K,,{CANTEEN.number},,", "exact", True),
        (f"iso_9001,K,Havneset Kantinedrift AS,{CANTEEN.number},,", "exact", True),
        (f"iso_9001,K,Noe Helt Annet AS,{CANTEEN.number},,", "exact", False),
        ("iso_9001,K,Havneset Kantinedrift AS,,,Havneset", "name", True),
        # A name alone, exact as it may be, is not enough.
        ("iso_9001,K,Havneset Kantinedrift AS,,,", "name", False),
        ("iso_9001,K,Havneset Kantinedrift,,,", "name", False),
        ("central_approval,K,Havneset Kantinedrift AS,,,", None, None),
        ("iso_9001,K,Ingen Kjenner Oss AS,,,", None, None),
    ],
)
def test_how_a_row_of_a_file_is_tied(
    world_store: Store, row: str, method: str | None, certain: bool | None
) -> None:
    import_evidence(world_store, HEADER + row.encode(), clock=clock)
    found = [one for one in evidence_of(world_store, CANTEEN) if one["method"] != "register"]
    tied = [(one["method"], one["certain"]) for one in found]
    assert tied == ([] if method is None else [(method, certain)])


def test_what_a_firm_says_of_itself_is_shown_and_proves_nothing(
    world_store: Store, settings: Settings
) -> None:
    row = f"apprenticeship,Egen opplysning,,{CANTEEN.number},2027-01-01,".encode()
    import_evidence(world_store, HEADER + row, clock=clock, declared=True)
    _, lots = match.suppliers_of(world_store, "2026-200109", settings=settings, clock=clock)
    hit = next(hit for hit in lots[0][1] if hit.supplier == CANTEEN)
    assert "apprentices" in {hurdle.kind for hurdle in hit.hurdles}
    assert "foretaket sier det selv" in say(hit.evidence[0], "nb")


def test_a_row_of_a_firm_that_is_registered_later_finds_it_then(store: Store) -> None:
    from tests.workflows.conftest import fill  # noqa: PLC0415

    row = f"iso_9001,K,,{CANTEEN.number},,".encode()
    assert import_evidence(store, HEADER + row, clock=clock).linked.nobody == 1
    fill(store)
    assert link.link(store).evidence.certain == 1
    assert link.link(store).evidence.rows == 0


def test_certain_evidence_of_today_reaches_the_supplier_and_removes_the_hurdle(
    world_store: Store, settings: Settings
) -> None:
    def hurdles() -> tuple[set[str], float]:
        _, lots = match.suppliers_of(world_store, "2026-200109", settings=settings, clock=clock)
        hit = next(hit for hit in lots[0][1] if hit.supplier == CANTEEN)
        return {hurdle.kind for hurdle in hit.hurdles}, hit.score

    without, score = hurdles()
    assert "apprentices" in without
    import_evidence(world_store, SAMPLE, clock=clock)
    assert "apprenticeship" in kinds(world_store, CANTEEN, settings)
    found, same = hurdles()
    assert "apprentices" not in found
    assert same == score


def test_what_has_ended_reaches_nobody(world_store: Store, settings: Settings) -> None:
    ended = (NOW - timedelta(days=1)).date()
    row = f"iso_9001,K,,{CANTEEN.number},{ended},".encode()
    import_evidence(world_store, HEADER + row, clock=clock)
    assert "iso_9001" not in kinds(world_store, CANTEEN, settings)


def test_both_directions_know_the_same_evidence(world_store: Store, settings: Settings) -> None:
    import_evidence(world_store, SAMPLE, clock=clock)
    own = match.tenders_for(world_store, CANTEEN, settings=settings, clock=clock)
    (mine,) = [hit for _, _, hit in own if hit.notice == "2026-200109"]
    _, lots = match.suppliers_of(world_store, "2026-200109", settings=settings, clock=clock)
    assert mine in lots[0][1]


def unit(**more: object) -> Organisation:
    return Organisation(id=CANTEEN, name="BÆREKRAFTIG SOSIALT AS", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "expected", "field"),
    [
        ({"legal_form": "SA"}, "cooperative", "organisasjonsform"),
        ({"legal_form": "STI"}, "foundation", "organisasjonsform"),
        ({"is_foundation": True}, "foundation", "Stiftelsesregisteret"),
        ({"sector": "7000"}, "non_profit", "institusjonellSektorkode"),
        ({"is_voluntary": True}, "voluntary_organisation", "Frivillighetsregisteret"),
        (
            {
                "industry_codes": (
                    IndustryCode("SN2025", "56.290"),
                    IndustryCode("SN2025", "88.993"),
                )
            },
            "work_inclusion",
            "naeringskode2",
        ),
        ({"industry_codes": (IndustryCode("SN2007", "88.994"),)}, "work_inclusion", "88.994"),
    ],
)
def test_the_registers_own_fields_are_evidence(
    facts: dict[str, object], expected: str, field: str
) -> None:
    (fact,) = register_facts(unit(**facts))
    assert (fact.kind, fact.tied_by, fact.certainty) == (expected, "register", 1.0)
    assert field in (fact.reference or "")


def test_a_name_a_purpose_and_a_code_that_changed_its_meaning_are_no_evidence() -> None:
    codes = (IndustryCode("SN2025", "88.994"),)
    assert register_facts(unit(purpose="Sosialt, grønt", industry_codes=codes)) == ()


def test_closed_rows_are_shown_with_the_day(world_store: Store) -> None:
    crawl(world_store, "renhold", cleaners([CANTEEN.number]))
    link.link(world_store)
    crawl(world_store, "renhold", cleaners(NUMBERS[:1]))
    (row,) = evidence_of(world_store, CANTEEN)
    assert row["withdrawn_at"] == NOW
    with world_store.read() as connection:
        assert evidence_known.valid(connection, NOW.date(), org=CANTEEN) == {}

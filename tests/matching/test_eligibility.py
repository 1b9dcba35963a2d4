"""What stops a bid, what leaves it open, and what would remove it. Unknown is never no."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from procmatch.matching.requirements import requirements
from procmatch.model.match import Match, Verdict
from procmatch.model.notice import Lot
from procmatch.model.organisation import Evidence, OrgStatus, Supplier
from procmatch.text.messages import say
from tests.matching.market import NOW, TROMSO, firm, judge, lot

BREAD = lot("Brød", "15811000", value=2_000_000)
TURNOVER = "Årlig omsetning på minst 10 MNOK."


def bakery(**facts: object) -> Supplier:
    return firm("Bakeri AS", "10.710", "Bakeri med brød.", **facts)  # type: ignore[arg-type]


def kinds(match: Match, *, blocking: bool | None = None) -> set[str]:
    return {h.kind for h in match.hurdles if blocking is None or h.blocking is blocking}


@pytest.mark.parametrize(
    ("supplier", "one", "kind", "verdict"),
    [
        (bakery(status=OrgStatus.BANKRUPT), BREAD, "status", Verdict.NOT),
        (bakery(status=OrgStatus.DISSOLVING), BREAD, "status", Verdict.NOT),
        (bakery(status=OrgStatus.DELETED), BREAD, "status", Verdict.NOT),
        (bakery(status=OrgStatus.RECONSTRUCTION), BREAD, "status", Verdict.PERHAPS),
        (bakery(is_helper_unit=True), BREAD, "not_a_supplier", Verdict.NOT),
        (
            firm("Brød Holding AS", "64.210", "Eie aksjer i brød og bakeri."),
            lot("Brød fra bakeri", "15811000"), "not_a_supplier", Verdict.NOT,
        ),
        (
            firm("Brød Eiendom AS", "68.200", "Utleie til brød og bakeri."),
            lot("Brød fra bakeri", "15811000"), "not_a_supplier", Verdict.NOT,
        ),
        (
            bakery(), lot("Brød", "15811000", deadline=NOW - timedelta(days=1)),
            "deadline", Verdict.NOT,
        ),
        (bakery(), lot("Brød", "15811000", reserved=("res-ws",)), "reserved", Verdict.NOT),
        (bakery(turnover=3e6), lot("Brød", "15811000", asks=(TURNOVER,)), "turnover", Verdict.NOT),
        (bakery(), lot("Brød", "15811000", asks=(TURNOVER,)), "turnover", Verdict.PERHAPS),
        (bakery(at=TROMSO), BREAD, "distance", Verdict.PERHAPS),
        (bakery(turnover=1e6), lot("Brød", "15811000", value=9e6), "capacity", Verdict.PERHAPS),
        (
            bakery(), lot("Brød", "15811000", asks=("Sertifisert etter ISO 9001.",)),
            "quality_certificate", Verdict.ELIGIBLE,
        ),
        (
            bakery(), lot("Brød", "15811000", asks=("Daglig levering til alle enheter.",)),
            "daily_delivery", Verdict.PERHAPS,
        ),
    ],
)  # fmt: skip
def test_each_hurdle_is_told_and_weighs_what_it_should(
    supplier: Supplier, one: Lot, kind: str, verdict: Verdict
) -> None:
    match = judge(one, supplier)
    assert kind in kinds(match)
    assert match.verdict is verdict


def test_nothing_in_the_way_is_eligible() -> None:
    match = judge(BREAD, bakery(turnover=9e6))
    assert (match.verdict, match.hurdles) == (Verdict.ELIGIBLE, ())


def test_enough_turnover_is_no_hurdle() -> None:
    match = judge(lot("Brød", "15811000", asks=(TURNOVER,)), bakery(turnover=12e6))
    assert "turnover" not in kinds(match)


@pytest.mark.parametrize(("value", "says"), [(2e6, "twice"), (20e6, "another firm")])
def test_a_requirement_out_of_proportion_is_said_to_be_so(value: float, says: str) -> None:
    match = judge(lot("Brød", "15811000", value=value, asks=(TURNOVER,)), bakery(turnover=3e6))
    (hurdle,) = [h for h in match.hurdles if h.kind == "turnover"]
    assert hurdle.way_out is not None
    assert says in hurdle.way_out.text


@pytest.mark.parametrize(
    ("asked", "says"), [("500 000 kr", "0,5"), ("2,5 mill. kr", "2,5"), ("10 MNOK", "10 ")]
)
def test_the_turnover_asked_for_is_told_as_it_is(asked: str, says: str) -> None:
    one = lot("Brød", "15811000", asks=(f"Omsetning på minst {asked}.",))
    (hurdle,) = [h for h in judge(one, bakery(turnover=1e5)).hurdles if h.kind == "turnover"]
    assert says in say(hurdle.reason, "nb")


@pytest.mark.parametrize(
    "fact",
    [
        Evidence(kind="work_inclusion", dimension="social", source="x", valid_to=date(2020, 1, 1)),
        Evidence(kind="work_inclusion", dimension="social", source="x", certainty=0.3),
    ],
)
def test_evidence_that_ended_or_is_unsure_proves_nothing(fact: Evidence) -> None:
    one = lot("Møtemat", "55520000", reserved=("res-ws",))
    supplier = replace(firm("Kokk AS", "56.210", "Catering."), evidence=(fact,))
    assert judge(one, supplier).verdict is Verdict.NOT


def test_a_public_service_reservation_is_another_one() -> None:
    one = lot("Omsorg", "85311000", reserved=("res-pub-ser",))
    trade = ("88.100", "Omsorg for eldre.")
    assert judge(one, firm("Pleie AS", *trade)).verdict is Verdict.PERHAPS
    assert judge(one, firm("Stiftelsen", *trade, sector="7000")).verdict is Verdict.ELIGIBLE


def test_evidence_removes_the_hurdle_it_proves() -> None:
    one = lot("Brød", "15811000", asks=("Miljøfyrtårn eller tilsvarende.",))
    assert "environment_certificate" in kinds(judge(one, bakery()))
    assert "environment_certificate" not in kinds(judge(one, bakery(evidence=("eco_lighthouse",))))


@pytest.mark.parametrize("way", ["industry", "evidence"])
def test_work_inclusion_opens_a_reserved_lot(way: str) -> None:
    one = lot("Møtemat", "55520000", reserved=("res-ws",))
    own = (
        firm("Vekst AS", "88.993", "Arbeidstrening og catering.")
        if way == "industry"
        else firm("Kokk AS", "56.210", "Catering.", evidence=("work_inclusion",))
    )
    assert judge(one, own).verdict is Verdict.ELIGIBLE


def test_every_hurdle_names_its_field() -> None:
    one = lot("Brød", "15811000", value=9e6, reserved=("res-ws",), asks=(TURNOVER, "ISO 9001"))
    match = judge(one, bakery(turnover=1e6, at=TROMSO, status=OrgStatus.BANKRUPT))
    assert all(hurdle.source for hurdle in match.hurdles)
    blocking = [hurdle.blocking for hurdle in match.hurdles]
    assert blocking == sorted(blocking, reverse=True)


@pytest.mark.parametrize(
    ("words", "kind", "amount"),
    [
        ("Årlig omsetning på minst 4 millioner kroner.", "turnover", 4_000_000),
        ("en årlig omsetning på minst 100 MNOK i hvert av de siste årene", "turnover", 100_000_000),
        ("Minste årlige omsetning: kr 5 000 000", "turnover", 5_000_000),
        ("Årlig omsetning: minst MNOK 10", "turnover", 10_000_000),
        ("Minst 4 millioner kroner i årlig omsetning", "turnover", 4_000_000),
        ("kr 5 000 000 i årlig omsetning", "turnover", 5_000_000),
        ("Daglig levering før klokken sju", "daily_delivery", None),
        ("Varene leveres hver dag", "daily_delivery", None),
        ("Minst A i kredittrating", "credit_rating", None),
        ("omsetning på minst 5 000 000 kr", "turnover", 5_000_000),
        ("omsetning på minst NOK 3.500.000 kroner", "turnover", 3_500_000),
        ("ei omsetnad på minst 2,5 mill. kroner", "turnover", 2_500_000),
        ("Leverandøren skal være sertifisert etter ISO 14001", "environment_certificate", None),
        ("Tre referanser fra sammenlignbare leveranser", "references", None),
        ("Elektronisk varekatalog i PEPPOL", "electronic_catalogue", None),
        ("Kredittvurdering A", "credit_rating", None),
        ("Ansvarsforsikring på 10 MNOK", "insurance", None),
        ("Godkjent lærebedrift", "apprentices", None),
        ("Godkjent i Arbeidstilsynets renholdsregister", "cleaning_register", None),
        ("Sentral godkjenning, tiltaksklasse 1", "central_approval", None),
        ("ISO-27001", "security_certificate", None),
    ],
)
def test_requirements_are_found_in_the_buyers_words(
    words: str, kind: str, amount: int | None
) -> None:
    found = {one.kind: one.amount for one in requirements(lot(asks=(words,)))}
    assert kind in found
    if amount is not None:
        assert found[kind] == amount


@pytest.mark.parametrize(
    "words",
    [
        "Leverandøren skal levere godt brød.",
        "Pris 100 kr.",
        "",
        "Omsetningen er ikke viktig.",
        "Oppgi omsetning for de siste tre årene, gebyr kr 500",
        "Daglig leder skal signere.",
        "Dagligvarer",
        "Operating license",
        "Referansegruppe",
        "Leverandøren trenger ikke ansvarsforsikring.",
    ],
)
def test_harmless_words_ask_for_nothing(words: str) -> None:
    assert requirements(lot(asks=(words,))) == ()

"""What stops a bid, what leaves it open, and what would remove it. Unknown is never no."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from procmatch.matching.eligibility import never_listed
from procmatch.matching.requirements import requirements
from procmatch.model.match import Match, Verdict
from procmatch.model.notice import Lot
from procmatch.model.organisation import Accounts, Evidence, IndustryCode, OrgStatus, Supplier
from procmatch.text.messages import say
from tests.matching.market import NOW, TROMSO, criterion, firm, judge, lot

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
        (bakery(legal_form="KBO"), BREAD, "status", Verdict.NOT),
        (bakery(legal_form="TVAM"), BREAD, "status", Verdict.NOT),
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


def registered(*codes: tuple[str, str], name: str = "Brødgården AS") -> Supplier:
    """A firm with these (revision, code) trades whose words are about bread."""
    one = firm(name, "", "Brød og bakeri.")
    trades = tuple(IndustryCode(*code) for code in codes)
    return replace(one, organisation=replace(one.organisation, industry_codes=trades))


@pytest.mark.parametrize(
    ("codes", "verdict"),
    [
        ((("SN2007", "68.209"),), Verdict.NOT),
        ((("SN2007", "68.209"), ("SN2007", "64.202")), Verdict.NOT),
        ((("SN2007", "64.202"),), Verdict.NOT),
        ((("SN2025", "70.100"),), Verdict.NOT),
        ((("SN2007", "68.209"), ("SN2025", "10.710")), Verdict.ELIGIBLE),
        ((("SN2025", "64.210"), ("SN2025", "10.710")), Verdict.ELIGIBLE),
        ((), Verdict.ELIGIBLE),
    ],
)
def test_who_only_owns_or_lets_is_no_supplier(
    codes: tuple[tuple[str, str], ...], verdict: Verdict
) -> None:
    assert judge(lot("Brød fra bakeri", "15811000"), registered(*codes)).verdict is verdict


def test_who_lets_property_may_bid_on_property() -> None:
    one = lot("Leie av lokaler til bakeri og brød", "70130000")
    assert judge(one, registered(("SN2007", "68.209"))).verdict is Verdict.ELIGIBLE


def test_a_group_shows_no_turnover_for_a_firm_but_may_lend_its_capacity() -> None:
    group = Accounts(year=2025, turnover=Decimal(900_000_000), group=True)
    own = Accounts(year=2024, turnover=Decimal(3_000_000))
    one = lot("Brød", "15811000", asks=(TURNOVER,))
    for accounts, facts in (((group, own), {}), ((group,), {}), ((own,), {"in_group": True})):
        match = judge(one, replace(bakery(**facts), accounts=accounts))
        (hurdle,) = [h for h in match.hurdles if h.kind == "turnover"]
        assert match.verdict is Verdict.PERHAPS
        assert "group company" in say(hurdle.way_out or hurdle.reason, "en")
        assert hurdle.note is None
    assert judge(one, replace(bakery(), accounts=(own,))).verdict is Verdict.NOT


@pytest.mark.parametrize(
    ("turnover", "value", "verdict"),
    [
        (3e6, 1e6, Verdict.ELIGIBLE),
        (3e6, 2e6, Verdict.NOT),
        (None, 2e6, Verdict.PERHAPS),
        (3e6, None, Verdict.PERHAPS),
    ],
)
def test_a_turnover_in_proportion_to_the_value_needs_a_known_value(
    turnover: float | None, value: float | None, verdict: Verdict
) -> None:
    asks = ("Omsetning på minst to ganger kontraktens verdi.",)
    match = judge(lot("Brød", "15811000", value=value, asks=asks), bakery(turnover=turnover))
    assert match.verdict is verdict


def test_a_guess_from_staff_is_told_as_a_guess() -> None:
    one = lot("Brød", "15811000", value=20e6)
    guessed, known = judge(one, bakery(employees=4)), judge(one, bakery(turnover=4.8e6))
    for match, says in ((guessed, "accounts are not known"), (known, "turns over about")):
        (hurdle,) = [h for h in match.hurdles if h.kind == "capacity"]
        assert says in criterion(match, "capacity").reason.text
        assert ("not known" in hurdle.reason.text) is (match is guessed)


@pytest.mark.parametrize(
    "words", ["ISO 9001/14001", "ISO 14001 og 9001", "ISO 9001:2015, ISO 14001"]
)
def test_two_certificates_in_one_breath_are_two(words: str) -> None:
    found = {one.kind for one in requirements(lot(asks=(words,)))}
    assert found == {"quality_certificate", "environment_certificate"}


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
        ("Godkjend i reinhaldsregisteret", "cleaning_register", None),
        ("Bankgaranti på 10 % av kontraktssummen", "guarantee", None),
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


@pytest.mark.parametrize("form", ["KBO", "TVAM"])
def test_what_is_left_of_a_bankrupt_firm_stands_in_no_list(form: str) -> None:
    estate = bakery(legal_form=form)
    assert never_listed(estate.organisation)
    (hurdle,) = (one for one in judge(BREAD, estate).hurdles if one.kind == "status")
    assert hurdle.source == "organisasjonsform"
    assert not never_listed(bakery(legal_form="AS").organisation)

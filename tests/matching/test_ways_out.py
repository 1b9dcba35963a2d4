"""What is asked for meets what is known of a firm; each hurdle says what would remove it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procmatch.matching import SupplierIndex, match_lot
from procmatch.matching.figures import Figure, figures
from procmatch.matching.hurdle_kinds import HURDLE_KINDS
from procmatch.matching.requirements import requirements
from procmatch.matching.ways_out import JOINT_BIDS
from procmatch.model.match import Hurdle, Match, Verdict
from procmatch.model.notice import Lot, SelectionCriterion
from procmatch.model.organisation import Accounts, Evidence, OrgStatus, Supplier
from procmatch.text.messages import say
from tests.matching.market import (
    ASKER,
    BAERUM,
    CODES,
    NOW,
    OTHERS,
    TROMSO,
    firm,
    judge,
    lot,
    notice,
    text,
)

WEIGHTS = {one.name: one.weights for one in HURDLE_KINDS}


def bakery(**facts: object) -> Supplier:
    return firm("Bakeri AS", "10.710", "Bakeri med brød.", **facts)  # type: ignore[arg-type]


def bread(*asks: str, **facts: object) -> Lot:
    return lot("Brød", "15811000", asks=asks, **facts)  # type: ignore[arg-type]


def of_kind(match: Match, kind: str) -> list[Hurdle]:
    return [hurdle for hurdle in match.hurdles if hurdle.kind == kind]


@pytest.mark.parametrize(
    ("kind", "sentence", "expected"),
    [
        ("years_trading", "skal ha vært i drift i minst tre år", [(3, "years")]),
        ("years_trading", "etablert i minst 5 (fem) år", [(5, "years")]),
        ("references", "tre tilsvarende leveranser de siste 5 årene",
         [(3, "deliveries"), (5, "years")]),
        ("references", "dei 3 viktigaste leveransane dei siste tre åra",
         [(3, "deliveries"), (3, "years")]),
        ("references", "three comparable contracts in the last 3 years",
         [(3, "deliveries"), (3, "years")]),
        ("references", "minst 3 oppdrag i løpet av de tre siste årene",
         [(3, "deliveries"), (3, "years")]),
        ("references", "en beskrivelse av oppdragets innhold", []),
        ("references", "relevant erfaring", []),
        ("local_presence", "verksted innen 50 km fra rådhuset", [(50, "km")]),
        ("local_presence", "kontor innen 30 minutters kjøring", [(30, "minutes away")]),
        ("response_time", "utrykningstid 30 minutter", [(30, "minutes away")]),
        ("response_time", "responstid på to timer", [(120, "minutes")]),
        ("response_time", "skal kunne møte opp innen 1 time", [(60, "minutes away")]),
        ("staffing", "minst fem fast ansatte", [(5, "people")]),
        ("equity", "egenkapitalandel på minst 20 %", [(20, "percent")]),
        ("central_approval", "sentral godkjenning i tiltaksklasse 2", [(2, "class")]),
        ("insurance", "10 km, 3 år, 20 %", []),
    ],
)  # fmt: skip
def test_figures_are_read_in_the_units_of_their_kind(
    kind: str, sentence: str, expected: list[tuple[int, str]]
) -> None:
    assert list(figures(kind, sentence)) == [Figure(*one) for one in expected]


@pytest.mark.parametrize(
    ("asked", "supplier", "kind", "verdict", "says"),
    [
        # Years of trading: the earlier of foundation and registration.
        ("Firmaet skal ha eksistert i minst 3 år.", bakery(founded_on=date(2015, 1, 1)),
         "years_trading", Verdict.ELIGIBLE, ""),
        ("Firmaet skal ha eksistert i minst 3 år.",
         bakery(founded_on=date(2025, 3, 9), registered_on=date(2025, 4, 1)),
         "years_trading", Verdict.PERHAPS, "9. mars 2025"),
        ("Firmaet skal ha eksistert i minst 3 år.", bakery(),
         "years_trading", Verdict.PERHAPS, "sier ikke når"),
        # Staff.
        ("Leverandøren skal ha minst fem fast ansatte.", bakery(employees=5),
         "staffing", Verdict.ELIGIBLE, ""),
        ("Leverandøren skal ha minst fem fast ansatte.", bakery(has_employees=True),
         "staffing", Verdict.PERHAPS, "1-4 er registrert"),
        ("Leverandøren skal ha minst fem fast ansatte.", bakery(),
         "staffing", Verdict.PERHAPS, "ikke kjent"),
        # Place: the establishments count, not the office.
        ("Leverandøren skal ha verksted innenfor 50 km.", bakery(at=ASKER),
         "local_presence", Verdict.ELIGIBLE, ""),
        ("Leverandøren skal ha verksted innenfor 50 km.", bakery(at=TROMSO, works_at=BAERUM),
         "local_presence", Verdict.ELIGIBLE, ""),
        ("Leverandøren skal ha verksted innenfor 50 km.", bakery(at=ASKER, works_at=TROMSO),
         "local_presence", Verdict.PERHAPS, "km unna"),
        ("Utrykningstid på 30 minutter.", bakery(at=ASKER),
         "response_time", Verdict.ELIGIBLE, ""),
        ("Utrykningstid på 30 minutter.", bakery(at=TROMSO),
         "response_time", Verdict.PERHAPS, "innen rundt 30 km"),
        ("Utrykningstid på 30 minutter.", bakery(at=None),
         "response_time", Verdict.PERHAPS, "ikke kjent"),
        # An answer within some time asks nobody to be near.
        ("Responstid på maks 2 timer.", bakery(at=ASKER),
         "response_time", Verdict.ELIGIBLE, "120 minutter"),
        # References of a young firm.
        ("Tre tilsvarende leveranser de siste 3 årene.", bakery(founded_on=date(2010, 1, 1)),
         "references", Verdict.ELIGIBLE, "3 lignende leveranser fra de siste 3"),
    ],
)  # fmt: skip
def test_what_is_asked_meets_what_is_known(
    asked: str, supplier: Supplier, kind: str, verdict: Verdict, says: str
) -> None:
    match = judge(bread(asked), supplier)
    found = of_kind(match, kind)
    assert match.verdict is verdict
    assert [says in say(one.reason, "nb") for one in found] == ([True] if says else [])


def test_a_young_firm_is_told_what_may_count() -> None:
    match = judge(bread("Tre tilsvarende leveranser."), bakery(founded_on=date(2025, 9, 1)))
    (hurdle,) = of_kind(match, "references")
    assert hurdle.way_out is not None
    assert "The firm is young" in say(hurdle.way_out, "en")
    assert "stiftelsesdato" in hurdle.source


@pytest.mark.parametrize(
    ("equity", "balance", "verdict", "hurdles"),
    [(3, 10, Verdict.ELIGIBLE, 0), (1, 10, Verdict.PERHAPS, 1), (None, 10, Verdict.ELIGIBLE, 1)],
)
def test_equity_is_compared_with_the_accounts(
    equity: int | None, balance: int, verdict: Verdict, hurdles: int
) -> None:
    year = Accounts(
        year=2025, equity=None if equity is None else Decimal(equity), balance=Decimal(balance)
    )
    match = judge(bread("Egenkapitalandel på minst 20 %."), replace(bakery(), accounts=(year,)))
    assert (match.verdict, len(of_kind(match, "equity"))) == (verdict, hurdles)


@pytest.mark.parametrize(
    ("areas", "verdict", "hurdles"),
    [
        ("UTF Betong (1)", Verdict.PERHAPS, 1),
        ("UTF Betong (1); PRO Tre (2)", Verdict.ELIGIBLE, 0),
        ("", Verdict.ELIGIBLE, 0),
        (None, Verdict.ELIGIBLE, 1),
    ],
)
def test_a_central_approval_holds_up_to_its_class(
    areas: str | None, verdict: Verdict, hurdles: int
) -> None:
    builder = firm("Bygg AS", "41.000", "Oppføring av bygninger.")
    if areas is not None:
        fact = Evidence(kind="central_approval", dimension="approval", source="x", text=areas)
        builder = replace(builder, evidence=(fact,))
    one = lot("Bygg", "45210000", asks=("Sentral godkjenning i tiltaksklasse 2.",))
    match = judge(one, builder)
    assert (match.verdict, len(of_kind(match, "central_approval"))) == (verdict, hurdles)


def test_cleaning_is_for_approved_firms_whether_the_notice_says_so_or_not() -> None:
    cleaner = firm("Vask AS", "81.210", "Renhold av kontorer.")
    approved = replace(
        cleaner,
        evidence=(Evidence(kind="cleaning_register", dimension="approval", source="renhold"),),
    )
    for asks in ((), ("Leverandøren må være godkjent i renholdsregisteret.",)):
        one = lot("Renhold av kontorer", "90919200", asks=asks)
        (hurdle,) = judge(one, cleaner).hurdles
        assert (hurdle.kind, hurdle.blocking, hurdle.decides) == ("cleaning_register", False, True)
        assert judge(one, approved).hurdles == ()
    assert judge(lot("Vask av tanker, renhold", "90913000"), cleaner).hurdles == ()


def test_food_needs_a_registration_that_a_food_trade_already_has() -> None:
    one = lot("Møtemat", "55520000", reserved=("res-ws",))
    training = firm("Vekst AS", "88.993", "Arbeidstrening og møtemat.")
    (hurdle,) = judge(one, training).hurdles
    assert (hurdle.kind, hurdle.decides) == ("food_registration", False)
    seen = Evidence(kind="food_inspection", dimension="approval", source="smilefjes")
    assert judge(one, replace(training, evidence=(seen,))).hurdles == ()
    assert judge(bread(), bakery()).hurdles == ()


@pytest.mark.parametrize(
    ("reserved", "supplier", "verdict"),
    [
        (("res-ws",), bakery(), Verdict.NOT),
        (("res-ws",), firm("Stiftelsen", "10.710", "Brød.", is_foundation=True), Verdict.PERHAPS),
        (("res-ws",), firm("Bro AS", "10.710", "Brød og arbeidstrening."), Verdict.PERHAPS),
        (("res-ws",), bakery(evidence=("social_enterprise",)), Verdict.PERHAPS),
        (("res-ws",), bakery(evidence=("work_inclusion",)), Verdict.ELIGIBLE),
        (("res-pub-ser",), bakery(), Verdict.PERHAPS),
        (("res-pub-ser",), firm("Ideell", "10.710", "Brød.", sector="7000"), Verdict.ELIGIBLE),
        (("res-ws", "res-pub-ser"), bakery(), Verdict.PERHAPS),
        (("res-ws", "res-pub-ser"), firm("I", "10.710", "Brød.", sector="7000"), Verdict.ELIGIBLE),
    ],
)
def test_a_reservation_is_for_those_it_names(
    reserved: tuple[str, ...], supplier: Supplier, verdict: Verdict
) -> None:
    """Codes of BT-71; who may be one of them is asked about, not turned away."""
    assert judge(bread(reserved=reserved), supplier).verdict is verdict


def test_work_within_sheltered_employment_is_done_with_a_firm_for_it() -> None:
    one = bread(reserved_execution=True)
    (hurdle,) = judge(one, bakery()).hurdles
    assert (hurdle.kind, hurdle.source) == ("reserved_execution", "BT-736")
    assert judge(one, bakery(evidence=("work_inclusion",))).hurdles == ()


@pytest.mark.parametrize(
    ("language", "day", "expected"),
    [
        ("en", 5, "before the question deadline 6 June 2026 whether"),
        ("nb", 5, "innen spørsmålsfristen 6. juni 2026 om"),
        ("nn", 5, "innan spørsmålsfristen 6. juni 2026 om"),
        ("nb", None, "innen spørsmålsfristen om"),
        ("nb", -1, "spørsmålsfristen er ute"),
    ],
)
def test_the_question_deadline_is_named_when_it_is_known_and_not_passed(
    language: str, day: int | None, expected: str
) -> None:
    end = None if day is None else NOW + timedelta(days=day)
    one = bread("Sertifisert etter ISO 9001.", question_deadline=end)
    (hurdle,) = judge(one, bakery()).hurdles
    assert hurdle.way_out is not None
    assert expected in say(hurdle.way_out, language)


def test_the_question_deadline_is_told_in_norwegian_time() -> None:
    late = datetime(2026, 6, 9, 22, 30, tzinfo=UTC)
    (hurdle,) = judge(bread("ISO 9001-sertifikat.", question_deadline=late), bakery()).hurdles
    assert hurdle.way_out is not None
    assert "10. juni" in say(hurdle.way_out, "nb")


def small(one: Lot, supplier: Supplier, *, lots: int = 1) -> list[Hurdle]:
    """Hurdles of a firm for the first of some lots."""
    many = replace(notice(one), lots=(one,) * lots)
    index = SupplierIndex.build([supplier, *OTHERS], codes=CODES)
    found = match_lot(many, one, index, codes=CODES, now=NOW, radius_km=80)
    return list(next(m for m in found if m.supplier == supplier.organisation.id).hurdles)


BIG = bread("Årlig omsetning på minst 10 MNOK.", value=9_000_000)


def test_joint_bids_are_a_note_for_whom_alone_is_too_small_and_no_part_is_open() -> None:
    for hurdle in small(BIG, bakery(turnover=1e6)):
        assert (hurdle.note == JOINT_BIDS) is (hurdle.kind in {"turnover", "capacity"})
    for hurdles in (
        small(BIG, bakery(turnover=1e6), lots=2),
        small(BIG, bakery(turnover=1e6, in_group=True)),
        small(BIG, bakery(turnover=50e6)),
        small(BIG, bakery(employees=1)),
        small(BIG, bakery()),
    ):
        assert all(hurdle.note is None for hurdle in hurdles)


def test_the_way_out_knows_whether_there_are_lots() -> None:
    one, several = (small(BIG, bakery(turnover=1e6), lots=n)[0].way_out for n in (1, 2))
    assert one is not None
    assert several is not None
    assert "divide the contract into lots" in one.text
    assert several.text.startswith("Bid for a smaller lot")


ALL_ASKED = (
    "Årlig omsetning på minst 10 MNOK.", "Sertifisert etter ISO 9001 og ISO 14001.", "ISO 27001",
    "Kvalitetssystem.", "Miljøledelse.", "Informasjonssikkerhet.", "HMS-system.",
    "Aktsomhetsvurderinger.", "HACCP.", "Egenkapital på minst 20 %.", "Kredittrating A.",
    "Tre referanser.", "Etablert i minst 3 år.", "Tilstrekkelig bemanning.", "CV.", "Maskinpark.",
    "Løyve.", "Renholdsregisteret.", "Sentral godkjenning.", "Lærebedrift.", "Skatteattest.",
    "Politiattest.", "Sikkerhetsklarering: leverandørklarering.", "Taushetserklæring.",
    "Beherske norsk.", "Elektronisk katalog.", "Daglig levering.", "Responstid.",
    "Servicebase i Asker.", "Deltakeravgift.", "Ansvarsforsikring.", "Bankgaranti.",
)  # fmt: skip


def test_every_hurdle_names_its_field_its_way_out_and_weighs_as_the_table_says() -> None:
    worst = bakery(at=TROMSO, turnover=1e6, status=OrgStatus.BANKRUPT)
    criteria = tuple(SelectionCriterion(description=text(one)) for one in ALL_ASKED)
    one = lot(
        "Landsdekkende brød", "15811000", value=9e6, criteria=criteria, reserved=("res-ws",),
        reserved_execution=True, deadline=NOW - timedelta(days=1), guarantee_required=True,
    )  # fmt: skip
    execution = lot("Brød", "15811000", reserved_execution=True)
    owner = firm("Brød Holding AS", "64.210", "Eie aksjer i brød og bakeri.")
    food = firm("Vekst AS", "88.993", "Arbeidstrening og brød.")
    solid = bread("Leverandøren skal ha solid økonomi.", reserved=("res-ws",))
    found = [
        *judge(one, worst).hurdles, *judge(lot("Brød fra bakeri", "15811000"), owner).hurdles,
        *judge(solid, food).hurdles,
        *judge(execution, bakery()).hurdles,
    ]  # fmt: skip
    for hurdle in found:
        assert hurdle.source, hurdle.kind
        assert hurdle.way_out is not None, hurdle.kind
        weight = "stops" if hurdle.blocking else "open" if hurdle.decides else "work"
        assert weight in WEIGHTS[hurdle.kind], hurdle.kind
        for language in ("nb", "nn", "en"):
            assert "{" not in say(hurdle.reason, language) + say(hurdle.way_out, language)
    assert {hurdle.kind for hurdle in found} == set(WEIGHTS)


def test_what_blocks_comes_first_and_work_last() -> None:
    match = judge(
        bread("Sertifisert etter ISO 9001.", value=9e6, reserved=("res-ws",)), bakery(turnover=1e6)
    )
    order = [(not one.blocking, not one.decides) for one in match.hurdles]
    assert order == sorted(order)
    assert len(set(order)) == 3


firms = st.builds(
    lambda turnover, staff, at, group, began: bakery(
        turnover=turnover, employees=staff, at=at, in_group=group, founded_on=began
    ),
    turnover=st.one_of(st.none(), st.floats(0, 5e7)),
    staff=st.one_of(st.none(), st.integers(0, 60)),
    at=st.sampled_from([ASKER, BAERUM, TROMSO, None]),
    group=st.sampled_from([True, False, None]),
    began=st.sampled_from([None, date(2000, 1, 1), date(2025, 6, 1)]),
)
ASKS = (
    "Omsetning på minst to ganger kontraktens verdi.",
    "Firmaet skal ha eksistert i minst 3 år.",
    "Leverandøren skal ha minst fem fast ansatte.",
    "Sertifisert etter ISO 9001.",
    "Bankgaranti.",
)


@settings(max_examples=60, deadline=None)
@given(
    market=st.lists(firms, min_size=1, max_size=8),
    asks=st.lists(st.sampled_from(ASKS), unique=True),
    turnover=st.one_of(st.none(), st.integers(1, 40)),
    value=st.integers(1, 40),
    parts=st.integers(2, 6),
    scaled=st.booleans(),
)
def test_splitting_a_lot_never_lowers_the_number_of_eligible_suppliers(
    market: list[Supplier],
    asks: list[str],
    turnover: int | None,
    value: int,
    parts: int,
    *,
    scaled: bool,
) -> None:
    """The value is shared by the parts; the turnover asked for stays, or shrinks with it."""

    def verdicts(worth: float, least: float | None, of: int) -> list[Verdict]:
        sums = () if least is None else (f"Omsetning på minst {least:.0f} kroner.",)
        one = bread(*asks, *sums, value=worth)
        many = replace(notice(one), lots=tuple(replace(one, id=f"LOT-{n}") for n in range(of)))
        found = match_lot(many, many.lots[0], market, codes=CODES, now=NOW, radius_km=80)
        return [match.verdict for match in found]

    asked = None if turnover is None else turnover * 1e6
    smaller = asked / parts if asked and scaled else asked
    whole, part = verdicts(value * 1e6, asked, 1), verdicts(value * 1e6 / parts, smaller, parts)
    assert part.count(Verdict.ELIGIBLE) >= whole.count(Verdict.ELIGIBLE)
    assert part.count(Verdict.NOT) <= whole.count(Verdict.NOT)


def test_a_requirement_keeps_the_sentence_that_says_more() -> None:
    one = lot(asks=("Gode referanser.", "Minst to tilsvarende leveranser de siste tre år."))
    (found,) = requirements(one)
    assert (found.figure("deliveries"), found.figure("years")) == (2, 3)

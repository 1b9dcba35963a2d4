"""A ledger: all of it is counted, what is not certain as unknown."""

from datetime import date
from decimal import Decimal

from procmatch.insight.shares import Measure, Question, share
from procmatch.insight.spend import leakage, purchases, where
from procmatch.model.ledger import LedgerLine
from procmatch.model.organisation import (
    Establishment,
    Evidence,
    IndustryCode,
    Organisation,
    OrgId,
    SizeClass,
    Supplier,
)
from procmatch.model.values import Place

ASKER, OSLO, DRAMMEN = "3203", "0301", "3301"


def _supplier(number: str, trade: str, *towns: str, size: SizeClass = SizeClass.SMALL) -> Supplier:
    places = tuple(
        Establishment(number=f"{at}", name="x", place=Place(municipality=town))
        for at, town in enumerate(towns)
    )
    unit = Organisation(
        id=OrgId("NO-BRC", number),
        name=number,
        industry_codes=(IndustryCode("SN2025", trade),),
        business_place=Place(municipality=OSLO),
        establishments=places,
    )
    return Supplier(organisation=unit, size=size)


BAKER = _supplier("1", "10.710", ASKER)
GROCER = _supplier("2", "46.390", OSLO, size=SizeClass.LARGE)
KNOWN = {"Bakeren": BAKER, "Engros": GROCER}


def _line(row: int, supplier: str, amount: int) -> LedgerLine:
    return LedgerLine(row=row, supplier=supplier, amount=Decimal(amount), day=date(2025, 2, 1))


LINES = [_line(1, "Bakeren", 100), _line(2, "Engros", 700), _line(3, "Ukjent AS", 200)]


def test_every_krone_of_the_ledger_stands_in_the_share() -> None:
    rows = purchases(LINES, lambda line: KNOWN.get(line.supplier), ASKER)
    local = share(rows, Question.LOCAL, Measure.VALUE)
    assert [int(one) for one in (local.yes, local.no, local.unknown)] == [100, 700, 200]
    assert local.whole == sum(line.amount for line in LINES)


def test_a_firm_works_where_its_establishments_are_and_not_where_it_is_registered() -> None:
    assert where(BAKER.organisation) == {ASKER}
    assert where(Organisation(id=OrgId("NO-BRC", "9"), name="x")) == frozenset()


def test_the_county_counts_beyond_the_municipality() -> None:
    near = _supplier("3", "10.710", "3201")
    (row,) = purchases([_line(1, "x", 1)], lambda _line: near, ASKER)
    assert (row.local, row.regional) == (False, True)


def test_no_evidence_is_unknown_and_not_a_no() -> None:
    fact = Evidence(kind="organic_certificate", dimension="green", source="Debio")
    green = Supplier(organisation=BAKER.organisation, evidence=(fact,))
    rows = purchases(LINES[:1] * 2, lambda _line: green, ASKER)
    assert rows[0].evidence is True
    assert purchases(LINES[:1], lambda _line: BAKER, ASKER)[0].evidence is None


def test_leakage_names_the_categories_whose_money_leaves_most_first() -> None:
    rows = purchases(LINES, lambda line: KNOWN.get(line.supplier), ASKER)
    first, *rest = leakage(rows, nearby=lambda division: 4 if division == "46" else 1)
    assert (first.category, int(first.away), first.nearby) == ("46", 700, 4)
    assert {leak.category: leak.local.unknown for leak in rest}[""] == 200


def test_credit_notes_reduce_what_was_spent() -> None:
    rows = purchases([_line(1, "Bakeren", 100), _line(2, "Bakeren", -40)], lambda _: BAKER, ASKER)
    assert share(rows, Question.LOCAL, Measure.VALUE).yes == 60

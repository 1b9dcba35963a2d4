"""When agreements end, and when to start planning what follows."""

from datetime import date
from decimal import Decimal

import pytest

from procmatch.insight.radar import Agreement, agreements, ending_within, plan_from
from procmatch.insight.spans import add_months, months_of, renewal_months, span
from procmatch.model.notice import Award, Lot, Notice, NoticeKind, OrganisationRef, Term
from procmatch.model.values import Money, Text

BAKERY = OrganisationRef(name="Bakeri AS", number="999601391")


def _text(words: str) -> Text:
    return Text(versions=(("NOR", words),))


def _result(lot: Lot | None = None, **award: object) -> Notice:
    won = Award(lot="LOT-0001", result="selec-w", winners=(BAKERY,), **award)  # type: ignore[arg-type]
    return Notice(
        notice_id="r", version="01", kind=NoticeKind.RESULT, title=_text("Brød"),
        source_id="2025-100001", lots=(lot,) if lot else (), awards=(won,),
    )  # fmt: skip


def _one(term: Term | None, **award: object) -> Agreement:
    return agreements("p", _result(Lot(id="LOT-0001", term=term), **award))[0]


def test_a_stated_end_counts_as_it_stands() -> None:
    found = _one(Term(start=date(2025, 1, 1), end=date(2026, 12, 31), renewals=0))
    assert (found.end, found.span.end_field) == (date(2026, 12, 31), "BT-537")
    assert found.span.last_end == date(2026, 12, 31)
    assert plan_from(found) == date(2025, 12, 31)


def test_a_length_counts_from_the_day_the_contract_was_concluded() -> None:
    found = _one(Term(length=24, unit="MONTH"), concluded_on=date(2025, 3, 1))
    assert (found.span.start_field, found.span.end_field) == ("BT-145", "BT-36")
    assert found.end == date(2027, 2, 28)


def test_without_start_or_term_the_end_is_unknown_and_says_so() -> None:
    assert _one(Term(length=2, unit="YEAR")).end is None
    assert plan_from(_one(None, concluded_on=date(2025, 3, 1))) is None


def test_an_unlimited_contract_has_no_end() -> None:
    found = _one(Term(other="UNLIMITED"), concluded_on=date(2025, 3, 1))
    assert found.span.unlimited
    assert found.end is None


@pytest.mark.parametrize(
    ("renewals", "told", "months"),
    [
        (0, "", 0.0),
        (2, "12 måneder", 24.0),
        (2, "Forlengelse er 24 måneder", 48.0),
        (2, "opsjon på 1+1 år", 24.0),
        (2, "Oppdragsgiver kan forlenge i ett år om gangen", 24.0),
        (3, "1+1 år", None),
        (2, "på like vilkår", None),
        (None, "1+1 år", None),
    ],
)
def test_renewals_are_added_up_only_where_their_length_is_told(
    renewals: int | None, told: str, months: float | None
) -> None:
    assert renewal_months(renewals, told) == months


def test_lengths_are_read_in_both_forms_of_norwegian_and_english() -> None:
    assert months_of("2+1+1 år") == [24, 12, 12]
    assert months_of("to år, deretter 6 månader") == [24, 6]
    assert months_of("24 mnd.") == [24]
    assert months_of("1 year") == [12]
    assert months_of("innen 14 dager") == []


def test_months_end_on_the_last_day_there_is() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2025, 3, 31), -1) == date(2025, 2, 28)


def test_renewals_that_are_not_told_leave_the_last_end_open() -> None:
    found = span(Term(end=date(2026, 6, 30), renewals=2))
    assert (found.first_end, found.last_end) == (date(2026, 6, 30), None)


def test_a_lot_that_the_result_does_not_repeat_is_read_from_the_competition() -> None:
    lot = Lot(
        id="LOT-0001",
        title=_text("Brød til Asker"),
        framework="fa-wo-rc",
        framework_participants=1,
        cpv_main="15811000",
        term=Term(start=date(2025, 1, 1), end=date(2028, 12, 31)),
    )
    competition = Notice(notice_id="c", version="01", kind=NoticeKind.COMPETITION, lots=(lot,))
    found = agreements("p", _result(), competition)[0]
    assert (found.title, found.exclusive, found.cpv) == ("Brød til Asker", True, ("15811000",))
    assert found.end == date(2028, 12, 31)


def test_a_framework_with_several_suppliers_is_one_agreement() -> None:
    other = OrganisationRef(name="Brød AS")
    result = _result(Lot(id="LOT-0001", framework="fa-w-rc"))
    both = Notice(
        notice_id="r", version="01", kind=NoticeKind.RESULT,
        lots=result.lots,
        awards=(
            *result.awards,
            Award(lot="LOT-0001", result="selec-w", winners=(other,),
                  value=Money(amount=Decimal(2), currency="NOK")),
        ),
    )  # fmt: skip
    (found,) = agreements("p", both)
    assert found.suppliers == (BAKERY, other)
    assert found.exclusive is False


def test_a_lot_without_a_winner_locks_nothing() -> None:
    nobody = Notice(
        notice_id="r", version="01", kind=NoticeKind.RESULT,
        awards=(Award(lot="LOT-0001", result="clos-nw"),),
    )  # fmt: skip
    assert agreements("p", nobody) == []


def test_what_ends_within_a_year_comes_soonest_first() -> None:
    ends = [date(2027, 5, 1), date(2026, 12, 1), date(2028, 1, 1), date(2026, 1, 1)]
    every = [_one(Term(start=date(2024, 1, 1), end=end)) for end in ends]
    near = ending_within([*every, _one(None)], date(2026, 11, 1))
    assert [one.end for one in near] == [date(2026, 12, 1), date(2027, 5, 1)]

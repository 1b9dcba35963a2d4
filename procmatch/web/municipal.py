"""What the pages of one municipality share: who it is, what it signed, and its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import Request

from procmatch.alerts.phrases import phrase
from procmatch.errors import CodeError, NotFound
from procmatch.insight.radar import Agreement, plan_from
from procmatch.insight.shares import Measure, Purchase, Question, shares
from procmatch.web.charts import Bar, Stretch, bars, stretches
from procmatch.web.context import Context
from procmatch.web.tables import Column, Table
from procmatch.web.wording import percent
from procmatch.workflows.agreements import Signed, signed_so_far
from procmatch.workflows.municipality_view import OwnLot, own_lots
from procmatch.workflows.spend import spent_by
from procmatch.workflows.trends import Towns, towns_with_results

__all__ = [
    "DOORS",
    "MEASURES",
    "MORE",
    "OF",
    "QUESTIONS",
    "SHORT",
    "Municipal",
    "agreements_table",
    "bought",
    "comparable",
    "crumbs",
    "find",
    "lots_of",
    "more",
    "radar_chart",
    "running",
    "shares_chart",
    "shares_table",
    "signed",
    "spent",
]

_COUNTY = 2
_CHARTED = 12
#: What is asked of each purchase, as a reader would ask it.
QUESTIONS = {
    Question.SMALL: "to small firms",
    Question.LOCAL: "to firms that work here",
    Question.REGIONAL: "to firms that work in the county",
    Question.EVIDENCE: "to firms with evidence of being social, green or innovative",
}
SHORT = {
    Question.SMALL: "Small firms",
    Question.LOCAL: "Work here",
    Question.REGIONAL: "Work in the county",
    Question.EVIDENCE: "With evidence",
}
MEASURES = {Measure.NUMBER: "number of awards", Measure.VALUE: "kroner"}
#: The three doors: the last part of the address, and for whom.
DOORS = {
    "leader": "For leaders",
    "purchaser": "For purchasers",
    "unit": "For a school, a nursing home or another unit",
}
#: Of what shares are counted.
OF = {"awards": "Announced awards", "ledger": "The ledger"}
#: Pages behind the doors: the last part of the address, and what they are about.
MORE = {
    "trends": "How it develops: shares, targets, others alike",
    "leakage": "What stays and what leaves, by the ledger",
    "levers": "What the buyer may do, by law",
    "invitation": "Open invitation to the market",
    "food": "Food: how much is organic, and who nearby makes what",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipal:
    """A municipality or county: its number, its name for people, what it signed."""

    number: str
    name: str
    signed: Signed


def find(context: Context, number: str) -> Municipal:
    """Return a municipality (four digits, of any year since 2018) or county (two).

    Raises:
        NotFound: there is none, or the register has no such buyer.
    """
    if len(number) == _COUNTY and number in context.places.counties:
        name = context.places.county(number)
    else:
        town = context.places.municipality(number)
        if town is None:
            raise NotFound("no such municipality")
        number, name = town.number, town.name
    return Municipal(number=number, name=name, signed=signed(context, number))


def signed(context: Context, number: str) -> Signed:
    """Return what a place has signed, as it was some minutes ago at most. Raises NotFound."""
    return context.signed.get(number, lambda: signed_so_far(context.store, number, context.clock))


def bought(context: Context, one: Municipal, of: str) -> Sequence[Purchase]:
    """Return the awards of a municipality, or the lines of its ledgers.

    Args:
        context: of the pages.
        one: whose.
        of: ``awards`` or ``ledger``.

    Raises:
        CodeError: it is neither.
    """
    if of not in OF:
        raise CodeError(f"of: neither awards nor ledger: {of[:40]!r}")
    return spent(context, one) if of == "ledger" else one.signed.purchases


def spent(context: Context, one: Municipal) -> Sequence[Purchase]:
    """Return the lines of a municipality's ledgers; none where none was taken in."""
    return context.spent.get(one.number, lambda: spent_by(context.store, one.number, context.clock))


def comparable(context: Context, digits: int) -> Towns:
    """Return which municipalities (four digits) or counties (two) can be compared with each other.

    As they were a day ago at most: how many firms of each trade they have changes slowly.
    """
    return context.towns.get(digits, lambda: towns_with_results(context.store, digits))


def lots_of(context: Context, one: Municipal) -> Sequence[OwnLot]:
    """Return the lots that a municipality has out, as they were some minutes ago at most."""
    now = context.now
    found = context.lots.get(
        (one.number, now.hidden),
        lambda: own_lots(context.store, one.signed.buyer, now, context.clock),
    )
    moment = context.clock()
    return [lot for lot in found if lot.lot.deadline is None or lot.lot.deadline > moment]


def crumbs(context: Context, request: Request, one: Municipal) -> list[tuple[str, str]]:
    """Return the way to a page of a municipality."""
    language = context.language(request)
    return [
        (context.address(request, "/municipality"), phrase("Municipalities", language)),
        (context.address(request, f"/municipality/{one.number}"), one.name),
    ]


def more(context: Context, request: Request, one: Municipal) -> list[tuple[str, str]]:
    """Return (address, words) of the pages behind the doors."""
    language = context.language(request)
    return [
        (context.address(request, f"/municipality/{one.number}/{path}"), phrase(said, language))
        for path, said in MORE.items()
    ]


def shares_table(rows: Sequence[Purchase], language: str) -> Table:
    """Return the shares by year and question, with their denominators."""
    found = []
    for question, said in QUESTIONS.items():
        for measure in Measure:
            by_year = shares(rows, question, measure, lambda row: row.year)
            for year, one in sorted(by_year.items(), key=lambda pair: pair[0] or 0):
                found.append(
                    (
                        str(year or phrase("not known", language)),
                        phrase(said, language),
                        phrase(MEASURES[measure], language),
                        one.yes,
                        one.no,
                        one.unknown,
                        one.low,
                        one.high,
                        one.without_value,
                    )
                )
    return Table(
        title=phrase("How much went to whom", language),
        columns=(
            Column(name="year", heading=phrase("Year", language)),
            Column(name="question", heading=phrase("How much went …", language)),
            Column(name="measure", heading=phrase("Counted in", language)),
            Column(name="yes", heading=phrase("Yes", language), is_number=True),
            Column(name="no", heading=phrase("No", language), is_number=True),
            Column(name="unknown", heading=phrase("Unknown", language), is_number=True),
            Column(name="low", heading=phrase("At least, %", language), is_number=True, share=True),
            Column(name="high", heading=phrase("At most, %", language), is_number=True, share=True),
            Column(name="without_value", heading=phrase("Without value", language), is_number=True),
        ),
        rows=found,
    )


def shares_chart(rows: Sequence[Purchase], language: str) -> str:
    """Return the chart of all years together, by number."""
    found = []
    for question, said in SHORT.items():
        one = shares(rows, question, Measure.NUMBER, lambda _row: 0).get(0)
        if one is None or one.low is None or one.high is None:
            continue
        low, high = percent(one.low, language), percent(one.high, language)
        note = low if low == high else f"{low} – {high}"
        found.append(Bar(label=phrase(said, language), low=one.low, high=one.high, note=note))
    return bars(found, label=phrase("Share of awards, all years together", language))


def running(agreements: Sequence[Agreement], today: date) -> list[Agreement]:
    """Return what has not ended by now, by its first end; without a known end last."""
    left = [one for one in agreements if one.end is None or (one.span.last_end or one.end) >= today]
    return sorted(left, key=lambda one: (one.end is None, one.end or today, one.notice, one.lot))


def radar_chart(found: Sequence[Agreement], today: date, language: str) -> str:
    """Return the chart of what is locked until when; ``""`` where no end is known."""
    rows = [
        Stretch(
            label=one.title, start=one.span.start, first_end=one.end, last_end=one.span.last_end
        )
        for one in found
        if one.end and one.end >= today
    ]
    label = phrase("Agreements by when they end", language)
    return stretches(rows[:_CHARTED], today=today, label=label) if rows else ""


def agreements_table(found: Sequence[Agreement], language: str) -> Table:
    """Return agreements with their ends and when to start planning."""
    return Table(
        title=phrase("What is locked until when", language),
        columns=(
            Column(name="title", heading=phrase("Agreement", language)),
            Column(name="suppliers", heading=phrase("Suppliers", language)),
            Column(name="end", heading=phrase("Ends", language)),
            Column(name="last_end", heading=phrase("At the latest, with renewals", language)),
            Column(name="plan_from", heading=phrase("Start planning", language)),
            Column(name="exclusive", heading=phrase("One supplier alone", language)),
            Column(name="value", heading=phrase("Kroner, excl. VAT", language), is_number=True),
            Column(name="notice", heading=phrase("Notice", language)),
        ),
        rows=[
            (
                one.title,
                "; ".join(who.name for who in one.suppliers),
                one.end,
                one.span.last_end,
                plan_from(one),
                None
                if one.exclusive is None
                else phrase("yes" if one.exclusive else "no", language),
                one.value.amount if one.value and one.value.currency == "NOK" else None,
                one.notice,
            )
            for one in found
        ],
    )

"""A municipality's food: how much is known to be organic, goals, and firms by product group."""

from __future__ import annotations

from decimal import Decimal

from fastapi import FastAPI, Request
from fastapi.responses import Response

from procmatch.alerts.phrases import phrase
from procmatch.insight.food import food_groups
from procmatch.insight.organic import FoodKind, goals, organic_share
from procmatch.insight.shares import Measure
from procmatch.web import municipal
from procmatch.web.context import Context
from procmatch.web.tables import Cell, Column, Table, download
from procmatch.workflows.food_bought import FoodBought, food_bought

__all__ = ["COUNTED", "add"]

#: What is counted, as a reader would say it.
COUNTED = {
    FoodKind.ASKED: "lots for food whose announcement names organic goods",
    FoodKind.AWARDED: "awards for food to certified firms",
    FoodKind.PAID: "ledger lines to certified firms, of those to firms in food",
}

_COLUMNS = (
    "kind", "key", "year", "group", "title", "supplier", "count", "value", "organic",
)  # fmt: skip


def add(app: FastAPI, context: Context) -> None:
    """Add the page to the application."""

    @app.get("/municipality/{number}/food")
    def food(request: Request, number: str, format: str = "") -> Response:  # noqa: A002
        return _show(context, request, number, format)


def _show(context: Context, request: Request, number: str, form: str) -> Response:
    language = context.language(request)
    one = municipal.find(context, number)
    bought = context.food.get(
        one.number, lambda: food_bought(context.store, one.number, context.clock)
    )
    if form:
        return download(_rows(bought, language), form, f"food-{one.number}")
    today = context.clock().date()
    return context.show(
        request,
        "food",
        one=one,
        shares=_shares(bought, language),
        unplaced=bought.unplaced,
        goals=[(goal, goal.holds(today)) for goal in goals()],
        groups=[(group.key, group.names[language]) for group in food_groups()],
        exports=context.exports(request),
        crumbs=municipal.crumbs(context, request, one),
    )


def _shares(bought: FoodBought, language: str) -> Table:
    """Return each share with its denominator; where there is nothing to count it is left out."""
    rows = []
    for kind, said in COUNTED.items():
        for measure in Measure:
            found = organic_share(bought.rows, kind, measure)
            if found.whole or found.without_value:
                rows.append(
                    (
                        phrase(said, language),
                        phrase(municipal.MEASURES[measure], language)
                        if measure is Measure.VALUE
                        else phrase("number", language),
                        found.yes,
                        found.unknown,
                        found.without_value,
                        found.low,
                    )
                )
    return Table(
        title=phrase("Organic, as far as it is known", language),
        columns=(
            Column(name="what", heading=phrase("What is counted", language)),
            Column(name="measure", heading=phrase("Counted in", language)),
            Column(name="organic", heading=phrase("Organic", language), is_number=True),
            Column(name="unknown", heading=phrase("Not known", language), is_number=True),
            Column(
                name="without_value", heading=phrase("Without a value", language), is_number=True
            ),
            Column(
                name="at_least",
                heading=phrase("Percent, at the least", language),
                is_number=True,
                share=True,
            ),
        ),
        rows=rows,
    )


def _rows(bought: FoodBought, language: str) -> Table:
    """Return the rows that the shares are counted from, so that anybody can count again.

    Ledger lines are added up by year: single payments are nobody else's business.
    """
    rows: list[tuple[Cell, ...]] = [
        (
            row.kind.value, row.key, row.year, row.group, row.title, row.supplier,
            1, row.value, "yes" if row.organic else "unknown",
        )
        for row in bought.rows
        if row.kind is not FoodKind.PAID
    ]  # fmt: skip
    paid: dict[tuple[int, bool], list[Decimal]] = {}
    for row in bought.rows:
        if row.kind is FoodKind.PAID:
            paid.setdefault((row.year or 0, bool(row.organic)), []).append(row.value or Decimal(0))
    rows += [
        (
            FoodKind.PAID.value, "", year or None, "", "", "",
            len(values), sum(values, Decimal(0)), "yes" if organic else "unknown",
        )
        for (year, organic), values in sorted(paid.items())
    ]  # fmt: skip
    return Table(
        title=phrase("Organic, as far as it is known", language),
        columns=tuple(Column(name=name, heading=name) for name in _COLUMNS),
        rows=rows,
    )

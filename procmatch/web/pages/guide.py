"""The guide: buy food from nearby, lawfully."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.responses import Response

from procmatch.alerts.phrases import MONTHS, phrase
from procmatch.insight.food import food_groups, ways_of_splitting
from procmatch.insight.rules import latest_known
from procmatch.text.messages import translate
from procmatch.web.context import Context
from procmatch.web.forms import Filled
from procmatch.web.tables import Column, Table

__all__ = ["add"]

_LETTERS = 3


def add(app: FastAPI, context: Context) -> None:
    """Add the page to the application."""

    @app.get("/guide/food")
    def food(request: Request) -> Response:
        language = context.language(request)
        today = context.clock().date()
        return context.show(
            request,
            "guide_food",
            filled=Filled(),
            groups=[(one.key, one.names[language]) for one in food_groups()],
            splits=[one.names[language] for one in ways_of_splitting()],
            calendar=_calendar(language),
            limit=latest_known("act_applies", today),
            label=lambda code: context.now.market.codes.cpv.label(code.ljust(8, "0"), language),
            food=food_groups(),
        )


def _calendar(language: str) -> Table:
    """Return which produce is usually to be had fresh in which month."""
    months = [translate(month, language) for month in MONTHS]
    rows: Sequence[tuple[str, ...]] = [
        (
            one.names[language],
            *("●" if month in one.months else "" for month in range(1, len(months) + 1)),
        )
        for group in food_groups()
        for one in group.seasons
    ]
    return Table(
        title=phrase("When it is usually to be had fresh", language),
        columns=(
            Column(name="kind", heading=phrase("Produce", language)),
            *(
                Column(name=str(at), heading=month[:_LETTERS])
                for at, month in enumerate(months, start=1)
            ),
        ),
        rows=rows,
    )

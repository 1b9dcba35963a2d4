"""The JSON API of a municipality over the years: what its pages show, by the same library."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Query

from procmatch.insight.equal import LEVERS
from procmatch.insight.shares import Share
from procmatch.insight.trends import exported, trends
from procmatch.text.messages import say
from procmatch.web import municipal, trend_tables
from procmatch.web.context import Context
from procmatch.web.pages.leakage import leaks
from procmatch.web.pages.trends import alike, cut_of
from procmatch.workflows.trends import tracked

__all__ = ["add"]

Of = Annotated[str, Query(description="awards or ledger", max_length=40)]
By = Annotated[str, Query(description="whole, category or unit", max_length=40)]
Lang = Annotated[str, Query(pattern="^(nb|nn|en)$", description="of sentences")]
Rows = list[dict[str, Any]]


def _share(one: Share) -> dict[str, Any]:
    """Tell a share with what it is of, as numbers; low and high are 0..1."""
    return {
        "yes": float(one.yes),
        "no": float(one.no),
        "unknown": float(one.unknown),
        "low": one.low,
        "high": one.high,
        "without_value": one.without_value,
    }


def _bounds(one: tuple[float, float] | None) -> dict[str, Any]:
    return {"from": one[0] if one else None, "to": one[1] if one else None}


def add(app: FastAPI, context: Context) -> None:
    """Add these addresses to the application."""
    _over_the_years(app, context)
    _beside(app, context)


def _over_the_years(app: FastAPI, context: Context) -> None:
    @app.get("/api/municipalities/{number}/trends", tags=["municipalities"])
    def over_the_years(number: str, of: Of = "awards", by: By = "whole") -> Rows:
        """Shares by year, whole or by CPV division (of a ledger: industry) or unit."""
        rows = municipal.bought(context, municipal.find(context, number), of)
        return [
            {
                "group": one.group,
                "year": one.year,
                "question": one.question.value,
                "measure": one.measure.value,
                "purchases": one.purchases,
                **_share(one.share),
                **_bounds(one.interval),
            }
            for one in trends(rows, cut_of(by))
        ]

    @app.get("/api/municipalities/{number}/purchases", tags=["municipalities"])
    def purchases(number: str, of: Of = "awards") -> list[dict[str, str]]:
        """The purchases that shares are counted from, without who the supplier is."""
        rows = municipal.bought(context, municipal.find(context, number), of)
        return [
            {name: told for name, told in row.items() if name not in trend_tables.WITHHELD}
            for row in exported(rows)
        ]

    @app.get("/api/municipalities/{number}/targets", tags=["municipalities"])
    def targets(number: str, of: Of = "awards") -> Rows:
        """Targets and how they stand: reached, missed, open or nothing to go by."""
        one = municipal.find(context, number)
        rows = municipal.bought(context, one, of)
        return [
            {
                "year": found.target.year,
                "question": found.target.question.value,
                "measure": found.target.measure.value,
                "percent": found.target.percent,
                "standing": found.standing.value,
                **_share(found.share),
                "years": [{"year": year, **_share(share)} for year, share in found.years],
            }
            for found in tracked(context.store, one.number, rows)
        ]


def _beside(app: FastAPI, context: Context) -> None:
    @app.get("/api/municipalities/{number}/similar", tags=["municipalities"])
    def beside(number: str) -> Rows:
        """The municipality beside those most like it, itself first: shares of awards."""
        return [
            {
                "number": one.number,
                "employees": one.employees,
                "firms": one.firms,
                "other_trades": one.likeness.trades if one.likeness else None,
                "awards": one.awards,
                "question": question.value,
                **_share(share),
                **_bounds(one.intervals[question]),
            }
            for one in alike(context, municipal.find(context, number))
            for question, share in one.shares.items()
        ]

    @app.get("/api/municipalities/{number}/leakage", tags=["municipalities"])
    def leakage(number: str) -> Rows:
        """What left by the ledger, by industry division; empty without a ledger."""
        one = municipal.find(context, number)
        return [
            {
                "category": leak.category,
                "whole": float(leak.local.whole),
                "local": float(leak.local.yes),
                "away": float(leak.away),
                "unknown": float(leak.local.unknown),
                "low": leak.local.low,
                "high": leak.local.high,
                "nearby": leak.nearby,
            }
            for leak in leaks(context, one, municipal.spent(context, one))
        ]

    @app.get("/api/levers", tags=["municipalities"])
    def levers(lang: Lang = "nb") -> Rows:
        """What a buyer may do so that more firms can bid, with the law as it stands today."""
        today = context.clock().date()
        return [
            {
                "lever": lever.key,
                "said": say(lever.said, lang),
                "rules": [
                    {
                        "rule": rule.name,
                        "meaning": say(rule.meaning, lang),
                        "law": say(rule.cited, lang),
                        "standing": rule.standing,
                    }
                    for rule in lever.laws(today)
                ],
            }
            for lever in LEVERS
        ]

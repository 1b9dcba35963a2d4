"""What may a school or a nursing home buy here, and from whom?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fastapi import FastAPI, Request
from fastapi.responses import Response

from procmatch.insight.food import FoodGroup, food_groups, group_of
from procmatch.insight.radar import Agreement
from procmatch.insight.rules import latest_known
from procmatch.insight.supply import Within
from procmatch.web import municipal
from procmatch.web.context import Context
from procmatch.web.pages.need import depth_table, need_shown
from procmatch.workflows.supply import NeedAsked, supply_of

__all__ = ["add"]

_SHOWN = 10
_RADIUS_KM = 50.0


def add(app: FastAPI, context: Context) -> None:
    """Add the page to the application."""

    @app.get("/municipality/{number}/unit")
    def unit(request: Request, number: str, q: str = "", group: str = "") -> Response:
        return context.again(request, lambda: _show(context, request, number, q, group))


def _show(context: Context, request: Request, number: str, words: str, key: str) -> Response:
    language = context.language(request)
    one = municipal.find(context, number)
    today = context.clock().date()
    group = next((food for food in food_groups() if food.key == key), None)
    running = municipal.running(one.signed.agreements, today)
    asked = NeedAsked(
        words=words.strip()[:200] or (group.words if group else ""),
        cpv=group.codes if group and not words else (),
        within=Within(
            place=one.number if len(one.number) == len("0301") else "", radius_km=_RADIUS_KM
        ),
    )
    now = context.now
    view = (
        supply_of(now.market, asked, clock=context.clock, hidden=now.hidden)
        if asked.words
        else None
    )
    answer = context.show(
        request,
        "unit",
        one=one,
        q=words,
        group=group,
        groups=[(food.key, food.names[language]) for food in food_groups()],
        asked=asked if asked.words else None,
        view=view,
        shown=_SHOWN,
        binding=_binding(running, group, words),
        limit=latest_known("act_applies", today),
        season=_in_season(group, today, language),
        bands=depth_table(view.depth, language) if view else None,
        town_of=now.town,
        units=one.signed.buyer.places,
        crumbs=municipal.crumbs(context, request, one),
    )
    if view is None:
        return answer
    return context.noted(answer, need_shown(context, "unit", asked, view, view.found[:_SHOWN]))


def _binding(
    running: Sequence[Agreement], group: FoodGroup | None, words: str
) -> Sequence[Agreement]:
    """Return the agreements that may bind a unit: of the group asked for, else all."""
    if group is None or words:
        return running
    return [one for one in running if any(group_of(code) == group for code in one.cpv)]


def _in_season(group: FoodGroup | None, today: date, language: str) -> Sequence[str]:
    if group is None:
        return ()
    return [one.names[language] for one in group.seasons if today.month in one.months]

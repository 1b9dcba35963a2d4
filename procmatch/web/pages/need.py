"""A need: the supply map, with a list, filters, and the order explained."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.responses import Response
from markupsafe import Markup

from procmatch.alerts.phrases import phrase
from procmatch.errors import CodeError
from procmatch.insight.food import food_groups
from procmatch.insight.supply import Depth, Within
from procmatch.model.match import Match
from procmatch.model.shown import Shown
from procmatch.web.charts import Town, supply_map
from procmatch.web.context import Context
from procmatch.web.forms import Filled, place_of
from procmatch.web.paging import part_of
from procmatch.web.supplier_table import suppliers_table
from procmatch.web.tables import Column, Table, download
from procmatch.workflows.supply import NeedAsked, Supply, supply_of

__all__ = ["DIMENSIONS", "add", "depth_table", "filtered", "need_shown"]

_RADIUS = "50"
_RADII = ("10", "25", "50", "100", "200")
DIMENSIONS = {
    "": "Any or none",
    "green": "Green",
    "social": "Social",
    "innovative": "Innovative",
}


def add(app: FastAPI, context: Context) -> None:
    """Add the page to the application."""

    @app.get("/need")
    def need(request: Request, format: str = "") -> Response:  # noqa: A002 - of the address
        if format:
            return _show(context, request, format)
        return context.again(request, lambda: _show(context, request, ""))


def filtered(context: Context, form: Filled) -> NeedAsked:
    """Read what is needed from the address. Raises CodeError."""
    group = next((one for one in food_groups() if one.key == form.one("group")), None)
    place = place_of(form.one("place"), context.places) if form.one("place") else ""
    radius = form.one("radius")
    if radius not in {"", "all", *_RADII}:
        raise CodeError(f"radius: not one of {', '.join(_RADII)}: {radius!r}")
    cpv = tuple(code.split("-")[0] for code in form.one("cpv").replace(",", " ").split())
    return NeedAsked(
        words=form.one("q") or (group.words if group else ""),
        cpv=cpv or (group.codes if group else ()),
        within=Within(
            place=place,
            radius_km=None if radius == "all" else float(radius or _RADIUS),
            small=bool(form.one("small")),
            dimension=form.one("evidence") if form.one("evidence") in DIMENSIONS else "",
        ),
    )


def _show(context: Context, request: Request, form: str) -> Response:
    language = context.language(request)
    filled = Filled({name: (value,) for name, value in request.query_params.items()})
    error, asked, view = "", None, None
    try:
        asked = filtered(context, filled)
        if asked.words or asked.cpv:
            now = context.now
            view = supply_of(now.market, asked, clock=context.clock, hidden=now.hidden)
    except CodeError as wrong:
        error = str(wrong)
    if form and asked and view:
        title = phrase("Firms that could deliver it", language)
        table = suppliers_table(view.found, title, language, context.now.town)
        return context.noted(
            download(table, form, "need"), need_shown(context, "need", asked, view)
        )
    query = {name: value for name, value in request.query_params.items() if name != "page"}
    pager = part_of(
        view.found if view else [],
        filled.one("page"),
        lambda page: context.address(request, "/need", **{**query, "page": page}),
    )
    answer = context.show(
        request,
        "need",
        status=400 if error else 200,
        filled=filled,
        error=error,
        asked=asked,
        view=view,
        groups=[(one.key, one.names[language]) for one in food_groups()],
        radii=_RADII,
        radius=filled.one("radius") or _RADIUS,
        dimensions=[(key, phrase(said, language)) for key, said in DIMENSIONS.items()],
        home=context.places.municipality(asked.place) if asked and asked.place else None,
        label=lambda code: context.now.market.codes.cpv.label(code, language),
        map=_map(context, asked, view, language) if asked and view else None,
        places=_places(view, language) if view else None,
        bands=depth_table(view.depth, language) if view else None,
        town_of=context.now.town,
        pager=pager,
        exports=context.exports(request),
    )
    if asked is None or view is None:
        return answer
    return context.noted(answer, need_shown(context, "need", asked, view, pager.rows))


def need_shown(
    context: Context,
    kind: str,
    asked: NeedAsked,
    view: Supply,
    rows: Sequence[Match] | None = None,
) -> Shown:
    """Return the firms shown for a need, to be noted: ``rows``, or all that were found."""
    # What the words were taken for, never the words: anybody may type anything.
    codes = (code for code, _certainty in view.cpv)
    line = " ".join((*codes, asked.place, str(asked.within.radius_km or "")))
    firms = [one.supplier for one in (view.found if rows is None else rows)]
    return context.listed(kind, line, firms, len(view.found))


def _map(context: Context, asked: NeedAsked, view: Supply, language: str) -> Markup | None:
    home = context.places.municipality(asked.place) if asked.place else None
    if home is None or home.lat is None or home.lon is None:
        return None
    towns = [
        Town(name=one.town.name, lat=one.town.lat, lon=one.town.lon, firms=one.firms)
        for one in view.places
        if one.town.lat is not None and one.town.lon is not None
    ]
    label = phrase("Where the firms work, around {town}", language, town=home.name)
    return supply_map(
        towns, home=(home.lat, home.lon), label=label, radius_km=asked.within.radius_km or 0.0
    )


def _places(view: Supply, language: str) -> Table:
    return Table(
        title=phrase("Where the firms work", language),
        columns=(
            Column(name="municipality", heading=phrase("Municipality", language)),
            Column(name="firms", heading=phrase("Firms", language), is_number=True),
        ),
        rows=[
            *((one.town.name, one.firms) for one in view.places),
            *([(phrase("not known", language), view.map.elsewhere)] if view.map.elsewhere else []),
        ],
    )


def depth_table(depth: Depth, language: str) -> Table | None:
    """Return how many firms there are within which distance; None without a place."""
    if not depth.within:
        return None
    return Table(
        title=phrase("How many there are to choose between", language),
        columns=(
            Column(name="distance", heading=phrase("Distance", language)),
            Column(name="firms", heading=phrase("Firms", language), is_number=True),
        ),
        rows=[(_band(km, language), firms) for km, firms in depth.within],
    )


def _band(km: float, language: str) -> str:
    if not km:
        return phrase("in the municipality", language)
    return phrase("within {km} km", language, km=round(km))

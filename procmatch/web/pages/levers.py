"""The lawful levers: what a buyer may do so that more firms can bid, each with its law."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import Response

from procmatch.alerts.phrases import phrase
from procmatch.insight.equal import LEVERS
from procmatch.insight.rules import latest_known
from procmatch.text.messages import say
from procmatch.web import municipal
from procmatch.web.context import Context
from procmatch.web.tables import Column, Table, download

__all__ = ["LEVER_NAMES", "TOOLS", "add"]

#: What each lever of :data:`~procmatch.insight.equal.LEVERS` is called.
LEVER_NAMES = {
    "lots": "Divide into lots",
    "proportion": "Requirements in proportion",
    "together": "Let firms join forces",
    "qualities": "Ask for qualities",
    "dialogue": "Talk with the market",
    "reserved": "Reserve a part",
}
#: Where these pages help with a lever: path (``{number}``: of the municipality) and what it shows.
TOOLS = {
    "lots": ("/municipality/{number}/purchaser", "What is out now, and what dividing would change"),
    "proportion": ("/draft", "Hold a draft against the market"),
    "qualities": ("/guide/food", "Buy food from nearby, lawfully"),
    "dialogue": ("/municipality/{number}/invitation", "Write an open invitation"),
    "reserved": ("/need?evidence=social", "Find firms with evidence of being social"),
}
#: Why place may not decide.
_NEVER = ("no_local_demand", "equal_treatment")


def add(app: FastAPI, context: Context) -> None:
    """Add the page to the application."""

    @app.get("/municipality/{number}/levers")
    def levers(request: Request, number: str, format: str = "") -> Response:  # noqa: A002
        return _show(context, request, number, format)


def _show(context: Context, request: Request, number: str, form: str) -> Response:
    language = context.language(request)
    one = municipal.find(context, number)
    today = context.clock().date()
    if form:
        return download(_table(context, language), form, "levers")
    return context.show(
        request,
        "levers",
        one=one,
        levers=[
            (
                phrase(LEVER_NAMES[lever.key], language),
                lever,
                lever.laws(today),
                _tool(context, request, one.number, one.name, lever.key),
            )
            for lever in LEVERS
        ],
        never=[rule for name in _NEVER if (rule := latest_known(name, today))],
        exports=context.exports(request),
        crumbs=municipal.crumbs(context, request, one),
    )


def _tool(
    context: Context, request: Request, number: str, name: str, key: str
) -> tuple[str, str] | None:
    """Return address and words of the page that helps with a lever."""
    if key not in TOOLS:
        return None
    path, said = TOOLS[key]
    path, _, asked = path.format(number=number).partition("?")
    query = dict([asked.split("=")]) if asked else {}
    if path in {"/draft", "/need"}:
        query["place"] = name
    return context.address(request, path, **query), phrase(said, context.language(request))


def _table(context: Context, language: str) -> Table:
    """Return the levers with the rules behind them, a row each."""
    today = context.clock().date()
    return Table(
        title=phrase("What the buyer may do, by law", language),
        columns=(
            Column(name="lever", heading=phrase("Lever", language)),
            Column(name="what", heading=phrase("What may be done", language)),
            Column(name="rule", heading=phrase("Rule", language)),
            Column(name="law", heading=phrase("Law", language)),
            Column(name="confirmed", heading=phrase("How sure", language)),
            Column(name="checked", heading=phrase("Last checked", language)),
        ),
        rows=[
            (
                phrase(LEVER_NAMES[lever.key], language),
                say(lever.said, language),
                say(rule.title, language),
                say(rule.cited, language),
                say(rule.confirmed, language),
                rule.checked,
            )
            for lever in LEVERS
            for rule in lever.laws(today)
        ],
    )

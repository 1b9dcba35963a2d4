"""About the data: sources, licences, freshness, how much, and how good the answers are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.responses import Response

from procmatch.alerts.phrases import phrase
from procmatch.codes.evidence import kinds
from procmatch.insight.rules import KINDS, Rule, kind_said, known_rules
from procmatch.text.messages import say
from procmatch.web.context import Context
from procmatch.web.quality import figures
from procmatch.web.tables import Column, Table
from procmatch.workflows.about_data import AboutData, about_data

__all__ = ["add"]


def add(app: FastAPI, context: Context) -> None:
    """Add the page to the application."""

    @app.get("/about")
    def about(request: Request) -> Response:
        language = context.language(request)
        held = context.about.get(None, lambda: about_data(context.store))
        today = context.clock().date()
        rules = known_rules(today)
        return context.show(
            request,
            "about",
            held=held,
            sources=_sources(held, language),
            evidence=_evidence(held, language),
            rules=rules,
            standing=_standing(rules, language),
            today=today,
            quality=_quality(language),
            contact=context.settings.contact,
        )


def _sources(held: AboutData, language: str) -> Table:
    return Table(
        title=phrase("Sources", language),
        columns=(
            Column(name="source", heading=phrase("Source", language)),
            Column(name="publisher", heading=phrase("Whose it is", language)),
            Column(name="licence", heading=phrase("Licence", language)),
            Column(name="read_at", heading=phrase("Last read to the end", language)),
            Column(name="waiting", heading=phrase("Waiting", language), is_number=True),
        ),
        rows=[(o.name, o.publisher or None, o.licence or None, o.read_at, o.waiting)
              for o in held.sources],
    )  # fmt: skip


def _evidence(held: AboutData, language: str) -> Table:
    known = kinds()
    return Table(
        title=phrase("Evidence", language),
        columns=(
            Column(name="kind", heading=phrase("Kind", language)),
            Column(name="source", heading=phrase("Source", language)),
            Column(
                name="certain", heading=phrase("Certainly somebody's", language), is_number=True
            ),
            Column(name="possible", heading=phrase("Possibly", language), is_number=True),
            Column(name="nobody", heading=phrase("Nobody's yet", language), is_number=True),
        ),
        rows=[
            (
                known[one.kind].labels[language] if one.kind in known else one.kind,
                one.source,
                one.certain,
                one.possible,
                one.nobody,
            )
            for one in held.evidence
        ],
    )


def _standing(rules: Sequence[Rule], language: str) -> Table:
    """Return how many rules each kind of source confirms; every rule counts once."""
    counts = Counter(rule.standing for rule in rules)
    return Table(
        title=phrase("By whom the rules are confirmed", language),
        columns=(
            Column(name="kind", heading=phrase("How sure", language)),
            Column(name="rules", heading=phrase("Rules", language), is_number=True),
        ),
        rows=[(say(kind_said(kind), language), counts[kind]) for kind in KINDS],
    )


def _quality(language: str) -> Table:
    return Table(
        title=phrase("How often the answers are right, on labelled data", language),
        columns=(
            Column(name="task", heading=phrase("Task", language)),
            Column(name="measure", heading=phrase("Measure", language)),
            Column(name="found", heading=phrase("Found, with a 95% interval", language)),
            Column(name="standing", heading=phrase("Against our aims", language)),
            Column(name="report", heading=phrase("Report", language)),
        ),
        rows=[(one.task, one.measure, one.found, one.standing, one.report) for one in figures()],
    )

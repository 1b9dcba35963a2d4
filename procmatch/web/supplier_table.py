"""Firms in their order as a table, with all that decides it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from procmatch.alerts.phrases import phrase
from procmatch.model.match import Match
from procmatch.model.organisation import OrgId
from procmatch.text.messages import say
from procmatch.web.tables import Column, Table

__all__ = ["suppliers_table"]


def suppliers_table(
    found: Sequence[Match], title: str, language: str, town: Callable[[OrgId], str]
) -> Table:
    """Return firms in their order, with all that decides it."""
    rows = [
        (
            rank,
            one.supplier.number,
            one.supplier_name,
            town(one.supplier),
            None if one.distance_km is None else round(one.distance_km),
            one.verdict.value,
            round(one.score, 3),
            " ".join(say(reason, language) for reason in one.reasons),
            " ".join(say(hurdle.reason, language) for hurdle in one.hurdles),
            "; ".join(say(fact, language) for fact in one.evidence),
        )
        for rank, one in enumerate(found, start=1)
    ]
    return Table(
        title=title,
        columns=(
            Column(name="rank", heading=phrase("Place in the order", language), is_number=True),
            Column(name="number", heading=phrase("Organisation number", language)),
            Column(name="name", heading=phrase("Firm", language)),
            Column(name="town", heading=phrase("Municipality", language)),
            Column(name="distance_km", heading=phrase("Kilometres", language), is_number=True),
            Column(name="verdict", heading=phrase("Could they bid?", language)),
            Column(name="score", heading=phrase("How well it fits (0–1)", language)),
            Column(name="reasons", heading=phrase("Why", language)),
            Column(name="hurdles", heading=phrase("What stands in the way", language)),
            Column(name="evidence", heading=phrase("Evidence", language)),
        ),
        rows=rows,
    )

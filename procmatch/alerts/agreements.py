"""An agreement that ends, said to its buyer."""

from __future__ import annotations

from datetime import date

from procmatch.alerts.phrases import day, money, one_line, phrase
from procmatch.model.values import Money

__all__ = ["agreement_sentence"]


def agreement_sentence(
    *,
    title: str,
    end: date,
    last_end: date | None,
    renewable: bool,
    value: Money | None,
    plan_from: date | None,
    language: str,
) -> str:
    """Return when an agreement ends and what to do until then.

    Args:
        title: of the lot.
        end: its first end.
        last_end: its end with all renewals, None where that is not told.
        renewable: it may be renewed, or nothing is told of that.
        value: excl. VAT.
        plan_from: when to start planning what follows.
        language: nb, nn or en.
    """
    said = [phrase("{title} ends {day}.", language, title=one_line(title), day=day(end, language))]
    if last_end and last_end != end:
        last = day(last_end, language)
        said.append(phrase("With all renewals it runs to {day}.", language, day=last))
    elif last_end is None and renewable:
        said.append(phrase("Whether it can be renewed is not told.", language))
    if value and value.amount > 1:
        said.append(phrase("Value: {amount}.", language, amount=money(value, language)))
    if plan_from is not None:
        said.append(phrase("Start planning by {day}.", language, day=day(plan_from, language)))
    return " ".join(said)

"""Limits of procurement law as dated data, each with its citation: ``data/rules.toml``.

They inform; whether a rule applies to a purchase is for the buyer to judge. A rule that nobody has
compared with Lovdata says so (:attr:`Rule.checked` is None), and pages must show it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

__all__ = ["Rule", "every_rule", "latest_known", "rule_on"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule while it holds.

    Attributes:
        name: e.g. ``"act_applies"``.
        valid_from, valid_until: first and last day; ``valid_until`` None: until further notice.
        citation: the law. source: who states the figure.
        amount: NOK excl. VAT, where the rule is a limit in money.
        times, years: where it is a multiple or a length.
        checked: the day a person compared it with Lovdata, or None.
    """

    name: str
    valid_from: date
    valid_until: date | None
    citation: str
    source: str
    amount: Decimal | None = None
    times: int | None = None
    years: int | None = None
    checked: date | None = None


@cache
def every_rule() -> tuple[Rule, ...]:
    """Return all rules, by name and first day."""
    text = (files("procmatch.insight") / "data" / "rules.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["rule"]
    found = (
        Rule(
            name=row["name"],
            valid_from=row["from"],
            valid_until=row.get("until"),
            citation=row["citation"],
            source=row["source"],
            amount=Decimal(row["amount"]) if "amount" in row else None,
            times=row.get("times"),
            years=row.get("years"),
            checked=row.get("checked"),
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda rule: (rule.name, rule.valid_from)))


def rule_on(name: str, day: date, rules: Sequence[Rule] | None = None) -> Rule | None:
    """Return the rule of that name on a day, or None where none is known for it.

    Raises:
        KeyError: no rule has that name.
    """
    named = [rule for rule in (every_rule() if rules is None else rules) if rule.name == name]
    if not named:
        raise KeyError(name)
    return next(
        (
            rule
            for rule in named
            if rule.valid_from <= day and (rule.valid_until is None or day <= rule.valid_until)
        ),
        None,
    )


def latest_known(name: str, day: date) -> Rule | None:
    """Return the rule on a day, else the last one before it: to be shown as "may have changed"."""
    earlier = [rule for rule in every_rule() if rule.name == name and rule.valid_from <= day]
    return rule_on(name, day) or (earlier[-1] if earlier else None)

"""Limits and duties of procurement law as dated data, each with its law: ``data/rules.toml``.

They inform; whether a rule applies to a purchase is for the buyer to judge. Each says by what kind
of source it was confirmed (:attr:`Rule.standing`), and pages must show it. What a rule is
called and means stands in ``data/rule_texts.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from procmatch.text.messages import LANGUAGES, Message

__all__ = [
    "KINDS",
    "Law",
    "Rule",
    "Source",
    "every_rule",
    "kind_said",
    "known_rules",
    "latest_known",
    "rule_on",
]

#: Kinds of source, the strongest first: the law's own text; a ministry or DFØ; an association, a
#: law firm or a trade site; the data of an open project.
KINDS = ("lovdata", "authority", "organisation", "project", "unverified")


@dataclass(frozen=True, slots=True)
class Law:
    """A law: its official name in Norwegian, its id at Lovdata, and what it is, for the reader."""

    official: str
    id: str
    known_as: Message


@dataclass(frozen=True, slots=True)
class Source:
    """Who states a rule: a kind of :data:`KINDS`, a name and an address."""

    kind: str
    by: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule while it holds.

    Attributes:
        name: e.g. ``"act_applies"``. title, meaning: what it is called, and means for a buyer.
        valid_from, valid_until: first and last day; ``valid_until`` None: until further notice.
        law: where it stands. section: in it, e.g. ``"§ 16-3"``; ``""`` where none is told.
        changed: the act that set this figure. directive: articles of 2014/24/EU behind it.
        amount: NOK excl. VAT, where the rule is a limit in money.
        times, years, percent: where it is a multiple, a length or a share.
        sources: who states it. section_seen: one of them names the section.
        note: what is uncertain about it.
        checked: the day it was last held against its sources.
        lovdata: the day a person compared it with Lovdata, or None.
    """

    name: str
    title: Message
    meaning: Message
    valid_from: date
    valid_until: date | None
    law: Law
    section: str
    changed: str = ""
    directive: tuple[str, ...] = ()
    amount: Decimal | None = None
    times: int | None = None
    years: int | None = None
    percent: int | None = None
    sources: tuple[Source, ...] = ()
    section_seen: bool = True
    note: Message | None = None
    checked: date | None = None
    lovdata: date | None = None

    @property
    def cited(self) -> Message:
        """The law and the section, with what the law is in the reader's language."""
        return _in_each(self._cited)

    def _cited(self, language: str) -> str:
        known = dict(self.law.known_as.words)[language]
        named = f"{self.law.official} {self.section}".strip()
        if self.changed:
            changed = {"nb": "endret ved", "nn": "endra ved", "en": "changed by"}[language]
            named += f", {changed} {self.changed}"
        named += f" – {known}"
        if not self.directive:
            return named
        several = len(self.directive) > 1
        article = ("articles" if several else "article") if language == "en" else "artikkel"
        joined = (" and " if language == "en" else " og ").join(self.directive)
        directive = "directive" if language == "en" else "direktiv"
        return f"{named}; {directive} 2014/24/EU {article} {joined}"

    @property
    def standing(self) -> str:
        """The strongest kind of source that confirms it, one of :data:`KINDS`."""
        kinds = {source.kind for source in self.sources} | ({"lovdata"} if self.lovdata else set())
        return next((kind for kind in KINDS if kind in kinds), "unverified")

    @property
    def confirmed(self) -> Message:
        """By what kind of source it was confirmed, as words."""
        return kind_said(self.standing)

    @property
    def figure(self) -> Message | None:
        """The figure where it is a multiple, years or a share; money stands in ``amount``."""
        if self.times is not None:
            return Message("{times} times the value a year", (("times", self.times),))
        if self.years is not None:
            return Message("{years} years", (("years", self.years),))
        if self.percent is not None:
            return Message("{percent} percent", (("percent", self.percent),))
        return None


def kind_said(kind: str) -> Message:
    """Return what a kind of :data:`KINDS` says of a rule."""
    return _message(_texts()["kind"][kind])


def _message(words: Mapping[str, str]) -> Message:
    return Message(words["en"], words=tuple((code, words[code]) for code in LANGUAGES))


def _in_each(written: Any) -> Message:  # noqa: ANN401
    return _message({code: written(code) for code in LANGUAGES})


@cache
def _data(name: str) -> Mapping[str, Any]:
    text = (files("procmatch.insight") / "data" / name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def _texts() -> Mapping[str, Any]:
    return _data("rule_texts.toml")


@cache
def _laws() -> Mapping[str, Law]:
    rows = _texts()["law"]
    return {key: Law(row["official"], row["id"], _message(row)) for key, row in rows.items()}


@cache
def every_rule() -> tuple[Rule, ...]:
    """Return all rules, by name and first day."""
    data, texts = _data("rules.toml"), _texts()
    sources = {key: Source(**row) for key, row in data["source"].items()}
    found = (
        Rule(
            name=row["name"],
            title=_message(texts["rule"][row["name"]]["title"]),
            meaning=_message(texts["rule"][row["name"]]["meaning"]),
            valid_from=row["from"],
            valid_until=row.get("until"),
            law=_laws()[row["law"]],
            section=row["section"],
            changed=row.get("changed", ""),
            directive=tuple(row.get("directive", ())),
            amount=Decimal(row["amount"]) if "amount" in row else None,
            times=row.get("times"),
            years=row.get("years"),
            percent=row.get("percent"),
            sources=tuple(sources[key] for key in row["sources"]),
            section_seen=row.get("section_seen", True),
            note=_message(texts["note"][row["note"]]) if "note" in row else None,
            checked=row.get("checked"),
            lovdata=row.get("lovdata"),
        )
        for row in data["rule"]
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


def known_rules(day: date) -> tuple[Rule, ...]:
    """Return of each name what holds on a day, else what held last, in the order of the data."""
    names = dict.fromkeys(row["name"] for row in _data("rules.toml")["rule"])
    found = (latest_known(name, day) for name in names)
    return tuple(rule for rule in found if rule)

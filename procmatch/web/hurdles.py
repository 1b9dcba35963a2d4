"""What a notice asks of suppliers, in words."""

from __future__ import annotations

from procmatch.alerts.phrases import money, phrase
from procmatch.matching.asked_words import ASKED, TURNOVER_LEFT_OPEN
from procmatch.matching.requirements import Requirement
from procmatch.model.values import Money
from procmatch.text.messages import say

__all__ = ["asked_words"]


def asked_words(one: Requirement, language: str) -> str:
    """Return one requirement as a sentence."""
    if one.kind == "turnover" and one.amount:
        sum_ = money(Money(amount=one.amount, currency="NOK"), language)
        return phrase("A turnover of {sum} is asked for.", language, sum=sum_)
    if one.kind in ASKED:
        return say(ASKED[one.kind][0], language)
    if one.kind == "turnover":
        return say(TURNOVER_LEFT_OPEN[0], language)
    return phrase("A requirement of this kind: {kind}.", language, kind=one.kind.replace("_", " "))

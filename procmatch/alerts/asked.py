"""What a subscriber asked for, said back in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from procmatch.alerts.phrases import money, one_line, phrase
from procmatch.model.subscription import Frequency, QuietDay, Reserved, Subscription, Topic
from procmatch.model.values import Money

__all__ = ["CONSENT", "EVERY", "QUIET", "RESERVED", "consent_text", "details", "wishes"]

#: What is agreed to when an address is confirmed; kept in the words it was shown in.
CONSENT = (
    "I want letters from procmatch about what is written here, until I stop them. procmatch keeps "
    "my address, what I asked for, what I was told and what I judged, for this purpose only. I can "
    "see all of it, change it and have it deleted at any time, without a password."
)
EVERY = {
    Frequency.INSTANT: "As soon as there is news",
    Frequency.DAILY: "At most one letter a day",
    Frequency.WEEKLY: "At most one letter a week",
}
QUIET = {
    QuietDay.WEEKENDS: "No letters on Saturdays and Sundays",
    QuietDay.HOLIDAYS: "No letters on public holidays",
}
#: Whether only reserved contracts are wanted -> how it is said.
RESERVED = {True: "Only reserved contracts", False: "No reserved contracts"}


def consent_text(language: str) -> str:
    """Return what is agreed to, in a language."""
    return phrase(CONSENT, language)


def wishes(subscription: Subscription) -> str:
    """Return what the subscriber asked for, as a sentence."""
    language = subscription.language
    if subscription.topic is Topic.FEW_LOCAL:
        return phrase(
            "You asked for what {place} announces that few or no small firms nearby fit.",
            language,
            place=", ".join(subscription.municipalities),
        )
    if subscription.topic is Topic.EXPIRING:
        return phrase(
            "You asked for agreements of {place} that end within twelve months.",
            language,
            place=", ".join(subscription.municipalities),
        )
    if subscription.org:
        number = str(subscription.org)
        return phrase("You asked for tenders that fit {number}.", language, number=number)
    wanted = (*subscription.words, *(f"CPV {code}" for code in subscription.cpv))
    text = one_line(", ".join(wanted or subscription.buyers))
    return phrase("You asked for tenders about: {wishes}.", language, wishes=text)


def details(subscription: Subscription) -> list[str]:
    """Return everything that was asked for, a line each, for the reader to check."""
    return [wishes(subscription), *_details(subscription)]


def _details(asked: Subscription) -> Iterator[str]:
    language = asked.language
    if asked.offers:
        yield phrase("What you deliver: {text}", language, text=one_line(asked.offers))
    if asked.org and (asked.words or asked.cpv):
        wanted = ", ".join((*asked.words, *(f"CPV {code}" for code in asked.cpv)))
        yield phrase("Among it: {wishes}", language, wishes=one_line(wanted))
    yield from _limits(asked, language)
    yield phrase(EVERY[asked.frequency], language)
    for day in asked.quiet:
        yield phrase(QUIET[day], language)


def _limits(asked: Subscription, language: str) -> Iterator[str]:
    if asked.municipalities and asked.topic is Topic.TENDERS:
        places = ", ".join(asked.municipalities)
        yield phrase("Only in municipality or county: {places}", language, places=places)
    if asked.value_min is not None:
        yield phrase("At least {amount}", language, amount=_kroner(asked.value_min, language))
    if asked.value_max is not None:
        yield phrase("At most {amount}", language, amount=_kroner(asked.value_max, language))
    if asked.buyers:
        yield phrase("Only from: {buyers}", language, buyers=one_line(", ".join(asked.buyers)))
    if asked.reserved is not Reserved.ANY:
        only = asked.reserved is Reserved.ONLY
        yield phrase(RESERVED[only], language)
    if asked.sme_suitable:
        yield phrase("Only what the buyer calls suited to small firms", language)
    if asked.languages:
        named = ", ".join(asked.languages)
        yield phrase("Tenders may be written in: {languages}", language, languages=named)


def _kroner(amount: Decimal, language: str) -> str:
    return money(Money(amount=amount, currency="NOK"), language)

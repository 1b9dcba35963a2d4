"""What a subscription asks for: whether it can be asked for at all, and which lots answer it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlsplit

from procmatch.codes.cpv import within
from procmatch.errors import CodeError
from procmatch.model.notice import Lot, Notice
from procmatch.model.subscription import Reserved, Subscription, Topic
from procmatch.text.messages import LANGUAGES

__all__ = [
    "Offer",
    "checked",
    "checked_address",
    "codes_of",
    "is_reserved",
    "text_of",
    "value_of",
    "wants",
]

#: BT-71 codes of lots kept for sheltered workplaces or for organisations with a public mission.
_RESERVED = {"res-ws", "res-pub-ser"}
_PLACE = re.compile(r"[0-9]{2}([0-9]{2})?")
_CPV = re.compile(r"[0-9]{2,8}")
#: Anything longer is no address (RFC 5321, 4.5.3.1.3).
_LONGEST_ADDRESS = 254
_REMIND_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A lot as a search sees it.

    Attributes:
        places: municipalities (four digits) of performance and of the buyer, as far as known.
        buyers: organisation numbers of the buyers, as far as they are linked.
    """

    notice: Notice
    lot: Lot
    places: frozenset[str] = frozenset()
    buyers: tuple[str, ...] = ()


def checked_address(text: str) -> str:
    """Return an e-mail address without what stands around it. Raises CodeError."""
    email = text.strip()
    local, at, domain = email.rpartition("@")
    if (
        not (local and at and "." in domain.strip("."))
        or any(c.isspace() or not c.isprintable() for c in email)
        or len(email) > _LONGEST_ADDRESS
    ):
        raise CodeError(f"not an e-mail address: {email!r}")
    return email


def checked(subscription: Subscription) -> Subscription:
    """Return a subscription in one form, e.g. CPV codes as digits and no wish twice.

    Raises:
        CodeError: the address is none, nothing was asked for, or a wish cannot be meant.
    """
    email = checked_address(subscription.email)
    if subscription.language not in LANGUAGES:
        raise CodeError(f"language: not one of {', '.join(LANGUAGES)}: {subscription.language!r}")
    cpv = tuple(dict.fromkeys(_cpv(code) for code in subscription.cpv))
    places = tuple(dict.fromkeys(_place(number) for number in subscription.municipalities))
    words = tuple(dict.fromkeys(filter(None, (word.strip() for word in subscription.words))))
    buyers = tuple(dict.fromkeys(filter(None, (one.strip() for one in subscription.buyers))))
    done = replace(
        subscription, email=email, cpv=cpv, municipalities=places, words=words, buyers=buyers
    )
    for problem in _problems(done):
        raise CodeError(problem)
    return done


def _cpv(text: str) -> str:
    digits = text.strip().partition("-")[0]
    if _CPV.fullmatch(digits) is None:
        raise CodeError(f"cpv: not a CPV code or the beginning of one: {text!r}")
    return digits


def _place(text: str) -> str:
    if _PLACE.fullmatch(text.strip()) is None:
        raise CodeError(f"place: not a municipality (four digits) or county (two): {text!r}")
    return text.strip()


def _problems(asked: Subscription) -> Iterator[str]:
    if asked.topic is not Topic.TENDERS:
        if len(asked.municipalities) != 1:
            yield "place: say which municipality or county the buyer is, one number"
    elif not (asked.org or asked.cpv or asked.words or asked.buyers):
        yield "a subscription needs an organisation, CPV codes, words or buyers"
    low, high = asked.value_min, asked.value_max
    if (low is not None and low < 0) or (high is not None and high <= 0):
        yield "value: not an amount"
    if low is not None and high is not None and low > high:
        yield f"value: the smallest ({low}) is more than the largest ({high})"
    if not 0 <= asked.threshold <= 1:
        yield "threshold: not between 0 and 1"
    if not 0 <= asked.remind_days <= _REMIND_DAYS:
        yield f"remind_days: not between 0 and {_REMIND_DAYS}"
    if "webhook" in asked.channels and not asked.webhook_url:
        yield "webhook: say where to post"
    if asked.webhook_url and urlsplit(asked.webhook_url).scheme not in {"https", "http"}:
        yield "webhook: not an address of the web"


def wants(subscription: Subscription, offer: Offer) -> bool:
    """Return whether a lot answers every kind of wish that a subscription states.

    With an organisation, ``cpv`` and ``words`` say what it delivers and leave nothing out (see
    ``preferences``); the other wishes do. What a notice does not tell (place, languages, value)
    is not held against it, but for the place of a search.
    """
    return all(_answers(subscription, offer))


def _answers(asked: Subscription, offer: Offer) -> Iterator[bool]:
    lot = offer.lot
    yield _value_fits(asked, lot)
    yield _reserved_fits(asked, lot)
    yield not asked.sme_suitable or lot.sme_suitable is True
    yield not (asked.languages and lot.tender_languages) or any(
        one in asked.languages for one in lot.tender_languages
    )
    yield _place_fits(asked, offer)
    if asked.buyers:
        yield any(_is_buyer(one, offer) for one in asked.buyers)
    if asked.org is None:
        if asked.cpv:
            codes = codes_of(offer)
            yield any(within(code, wish) for code in codes for wish in asked.cpv)
        if asked.words:
            text = text_of(offer)
            yield any(word.casefold() in text for word in asked.words)


def codes_of(offer: Offer) -> tuple[str, ...]:
    """Return the CPV codes a search looks at: the lot's own, else the notice's."""
    notice = offer.notice
    return offer.lot.cpv or tuple(filter(None, (notice.cpv_main, *notice.cpv_additional)))


def text_of(offer: Offer) -> str:
    """Return the text a search looks in, case folded."""
    lot = offer.lot
    return " ".join((str(offer.notice.title), str(lot.title), str(lot.description))).casefold()


def is_reserved(lot: Lot) -> bool:
    """Return whether a lot is kept for sheltered workplaces or those with a public mission."""
    return bool(_RESERVED.intersection(lot.reserved))


def _value_fits(asked: Subscription, lot: Lot) -> bool:
    amount = value_of(lot)
    if amount is None:
        return True
    too_small = asked.value_min is not None and amount < asked.value_min
    return not too_small and (asked.value_max is None or amount <= asked.value_max)


def value_of(lot: Lot) -> Decimal | None:
    """Return a lot's own value; one krone or less is what buyers enter to say nothing."""
    told = (one for one in (lot.value, lot.framework_maximum) if one and one.amount > 1)
    return next((one.amount for one in told if one.currency == "NOK"), None)


def _reserved_fits(asked: Subscription, lot: Lot) -> bool:
    if asked.reserved is Reserved.ANY:
        return True
    return is_reserved(lot) is (asked.reserved is Reserved.ONLY)


def _place_fits(asked: Subscription, offer: Offer) -> bool:
    if not asked.municipalities:
        return True
    if not offer.places:
        return asked.org is not None
    return any(own.startswith(wish) for own in offer.places for wish in asked.municipalities)


def _is_buyer(wish: str, offer: Offer) -> bool:
    if wish in offer.buyers:
        return True
    printed = offer.notice.buyers
    if wish.isdigit():
        return any(wish == "".join((one.number or "").split()) for one in printed)
    return any(wish.casefold() in one.name.casefold() for one in printed)

"""What a person fills in, as a subscription, and the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from fastapi import Request

from procmatch.codes.places import Places
from procmatch.errors import CodeError
from procmatch.model.subscription import (
    Frequency,
    QuietDay,
    Reserved,
    Subscription,
    Topic,
)
from procmatch.text.folding import fold
from procmatch.text.messages import LANGUAGES
from procmatch.workflows.profile import Profile

__all__ = [
    "Filled",
    "amount_of",
    "filled",
    "own_words",
    "place_name",
    "place_of",
    "read_form",
    "shown",
]

_SPACES = re.compile(r"[\s,;]+")
_ITEMS = re.compile(r"[\n,;]+")
_LONGEST = 2000
#: What a box of the form means in EU authority codes.
TENDER_LANGUAGES = {"no": ("NOR", "NOB", "NNO"), "en": ("ENG",)}


@dataclass(frozen=True, slots=True)
class Filled:
    """The fields of a form, each with all its values."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """Return the first value, cleaned, or ``""``."""
        return self.values.get(name, ("",))[0].strip()[:_LONGEST]

    def many(self, name: str) -> tuple[str, ...]:
        """Return all values that are not empty."""
        return tuple(text for value in self.values.get(name, ()) if (text := value.strip()))

    def items(self, name: str, between: re.Pattern[str] = _ITEMS) -> tuple[str, ...]:
        """Return what stands between commas or lines of a text field."""
        return tuple(text for part in between.split(self.one(name)) if (text := part.strip()))


async def filled(request: Request) -> Filled:
    """Read a form; a file or an unreadable body is no form."""
    form = await request.form(max_files=0, max_fields=200)
    values: dict[str, tuple[str, ...]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            values[name] = (*values.get(name, ()), value)
    return Filled(values)


def amount_of(text: str) -> Decimal | None:
    """Return kroner as people write them, None of nothing. Raises CodeError."""
    digits = re.sub(r"[\s.\u00a0]|kr", "", text.lower()).replace(",", ".")
    if not digits:
        return None
    try:
        amount = Decimal(digits)
    except InvalidOperation:
        raise CodeError(f"value: not an amount: {text!r}") from None
    if not amount.is_finite():
        raise CodeError(f"value: not an amount: {text!r}")
    return amount


def place_of(text: str, places: Places) -> str:
    """Return the number of a municipality or county given by number or name. Raises CodeError."""
    if text.isdigit():
        return text
    town = places.find_municipality(text)
    if town:
        return town.number
    for number, name in places.counties.items():
        if fold(name) == fold(text):
            return number
    raise CodeError(f"place: not a municipality or county: {text!r}")


def place_name(places: Places, number: str) -> str:
    """Name a municipality or county; its number where the lists do not know it."""
    town = places.municipality(number)
    return town.name if town else places.counties.get(number, number)


def read_form(form: Filled, base: Subscription, places: Places) -> Subscription:
    """Return ``base`` with what the form says in its place.

    Raises:
        CodeError: a field cannot be meant; its text names the field.
    """
    try:
        reserved = Reserved(form.one("reserved") or Reserved.ANY)
        frequency = Frequency(form.one("frequency") or Frequency.DAILY)
        topic = Topic(form.one("topic") or base.topic)
        quiet = tuple(QuietDay(day) for day in form.many("quiet"))
        remind_days = int(form.one("remind_days") or 0)
    except ValueError as error:
        raise CodeError(f"form: {error}") from None
    language = form.one("language")
    webhook = form.one("webhook_url")
    mail = ("mail",) if form.one("mail") else ()
    return replace(
        base,
        topic=topic,
        language=language if language in LANGUAGES else base.language,
        offers=form.one("offers"),
        cpv=(*form.many("cpv_suggested"), *form.items("cpv", _SPACES)),
        words=form.items("words"),
        municipalities=tuple(place_of(text, places) for text in form.items("places")),
        value_min=amount_of(form.one("value_min")),
        value_max=amount_of(form.one("value_max")),
        buyers=form.items("buyers"),
        reserved=reserved,
        sme_suitable=bool(form.one("sme_suitable")),
        languages=tuple(
            code for box in form.many("languages") for code in TENDER_LANGUAGES.get(box, ())
        ),
        frequency=frequency,
        quiet=quiet,
        remind_days=remind_days,
        webhook_url=webhook,
        channels=(*mail, *(("webhook",) if webhook else ())),
    )


def own_words(wanted: Subscription, profile: Profile | None) -> Subscription:
    """Return a subscription without words that are the register's, so that it follows them."""
    if profile and wanted.offers.split() == profile.offers.split():
        return replace(wanted, offers="")
    return wanted


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}".replace(".", ",")


def shown(subscription: Subscription, places: Places, suggested: Iterable[str] = ()) -> Filled:
    """Return a subscription as the fields of a form; codes of ``suggested`` have boxes."""
    boxes = set(suggested)
    names = [place_name(places, number) for number in subscription.municipalities]
    values: dict[str, tuple[str, ...]] = {
        "topic": (subscription.topic.value,),
        "language": (subscription.language,),
        "offers": (subscription.offers,),
        "cpv": (" ".join(code for code in subscription.cpv if code not in boxes),),
        "cpv_suggested": tuple(code for code in subscription.cpv if code in boxes),
        "words": (", ".join(subscription.words),),
        "places": (", ".join(names),),
        "value_min": (_plain(subscription.value_min),),
        "value_max": (_plain(subscription.value_max),),
        "buyers": (", ".join(subscription.buyers),),
        "reserved": (subscription.reserved.value,),
        "sme_suitable": ("1" if subscription.sme_suitable else "",),
        "languages": tuple(
            box
            for box, codes in TENDER_LANGUAGES.items()
            if set(codes) & set(subscription.languages)
        ),
        "frequency": (subscription.frequency.value,),
        "quiet": tuple(day.value for day in subscription.quiet),
        "remind_days": (str(subscription.remind_days),),
        "mail": ("1" if "mail" in subscription.channels else "",),
        "webhook_url": (subscription.webhook_url,),
    }
    return Filled(values)

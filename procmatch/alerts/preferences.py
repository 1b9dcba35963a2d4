"""What a subscriber's own words do to the ranking: one readable table, each effect said aloud.

Only the subscriber's own subscription is touched, at once, and every effect ends when the judgement
is taken back. Nothing is learned in secret: the sentences say what was added or taken, and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from procmatch.alerts.digest import worth
from procmatch.alerts.wishes import Offer
from procmatch.codes.cpv import within
from procmatch.model.match import Match
from procmatch.model.subscription import Feedback, Subscription, Unfit
from procmatch.text.messages import Message

__all__ = ["LEAST", "MOST", "RULE", "Lift", "Row", "lift", "with_lift"]

#: CPV digits that make two lots one kind of purchase: the class.
_CLASS = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One effect: what it adds to the score 0..1 of a lot, when, and how it is said."""

    points: float
    when: str
    said: str


#: The whole rule. A judgement of one tender counts for other lots that are like it.
RULE: Mapping[str, Row] = {
    "wished": Row(
        0.10,
        "The lot is in a CPV branch that you say you deliver, or names a word of yours.",
        "It is among what you say you deliver.",
    ),
    "outside": Row(
        -0.10,
        "You say what you deliver, and the lot is not in it.",
        "It is not among what you say you deliver.",
    ),
    "fits": Row(
        0.10,
        "You said that a tender of the same CPV class fits.",
        "You said that a tender like this fits.",
    ),
    Unfit.WRONG_TRADE.value: Row(
        -0.25,
        "You said that a tender of the same CPV class is the wrong trade.",
        "You said that a tender like this is the wrong trade.",
    ),
    Unfit.TOO_BIG.value: Row(
        -0.25,
        "You said that a tender is too big, and this is worth as much or more.",
        "You said that a tender of this size is too big.",
    ),
    Unfit.TOO_FAR.value: Row(
        -0.25,
        "You said that a tender is too far away, and this is in the same municipality.",
        "You said that this place is too far away.",
    ),
    Unfit.REQUIREMENTS.value: Row(
        -0.15,
        "You said that the requirements do not fit, and the same kind of hurdle stands here.",
        "You said that a requirement like this does not fit.",
    ),
    "unfit": Row(
        -0.10,
        "You said without a reason that a tender of the same CPV class does not fit.",
        "You said that a tender like this does not fit.",
    ),
}
#: However much was judged, a score moves no further than this.
LEAST, MOST = -0.5, 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """What the subscriber's words add to a score, and the sentences that say so."""

    points: float = 0.0
    said: tuple[Message, ...] = ()


def lift(
    subscription: Subscription,
    judgements: Iterable[Feedback],
    offer: Offer,
    match: Match | None = None,
) -> Lift:
    """Return what a subscription's wishes and judgements do to one lot.

    Each row of :data:`RULE` counts once, however many judgements speak for it.
    """
    names = dict.fromkeys((*_wished(subscription, offer), *_judged(judgements, offer, match)))
    points = sum(RULE[name].points for name in names)
    return Lift(
        points=min(MOST, max(LEAST, round(points, 4))),
        said=tuple(Message(RULE[name].said) for name in names),
    )


def with_lift(match: Match, by: Lift) -> Match:
    """Return a match with its score moved, still within 0..1."""
    return replace(match, score=min(1.0, max(0.0, match.score + by.points)))


def _wished(asked: Subscription, offer: Offer) -> Iterator[str]:
    if asked.org is None or not (asked.cpv or asked.words):
        return  # of a search, all that comes is asked for
    codes = offer.lot.cpv or tuple(filter(None, (offer.notice.cpv_main,)))
    text = f"{offer.notice.title} {offer.lot.title} {offer.lot.description}".casefold()
    inside = any(within(code, wish) for code in codes for wish in asked.cpv)
    named = any(word.casefold() in text for word in asked.words)
    yield "wished" if inside or named else "outside"


def _judged(judgements: Iterable[Feedback], offer: Offer, match: Match | None) -> Iterator[str]:
    value = worth(offer.notice, offer.lot)
    hurdles = {one.kind for one in match.hurdles} if match else set()
    main = offer.lot.cpv_main or offer.notice.cpv_main or ""
    for one in judgements:
        alike = bool(main) and main[:_CLASS] in {code[:_CLASS] for code in one.cpv}
        if one.fits:
            holds = alike
        else:
            holds = {
                None: alike,
                Unfit.WRONG_TRADE: alike,
                Unfit.TOO_BIG: bool(
                    value and one.value and value.currency == "NOK" and value.amount >= one.value
                ),
                Unfit.TOO_FAR: bool(offer.places) and offer.places <= set(one.places),
                Unfit.REQUIREMENTS: bool(hurdles.intersection(one.hurdles)),
            }[one.why]
        if holds:
            yield "fits" if one.fits else (one.why.value if one.why else "unfit")

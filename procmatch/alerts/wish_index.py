"""Which of many subscriptions want a lot, without asking each of them.

Each wish is a key that leads to the subscriptions that have it. A lot is looked up by its own keys,
so the work grows with the wishes it answers; what remains for each subscription is a few
comparisons of whole arrays. The answer is that of :func:`~procmatch.alerts.wishes.wants`, which
says what is wanted; a test compares them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from procmatch.alerts.substrings import Substrings
from procmatch.alerts.wishes import Offer, codes_of, is_reserved, text_of, value_of
from procmatch.codes.cpv import depth
from procmatch.model.notice import Lot
from procmatch.model.subscription import Reserved, Subscription

__all__ = ["WishIndex"]

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]

_DIVISION = 2


class _Wishes:
    """One kind of wish: key -> the positions of the subscriptions that have it.

    ``free`` are those without any wish of this kind: they take all.
    """

    def __init__(self, wishes: Sequence[Sequence[str] | None]) -> None:
        self.free: Flags = np.array([one is None for one in wishes], dtype=np.bool_)
        by_key: dict[str, list[int]] = {}
        for position, keys in enumerate(wishes):
            for key in keys or ():
                by_key.setdefault(key, []).append(position)
        self.by_key: Mapping[str, Places] = {
            key: np.array(some, dtype=np.intp) for key, some in by_key.items()
        }

    def answered(self, keys: Iterable[str]) -> Flags:
        """Return who has one of the keys, or no wish of this kind."""
        flags = self.free.copy()
        for key in keys:
            some = self.by_key.get(key)
            if some is not None:
                flags[some] = True
        return flags


class _Values:
    """The smallest and largest values wanted, as ranks among all of them."""

    def __init__(self, subscriptions: Sequence[Subscription]) -> None:
        low = [one.value_min for one in subscriptions]
        high = [one.value_max for one in subscriptions]
        self.steps: list[Decimal] = sorted({one for one in (*low, *high) if one is not None})
        rank = {value: position for position, value in enumerate(self.steps)}
        self.low = np.array([-1 if one is None else rank[one] for one in low], dtype=np.intp)
        top = len(self.steps) + 1
        self.high = np.array([top if one is None else rank[one] for one in high], dtype=np.intp)

    def fit(self, amount: Decimal) -> Flags:
        not_less = self.low < bisect_right(self.steps, amount)
        not_more = self.high >= bisect_left(self.steps, amount)
        fits: Flags = not_less & not_more
        return fits


def _prefixes(text: str, shortest: int) -> Iterable[str]:
    return (text[:length] for length in range(shortest, len(text) + 1))


class WishIndex:
    """Subscriptions, laid out to be asked for by a lot."""

    def __init__(self, subscriptions: Sequence[Subscription]) -> None:
        """Lay out subscriptions; positions in answers are theirs."""
        some = self._subscriptions = tuple(subscriptions)
        self._values = _Values(some)
        self._cpv = _Wishes(
            [
                [wish[: depth(wish)] for wish in one.cpv if len(wish) >= _DIVISION]
                if one.org is None and one.cpv
                else None
                for one in some
            ]
        )
        self._words = _Wishes(
            [
                [word.casefold() for word in one.words] if one.org is None and one.words else None
                for one in some
            ]
        )
        self._places = _Wishes([one.municipalities or None for one in some])
        self._languages = _Wishes([one.languages or None for one in some])
        self._buyers = _Wishes([one.buyers or None for one in some])
        names: dict[str, list[str]] = {}
        for wish in self._buyers.by_key:
            if not wish.isdigit():
                names.setdefault(wish.casefold(), []).append(wish)
        self._buyer_wishes = names
        self._buyer_names = Substrings(names)
        self._word_list = Substrings(self._words.by_key)
        self._has_org = self._flags(lambda one: one.org is not None)
        self._any_lot = self._flags(lambda one: one.reserved is Reserved.ANY)
        self._reserved = self._flags(lambda one: one.reserved is Reserved.ONLY) | self._any_lot
        self._unreserved = self._flags(lambda one: one.reserved is Reserved.NONE) | self._any_lot
        self._any_size = self._flags(lambda one: not one.sme_suitable)

    def _flags(self, has: Callable[[Subscription], bool]) -> Flags:
        return np.array([has(one) for one in self._subscriptions], dtype=np.bool_)

    def wanted_by(self, offer: Offer) -> list[Subscription]:
        """Return the subscriptions that want a lot, in their order."""
        return [self._subscriptions[at] for at in self.positions(offer)]

    def positions(self, offer: Offer) -> Sequence[int]:
        """Return the positions of the subscriptions that want a lot, ascending."""
        flags = self._fit_of_lot(offer.lot)
        flags &= self._in_place(offer)
        flags &= self._cpv.answered(
            {stem for code in codes_of(offer) for stem in _prefixes(code, _DIVISION)}
        )
        if not self._buyers.free.all():
            flags &= self._buyers.answered(self._of_buyers(offer))
        if not self._words.free.all():
            flags &= self._words.answered(self._word_list.within(text_of(offer)))
        found: list[int] = np.flatnonzero(flags).tolist()
        return found

    def _fit_of_lot(self, lot: Lot) -> Flags:
        flags = (self._reserved if is_reserved(lot) else self._unreserved).copy()
        if lot.sme_suitable is not True:
            flags &= self._any_size
        if lot.tender_languages:
            flags &= self._languages.answered(lot.tender_languages)
        amount = value_of(lot)
        if amount is not None:
            flags &= self._values.fit(amount)
        return flags

    def _in_place(self, offer: Offer) -> Flags:
        if not offer.places:
            flags: Flags = self._places.free | self._has_org
            return flags
        return self._places.answered({part for own in offer.places for part in _prefixes(own, 0)})

    def _of_buyers(self, offer: Offer) -> set[str]:
        """Return the wishes that the buyers of a lot answer: linked, or as printed."""
        wishes = set(offer.buyers)
        for one in offer.notice.buyers:
            number = "".join((one.number or "").split())
            if number.isdigit():
                wishes.add(number)
            for name in self._buyer_names.within(one.name.casefold()):
                wishes.update(self._buyer_wishes[name])
        return wishes

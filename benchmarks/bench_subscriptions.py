"""5,000 subscriptions x 200 new lots: the index of wishes against asking each subscription.

Peers: a loop with the words of a lot as a set; the same with every kind of wish as a set; the
plain loop over ``wants``, which must give the same answer, pair for pair. Token sets see whole
words only, so they find fewer. Invented subscriptions and lots, in the words of the CPV's labels.
Building the index is timed by itself.

    python benchmarks/bench_subscriptions.py
"""

from __future__ import annotations

import gc
import random
import re
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from procmatch.alerts.wish_index import WishIndex
from procmatch.alerts.wishes import Offer, codes_of, text_of, value_of, wants
from procmatch.codes.cpv import builtin
from procmatch.model.notice import Lot, Notice, NoticeKind, OrganisationRef
from procmatch.model.subscription import Subscription
from procmatch.model.values import Money, Text

SUBSCRIPTIONS, LOTS, ROUNDS = 5_000, 200, 7
SEED = 5
NOW = datetime(2026, 6, 1, tzinfo=UTC)
LABELS = {code: labels["nb"] for code, labels in builtin().items() if labels.get("nb")}
CODES = sorted(LABELS)
PLACES = [f"{county}{n:02}" for county in (11, 15, 18, 31, 32, 33, 34, 39, 42, 46, 50, 55)
          for n in range(1, 30)]  # fmt: skip


def _wished_words(dice: random.Random, codes: list[str]) -> tuple[str, ...]:
    words = sorted({word for code in codes for word in re.findall(r"\w{4,}", LABELS[code])})
    return tuple(dice.sample(words, min(len(words), dice.choice((1, 2, 3)))))


def subscriptions(dice: random.Random) -> list[Subscription]:
    some = []
    for number in range(SUBSCRIPTIONS):
        codes = dice.sample(CODES, dice.choice((1, 2, 3)))
        kind = dice.random()
        cpv = tuple(code[: dice.choice((2, 2, 3, 4, 5))] for code in codes) if kind < 0.75 else ()
        words = _wished_words(dice, codes) if kind > 0.6 or not cpv else ()
        places = tuple(place[: dice.choice((2, 2, 4))] for place in dice.sample(PLACES, 2))
        some.append(
            Subscription(
                id=f"s{number}",
                email=f"s{number}@firma.example",
                created_at=NOW,
                cpv=cpv,
                words=words,
                municipalities=places if dice.random() < 0.4 or not (cpv or words) else (),
                value_max=Decimal(dice.randrange(1, 50) * 100_000) if dice.random() < 0.3 else None,
            )
        )
    return some


def _said(dice: random.Random, code: str, number: int) -> Text:
    """Words of a branch and of others, as a description has them."""
    near = [one for one in CODES if one.startswith(code[:2])]
    codes = [*dice.choices(near, k=number), *dice.choices(CODES, k=number // 2)]
    return Text(versions=(("NOR", " ".join(LABELS[one] for one in codes)),))


def offers(dice: random.Random) -> list[Offer]:
    some = []
    for number in range(LOTS):
        codes = dice.sample(CODES, dice.choice((1, 1, 2, 4)))
        lot = Lot(
            id="LOT-0001",
            title=_said(dice, codes[0], 1),
            description=_said(dice, codes[0], 12),
            cpv_main=codes[0],
            cpv_additional=tuple(codes[1:]),
            value=Money(amount=Decimal(dice.randrange(1, 80) * 75_000), currency="NOK"),
        )
        notice = Notice(
            source="doffin",
            source_id=f"2026-{number}",
            notice_id=f"n{number}",
            version="01",
            procedure_id=f"p{number}",
            kind=NoticeKind.COMPETITION,
            title=_said(dice, codes[0], 2),
            buyers=(OrganisationRef(name="Fjordby kommune"),),
            lots=(lot,),
        )
        some.append(Offer(notice=notice, lot=lot, places=frozenset({dice.choice(PLACES)})))
    return some


def token_loop(some: list[Subscription], lots: list[Offer]) -> int:
    """Ask each subscription in turn: words in the lot's set of words, the rest as it is."""
    folded = [[word.casefold() for word in one.words] for one in some]
    found = 0
    for offer in lots:
        tokens = set(re.findall(r"\w+", text_of(offer)))
        codes, amount = codes_of(offer), value_of(offer.lot)
        for one, words in zip(some, folded, strict=True):
            if one.cpv and not any(code.startswith(wish) for wish in one.cpv for code in codes):
                continue
            if words and not any(word in tokens for word in words):
                continue
            if one.municipalities and not any(
                own.startswith(wish) for wish in one.municipalities for own in offer.places
            ):
                continue
            if one.value_max is not None and amount is not None and amount > one.value_max:
                continue
            found += 1
    return found


def set_loop(some: list[Subscription], lots: list[Offer]) -> int:
    """The same with every kind of wish as a set that is made before the clock starts to count."""
    ready = [
        (
            {word.casefold() for word in one.words},
            set(one.cpv),
            set(one.municipalities),
            one.value_max,
        )
        for one in some
    ]
    found = 0
    for offer in lots:
        tokens = set(re.findall(r"\w+", text_of(offer)))
        codes = {code[:length] for code in codes_of(offer) for length in range(2, 9)}
        places = {place[:length] for place in offer.places for length in (2, 4)}
        amount = value_of(offer.lot)
        for words, cpv, municipalities, most in ready:
            if cpv and cpv.isdisjoint(codes):
                continue
            if words and words.isdisjoint(tokens):
                continue
            if municipalities and municipalities.isdisjoint(places):
                continue
            if most is not None and amount is not None and amount > most:
                continue
            found += 1
    return found


def timed(work: Callable[[], int], rounds: int) -> tuple[float, int]:
    """Return the median of ms, and what was found."""
    taken, found = [], 0
    for _ in range(rounds):
        gc.collect()
        started = time.perf_counter()
        found = work()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken), found


def main() -> None:
    dice = random.Random(SEED)
    some, lots = subscriptions(dice), offers(dice)

    def plain() -> list[list[int]]:
        return [[at for at, one in enumerate(some) if wants(one, offer)] for offer in lots]

    started = time.perf_counter()
    index = WishIndex(some)
    built = (time.perf_counter() - started) * 1000
    assert [list(index.positions(offer)) for offer in lots] == plain()

    ours, found = timed(lambda: sum(len(index.wanted_by(offer)) for offer in lots), ROUNDS)
    token, whole = timed(lambda: token_loop(some, lots), ROUNDS)
    sets, also_whole = timed(lambda: set_loop(some, lots), ROUNDS)
    loop, same = timed(lambda: sum(map(len, plain())), 3)
    assert found == same
    assert whole == also_whole
    print(f"  {SUBSCRIPTIONS:,} subscriptions x {LOTS} lots, {found:,} matches, median of {ROUNDS}")
    print(f"  index of wishes    {ours:7.0f} ms  (built in {built:.0f} ms)")
    for name, taken, number in (
        ("loop, token set", token, whole),
        ("loop, all sets", sets, also_whole),
        ("plain loop", loop, same),
    ):
        print(f"  {name:18} {taken:7.0f} ms  {taken / ours:5.1f}x  {number:,} matches")


if __name__ == "__main__":
    main()

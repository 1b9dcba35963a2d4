"""5,000 subscriptions x 200 new lots: the index of wishes against asking each subscription.

Peers: a loop with token sets, which asks each subscription with everything about a lot made ready
(its words as a set, the beginnings of its codes and places), and the plain loop over ``wants``. The
plain loop must give the same answer, pair for pair; the token loop sees whole words only, so it
finds fewer. Invented subscriptions and lots. Building the index is timed by itself.

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
from procmatch.model.notice import Lot, Notice, NoticeKind, OrganisationRef
from procmatch.model.subscription import Subscription
from procmatch.model.values import Money, Text

SUBSCRIPTIONS, LOTS, ROUNDS = 5_000, 200, 7
SEED = 5
NOW = datetime(2026, 6, 1, tzinfo=UTC)
DIVISIONS = [f"{n:02}" for n in (3, 9, 15, 18, 22, 30, 33, 34, 39, 44, 45, 50, 55, 60, 71, 72, 79,
                                 80, 85, 90)]  # fmt: skip
SYLLABLES = "ba bru byg dal fisk frukt grønn hage is kant kjøtt ler mat mel ned ost park rens rør sne sol tak tre vask vei vin".split()  # noqa: E501


def _words(dice: random.Random, number: int) -> list[str]:
    made = {"".join(dice.choices(SYLLABLES, k=dice.choice((1, 2, 2, 3)))) for _ in range(number)}
    return sorted(made)


def _code(dice: random.Random) -> str:
    return dice.choice(DIVISIONS) + "".join(dice.choices("012345", k=3)) + "000"


def subscriptions(dice: random.Random, words: list[str], places: list[str]) -> list[Subscription]:
    some = []
    for number in range(SUBSCRIPTIONS):
        kind = dice.random()
        some.append(
            Subscription(
                id=f"s{number}",
                email=f"s{number}@firma.example",
                created_at=NOW,
                cpv=tuple(
                    _code(dice)[: dice.choice((2, 2, 3, 4, 5))]
                    for _ in range(dice.choice((1, 2, 3)))
                )
                if kind < 0.75
                else (),
                words=tuple(dice.sample(words, dice.choice((1, 2, 3)))) if kind > 0.6 else (),
                municipalities=tuple(
                    place[: dice.choice((2, 2, 4))] for place in dice.sample(places, 2)
                )
                if dice.random() < 0.4
                else (),
                value_max=Decimal(dice.randrange(1, 50) * 100_000) if dice.random() < 0.3 else None,
            )
        )
    return some


def offers(dice: random.Random, words: list[str], places: list[str]) -> list[Offer]:
    some = []
    for number in range(LOTS):
        codes = [_code(dice) for _ in range(dice.choice((1, 1, 2, 4)))]
        lot = Lot(
            id="LOT-0001",
            title=Text(versions=(("NOR", " ".join(dice.choices(words, k=6))),)),
            description=Text(versions=(("NOR", " ".join(dice.choices(words, k=60))),)),
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
            title=Text(versions=(("NOR", " ".join(dice.choices(words, k=8))),)),
            buyers=(OrganisationRef(name="Fjordby kommune"),),
            lots=(lot,),
        )
        some.append(Offer(notice=notice, lot=lot, places=frozenset({dice.choice(places)})))
    return some


def token_loop(some: list[Subscription], lots: list[Offer]) -> int:
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
    words = _words(dice, 4_000)
    places = [
        f"{county}{n:02}"
        for county in (11, 15, 18, 31, 32, 33, 34, 39, 42, 46, 50, 55)
        for n in range(1, 30)
    ]
    some, lots = subscriptions(dice, words, places), offers(dice, words, places)

    def plain() -> list[list[int]]:
        return [[at for at, one in enumerate(some) if wants(one, offer)] for offer in lots]

    started = time.perf_counter()
    index = WishIndex(some)
    built = (time.perf_counter() - started) * 1000
    assert [list(index.positions(offer)) for offer in lots] == plain()

    ours, found = timed(lambda: sum(len(index.wanted_by(offer)) for offer in lots), ROUNDS)
    token, whole_words = timed(lambda: token_loop(some, lots), ROUNDS)
    loop, same = timed(lambda: sum(map(len, plain())), 3)
    assert found == same
    print(f"  {SUBSCRIPTIONS:,} subscriptions x {LOTS} lots, {found:,} matches, median of {ROUNDS}")
    print(f"  index of wishes      {ours:8.0f} ms   (built in {built:.0f} ms)")
    print(
        f"  loop with token sets {token:8.0f} ms   {token / ours:5.1f}x   "
        f"({whole_words:,} matches: whole words only)"
    )
    print(f"  plain loop           {loop:8.0f} ms   {loop / ours:5.1f}x   (the same matches)")


if __name__ == "__main__":
    main()

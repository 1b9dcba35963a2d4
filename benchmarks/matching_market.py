"""An invented market: firms that say what they do, and lots, the same every time.

Names are those of the invented register. What a firm says is put together from the labels of its
trade and of the goods that trades of its kind sell, with words of no meaning and words of its own
among them. It shows speed; it is no claim of accuracy.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence

from linkage_register import Unit

from procmatch.codes import builtin
from procmatch.matching.affinity import affinity
from procmatch.matching.relevance import Firm, Need

__all__ = ["firms", "lots"]

_SEED = 40_101
_FILLER = (
    "drift virksomhet selskap eie investere handel tilknytning naturlig sammen andre deltakelse "
    "herunder utvikling salg tjenester kunder næringsliv privat offentlig marked produkter "
    "rådgivning import eksport utleie formål forretning aksjer fast eiendom beslektet region "
    "lokal kvalitet service erfaring ansatte oppdrag prosjekt løsninger levere"
).split()
_ASKED = (
    "anskaffelse rammeavtale kommune leverandør levering behov avtale periode opsjon oppdragsgiver "
    "kvalitet miljø pris kontrakt konkurranse tilbud omfatter tjeneste krav dokumentasjon frist "
    "virksomheter enheter bestilling lokaler skole sykehjem barnehage bygg utstyr"
).split()
_SYLLABLES = (
    "ba be bo da do fa fi ga ha ka ki ko la le lo ma mi mo na ne no ra re ro sa se ta to".split()
)
_STRONG = 0.5
#: How many words of CPV labels a trade may choose from.
_MOST_WORDS = 80
_KNOWN_TURNOVER, _MANY_PLACES = 0.6, 0.1


def _words(label: str) -> list[str]:
    return [word for word in label.lower().replace(",", " ").split() if len(word) > 2]


def _vocabulary() -> dict[str, list[str]]:
    """Return trade -> words that its firms may use."""
    codes = builtin()
    labels = codes.industry.labels["SN2025"]
    trades = sorted(code for code in labels if len(code) == 6)
    sold: dict[str, list[str]] = {trade: [] for trade in trades}
    for code in codes.cpv.labels:
        if not code.endswith("000"):
            continue
        words = _words(codes.cpv.label(code, "nb"))
        for trade in trades:
            if affinity(code, ((trade, 1.0),)).strength >= _STRONG:
                sold[trade] += words
    return {
        trade: _words(codes.industry.label("SN2025", trade)) * 2 + sold[trade][:_MOST_WORDS]
        for trade in trades
    }


def firms(units: Sequence[Unit]) -> Iterator[Firm]:
    """Yield a firm for each unit of the invented register."""
    chance = random.Random(_SEED)
    vocabulary = _vocabulary()
    trades = list(vocabulary)
    chance.shuffle(trades)
    weights = [1 / (rank + 10) for rank in range(len(trades))]
    towns = [unit.municipality for unit in units[:5_000]]
    for unit in units:
        own = list(dict.fromkeys(chance.choices(trades, weights, k=chance.choice((1, 1, 1, 2, 3)))))
        said = chance.choices(vocabulary[own[0]] or _FILLER, k=chance.randint(4, 12))
        said += chance.choices(_FILLER, k=chance.randint(2, 6))
        if chance.random() < _KNOWN_TURNOVER:
            said.append("".join(chance.choices(_SYLLABLES, k=chance.randint(3, 5))))
        places = [unit.municipality]
        if chance.random() < _MANY_PLACES:
            places += chance.choices(towns, k=2)
        turnover = math.exp(chance.gauss(14.8, 1.6))
        yield Firm(
            key=unit.number,
            name=unit.name,
            text=" ".join(said),
            language="nb",
            industries=tuple(own),
            nace="SN2025",
            municipalities=tuple(dict.fromkeys(places)),
            turnover=turnover if chance.random() < _KNOWN_TURNOVER else None,
        )


def lots(units: Sequence[Unit], many: int, seed: int = 1) -> list[Need]:
    """Return lots: a code, words of its branch and of no meaning, a place, a value."""
    chance = random.Random(_SEED + seed)
    labels = builtin().cpv
    codes = sorted(labels.labels)
    by_class: dict[str, list[str]] = {}
    for code in codes:
        by_class.setdefault(code[:4], []).append(code)
    found = []
    for number in range(many):
        main = chance.choice(codes)
        near = chance.choices(by_class[main[:4]], k=chance.choice((0, 0, 1, 2, 3)))
        words = [word for code in (main, *near) for word in _words(labels.label(code, "nb"))]
        text = chance.choices(words or _ASKED, k=chance.randint(3, 12))
        text += chance.choices(_ASKED, k=chance.randint(10, 30))
        chance.shuffle(text)
        found.append(
            Need(
                key=str(number),
                title=" ".join(_words(labels.label(main, "nb"))[:5]),
                text=" ".join(text),
                language="nb",
                cpv=tuple(dict.fromkeys((main, *near))),
                municipalities=(chance.choice(units).municipality,),
                yearly=math.exp(chance.gauss(14.3, 1.2)),
            )
        )
    return found

"""Write a sheet for reading: every lot with the firms to be judged, shuffled, sources hidden.

    python -m training.matching.judged.sheet --data DIR --seed 1 [--new] SHEET.txt ORDER.tsv

The sheet holds texts and names and is never kept; ``ORDER.tsv`` (notice, lot, firm) says in which
order the firms stand in it. Lots and firms are shuffled by the seed, so that a second reading meets
them in another order. With ``--new`` only firms that nobody has judged, after a ranking changed.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Mapping
from pathlib import Path

from procmatch.codes import builtin
from procmatch.matching.relevance import Firm
from procmatch.model.organisation import Organisation
from training.matching.judged.corpus import Key, firms, judged, lots, needs, units
from training.matching.judged.rankings import rankings

__all__ = ["POOL", "pool"]

#: How deep each system's list is read.
POOL = {"ours": 15, "BM25": 10}
_LOT_TEXT, _FIRM_TEXT = 420, 230


def pool(ranked: Mapping[str, Mapping[Key, list[str]]]) -> dict[Key, list[str]]:
    """Return lot -> firms that any system ranks high enough, in order of their numbers."""
    found: dict[Key, set[str]] = {}
    for system, depth in POOL.items():
        for key, listed in ranked[system].items():
            found.setdefault(key, set()).update(listed[:depth])
    return {key: sorted(own) for key, own in found.items()}


def _about(unit: Organisation) -> str:
    industry = builtin().industry
    labels = "; ".join(industry.label(one.revision, one.code) for one in unit.industry_codes)
    says = " / ".join(dict.fromkeys(text for text in (unit.activity, unit.purpose) if text))
    return f"{unit.name} [{unit.legal_form}] <{labels}> {says[:_FIRM_TEXT]}".replace("\n", " ")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--new", action="store_true", help="only what has no label yet")
    parser.add_argument("sheet", type=Path)
    parser.add_argument("order", type=Path)
    given = parser.parse_args()
    every = units(given.data)
    wanted = lots(given.data)
    by_key = {unit.id.number: unit for unit in every}
    found = pool(rankings(needs(wanted), _living(firms(every))))
    if given.new:
        known = {(one.notice, one.lot, one.firm) for one in judged("labels")}
        fresh = {
            key: [one for one in own if (*key, one) not in known] for key, own in found.items()
        }
        found = {key: own for key, own in fresh.items() if own}
    dice = random.Random(given.seed)
    order = list(found)
    dice.shuffle(order)
    codes = builtin().cpv
    text, rows = [], ["notice\tlot\tfirm"]
    for at, key in enumerate(order, start=1):
        _, lot = wanted[key]
        named = "; ".join(f"{code} {codes.label(code)}" for code in lot.cpv[:6])
        text += ["", f"#{at} {lot.title} -- {str(lot.description)[:_LOT_TEXT]} ({named})"]
        own = found[key]
        dice.shuffle(own)
        for place, firm in enumerate(own, start=1):
            text.append(f"{place}. {_about(by_key[firm])}")
            rows.append("\t".join((*key, firm)))
    given.sheet.write_text("\n".join(text) + "\n", encoding="utf-8")
    given.order.write_text("\n".join(rows) + "\n", encoding="utf-8")


def _living(every: Iterable[Firm]) -> list[Firm]:
    return [firm for firm in every if not firm.blocked]


if __name__ == "__main__":
    main()

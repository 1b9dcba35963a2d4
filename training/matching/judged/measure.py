"""How many of the first ten firms could deliver: our ranking beside BM25 and chance.

    python -m training.matching.judged.measure --data DIR [--report REPORT.md] [--lots]

The report gets a section of its own, put in place of the last one. With ``--lots`` each lot is
shown.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from procmatch.evaluation.intervals import Ratio, mean
from procmatch.evaluation.markdown import figure, plain, table
from training.matching.judged.agreement import agreement
from training.matching.judged.corpus import Key, firms, judged, lots, needs, units
from training.matching.judged.rankings import rankings

__all__ = ["DEPTH", "Measured", "measure", "section"]

DEPTH = 10
_TITLE = "## Lists judged by hand"
_AFTER = "## Left out"
#: What counts as right, by the least label.
_LEVELS = {"clearly": 2, "clearly or perhaps": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One system at one level.

    Attributes:
        precision: share of the first ten that could deliver; who was not judged could not.
        of_attainable: the same by the most that any list of ten could reach with the firms that are
            known to fit, over the lots where any is known.
        unjudged: share of the first ten that nobody has judged.
    """

    precision: Ratio
    of_attainable: Ratio
    unjudged: float


def measure(
    ranked: Mapping[Key, Sequence[str]], labels: Mapping[tuple[str, str, str], int], least: int
) -> Measured:
    """Measure lists of firms by labels; lots of one notice are drawn together in intervals."""
    keys = list(ranked)
    groups = [notice for notice, _ in keys]
    fitting = _fitting(labels, least)
    shares, missing, kept, reached, kept_groups = [], [], [], [], []
    for key in keys:
        first = ranked[key][:DEPTH]
        right = sum(labels.get((*key, firm), 0) >= least for firm in first)
        shares.append(right / DEPTH)
        missing.append(sum((*key, firm) not in labels for firm in first) / DEPTH)
        if most := min(DEPTH, fitting.get(key, 0)):
            kept.append(float(most))
            reached.append(float(right))
            kept_groups.append(key[0])
    each = [one / most for one, most in zip(reached, kept, strict=True)]
    return Measured(
        precision=mean(shares, groups),
        of_attainable=mean(each, kept_groups),
        unjudged=sum(missing) / len(missing),
    )


def _fitting(labels: Mapping[tuple[str, str, str], int], least: int) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for (notice, lot, _), label in labels.items():
        found[notice, lot] = found.get((notice, lot), 0) + (label >= least)
    return found


def _labels() -> dict[tuple[str, str, str], int]:
    return {
        (one.notice, one.lot, one.firm): one.label
        for name in ("chance", "labels")
        for one in judged(name)
    }


def section(data: Path) -> tuple[list[str], list[str]]:
    """Return the section of the report, and one line for each lot."""
    wanted = lots(data)
    market = [firm for firm in firms(units(data)) if not firm.blocked]
    ranked = rankings(needs(wanted), market)
    labels = _labels()
    rows = [
        _row(name, [measure(own, labels, least) for least in _LEVELS.values()])
        for name, own in ranked.items()
    ]
    drawn = judged("chance")
    by_chance = [
        mean([float(one.label >= least) for one in drawn], [one.notice for one in drawn])
        for least in _LEVELS.values()
    ]
    rows.append(("drawn by lot", *map(figure, by_chance), "", "", ""))
    most = [
        mean(
            [min(DEPTH, _fitting(labels, least).get(key, 0)) / DEPTH for key in wanted],
            [notice for notice, _ in wanted],
        )
        for least in _LEVELS.values()
    ]
    rows.append(("the most that was found", *map(figure, most), "", "", ""))
    head = (
        "first ten of",
        *(f"P@10, {level}" for level in _LEVELS),
        *(f"of the attainable, {level}" for level in _LEVELS),
        "not judged",
    )
    lines = [_TITLE, "", _introduction(len(wanted), len(market), labels), *table(head, rows)]
    fitting = _fitting(labels, 1)
    each = []
    for key in wanted:
        right = {
            name: sum(labels.get((*key, firm), 0) >= 1 for firm in own[key][:DEPTH])
            for name, own in ranked.items()
        }
        each.append(f"{' '.join(key)} {right} of {fitting.get(key, 0)}")
    return lines, each


def _row(name: str, found: Sequence[Measured]) -> tuple[str, ...]:
    return (
        name,
        *(figure(one.precision) for one in found),
        *(figure(one.of_attainable) for one in found),
        plain(found[0].unjudged),
    )


def _introduction(many: int, firms_: int, labels: Mapping[tuple[str, str, str], int]) -> str:
    kappa, same, both = agreement()
    chance = judged("chance")
    drawn = sum(one.label >= 1 for one in chance) / len(chance)
    missed = drawn * firms_
    known = sum(label >= 1 for label in labels.values()) / many
    without = many - sum(1 for count in _fitting(labels, 2).values() if count)
    return f"""\
{many} real lots, fourteen of them food, against an excerpt of the real register ({firms_} firms).
The first 15 of our ranking and the first 10 of BM25 were read, in shuffled order and without saying
which is whose, by the rule of `training/matching/judged`: 2 could clearly deliver, 1 perhaps, 0 no.
Place and size do not count. Nothing about past awards is known in this market.

**It is one reader, twice**, the second time in another order and soon after the first: of {both}
labels {same} are the same, Cohen's kappa {kappa:.2f}. That says how firm the rule is, not how far
two people would differ. The reader also wrote the rule and some rows of the table of trades.

The excerpt is no fair sample of the register: for {without} of the lots no firm was found that
could clearly deliver. So beside the share of the first ten that fit stands how much of the
attainable they reach: of the firms known to fit, at most ten. That is too kind, since a firm that
neither list shows is not known: of six firms a lot that were drawn by lot and judged once by the
same rule, {drawn:.1%} fit, which would be {missed:.0f} firms a lot (few kinds of lots have most of
them: groceries, building), while {known:.1f} a lot are known.
"""


def put(text: str, lines: Sequence[str]) -> str:
    """Return a report with this section in place of the last one, before what was left out."""
    start = text.find(_TITLE)
    if start >= 0:
        end = text.find("\n## ", start)
        text = text[:start].rstrip("\n") + "\n" + (text[end:] if end >= 0 else "")
    own = "\n".join(lines).rstrip("\n") + "\n"
    before, mark, after = text.partition(_AFTER)
    return before.rstrip("\n") + "\n\n" + own + (f"\n{mark}{after}" if mark else "")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with tenders/, suppliers/")
    parser.add_argument("--report", type=Path, help="Markdown file that gets the section")
    parser.add_argument("--lots", action="store_true", help="show each lot")
    given = parser.parse_args()
    lines, each = section(given.data)
    print(*lines, sep="\n")
    if given.lots:
        print(*each, sep="\n")
    if given.report:
        text = given.report.read_text(encoding="utf-8") if given.report.exists() else ""
        given.report.write_text(put(text, lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

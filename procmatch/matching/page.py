"""One page on a notice, lot by lot: who in a market could deliver, why, what is in the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from procmatch.model.match import Hurdle, Match, Verdict
from procmatch.model.notice import Lot, Notice
from procmatch.model.organisation import OrgId
from procmatch.text.messages import Message, say

__all__ = ["Part", "page"]

_SHOWN = 6
_REASONS = 2
#: The criterion that compares trades, and from how many points on a trade answers.
_TRADE, _ANSWERS = "trade", 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A lot and its matches, best first."""

    lot: Lot
    found: Sequence[Match]


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """How a page is written: the language, where a firm works, how many are shown, what is near."""

    language: str
    town: Callable[[OrgId], str]
    shown: int
    radius_km: float

    def say(self, text: Message) -> str:
        """Return a sentence for one cell of a table."""
        return _cell(say(text, self.language))


def page(
    notice: Notice,
    parts: Sequence[Part],
    *,
    market: int,
    town: Callable[[OrgId], str],
    language: str,
    radius_km: float,
    shown: int = _SHOWN,
    note: str = "",
) -> str:
    """Return the page in Markdown.

    Args:
        notice: whose lots.
        parts: in the order of the notice.
        market: how many firms were compared.
        town: names the place where a firm works, "" when not known.
        language: nb, nn or en.
        radius_km: what is near.
        shown: how many firms of each part.
        note: what else a reader must know of the market.
    """
    view = _View(language=language, town=town, shown=shown, radius_km=radius_km)
    buyers = ", ".join(buyer.name for buyer in notice.buyers)
    intro = Message(
        "Who among {market} firms of the register could deliver each part, in the order in which "
        "trade, words and place fit. The buyer chooses by the criteria in the announcement; that a "
        "firm works nearby may be neither a requirement nor an award criterion. Sole proprietors "
        "are persons and are left out.",
        (("market", market),),
    )
    lines = [f"# {notice.title}", "", f"{buyers}. {notice.source_id or notice.notice_id}.", ""]
    lines += [view.say(intro), "", *([note, ""] if note else [])]
    lines += _overview(parts, view)
    told: dict[tuple[object, ...], str] = {}
    for part in parts:
        lines += _part(part, view, told)
    return "\n".join(lines).rstrip("\n") + "\n"


def _overview(parts: Sequence[Part], view: _View) -> list[str]:
    head = (
        Message("Part"),
        Message("What is bought"),
        Message("Firms of the trade"),
        Message("Of them within {km} km", (("km", round(view.radius_km)),)),
        Message("Of these without anything known in the way"),
    )
    rows = []
    for part in parts:
        trade = [one for one in part.found if _answers(one)]
        near = [one for one in trade if _near(one, view.radius_km)]
        free = [one for one in near if one.verdict is Verdict.ELIGIBLE]
        counts = map(str, map(len, (trade, near, free)))
        rows.append((part.lot.id, _cell(str(part.lot.title)), *counts))
    return _table([view.say(one) for one in head], rows)


def _kept_out(one: Match) -> bool:
    """Whether a part is kept for others, or may be."""
    return any(hurdle.kind == "reserved" for hurdle in one.hurdles)


def _answers(one: Match) -> bool:
    criterion = next((row for row in one.criteria if row.name == _TRADE), None)
    return one.verdict is not Verdict.NOT and criterion is not None and criterion.points >= _ANSWERS


def _near(one: Match, radius_km: float) -> bool:
    return one.distance_km is not None and one.distance_km <= radius_km


def _cell(text: str) -> str:
    """Keep a text from ending a cell or a line of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def _part(part: Part, view: _View, told: dict[tuple[object, ...], str]) -> list[str]:
    lot = part.lot
    lines = [f"## {lot.id}: {lot.title}", ""]
    # Of a part kept for some, those who show that they are such firms are what a buyer looks for.
    able = [one for one in part.found if one.verdict is not Verdict.NOT]
    listed = sorted(able, key=_kept_out)[: view.shown]
    if not listed:
        return [*lines, view.say(Message("Nobody in this market fits.")), ""]
    everybody = _everybodys(listed)
    for hurdle in everybody:
        lines += [_hurdle(hurdle, view), ""]
    key = tuple((one.supplier, _own(one, everybody)) for one in listed)
    if key in told:
        same = Message("The same firms as in {part}.", (("part", told[key]),))
        return [*lines, view.say(same), ""]
    told[key] = lot.id
    head = (Message("Firm"), Message("Why"), Message("What stands in the way"))
    rows = [
        (
            _name(one, view),
            " ".join(view.say(reason) for reason in one.reasons[:_REASONS]),
            " ".join(_hurdle(hurdle, view) for hurdle in _own(one, everybody)),
        )
        for one in listed
    ]
    return [*lines, *_table([view.say(one) for one in head], rows)]


def _everybodys(listed: Sequence[Match]) -> tuple[Hurdle, ...]:
    """Return what stands in the way of all: told once."""
    counts = Counter(hurdle for one in listed for hurdle in dict.fromkeys(one.hurdles))
    return tuple(hurdle for hurdle, many in counts.items() if many == len(listed))


def _own(one: Match, everybody: Sequence[Hurdle]) -> tuple[Hurdle, ...]:
    return tuple(hurdle for hurdle in one.hurdles if hurdle not in everybody)


def _name(one: Match, view: _View) -> str:
    where = view.town(one.supplier)
    known = "; ".join(view.say(fact) for fact in one.evidence)
    name = f"{_cell(one.supplier_name)} ({one.supplier})"
    return ", ".join(filter(None, (name, where, known)))


def _hurdle(hurdle: Hurdle, view: _View) -> str:
    way = f" → {view.say(hurdle.way_out)}" if hurdle.way_out else ""
    return view.say(hurdle.reason) + way


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [*("| " + " | ".join(line) + " |" for line in lines), ""]

"""What tenders say, laid out once, so that who searches them has no notice read anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from procmatch.model.notice import Notice
from procmatch.text.folding import fold
from procmatch.text.norwegian import stems
from procmatch.workflows.market import OpenTender

__all__ = ["TenderWords"]


@dataclass(frozen=True, slots=True)
class TenderWords:
    """The words of some tenders, each known by the row of its notice.

    Attributes:
        saying: stem -> who says it, in titles, descriptions or the buyer.
        printed: row -> title and buyers, folded.
    """

    saying: Mapping[str, frozenset[int]] = field(default_factory=dict)
    printed: Mapping[int, str] = field(default_factory=dict)

    @staticmethod
    def of(tenders: Iterable[OpenTender]) -> TenderWords:
        """Lay out the words of tenders."""
        saying: dict[str, set[int]] = {}
        printed = {}
        for one in tenders:
            row, notice = one.stored.row, one.stored.notice
            for word in set(stems(_text(notice))):
                saying.setdefault(word, set()).add(row)
            printed[row] = fold(f"{notice.title} {' '.join(own.name for own in notice.buyers)}")
        return TenderWords({word: frozenset(rows) for word, rows in saying.items()}, printed)

    def meeting(self, words: str) -> frozenset[int]:
        """Return the tenders that say all of some words, inflected or not, or print them so."""
        folded = fold(words).split()
        wanted = {self.saying.get(word, frozenset()) for word in stems(words)}
        said = frozenset(self.printed).intersection(*wanted)
        return said | {
            row
            for row, text in self.printed.items()
            if row not in said and all(word in text for word in folded)
        }


def _text(notice: Notice) -> str:
    words = [str(notice.title), str(notice.description), *(one.name for one in notice.buyers)]
    for lot in notice.lots:
        words += [str(lot.title), str(lot.description)]
    return " ".join(words)

"""Industry codes: SN2007 (NACE Rev. 2) and SN2025 (NACE Rev. 2.1), and the way between them.

The same digits may mean another thing in the other list (47.810 was a market stall and is now a car
dealer), so a code is always named together with its revision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from procmatch.codes.entry import CodeEntry
from procmatch.codes.tables import rows

__all__ = ["CLASS_LEVEL", "GROUP_LEVEL", "REVISIONS", "Industry", "with_entries"]

REVISIONS = ("SN2007", "SN2025")
#: How many characters of a code name its group ("10.7") and its class ("10.71").
GROUP_LEVEL, CLASS_LEVEL = 4, 5
_DIVISION = 2
_CODE = 6
_Labels = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Industry:
    """Labels by revision and code, parents, and five-digit SN2007 -> SN2025 codes."""

    labels: Mapping[str, _Labels]
    to_new: Mapping[str, tuple[str, ...]]
    sections: Mapping[str, Mapping[str, str]]

    def label(self, revision: str, code: str, language: str = "nb") -> str:
        """Return the label of a code, or of the nearest known code above; ``""`` if none."""
        known = self.labels.get(revision, {})
        while code:
            found = known.get(code)
            if found:
                text = found.get(language) or found.get("nb") or found.get("en")
                if text:
                    return text
            code = code[:-1].rstrip(".")
        return ""

    def knows(self, revision: str, code: str) -> bool:
        """Return whether the code itself is in the list."""
        return code in self.labels.get(revision, {})

    def parent(self, revision: str, code: str) -> str | None:
        """Return the code above: "10.71" of "10.710", "C" of "10"; None above a section."""
        if len(code) > _DIVISION:
            return code[:-1].rstrip(".")
        return self.sections.get(revision, {}).get(code)

    def to_sn2025(self, revision: str, code: str) -> tuple[str, ...]:
        """Return the SN2025 codes that a code corresponds to; itself if it is one.

        A five-digit SN2007 code outside the table is unchanged: the table lists every code that
        was split, merged or renamed. A shorter SN2007 code ("10.7") leads to the codes of what is
        below it, cut to its own length.
        """
        if revision == "SN2025":
            return (code,)
        if len(code) >= _CODE:
            return self.to_new.get(code, (code,))
        below = [new for old, new in self.to_new.items() if old.startswith(code)]
        cut = {new[: len(code)] for news in below for new in news}
        if any(known.startswith(code) for known in self.labels.get("SN2025", {})):
            cut.add(code)
        return tuple(sorted(cut)) or (code,)

    def same_trade(
        self, one: tuple[str, str], other: tuple[str, str], *, length: int = CLASS_LEVEL
    ) -> bool:
        """Return whether two (revision, code) pairs name the same trade.

        Args:
            one: e.g. ``("SN2007", "10.710")``.
            other: the other, of any revision.
            length: how many characters must agree once both are SN2025; :data:`GROUP_LEVEL`,
                :data:`CLASS_LEVEL`.
        """
        firsts = {code[:length] for code in self.to_sn2025(*one)}
        seconds = {code[:length] for code in self.to_sn2025(*other)}
        return not firsts.isdisjoint(seconds)


def with_entries(entries: Iterable[CodeEntry]) -> Industry:
    """Return the built-in lists under ``entries`` (``sn2007``, ``sn2025``, ``sn2007-sn2025``)."""
    labels: dict[str, dict[str, dict[str, str]]] = {}
    sections: dict[str, dict[str, str]] = {}
    for revision in REVISIONS:
        table = rows(revision.lower())
        labels[revision] = {row["code"]: {"nb": row["nb"], "en": row["en"]} for row in table}
        sections[revision] = {
            row["code"]: row["parent"] for row in table if len(row["code"]) == _DIVISION
        }
    to_new = {row["sn2007"]: tuple(row["sn2025"].split()) for row in rows("sn2007_sn2025")}
    pairs: dict[str, set[str]] = {}
    for entry in entries:
        if entry.list == "sn2007-sn2025":
            old, _, new = entry.code.partition("-")
            if len(old) == len(new) == _CODE:
                pairs.setdefault(old, set()).add(new)
        elif (revision := entry.list.upper()) in labels:
            labels[revision][entry.code] = labels[revision].get(entry.code, {}) | entry.labels
            if len(entry.code) == _DIVISION and entry.parent:
                sections[revision][entry.code] = entry.parent
    to_new |= {old: tuple(sorted(new)) for old, new in pairs.items()}
    return Industry(labels=labels, to_new=to_new, sections=sections)

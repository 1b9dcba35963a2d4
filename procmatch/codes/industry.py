"""Industry codes: SN2007 (NACE Rev. 2) and SN2025 (NACE Rev. 2.1), and the way between them.

The same digits may mean another thing in the other list, so a code is always named together with
its revision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from procmatch.codes.entry import CodeEntry
from procmatch.codes.tables import rows

__all__ = ["REVISIONS", "Industry", "with_entries"]

REVISIONS = ("SN2007", "SN2025")
_Labels = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Industry:
    """Labels by revision and code, and five-digit SN2007 -> SN2025 codes."""

    labels: Mapping[str, _Labels]
    to_new: Mapping[str, tuple[str, ...]]

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

    def to_sn2025(self, revision: str, code: str) -> tuple[str, ...]:
        """Return the SN2025 codes that a code corresponds to; itself if it is one.

        An SN2007 code outside the table is taken to be unchanged: the table lists every code that
        was split, merged or renamed.
        """
        if revision == "SN2025":
            return (code,)
        return self.to_new.get(code, (code,))


def with_entries(entries: list[CodeEntry]) -> Industry:
    """Return the built-in lists under ``entries`` (``sn2007``, ``sn2025``, ``sn2007-sn2025``)."""
    labels: dict[str, dict[str, dict[str, str]]] = {}
    for revision in REVISIONS:
        labels[revision] = {
            row["code"]: {"nb": row["nb"], "en": row["en"]} for row in rows(revision.lower())
        }
    to_new = {row["sn2007"]: tuple(row["sn2025"].split()) for row in rows("sn2007_sn2025")}
    pairs: dict[str, list[str]] = {}
    for entry in entries:
        if entry.list == "sn2007-sn2025":
            old, _, new = entry.code.partition("-")
            pairs.setdefault(old, []).append(new)
        elif (revision := entry.list.upper()) in labels:
            labels[revision][entry.code] = labels[revision].get(entry.code, {}) | entry.labels
    to_new |= {old: tuple(sorted(new)) for old, new in pairs.items()}
    return Industry(labels=labels, to_new=to_new)

"""The table of the linkage benchmark, and its place in a document."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

__all__ = ["machine", "put_into", "table"]

_PACKAGES = ("rapidfuzz", "scikit-learn", "sparse-dot-topn", "duckdb", "splink", "recordlinkage")
_HEAD = """\
| method | names | build s | s per 20,000 names | memory MB | precision | recall | F1 |
|---|---|---|---|---|---|---|---|
"""


def _row(found: Mapping[str, object]) -> str:
    if "left_out" in found:
        return f"| {found['method']} | left out: {found['left_out']} | | | | | | |\n"
    return (
        f"| {found['method']} | {found['names']:,} | {found['build']:.1f} | "
        f"{found['seconds']:.1f} | {found['memory']:,.0f} | {found['precision']:.3f} | "
        f"{found['recall']:.3f} | {found['f1']:.3f} |\n"
    )


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except ModuleNotFoundError:
        return f"{package} not installed"


def _memory_gb() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3)


def machine(packages: Sequence[str]) -> str:
    """Return processors, memory and versions of packages in a few words."""
    versions = ", ".join(map(_version, packages))
    return f"{os.cpu_count()} processors, {_memory_gb()} GB; {versions}"


def table(found: Sequence[Mapping[str, object]], *, rows: int, names: int) -> str:
    """Return what was measured as Markdown.

    Args:
        found: one mapping for each method, and those of the ratio and of what a user meets.
        rows: units of the register.
        names: that were looked up.
    """
    special = {str(one["method"]): one for one in found if one["method"] in {"ratio", "face"}}
    text = f"{rows:,} units, {names:,} printed names ({machine(_PACKAGES)}).\n\n{_HEAD}"
    text += "".join(_row(one) for one in found if one["method"] not in special)
    if ratio := special.get("ratio"):
        text += (
            f"\nTime of the best peer (trigrams + rapidfuzz) over ours, without learning, in one "
            f"process in turns: **{ratio['median']:.1f}** ({ratio['least']:.1f} to "
            f"{ratio['most']:.1f}).\n"
        )
    if face := special.get("face"):
        text += (
            f"\nBuilding takes {face['build']:.0f} s from organisations in memory (making these, "
            f"{face['making']:.0f} s), opening a saved register {face['load']:.2f} s, one name "
            f"{face['one_ms']:.1f} ms (median, with its place), and 5,000 changed units are "
            f"searched after {face['update']:.2f} s.\n"
        )
    return text


def put_into(file: Path, section: str, text: str) -> None:
    """Replace what stands between the marks of a section in a document.

    Raises:
        ValueError: the document has no such section.
    """
    old = file.read_text(encoding="utf-8")
    begin, end = f"<!-- begin {section} -->", f"<!-- end {section} -->"
    new, count = re.subn(
        f"{re.escape(begin)}.*?{re.escape(end)}",
        lambda _found: f"{begin}\n{text}{end}",
        old,
        flags=re.DOTALL,
    )
    if not count:
        raise ValueError(f"{file}: no section {section!r}")
    file.write_text(new, encoding="utf-8")

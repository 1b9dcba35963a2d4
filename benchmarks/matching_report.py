"""The table of the matching benchmark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linkage_report import machine

__all__ = ["table"]

_PACKAGES = ("numba", "sparse-dot-topn", "bm25s", "tantivy")
_HEAD = """\
| method | lots | lots a second | CPU ms a lot | that over ours | build s (CPU) | memory MB |
|---|---|---|---|---|---|---|
"""


def _row(found: Mapping[str, Any], ours: float | None) -> str:
    if "left_out" in found:
        return f"| {found['method']} | left out: {found['left_out']} | | | | | |\n"
    ratio = "" if ours is None or "recall" in found else f"**{found['cpu'] / ours:.1f}**"
    return (
        f"| {found['method']} | {found['lots']:,} | {found['rate']:,.0f} | {found['cpu']:.2f} | "
        f"{ratio} | {found['build']:.1f} ({found['build_cpu']:.1f}) | {found['memory']:,.0f} |\n"
    )


def table(found: Sequence[Mapping[str, Any]], *, rows: int) -> str:
    """Return what was measured as Markdown.

    Args:
        found: one mapping for each method; ours has a recall.
        rows: firms of the market.
    """
    ours = next((one for one in found if "recall" in one), None)
    text = f"{rows:,} firms ({machine(_PACKAGES)}).\n\n{_HEAD}"
    cpu = ours["cpu"] if ours else None
    text += "".join(_row(one, cpu) for one in found)
    if ours:
        text += (
            f"\nOurs, three rounds: {ours['least']:,.0f} to {ours['most']:,.0f} lots a second. "
            f"Its lists hold **{ours['recall']:.4f}** of the fifty best of all firms "
            f"({ours['compared']:,} lots compared). One lot alone takes "
            f"**{ours['one_ms']:.1f} ms** (median; one in twenty more than "
            f"{ours['one_most']:.0f}; CPU {ours['one_cpu']:.1f}). Building "
            f"includes {ours['reading']:.1f} s of reading the firms, its memory is that of the "
            f"whole process; a saved index opens in {ours['load']:.2f} s, and "
            f"{ours['changed']:,} changed firms are searched after "
            f"**{ours['update']:.2f} s** (CPU {ours['update_cpu']:.2f}).\n"
        )
    return text

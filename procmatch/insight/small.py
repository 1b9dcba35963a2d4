"""Whether a firm counts as small: micro or small by the EU definition, going by what is known."""

from __future__ import annotations

from procmatch.model.organisation import SizeClass, Supplier

__all__ = ["is_small"]

_SMALL = {SizeClass.MICRO, SizeClass.SMALL}


def is_small(supplier: Supplier) -> bool | None:
    """Return whether the likeliest class is micro or small; None when the size is not known."""
    return None if supplier.size is SizeClass.UNKNOWN else supplier.size in _SMALL

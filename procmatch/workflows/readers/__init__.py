"""Readers of raw answers, by (source, kind): one module for each family of sources."""

from __future__ import annotations

from collections.abc import Mapping

from procmatch.workflows.readers import accounts, codes, evidence, register, tenders
from procmatch.workflows.readers.base import BulkWriter, Ender, Minimiser, Reader

__all__ = ["BULK", "ENDERS", "MINIMISERS", "READERS"]

READERS: Mapping[tuple[str, str], Reader] = {
    **accounts.READERS,
    **codes.READERS,
    **evidence.READERS,
    **register.READERS,
    **tenders.READERS,
}
BULK: Mapping[tuple[str, str], BulkWriter] = {**register.BULK}
#: By source.
ENDERS: Mapping[str, Ender] = {**evidence.ENDERS}
MINIMISERS: Mapping[str, Minimiser] = {**evidence.MINIMISERS}

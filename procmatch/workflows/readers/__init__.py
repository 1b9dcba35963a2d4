"""Readers of raw answers, by (source, kind): one module for each family of sources."""

from __future__ import annotations

from collections.abc import Mapping

from procmatch.workflows.readers import accounts, bulk, codes, register, tenders
from procmatch.workflows.readers.base import BulkReader, Reader

__all__ = ["BULK", "READERS"]

READERS: Mapping[tuple[str, str], Reader] = {
    **accounts.READERS,
    **codes.READERS,
    **register.READERS,
    **tenders.READERS,
}
BULK: Mapping[tuple[str, str], BulkReader] = {**bulk.BULK}

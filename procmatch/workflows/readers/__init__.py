"""Readers of raw answers, by (source, kind): one module for each family of sources."""

from __future__ import annotations

from collections.abc import Mapping

from procmatch.workflows.readers import accounts, codes, doffin_webclient, register, tenders
from procmatch.workflows.readers.base import BulkWriter, Reader

__all__ = ["BULK", "READERS"]

READERS: Mapping[tuple[str, str], Reader] = {
    **accounts.READERS,
    **codes.READERS,
    **doffin_webclient.READERS,
    **register.READERS,
    **tenders.READERS,
}
BULK: Mapping[tuple[str, str], BulkWriter] = {**register.BULK}

"""Notices as releases of the Open Contracting Data Standard 1.1, with its eForms profile.

Pure: notices in, JSON objects out. Merging releases needs the extra ``ocds``.
"""

from __future__ import annotations

from procmatch.ocds.chain import Chain, Options, Publication, Unit, chain_of
from procmatch.ocds.release import releases

__all__ = ["Chain", "Options", "Publication", "Unit", "chain_of", "releases"]

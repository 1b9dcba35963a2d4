"""A register laid out for search: who answers a need, by the ranking policy, in milliseconds."""

from procmatch.matching.index.search import FirmIndex, Hit

__all__ = ["FirmIndex", "Hit"]

"""A register laid out for search: who answers a need, by the ranking policy, in milliseconds.

And needs laid out for firms: how well one firm answers each of them.
"""

from procmatch.matching.index.need_index import NeedIndex
from procmatch.matching.index.search import FirmIndex, Heard, Hit

__all__ = ["FirmIndex", "Heard", "Hit", "NeedIndex"]

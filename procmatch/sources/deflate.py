"""zlib's functions, from Intel's faster library (the extra ``crawl``) where it is installed.

Both give the same bytes and the same sums.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

__all__ = ["DAMAGED", "adler32", "crc32", "inflater"]

_library: Any
try:
    from isal import isal_zlib as _library
except ModuleNotFoundError:
    _library = zlib

#: What inflating damaged data raises.
DAMAGED: tuple[type[Exception], ...] = (zlib.error, _library.error)
inflater: Callable[..., Any] = _library.decompressobj
crc32: Callable[[bytes, int], int] = _library.crc32
adler32: Callable[[bytes], int] = _library.adler32

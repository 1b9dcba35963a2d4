"""The words of a Word document (DOCX, ECMA-376), read without trusting the file.

What is packed is unpacked up to a limit and no further, whatever the file says of its size; no
entity is resolved and nothing outside the document is read. Pictures, macros and linked files are
never opened.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, LargeZipFile, ZipFile

from lxml import etree
from lxml.etree import _Element

from procmatch.errors import SourceError

__all__ = ["MOST_BYTES", "read_words"]

SOURCE = "docx"
#: A draft of a hundred pages with pictures stays below.
MOST_BYTES = 10_000_000
_MOST_UNPACKED = 30_000_000
_MOST_FILES = 5_000
_DOCUMENT = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BLANKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_PARSER_OPTIONS = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


def read_words(body: bytes) -> str:
    """Return the text of a document: a paragraph a line, the cells of a table one after the other.

    What was deleted with changes tracked is left out.

    Raises:
        SourceError: too large, locked, broken, or no Word document.
    """
    root = _root(_unpacked(body))
    return "\n".join(_said(one) for one in root.iter(f"{_W}p"))


def _refused(reason: str) -> SourceError:
    return SourceError(reason, source=SOURCE)


def _unpacked(body: bytes) -> bytes:
    if len(body) > MOST_BYTES:
        raise _refused(f"larger than {MOST_BYTES // 10**6} MB")
    try:
        with ZipFile(BytesIO(body)) as packed:
            if len(packed.infolist()) > _MOST_FILES:
                raise _refused(f"more than {_MOST_FILES} files in it")
            with packed.open(_DOCUMENT) as document:
                # One byte more than allowed is asked for: the size told in the file may lie.
                xml = document.read(_MOST_UNPACKED + 1)
    except KeyError:
        raise _refused(f"no Word document: it lacks {_DOCUMENT}") from None
    except RuntimeError as error:
        # Also NotImplementedError, for ways of packing that Python does not know.
        raise _refused(f"cannot be opened: {str(error)[:100]}") from None
    except (BadZipFile, LargeZipFile, EOFError, OSError, ValueError, zlib.error) as error:
        raise _refused(f"broken: {' '.join(str(error).split())[:100]}") from None
    if len(xml) > _MOST_UNPACKED:
        raise _refused(f"more than {_MOST_UNPACKED // 10**6} MB when unpacked")
    return xml


def _root(xml: bytes) -> _Element:
    parser = etree.XMLParser(**_PARSER_OPTIONS)  # type: ignore[arg-type]
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _refused(f"broken: {' '.join(str(error).split())[:100]}") from None
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise _refused("a document type declaration, which no Word document has")
    if root.tag != f"{_W}document":
        raise _refused("no Word document")
    return root


def _said(paragraph: _Element) -> str:
    return "".join(_parts(paragraph))


def _parts(paragraph: _Element) -> Iterator[str]:
    for part in paragraph.iter():
        if part.tag == f"{_W}t":
            yield part.text or ""
        elif part.tag in _BLANKS:
            yield _BLANKS[str(part.tag)]

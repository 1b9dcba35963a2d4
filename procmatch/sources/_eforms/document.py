"""Bytes -> the root element of a notice, or a clear refusal."""

from __future__ import annotations

from lxml import etree
from lxml.etree import _Element

from procmatch.errors import SourceError, SourceRefused
from procmatch.sources._eforms.shapes import SOURCE

__all__ = ["parse"]

#: The largest notice seen is 0.9 MB.
MOST_BYTES = 10_000_000

_ROOTS = frozenset(
    f"{{urn:oasis:names:specification:ubl:schema:xsd:{name}-2}}{name}"
    for name in ("PriorInformationNotice", "ContractNotice", "ContractAwardNotice")
)
_REFUSED_ROOTS = {
    "BusinessRegistrationInformationNotice": "a business registration, about no purchase",
    "SocietyRegistrationInformationNotice": "a business registration, about no purchase",
    "TED_EXPORT": "TED's XML from before eForms",
}
_HEAD = 4096


#: lxml locks a parser while it is in use, so that threads may share it.
_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    dtd_validation=False,
    huge_tree=False,
    remove_blank_text=True,
    remove_comments=True,
    remove_pis=True,
    collect_ids=False,
)


def parse(xml: bytes) -> _Element:
    """Parse a notice. Nothing outside the bytes is read, no entity is resolved.

    Raises:
        SourceError: too large, not well formed, with a document type, or no notice at all.
        SourceRefused: a document that we do not read, by decision.
    """
    if len(xml) > MOST_BYTES:
        raise SourceError(f"larger than {MOST_BYTES // 10**6} MB", source=SOURCE)
    head = xml[:_HEAD]
    if head.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        raise SourceError("an HTML page, not XML", source=SOURCE)
    # The mark alone is looked for first: that is many times as fast, and few heads hold one.
    if b"!" in head and b"<!doctype" in head.lower():
        raise SourceError("a document type declaration, which no notice has", source=SOURCE)
    try:
        root = etree.fromstring(xml, _PARSER)
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        reason = " ".join(str(getattr(error, "msg", error)).split())[:200] or "empty"
        raise SourceError(f"not well-formed XML: {reason}", source=SOURCE) from None
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise SourceError("a document type declaration, which no notice has", source=SOURCE)
    if root.tag not in _ROOTS:
        name = etree.QName(root).localname
        if name in _REFUSED_ROOTS:
            raise SourceRefused(_REFUSED_ROOTS[name], source=SOURCE, where=f"/{name}")
        raise SourceError(f"root element {name[:60]!r} is not an eForms notice", source=SOURCE)
    return root

"""A draft before it is published: read, and looked at as if it were. It is not stored here."""

from __future__ import annotations

from dataclasses import dataclass, replace

from procmatch.codes import Codes
from procmatch.errors import SourceError
from procmatch.insight.hurdles import LotHurdles
from procmatch.insight.lots import Division, ways_for
from procmatch.insight.what_if import WhatIf
from procmatch.matching import lacking
from procmatch.matching.relevance.suggest import suggest_cpv
from procmatch.model.notice import Lot, Notice
from procmatch.model.values import Place
from procmatch.sources import eforms
from procmatch.sources.docx import read_words
from procmatch.sources.draft import read_draft_text
from procmatch.text.messages import Message
from procmatch.workflows.ingest import Clock
from procmatch.workflows.lot_hurdles import hurdles_in
from procmatch.workflows.market import Market
from procmatch.workflows.what_if import in_one_or_parts, split

__all__ = ["Draft", "DraftView", "is_word_file", "look_at", "read_draft"]

#: A certainty below this is no proposal to go by.
_SURE_ENOUGH = 0.3
_SUGGESTED = 3
_PACKED, _MARKUP = b"PK\x03\x04", (b"<?xml", b"<")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft as it was read.

    Attributes:
        notice: with its lots. kind: ``text``, ``docx`` or ``eforms``.
        suggested: lot id -> (CPV code, certainty 0..1) proposed from its words, for lots without
            codes; those sure enough stand in the lot already.
        lacking: lot id -> what it does not say.
    """

    notice: Notice
    kind: str
    suggested: dict[str, tuple[tuple[str, float], ...]]
    lacking: dict[str, tuple[Message, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """What there is to say of a draft.

    Attributes:
        hurdles: of each lot. together: all lots in one contract against the lots, None for one.
        divided: each lot in each way in which it can be divided.
    """

    draft: Draft
    hurdles: tuple[LotHurdles, ...]
    together: WhatIf | None
    divided: tuple[tuple[Division, WhatIf], ...]


def read_draft(body: bytes | str, *, codes: Codes, place: str | None = None) -> Draft:
    """Read a draft: words, a Word document (DOCX) or an eForms notice, told apart by what it is.

    Args:
        body: as uploaded or pasted.
        codes: CPV codes and municipalities.
        place: municipality, four digits, for lots that name no place.

    Raises:
        SourceError: it cannot be read, with the reason.
    """
    notice, kind = _read(body, codes)
    suggested = {
        lot.id: tuple(suggest_cpv(str(lot.title), str(lot.description), limit=_SUGGESTED))
        for lot in notice.lots
        if not lot.cpv
    }
    lots = tuple(_filled(lot, suggested.get(lot.id, ()), place) for lot in notice.lots)
    whole = replace(notice, lots=lots)
    return Draft(
        notice=whole,
        kind=kind,
        suggested=suggested,
        lacking={lot.id: tuple(lacking(whole, lot, codes=codes)) for lot in lots},
    )


def is_word_file(body: bytes) -> bool:
    """Tell a Word document (DOCX, a packed folder) from words and markup."""
    return body.startswith(_PACKED)


def _read(body: bytes | str, codes: Codes) -> tuple[Notice, str]:
    if isinstance(body, bytes) and is_word_file(body):
        return read_draft_text(read_words(body), codes=codes), "docx"
    if isinstance(body, str):
        body = body.encode("utf-8", "replace")
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_MARKUP):
        return eforms.read(body), "eforms"
    if body.startswith((b"%PDF", b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise SourceError(
            "PDF, RTF and old Word files are not read: paste the text, or save it as DOCX",
            source="draft",
        )
    return read_draft_text(_decoded(body), codes=codes), "text"


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _filled(lot: Lot, suggested: tuple[tuple[str, float], ...], place: str | None) -> Lot:
    sure = [code for code, certainty in suggested if certainty >= _SURE_ENOUGH]
    return replace(
        lot,
        cpv_main=lot.cpv_main or (sure[0] if sure else None),
        cpv_additional=lot.cpv_additional if lot.cpv_main else tuple(sure[1:]),
        places=lot.places or ((Place(municipality=place),) if place else ()),
    )


def look_at(
    market: Market,
    draft: Draft,
    *,
    clock: Clock,
    buyer_municipality: str | None = None,
    hidden: frozenset[str] = frozenset(),
) -> DraftView:
    """Return the hurdles of a draft and what dividing or joining its lots would do.

    Args:
        market: the firms.
        draft: as read.
        clock: aware UTC now.
        buyer_municipality: where the buyer is, if known.
        hidden: numbers of firms that asked not to be shown.
    """
    notice = draft.notice
    several = len(notice.lots) > 1
    ways = [] if several else [(lot, way) for lot in notice.lots for way in
                               ways_for(lot, market.codes)]  # fmt: skip
    return DraftView(
        draft=draft,
        hurdles=tuple(
            hurdles_in(
                market,
                notice,
                clock=clock,
                buyer_municipality=buyer_municipality,
                hidden=hidden,
            )
        ),
        together=in_one_or_parts(
            market, notice, clock=clock, buyer_municipality=buyer_municipality, hidden=hidden
        )
        if several
        else None,
        divided=tuple(
            (
                Division(way=way),
                split(
                    market,
                    notice,
                    lot,
                    Division(way=way),
                    clock=clock,
                    buyer_municipality=buyer_municipality,
                    hidden=hidden,
                ),
            )
            for lot, way in ways
        ),
    )

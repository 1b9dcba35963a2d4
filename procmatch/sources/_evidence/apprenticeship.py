"""Finn lærebedrift (utdanning.no): firms approved to train apprentices, page by page and trade."""

from __future__ import annotations

from procmatch.errors import SourceChanged
from procmatch.model.evidence import PrintedEvidence, Reading
from procmatch.sources._evidence.shapes import Strange, an_object, decode_json, each, key_of, number

__all__ = ["SOURCE", "read"]

SOURCE = "larebedrift"
_KNOWN = frozenset({"orgnr", "navn", "forradrfylkenr", "forradrkommnr", "godkjenninger", "id"})


def read(key: str, body: bytes) -> Reading:
    """Read one page.

    Args:
        key: ``"<trade code> <page>"``: the answer itself does not repeat what was asked for.
        body: JSON.

    Raises:
        SourceError: not JSON. SourceChanged: no ``pagination`` or ``bedrifter``.
    """
    trade = key.partition(" ")[0]
    data = decode_json(SOURCE, body)
    firms = data.get("bedrifter") if isinstance(data, dict) else None
    if not isinstance(firms, list):
        raise SourceChanged("no list", source=SOURCE, where="bedrifter")
    paging = data.get("pagination")
    pages = paging.get("total_pages") if isinstance(paging, dict) else None
    if not isinstance(pages, int) or isinstance(pages, bool) or pages < 0:
        raise SourceChanged("not a number", source=SOURCE, where="pagination.total_pages")
    strange = Strange()

    def one(item: object) -> list[PrintedEvidence]:
        firm = an_object(item, "bedrifter")
        strange.note(firm, _KNOWN)
        org = number(firm.get("orgnr"), "orgnr")
        page = f"https://utdanning.no/finnlarebedrift/bedrift/{org}/"
        return [
            PrintedEvidence(
                source=SOURCE,
                kind="apprenticeship",
                key=key_of(trade, org),
                number=org,
                text=trade,
                url=page,
            )
        ]

    items = ((f"{key} row {at}", firm) for at, firm in enumerate(firms, start=1))
    rows, unread = each(items, one)
    return Reading(rows=tuple(rows), unread=(*unread, *strange.unread()), pages=max(1, pages))

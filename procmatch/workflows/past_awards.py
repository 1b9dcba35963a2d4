"""Past awards as matching learns from them: what was needed, and who certainly won it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from procmatch.codes import Codes
from procmatch.matching.need import prepare
from procmatch.matching.records import key_of
from procmatch.matching.relevance.records import Award
from procmatch.store import Store, awarded
from procmatch.store.awarded import Awarded

__all__ = ["past_awards"]


def past_awards(store: Store, codes: Codes) -> list[Award]:
    """Return each awarded lot with its certain winners, oldest first.

    The need is what the competition announced, where it is known; else what the result repeats.
    """
    with store.read() as connection:
        return [award for one in awarded.results(connection) for award in _awards(one, codes)]


def _awards(one: Awarded, codes: Codes) -> list[Award]:
    asked = one.competition or one.notice
    lots = {lot.id: lot for lot in (*one.notice.lots, *(asked.lots))}
    moment = one.notice.dispatched_at
    if moment is None:
        day = one.notice.published_on or date.min
        moment = datetime.combine(day, time(), UTC)
    found = []
    for award, orgs in zip(one.notice.awards, one.winners, strict=True):
        winners = tuple(key_of(org) for org in orgs if org)
        lot = lots.get(award.lot or "") or (next(iter(lots.values())) if len(lots) == 1 else None)
        if winners and lot:
            wanted = prepare(asked, lot, codes=codes, now=moment, buyer_municipality=None)
            found.append(Award(need=wanted.need, winners=winners))
    return found

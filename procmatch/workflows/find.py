"""Find: what somebody who types words, a number or a place into one box may mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from procmatch.codes.places import Places
from procmatch.errors import NotFound
from procmatch.matching.place import lot_municipalities
from procmatch.model.notice import Notice
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.model.values import Money, Text
from procmatch.store import Store, notices, organisations
from procmatch.workflows.market import OpenTender
from procmatch.workflows.tender_words import TenderWords

__all__ = ["Asked", "Direct", "Listed", "direct", "find_tenders", "listed"]

_NUMBER = re.compile(r"[\d\s.]{9,13}")
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What tenders are asked for; what is empty does not matter.

    Attributes:
        words: all must be met, inflected or not, in titles, descriptions, labels or the buyer.
        cpv: prefix. places: municipalities (four digits) or counties (two) of performance.
        reserved: only those reserved for sheltered work. small: only those whose buyer calls them
            suited to small firms (BT-726).
    """

    words: str = ""
    cpv: str = ""
    places: tuple[str, ...] = ()
    reserved: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A tender in a list: key for its address, title, buyers, lots, first deadline, value."""

    key: str
    title: Text
    buyers: tuple[str, ...]
    lots: int
    deadline: object
    value: Money | None
    reserved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Direct:
    """What the words name outright: a tender's key, a firm's number, a municipality's number."""

    tender: str = ""
    supplier: str = ""
    municipality: str = ""


def listed(notice: Notice) -> Listed:
    """Return a notice as a row of a list."""
    return Listed(
        key=notice.source_id or notice.notice_id,
        title=notice.title or (notice.lots[0].title if notice.lots else Text()),
        buyers=tuple(buyer.name for buyer in notice.buyers),
        lots=len(notice.lots),
        deadline=notice.deadline,
        value=notice.value or notice.framework_maximum,
        reserved=any(lot.reserved for lot in notice.lots),
    )


def direct(store: Store, words: str, places: Places) -> Direct:
    """Return what words name outright: an id, a number that is a firm's, a place's name."""
    asked = " ".join(words.split())[:_LONGEST]
    tender = supplier = ""
    with store.read() as connection:
        if asked and " " not in asked:
            try:
                tender = notices.find(connection, asked).notice.source_id or asked
            except NotFound:
                tender = ""
        if _NUMBER.fullmatch(asked):
            digits = re.sub(r"\D", "", asked)
            try:
                supplier = organisations.find(connection, OrgId(NORWAY, digits)).id.number
            except NotFound:
                supplier = ""
    town = places.find_municipality(asked) if asked and not asked.isdigit() else None
    if town is None and asked.isdigit():
        town = places.municipality(asked)
    return Direct(tender=tender, supplier=supplier, municipality=town.number if town else "")


def _is_there(one: OpenTender, places: Places, wanted: tuple[str, ...]) -> bool:
    notice = one.stored.notice
    for lot in notice.lots:
        towns, _ = lot_municipalities(notice, lot, places, one.buyer_municipality)
        if not towns or any(town.startswith(wanted) for town in towns):
            return True
    return False


def find_tenders(
    tenders: Sequence[OpenTender], asked: Asked, places: Places, words: TenderWords
) -> list[OpenTender]:
    """Return the tenders asked for, in their order.

    Args:
        tenders: among which.
        asked: for what.
        places: names and numbers of municipalities.
        words: of these tenders, and of others maybe.
    """
    meeting = words.meeting(asked.words[:_LONGEST]) if asked.words.strip() else None
    found = []
    for one in tenders:
        if meeting is not None and one.stored.row not in meeting:
            continue
        notice = one.stored.notice
        codes = {notice.cpv_main, *(code for lot in notice.lots for code in lot.cpv)} - {None}
        if asked.cpv and not any(str(code).startswith(asked.cpv.rstrip("0")) for code in codes):
            continue
        if asked.reserved and not any(lot.reserved for lot in notice.lots):
            continue
        if asked.small and not any(lot.sme_suitable for lot in notice.lots):
            continue
        if asked.places and not _is_there(one, places, asked.places):
            continue
        found.append(one)
    return found

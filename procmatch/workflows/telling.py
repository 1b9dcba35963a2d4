"""Telling: what of a subscription's lots is news: items of a digest, and what to note of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from procmatch.alerts.digest import CALLED_OFF, called_off, changes_between, fingerprint, worth
from procmatch.alerts.phrases import OSLO, text_in
from procmatch.alerts.quiet import quiet_days_until
from procmatch.alerts.results import result_sentences
from procmatch.alerts.wishes import Offer
from procmatch.errors import NotFound
from procmatch.model.match import Match
from procmatch.model.notice import Lot, Notice
from procmatch.model.organisation import OrgId
from procmatch.model.procedure import Procedure, ProcedureState, Ref
from procmatch.model.subscription import DigestItem, Feedback, Subscription
from procmatch.store import Store, notices, organisations, procedures
from procmatch.store.notices import StoredNotice
from procmatch.store.told import Told
from procmatch.workflows.wanted import Hit

__all__ = ["Known", "Piece", "ended", "facts_of", "fresh"]

#: (procedure, lot) -> what the subscriber was told of it.
Known = Mapping[tuple[str, str], Told]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One item of a digest, what is noted when it is told, and what a judgement would rest on."""

    item: DigestItem
    told: tuple[Told, ...]
    facts: Feedback


def _name(notice: Notice) -> str:
    return notice.source_id or notice.notice_id


def facts_of(
    item: DigestItem, language: str, now: datetime, offers: Iterable[Offer] = ()
) -> Feedback:
    """Return the facts that a judgement of an item would rest on."""
    lots = [lot for lot, _ in item.lots]
    matches = [match for _, match in item.lots if match]
    values = [
        money.amount
        for lot in lots
        if (money := worth(item.notice, lot)) and money.currency == "NOK"
    ]
    codes = (lot.cpv_main or item.notice.cpv_main for lot in lots)
    return Feedback(
        procedure=item.procedure,
        notice=_name(item.notice),
        title=text_in(item.notice.title, language),
        fits=False,
        lots=tuple(lot.id for lot in lots),
        cpv=tuple(dict.fromkeys(code for code in codes if code)),
        value=max(values, default=None),
        places=tuple(sorted({place for one in offers for place in one.places})),
        hurdles=tuple(sorted({one.kind for match in matches for one in match.hurdles})),
        score=max((match.score for match in matches), default=None),
        at=now,
    )


def fresh(
    store: Store,
    subscription: Subscription,
    hits: Sequence[Hit],
    known: Known,
    now: datetime,
) -> list[Piece]:
    """Return the tenders with lots that are new, changed, or soon due.

    What is told for the first time when its deadline is near already is not reminded of again.
    """
    by_notice: dict[int, list[Hit]] = {}
    for hit in hits:
        by_notice.setdefault(hit.tender.stored.row, []).append(hit)
    pieces = []
    for group in by_notice.values():
        stored = group[0].tender.stored
        news = [hit for hit in group if _is_news(stored, hit, known)]
        if news:
            pieces.append(_told_anew(store, subscription, news, known, now))
            continue
        near = [hit for hit in group if _is_due(subscription, stored, hit, known, now)]
        if near:
            item = _item(near, "deadline")
            told = tuple(
                replace(known[stored.procedure, hit.lot.id], reminded=hit.lot.deadline)
                for hit in near
            )
            pieces.append(_piece(item, told, near, subscription, now))
    return pieces


def _is_news(stored: StoredNotice, hit: Hit, known: Known) -> bool:
    old = known.get((stored.procedure, hit.lot.id))
    return old is None or old.fingerprint != fingerprint(stored.notice, hit.lot)


def _is_near(subscription: Subscription, lot: Lot, now: datetime) -> bool:
    """Whether a deadline is so near that it is time to remind of it.

    Days without letters before it bring the reminder forward.
    """
    if not subscription.remind_days or lot.deadline is None or lot.deadline <= now:
        return False
    days = (lot.deadline.astimezone(OSLO).date() - now.astimezone(OSLO).date()).days
    return days <= subscription.remind_days + quiet_days_until(subscription, now, lot.deadline)


def _is_due(
    subscription: Subscription, stored: StoredNotice, hit: Hit, known: Known, now: datetime
) -> bool:
    old = known[stored.procedure, hit.lot.id]
    return old.reminded != hit.lot.deadline and _is_near(subscription, hit.lot, now)


def _item(hits: Sequence[Hit], news: str, changes: tuple[str, ...] = ()) -> DigestItem:
    stored = hits[0].tender.stored
    scored = any(hit.match for hit in hits)
    said = [message for hit in hits for message in hit.lift.said]
    return DigestItem(
        notice=stored.notice,
        procedure=stored.procedure,
        lots=tuple((hit.lot, hit.match) for hit in hits),
        news=news,
        changes=changes,
        lift=0.0 if scored else max(hit.lift.points for hit in hits),
        said=tuple(dict.fromkeys(said)),
    )


def _piece(
    item: DigestItem,
    told: tuple[Told, ...],
    hits: Sequence[Hit],
    subscription: Subscription,
    now: datetime,
) -> Piece:
    facts = facts_of(item, subscription.language, now, [hit.offer for hit in hits])
    return Piece(item=item, told=told, facts=facts)


def _told_anew(
    store: Store, subscription: Subscription, hits: Sequence[Hit], known: Known, now: datetime
) -> Piece:
    stored = hits[0].tender.stored
    olds = [known.get((stored.procedure, hit.lot.id)) for hit in hits]
    before = next((old.notice for old in olds if old), None)
    changes = _changes(store, before, stored.notice, subscription.language)
    item = _item(hits, "changed" if before else "new", changes)
    told = tuple(
        Told(
            procedure=stored.procedure,
            lot=hit.lot.id,
            fingerprint=fingerprint(stored.notice, hit.lot),
            notice=_name(stored.notice),
            reminded=hit.lot.deadline if _is_near(subscription, hit.lot, now) else None,
        )
        for hit in hits
    )
    return _piece(item, told, hits, subscription, now)


def _changes(store: Store, before: str | None, now: Notice, language: str) -> tuple[str, ...]:
    if before is None:
        return ()
    with store.read() as connection:
        try:
            old = notices.find(connection, before).notice
        except NotFound:
            return ()
    return changes_between(old, now, language)


def ended(
    store: Store,
    subscription: Subscription,
    known: Known,
    judged: Mapping[str, Feedback],
    now: datetime,
) -> list[Piece]:
    """Return the tenders that were told of and have been called off or awarded since.

    Those that the subscriber said do not fit are not mentioned again.
    """
    told: dict[str, dict[str, Told]] = {}
    for (procedure, lot), one in known.items():
        if procedure not in judged or judged[procedure].fits:
            told.setdefault(procedure, {})[lot] = one
    waiting = {
        procedure: lots
        for procedure, lots in told.items()
        if any(one.fingerprint != CALLED_OFF and one.result is None for one in lots.values())
    }
    pieces = []
    with store.read() as connection:
        states = procedures.states(connection, waiting)
    for procedure, state in states.items():
        if state not in {ProcedureState.CANCELLED, ProcedureState.AWARDED}:
            continue
        with store.read() as connection:
            chain = notices.of_procedure(connection, procedure)
            derived = procedures.find(connection, procedure)
        if derived is None or not chain:
            continue
        make = _cancelled if derived.cancelled else _results
        piece = make(store, subscription, derived, chain, waiting[procedure], now)
        if piece:
            pieces.append(piece)
    return pieces


def _lots_of(
    chain: Sequence[StoredNotice], lots: Iterable[str]
) -> tuple[tuple[Lot, Match | None], ...]:
    by_id = {lot.id: lot for one in chain for lot in one.notice.lots}
    return tuple((by_id[lot], None) for lot in lots if lot in by_id)


def _cancelled(
    _store: Store,
    subscription: Subscription,
    derived: Procedure,
    chain: Sequence[StoredNotice],
    lots: Mapping[str, Told],
    now: datetime,
) -> Piece | None:
    assert derived.cancelled is not None
    by = derived.cancelled.by
    end = next(one.notice for one in chain if Ref(one.notice.source, _name(one.notice)) == by)
    item = DigestItem(
        notice=end,
        procedure=derived.id,
        lots=_lots_of(chain, lots),
        news="cancelled",
        changes=called_off(chain[0].notice, end, subscription.language),
    )
    told = tuple(replace(old, fingerprint=CALLED_OFF, notice=_name(end)) for old in lots.values())
    return Piece(item=item, told=told, facts=facts_of(item, subscription.language, now))


def _results(
    store: Store,
    subscription: Subscription,
    derived: Procedure,
    chain: Sequence[StoredNotice],
    lots: Mapping[str, Told],
    now: datetime,
) -> Piece | None:
    """Return what came of the lots that were told of; the newest notice with news is named."""
    refs = set(derived.results)
    results = [one for one in chain if Ref(one.notice.source, _name(one.notice)) in refs]
    open_lots = {lot: old for lot, old in lots.items() if old.result is None}
    sentences: list[str] = []
    told: list[Told] = []
    newest: Notice | None = None
    for stored in results:
        about = {award.lot for award in stored.notice.awards}
        now_known = [lot for lot in open_lots if lot in about or None in about]
        if not now_known:
            continue
        newest = stored.notice
        pairs = _lots_of(chain, now_known)
        sentences += result_sentences(
            stored.notice,
            [lot for lot, _ in pairs],
            language=subscription.language,
            unnamed=_persons(store, stored),
        )
        told += [replace(open_lots.pop(lot), result=_name(newest)) for lot in now_known]
    if newest is None:
        return None
    item = DigestItem(
        notice=newest,
        procedure=derived.id,
        lots=_lots_of(chain, [one.lot for one in told]),
        news="result",
        changes=tuple(dict.fromkeys(sentences)),
    )
    facts = facts_of(item, subscription.language, now)
    return Piece(item=item, told=tuple(told), facts=facts)


def _persons(store: Store, stored: StoredNotice) -> frozenset[str]:
    """Return the winners' names, as printed, behind which stands a sole proprietor."""
    with store.read() as connection:
        found = set()
        for row in notices.parties_of(connection, stored.row):
            if row.role != "winner" or not row.org:
                continue
            try:
                unit = organisations.find(connection, OrgId(row.register, row.org))
            except NotFound:
                continue
            if unit.is_person:
                found.add(row.name)
    return frozenset(found)

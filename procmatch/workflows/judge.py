"""Judge: a subscriber says whether a tender fits; that subscription's next ranking heeds it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import Connection

from procmatch.errors import NotFound
from procmatch.model.organisation import OrgId
from procmatch.model.subscription import Feedback, Unfit
from procmatch.store import Store, news, organisations
from procmatch.workflows.ingest import Clock

__all__ = ["LABEL_COLUMNS", "judge", "judgements", "labels", "labels_csv", "withdraw"]

#: One row a lot: 1 where the subscriber said that it fits the organisation, else 0.
LABEL_COLUMNS = ("notice", "lot", "org", "fits", "why", "score", "judged_on")


def judge(
    store: Store, key: str, item: str, *, fits: bool, why: Unfit | None, clock: Clock
) -> Feedback:
    """Keep what a subscriber says of one tender; the same again changes nothing.

    Args:
        store: where it is kept.
        key: the subscription.
        item: the tender, as :func:`~procmatch.alerts.digest.item_key`.
        fits: whether it fits.
        why: the reason of a no, if one is given.
        clock: aware UTC now.

    Raises:
        NotFound: the subscription was told of no such tender.
    """
    with store.begin() as connection:
        told = news.find(connection, key, item)
        before = news.judged(connection, key).get(told.procedure)
        given = replace(
            told.facts,
            procedure=told.procedure,
            fits=fits,
            why=None if fits else why,
            at=clock(),
        )
        if before is not None and (before.fits, before.why) == (given.fits, given.why):
            return before
        news.save_feedback(connection, key, given)
    return given


def withdraw(store: Store, key: str, item: str) -> None:
    """Take a judgement back. Raises NotFound where the subscription was told of no such tender."""
    with store.begin() as connection:
        told = news.find(connection, key, item)
        news.withdraw_feedback(connection, key, told.procedure)


def judgements(store: Store, key: str) -> list[Feedback]:
    """Return what a subscriber judged, oldest first."""
    with store.read() as connection:
        return list(news.judged(connection, key).values())


def labels(store: Store) -> Iterator[dict[str, object]]:
    """Yield the judgements made for organisations as labels, a row a lot, without the person.

    Those of sole proprietors are left out: their number is a person's.
    """
    with store.read() as connection:
        found = list(news.labels(connection))
        persons = {org for org, _ in found if _is_person(connection, org)}
    for org, one in found:
        if org in persons:
            continue
        for lot in one.lots:
            yield _row(org, one, lot)


def _is_person(connection: Connection, org: OrgId) -> bool:
    """Whether an organisation is a sole proprietor, or nobody knows what it is."""
    try:
        return organisations.find(connection, org).is_person
    except NotFound:
        return True


def _row(org: OrgId, one: Feedback, lot: str) -> dict[str, object]:
    return {
        "notice": one.notice,
        "lot": lot,
        "org": str(org),
        "fits": int(one.fits),
        "why": one.why.value if one.why else "",
        "score": "" if one.score is None else f"{one.score:.4f}",
        "judged_on": one.at.date().isoformat(),
    }


def labels_csv(store: Store) -> str:
    """Return :func:`labels` as CSV with a head line."""
    file = io.StringIO()
    writer = csv.DictWriter(file, LABEL_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(labels(store))
    return file.getvalue()

"""What a firm asks for on the page about it: asked, confirmed, proven or decided, in effect."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from procmatch.alerts.decision_letter import Decision
from procmatch.alerts.statement_letter import UNCONFIRMED_LIVE, letter_of, write_request
from procmatch.alerts.wishes import checked_address
from procmatch.errors import NotFound
from procmatch.model.organisation import Organisation, OrgId
from procmatch.model.statement import Proof, Request, Stated, Statement, Wish
from procmatch.settings import Settings
from procmatch.store import (
    Store,
    organisations,
    outbox,
    statements,
    subscriptions,
    tender_figures,
)
from procmatch.workflows.firm_index import firm_folder
from procmatch.workflows.ingest import Clock
from procmatch.workflows.speaking import address_mark, proof_of, site_of
from procmatch.workflows.statement_letters import drop_request, drop_sent, has_page, tell, unlink

__all__ = [
    "WAITING",
    "Firm",
    "approve",
    "ask",
    "confirm",
    "decide",
    "drop",
    "drop_unconfirmed",
    "firm",
    "forget",
    "refuse",
    "request",
    "waiting",
]

#: So many requests for a firm, or of an address, may wait for a yes: nobody can be flooded.
WAITING = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A firm that something is asked for.

    Attributes:
        name: "" for a sole proprietor that did not ask to be shown: its name is a person's.
        statement: what it says itself already, as far as its page shows it.
    """

    org: OrgId
    name: str
    is_person: bool
    statement: Statement


def firm(store: Store, org: OrgId) -> Firm:
    """Return what may be told of a firm to whoever types its number. Raises NotFound."""
    with store.read() as connection:
        return _firm(connection, org)


def _firm(connection: Connection, org: OrgId) -> Firm:
    unit = organisations.find(connection, org)
    stated = statements.find(connection, org)
    is_open = not unit.is_person or bool(stated and stated.shown)
    told = is_open and stated is not None and stated.shown is not False
    return Firm(
        org=org,
        name=unit.name if is_open else "",
        is_person=unit.is_person,
        statement=stated.statement if told and stated else Statement(),
    )


def _told_name(unit: Organisation) -> str:
    """Return a firm's name for letters; a person's is not sent to whoever types a number."""
    return "" if unit.is_person else unit.name


def request(store: Store, key: str) -> tuple[Request, Firm]:
    """Return what waits under an id, and for whom. Raises NotFound."""
    with store.read() as connection:
        found = statements.find_request(connection, key)
        return found, _firm(connection, found.org)


def waiting(store: Store) -> list[tuple[Request, Firm]]:
    """Return what waits for the operator, oldest first."""
    with store.read() as connection:
        found = statements.requests(connection)
        return [(one, _firm(connection, one.org)) for one in found]


def decide(store: Store, answers: Mapping[str, str], *, settings: Settings, clock: Clock) -> int:
    """Take the operator's answers: id of a request -> ``yes`` or ``no``; return how many."""
    verbs = {"yes": approve, "no": refuse}
    count = 0
    for one, _ in waiting(store):
        verb = verbs.get(answers.get(one.id, ""))
        if verb is None:
            continue
        try:
            verb(store, one.id, settings=settings, clock=clock)
        except NotFound:
            # Somebody else decided it meanwhile, and that holds.
            continue
        count += 1
    return count


def ask(store: Store, asked: Request, *, settings: Settings, clock: Clock) -> Request | None:
    """Keep a request and put the letter that asks for a yes in the outbox.

    Returns:
        The request as kept, or None where :data:`WAITING` wait already: then nothing is kept and
        nothing sent, and who asked need not know.

    Raises:
        NotFound: the register has no such unit.
        CodeError: not an e-mail address.
        DeliveryRefused: not one address that a letter can go to.
        SettingsError: there is no public address, or no secret to sign with.
    """
    kept = replace(asked, email=checked_address(asked.email), confirmed_at=None)
    with store.begin() as connection:
        name = _told_name(organisations.find(connection, kept.org))
        letter = write_request(
            kept, name, now=clock(), settings=settings.mail, secret=settings.secret_key
        )
        if statements.waiting(connection, kept.org, kept.email) >= WAITING:
            return None
        statements.save_request(connection, kept)
        outbox.queue(connection, None, letter, (), clock())
    return kept


def confirm(store: Store, key: str, *, settings: Settings, clock: Clock) -> Stated | None:
    """Take the yes of the holder of the address; a second one changes nothing.

    Returns:
        What holds from now on, where the address speaks for the firm; None where the request waits
        for the operator.

    Raises:
        NotFound: decided already, or never confirmed in time.
    """
    shares_site = _shares_site(store, key)
    with store.begin() as connection:
        request = statements.find_request(connection, key, hold=True)
        unit = organisations.find(connection, request.org)
        stated = statements.find(connection, request.org)
        secret = settings.secret_key
        proof = proof_of(request, unit, stated, secret, shares_site=shares_site)
        if proof is None:
            confirmed = replace(request, confirmed_at=request.confirmed_at or clock())
            statements.save_request(connection, confirmed)
            return None
        done = _take(connection, request, unit, proof, settings, clock)
    _clear(store, request, unit, settings)
    return done


def _shares_site(store: Store, key: str) -> bool:
    """Whether other units name the website of the one that something is asked for."""
    with store.read() as connection:
        unit = organisations.find(connection, statements.find_request(connection, key).org)
        site = site_of(unit)
        # As the register prints it: "bø.example" is stored as written, not as "xn--b-5ga.example".
        printed = (unit.website or "").lower().removeprefix("https://").removeprefix("http://")
        host = printed.removeprefix("www.").strip("/ ")
        others = organisations.naming(connection, host) if site else ()
        return any(one.id != unit.id and site_of(one) == site for one in others)


def approve(store: Store, key: str, *, settings: Settings, clock: Clock) -> Stated:
    """Let a request take effect: the operator has made sure that it is the firm's.

    From now on that address speaks for the firm. A letter tells who asked.

    Raises:
        NotFound: no request of that id; it may be decided already.
    """
    with store.begin() as connection:
        request = statements.find_request(connection, key, hold=True)
        unit = organisations.find(connection, request.org)
        done = _take(connection, request, unit, Proof.OPERATOR, settings, clock)
        holds = statements.find(connection, request.org)
        decision = Decision(
            firm=_told_name(unit),
            approved=True,
            speaks=bool(holds and holds.address_mark),
            has_page=has_page(unit, holds, settings),
        )
        tell(connection, request, decision, settings=settings, clock=clock)
    _clear(store, request, unit, settings)
    return done


def refuse(store: Store, key: str, *, settings: Settings, clock: Clock) -> None:
    """Delete a request without effect: the operator could not make sure that it is the firm's.

    A letter tells who asked.

    Raises:
        NotFound: no request of that id; it may be decided already.
    """
    shares_site = _shares_site(store, key)
    with store.begin() as connection:
        request = statements.find_request(connection, key, hold=True)
        unit = organisations.find(connection, request.org)
        decision = Decision(
            firm=_told_name(unit),
            approved=False,
            speaks=False,
            has_page=has_page(unit, statements.find(connection, request.org), settings),
            by_website=not (unit.is_person or shares_site) and bool(site_of(unit)),
        )
        drop_request(connection, request)
        tell(connection, request, decision, settings=settings, clock=clock)
    unlink(Path(settings.mail.outbox), [letter_of(key)])
    subscriptions.scrub(store)


def drop(store: Store, key: str, *, outbox_folder: Path | None) -> None:
    """Delete a request and the letter about it, and tell nobody. Raises NotFound."""
    with store.begin() as connection:
        drop_request(connection, statements.find_request(connection, key, hold=True))
    unlink(outbox_folder, [letter_of(key)])
    subscriptions.scrub(store)


def forget(store: Store, org: OrgId, *, settings: Settings) -> None:
    """Delete all that a firm said here, by the operator's hand; what the register says holds."""
    with store.begin() as connection:
        statements.forget(connection, org)
        tender_figures.drop_naming(connection, [org.number])
    _forget_around(store, settings)
    subscriptions.scrub(store)


def drop_unconfirmed(store: Store, *, outbox_folder: Path | None, clock: Clock) -> int:
    """Delete the requests that got no yes in time; return how many."""
    with store.begin() as connection:
        gone = statements.unconfirmed(connection, clock() - UNCONFIRMED_LIVE)
        for request in gone:
            drop_request(connection, request)
    unlink(outbox_folder, [letter_of(request.id) for request in gone])
    if gone:
        subscriptions.scrub(store)
    return len(gone)


def _take(
    connection: Connection,
    request: Request,
    unit: Organisation,
    proof: Proof,
    settings: Settings,
    clock: Clock,
) -> Stated:
    """Write what holds from now on, and delete the request with its letter."""
    old = statements.find(connection, request.org)
    before = old or Stated(org=request.org, proof=proof, on=clock().date())
    mark = before.address_mark
    if proof is Proof.OPERATOR:
        mark = address_mark(request.org, request.email, settings.secret_key)
    after = replace(before, proof=proof, on=clock().date(), address_mark=mark)
    match request.wish:
        case Wish.CORRECT:
            after = replace(after, statement=request.statement)
        case Wish.HIDE:
            # A person that nobody is told of is left out without any word of ours.
            after = replace(after, shown=None if unit.is_person else False)
        case Wish.SHOW:
            said = before.statement if request.statement.is_empty else request.statement
            after = replace(after, shown=True if unit.is_person else None, statement=said)
        case Wish.FORGET:
            after = replace(after, shown=None, statement=Statement(), address_mark="")
    drop_request(connection, request)
    tender_figures.drop_naming(connection, [request.org.number])
    if after.shown is None and after.statement.is_empty:
        statements.forget(connection, request.org)
    else:
        statements.save(connection, after)
    return after


def _clear(store: Store, request: Request, unit: Organisation, settings: Settings) -> None:
    """Let nothing linger of a request that is decided."""
    unlink(Path(settings.mail.outbox), [letter_of(request.id)])
    if request.wish is Wish.FORGET or (unit.is_person and request.wish is Wish.HIDE):
        _forget_around(store, settings)
    subscriptions.scrub(store)


def _forget_around(store: Store, settings: Settings) -> None:
    """Delete what files and letters that were sent hold of a firm's word.

    The firms are laid out anew by the next who needs them.
    """
    drop_sent(store, outbox_folder=Path(settings.mail.outbox))
    folder = firm_folder(settings, store)
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)

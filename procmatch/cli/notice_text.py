"""A notice told in plain lines for the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from datetime import datetime

from procmatch.alerts.revisions import sentences
from procmatch.model.notice import Award, Lot, OrganisationRef
from procmatch.model.procedure import Procedure, Ref
from procmatch.model.values import Money
from procmatch.settings import Settings
from procmatch.workflows.lookup import Found, LinkedParty

__all__ = ["describe", "money"]

_WIDTH = 96
_MORE_THAN_ONE = 2


def money(value: Money | None) -> str:
    """Return an amount with thin grouping, e.g. ``1 200 000 NOK``, or an empty text."""
    return f"{value.amount:,.0f} {value.currency}".replace(",", " ") if value else ""


def _wrapped(text: str, indent: str) -> Iterator[str]:
    for paragraph in text.splitlines():
        yield from textwrap.wrap(paragraph, _WIDTH, initial_indent=indent, subsequent_indent=indent)


def _party(party: LinkedParty) -> str:
    number = f" ({party.number})" if party.number else ""
    if party.linked is None:
        return f"{party.name}{number}: not found in the register"
    sure = "" if party.linked.certain else f", uncertain {party.linked.score:.2f}"
    return f"{party.name}{number} = {party.linked.name} ({party.linked.org}{sure})"


def _lot(lot: Lot, local: Callable[[datetime | None], str]) -> Iterator[str]:
    yield ""
    yield f"{lot.id}  {lot.title}"
    facts = {
        "CPV": ", ".join(lot.cpv),
        "place": ", ".join(filter(None, (place.code for place in lot.places))),
        "value": money(lot.value),
        "framework": " ".join(filter(None, (lot.framework, money(lot.framework_maximum)))),
        "reserved": ", ".join(lot.reserved),
        "deadline": local(lot.deadline),
        "questions before": local(lot.question_deadline),
        "documents": lot.documents_url or "",
    }
    for name, value in facts.items():
        if value:
            yield f"  {name:<17}{value}"
    yield from _wrapped(str(lot.description), "  ")
    for criterion in lot.award_criteria:
        weight = f" {criterion.weight:g}" if criterion.weight is not None else ""
        yield f"  award criterion  {criterion.type or ''}{weight}: {criterion.name}"
    for requirement in lot.selection_criteria:
        text = str(requirement.description or requirement.name)
        yield from _wrapped(f"requirement ({requirement.type or 'unnamed'}): {text}", "  ")


def _award(award: Award) -> str:
    def name(party: OrganisationRef) -> str:
        return party.name + (f" ({party.number})" if party.number else "")

    winners = " and ".join(name(party) for party in award.winners) or "nobody"
    value = f" for {money(award.value)}" if award.value else ""
    received = f"; {award.tenders_received} tenders" if award.tenders_received is not None else ""
    return f"{award.lot or 'lot not named'}: {winners}{value}{received}"


def describe(
    found: Found,
    settings: Settings,
    now: datetime,
    local: Callable[[datetime | None], str],
) -> str:
    """Return the notice as text: what, who, when, lots, requirements, results and history."""
    notice = found.notice
    lines = [
        str(notice.title),
        "=" * min(len(str(notice.title)), _WIDTH),
        (
            f"{notice.kind.value}, subtype {notice.subtype or 'unknown'}, "
            f"dispatched {local(notice.dispatched_at)}"
        ),
    ]
    if notice.deadline:
        days = (notice.deadline - now).days
        left = f"{days} days left" if notice.deadline > now else "passed"
        lines.append(f"deadline {local(notice.deadline)} ({left})")
    if notice.value:
        lines.append(f"estimated value {money(notice.value)} excl. VAT")
    if notice.source == "doffin" and notice.source_id:
        lines.append(settings.sources.doffin_page_url.format(id=notice.source_id))
    if notice.changes:
        reason = f" ({notice.changes.reason})" if notice.changes.reason else ""
        lines.append(f"changes {notice.changes.notice}{reason}: {notice.changes.text}")
    lines += [f"{party.role}: {_party(party)}" for party in found.parties]
    lines += ["", *_wrapped(str(notice.description), "")]
    for lot in notice.lots:
        lines += _lot(lot, local)
    if notice.awards:
        lines += ["", "results", *(f"  {_award(award)}" for award in notice.awards)]
    lines += _history(found, settings.language, local)
    return "\n".join(lines)


def _history(found: Found, language: str, local: Callable[[datetime | None], str]) -> Iterator[str]:
    """Tell how the procedure came to where it is."""
    derived = found.derived
    if derived is not None:
        how = derived.cancelled
        off = f", called off by {how.how} ({how.by})" if how else ""
        yield from ("", f"procedure {derived.id}: {derived.state.value}{off}")
    for word, others in (("builds on", found.before), ("followed by", found.after)):
        yield from (f"{word} {ref}" for ref in others)
    if derived is None or len(found.publications) < _MORE_THAN_ONE:
        return
    yield from ("", "publications of this procedure")
    for one in found.publications:
        ref = Ref(one.source, one.source_id or one.notice_id)
        yield f"  {ref}  {local(one.dispatched_at)}  {one.kind.value}{_place_of(ref, derived)}"
        lots = {lot.id: str(lot.title) or lot.id for lot in one.lots}
        for revision in derived.revisions:
            if revision.by == ref:
                yield f"    changes {revision.of}"
                for sentence in sentences(revision, language, lots=lots):
                    yield from _wrapped(sentence, "      ")


def _place_of(ref: Ref, derived: Procedure) -> str:
    master = dict(derived.twins).get(ref)
    if master:
        return f", the same as {master}"
    return ", probably (same buyer, CPV and title)" if ref in derived.probable else ""

"""Evidence for people who look: how much there is, and what is known of one organisation."""

from __future__ import annotations

from typing import Any

from procmatch.model.organisation import OrgId
from procmatch.store import Store, evidence_known, organisations
from procmatch.workflows.register_facts import register_facts

__all__ = ["evidence_of", "evidence_overview"]


def evidence_overview(store: Store) -> list[dict[str, Any]]:
    """Return one row for each source and kind: certain, possible, nobody's and closed."""
    with store.read() as connection:
        return evidence_known.overview(connection)


def evidence_of(store: Store, org: OrgId) -> list[dict[str, Any]]:
    """Return all that is known of one organisation, closed rows too, the register's own facts last.

    Raises:
        NotFound: the store has no such organisation.
    """
    with store.read() as connection:
        unit = organisations.find(connection, org)
        rows = evidence_known.of_organisation(connection, org)
    return rows + [
        {
            "kind": fact.kind,
            "source": fact.source,
            "reference": fact.reference,
            "text": fact.reference,
            "method": fact.tied_by,
            "score": fact.certainty,
            "certain": True,
        }
        for fact in register_facts(unit)
    ]

"""The face of linkage: build once from a register, ask many times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from procmatch.linkage import storage
from procmatch.linkage.changes import Register, laid_out, updated
from procmatch.linkage.decide import Answers, Candidate
from procmatch.linkage.frames import queries_of
from procmatch.linkage.query import Query, ask
from procmatch.linkage.rank import Part, probabilities, rank
from procmatch.linkage.scoring import Scorer, shipped
from procmatch.model.match import Linked
from procmatch.model.organisation import Organisation, OrgId

__all__ = ["Linker"]

#: Queries answered together: enough to pay for laying them out, and little memory.
BATCH = 4_000


@dataclass(frozen=True, slots=True)
class Linker:
    """Tells which unit of a register a printed name or number means. Safe to share by threads."""

    _register: Register = field(repr=False)
    _scorer: Scorer = field(repr=False, default_factory=shipped)

    @classmethod
    def build(cls, organisations: Iterable[Organisation]) -> Linker:
        """Lay out a register for look-up.

        Args:
            organisations: the register; their order does not matter. Of one given twice, the
                last counts.
        """
        return cls(laid_out(organisations))

    @classmethod
    def load(cls, folder: Path) -> Linker:
        """Open what :meth:`save` wrote. Nothing is read until it is asked for.

        Raises:
            LinkageError: the folder holds no linker, or one of another version.
        """
        return cls(storage.load(folder))

    def save(self, folder: Path) -> None:
        """Write everything to a folder; one that is there is replaced when all is written."""
        storage.save(self._register, folder)

    def update(self, changed: Iterable[Organisation] = (), deleted: Iterable[OrgId] = ()) -> Linker:
        """Return a linker that knows added and changed units, and no longer the deleted ones.

        The register is not laid out anew: units that were added or changed since are laid out
        beside it. Build again when these become a tenth of the register.

        Args:
            changed: new units, and units as they are now.
            deleted: units that are to be forgotten. A unit that the register lists as deleted is
                a changed one.
        """
        return Linker(updated(self._register, changed, deleted), self._scorer)

    def __len__(self) -> int:
        """Return how many units are known."""
        return sum(len(part.segment) - int(part.gone.sum()) for part in self._register.parts)

    def link(
        self,
        name: str,
        *,
        number: str | None = None,
        place: str | None = None,
        postcode: str | None = None,
        kind: str | None = None,
        street: str | None = None,
        website: str | None = None,
    ) -> Linked | None:
        """Say which unit is meant, how surely and why.

        Args:
            name: as printed (BT-500).
            number: as printed (BT-501).
            place: town (BT-513), "5020 Bergen", or a municipality's four digits.
            postcode: BT-512.
            kind: legal form of the unit where the source tells it, as the register's code.
            street: first line of the address (BT-510).
            website: home page or e-mail address (BT-505, BT-506).

        Returns:
            None when nobody is meant clearly enough. Any text is answered; nothing is raised.
        """
        query = Query(
            name=name,
            number=number,
            place=place,
            postcode=postcode,
            kind=kind,
            street=street,
            website=website,
        )
        return self._answers([query]).link(0)

    def link_many(self, queries: Iterable[Query] | object) -> list[Linked | None]:
        """Return what :meth:`link` returns, for each query in order.

        Args:
            queries: :class:`Query` objects, or a frame (pandas, Polars, PyArrow or another that
                Narwhals knows) with a column ``name`` and any of the other fields of a query.
        """
        return [
            answers.link(at)
            for answers, count in self._batches(queries_of(queries))
            for at in range(count)
        ]

    def candidates(
        self,
        name: str,
        *,
        place: str | None = None,
        postcode: str | None = None,
        limit: int = 10,
    ) -> list[Candidate]:
        """Return the units that ``name`` may mean, best first, each once.

        Args:
            name: as printed.
            place: as in :meth:`link`.
            postcode: as in :meth:`link`.
            limit: how many at most.
        """
        query = Query(name=name, place=place, postcode=postcode)
        return self._answers([query]).candidates(0, limit)

    def candidates_many(
        self, queries: Iterable[Query] | object, *, limit: int = 10
    ) -> list[list[Candidate]]:
        """Return the candidates of each query in order; ``queries`` as in :meth:`link_many`."""
        return [
            answers.candidates(at, limit)
            for answers, count in self._batches(queries_of(queries))
            for at in range(count)
        ]

    def best_many(self, queries: Iterable[Query] | object) -> list[Candidate | None]:
        """Return the best candidate of each query, likely or not; no reasons are put in words.

        Args:
            queries: as in :meth:`link_many`.
        """
        return [
            answers.best(at)
            for answers, count in self._batches(queries_of(queries))
            for at in range(count)
        ]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The segments that are searched; for those who train a score."""
        return self._register.parts

    @property
    def names(self) -> int:
        """How many names the register was laid out with, by which words weigh."""
        return len(self._register.base.alias_unit)

    def rank(self, query: Query, orgs: Sequence[OrgId]) -> list[Candidate]:
        """Return these units ranked as an answer to a query; unknown ones are left out."""
        return self.rank_many([(query, orgs)])[0]

    def rank_many(self, given: Sequence[tuple[Query, Sequence[OrgId]]]) -> list[list[Candidate]]:
        """Return what :meth:`rank` returns, for each query with its units."""
        answers = self._answers([query for query, _orgs in given], [orgs for _q, orgs in given])
        return [answers.candidates(at, len(orgs)) for at, (_query, orgs) in enumerate(given)]

    def scored_by(self, scorer: Scorer) -> Linker:
        """Return the same register with another score."""
        return Linker(self._register, scorer)

    def _batches(self, queries: Iterable[Query]) -> Iterator[tuple[Answers, int]]:
        waiting = iter(queries)
        while batch := list(islice(waiting, BATCH)):
            yield self._answers(batch), len(batch)

    def _answers(
        self, queries: Sequence[Query], only: Sequence[Sequence[OrgId]] | None = None
    ) -> Answers:
        asked = [ask(query) for query in queries]
        ranked = rank(self.parts, asked, self._scorer.score, names=self.names, only=only)
        probability = self._scorer.calibrate(probabilities(ranked))
        return Answers(self.parts, ranked, probability, self.names, self._scorer)

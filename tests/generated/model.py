"""A generated market: notices as they are printed, where they are published, and the truth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

__all__ = [
    "Buyer",
    "Difference",
    "Key",
    "Lot",
    "LotResult",
    "Notice",
    "Procedure",
    "Published",
    "State",
]

#: Source and source id of a publication: ``("doffin", "2024-100123")``.
Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who buys; ``printed`` is the number as the notices show it, ``number`` the nine digits."""

    name: str
    number: str
    printed: str
    nuts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """One lot; ``value`` in whole kroner, None when the notice does not tell."""

    id: str
    title: str
    english: str
    value: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LotResult:
    """What came of a lot: ``winner`` (name, number) or nobody; ``value`` in whole kroner."""

    lot: str
    winner: tuple[str, str] | None
    value: int | None = None
    tenders: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a competition says at some moment; ``deadline`` is UTC."""

    description: str
    deadline: datetime | None
    value: int | None
    lots: tuple[Lot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """All that the XML of one notice prints.

    Attributes:
        id, version: BT-701, a UUID or for a converted notice the Doffin id; BT-757.
        procedure: BT-04, None where there is none.
        form, code, subtype: BT-03, BT-02, OPP-070.
        regime: ``eu`` or ``national``. converted: from before eForms.
        changes: BT-758 as printed. reason: BT-140.
        earlier: BT-125 as printed. earlier_in_lot: in the lots instead of the procedure.
        dps: BT-766 of the lots. unreadable: the file breaks off in the middle.
    """

    id: str
    version: str
    procedure: str | None
    form: str
    code: str
    subtype: str
    regime: str
    converted: bool
    issued_at: datetime
    buyer: Buyer
    title: str
    english: str
    cpv: str
    nature: str
    state: State
    changes: str = ""
    reason: str = ""
    earlier: str = ""
    earlier_in_lot: bool = False
    results: tuple[LotResult, ...] = ()
    dps: str = "none"
    unreadable: bool = False

    @property
    def lots(self) -> tuple[Lot, ...]:
        """The lots that it shows: a result those it is about, the old correction none."""
        if self.subtype == "99":
            return ()
        named = {one.lot for one in self.results}
        return tuple(lot for lot in self.state.lots if not named or lot.id in named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A notice at one source.

    Attributes:
        kind: Doffin's own type; at TED the notice type (BT-02).
        status: Doffin's, None on all but competitions and at TED.
        searchable: a search finds it; a superseded one is often only downloadable.
        control_characters: its entry in the list holds raw ones.
    """

    source: str
    id: str
    notice: Notice
    published_on: date
    kind: str
    status: str | None = None
    searchable: bool = True
    control_characters: bool = False

    @property
    def key(self) -> Key:
        """Source and id."""
        return (self.source, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field that a change altered: deadline, value, description, lots or cancelled."""

    field: str
    old: object
    new: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One purchase, or one planning notice with its corrections, as it really was.

    Attributes:
        name: its number in the market.
        publications: by time of issue, of both sources.
        competition: whether it has a call for competition.
        final: what the newest competition notice says (a planning notice's, an intent's without).
        cancelled: how: ``change``, ``result``, ``status``, or ``""``.
        awarded: some lot has a winner.
        planned_by: the planning notices that its competitions name.
    """

    name: str
    publications: tuple[Key, ...]
    buyer: Buyer
    title: str
    cpv: str
    competition: bool
    final: State
    cancelled: str
    awarded: bool
    planned_by: tuple[Key, ...]

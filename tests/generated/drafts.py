"""A purchase and its notices while they are made up, before they have numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from tests.generated.dice import Dice
from tests.generated.model import Buyer, LotResult, State

__all__ = ["END", "SWITCH", "Draft", "Story", "issue"]

#: Nothing is issued from here on.
END = datetime(2026, 1, 1, tzinfo=UTC)
#: eForms began in Norway; what came before is converted.
SWITCH = datetime(2023, 10, 24, tzinfo=UTC)


@dataclass(slots=True, kw_only=True, eq=False)
class Draft:
    """A notice that does not know its numbers yet.

    Attributes:
        what: planning, competition, intent, result or modification.
        folder: BT-04; ``own`` stands for the notice's own Doffin id, as in converted ones.
        parent: what it changes. style: how it names that, see ``Shares.styles``.
        earlier: what BT-125 names. tie: of a result, see ``Shares.ties``.
        doffin, ted: its numbers once it has them. ted_on: when it came out at TED.
    """

    what: str
    moment: datetime
    id: str
    version: str
    folder: str | None
    state: State
    converted: bool
    parent: Draft | None = None
    style: str = ""
    reason: str = ""
    earlier: Draft | None = None
    results: tuple[LotResult, ...] = ()
    tie: str = ""
    hidden: bool = False
    unreadable: bool = False
    doffin: str = ""
    ted: str = ""
    ted_on: date | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Story:
    """One purchase with all its notices."""

    buyer: Buyer
    cpv: str
    nature: str
    title: str
    english: str
    regime: str
    converted: bool
    folder: str
    call: str
    ted_only: bool = False
    cancelled: str = ""
    repeated: bool = False
    drafts: list[Draft] = field(default_factory=list)

    @property
    def competitions(self) -> list[Draft]:
        """Calls for competition and their corrections, oldest first."""
        return [one for one in self.drafts if one.what == "competition"]

    @property
    def results(self) -> list[Draft]:
        """Result notices and their corrections."""
        return [one for one in self.drafts if one.what == "result"]


def issue(
    story: Story,
    dice: Dice,
    what: str,
    moment: datetime,
    state: State,
    *,
    folder: str | None = None,
    parent: Draft | None = None,
    style: str = "",
    reason: str = "",
    earlier: Draft | None = None,
    results: tuple[LotResult, ...] = (),
    tie: str = "",
) -> Draft | None:
    """Add a notice to its story.

    Args:
        story: of what.
        dice: for its UUID.
        what: see ``Draft``. moment: when it is sent.
        state: what it says.
        folder: BT-04; by default the story's, or a converted notice's own.
        parent, style, reason, earlier, results, tie: see ``Draft``.

    Returns:
        The notice; None when its day has not come, or its form was no longer in use.
    """
    converted = story.converted and moment < SWITCH
    if moment >= END or (story.converted and not converted and what != "result"):
        return None
    if what == "planning":
        folder = None
    elif folder is None:
        folder = "own" if converted else story.folder
    version, identifier = "01", dice.uuid()
    if parent is not None and style in {"next version", "resubmitted"}:
        version, identifier = f"{int(parent.version) + 1:02d}", parent.id
    draft = Draft(
        what=what,
        moment=moment,
        id="own" if converted else identifier,
        version=version,
        folder=folder,
        state=state,
        converted=converted,
        parent=parent,
        style=style,
        reason=reason,
        earlier=earlier,
        results=results,
        tie=tie,
    )
    story.drafts.append(draft)
    return draft

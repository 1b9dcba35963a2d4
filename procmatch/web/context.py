"""What every page needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import Response
from starlette.background import BackgroundTask

from procmatch.alerts.addresses import Addresses
from procmatch.alerts.links import verify
from procmatch.codes.places import Places
from procmatch.insight.hurdles import LotHurdles
from procmatch.insight.lots import Division
from procmatch.insight.shares import Purchase
from procmatch.insight.trends import Cut, TrendRow
from procmatch.insight.what_if import WhatIf
from procmatch.model.organisation import OrgId
from procmatch.model.shown import Shown
from procmatch.model.subscription import Subscription
from procmatch.settings import Settings
from procmatch.store import Store, subscriptions
from procmatch.web.answering import Answers
from procmatch.web.keeping import Keeping
from procmatch.web.render import address, language_of, page
from procmatch.web.tables import FORMS
from procmatch.workflows.about_data import AboutData
from procmatch.workflows.agreements import Signed
from procmatch.workflows.equal_treatment import ShownLog, list_shown, order_of
from procmatch.workflows.food_bought import FoodBought
from procmatch.workflows.municipality_view import OwnLot
from procmatch.workflows.open_market import Now, OpenMarket
from procmatch.workflows.review_list import Question
from procmatch.workflows.trends import Compared, Towns

__all__ = ["Context"]

#: As many municipalities as there are, and counties.
_TOWNS = 400
_DAY_S = 86_400.0
#: Numbers of firms that are not to be shown: an answer that was kept is right for them alone.
Hidden = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Store, settings, clock, names of places, what stands open, and what was signed."""

    store: Store
    settings: Settings
    clock: Callable[[], datetime]
    places: Places
    open_market: OpenMarket
    shown: ShownLog
    signed: Keeping[str, Signed] = field(default_factory=partial(Keeping, most=_TOWNS))
    spent: Keeping[str, Sequence[Purchase]] = field(default_factory=Keeping)
    trended: Keeping[tuple[str, str, Cut], Sequence[TrendRow]] = field(
        default_factory=partial(Keeping, most=_TOWNS)
    )
    trades: Keeping[str, Mapping[str, int]] = field(default_factory=Keeping)
    towns: Keeping[int, Towns] = field(default_factory=partial(Keeping, fresh_s=_DAY_S))
    alike: Keeping[str, Sequence[Compared]] = field(default_factory=partial(Keeping, most=_TOWNS))
    compared: Keeping[tuple[int, str, Division | None, Hidden], WhatIf] = field(
        default_factory=Keeping
    )
    lots: Keeping[tuple[str, Hidden], Sequence[OwnLot]] = field(
        default_factory=partial(Keeping, most=_TOWNS)
    )
    questions: Keeping[str, Sequence[Question]] = field(default_factory=Keeping)
    about: Keeping[None, AboutData] = field(default_factory=Keeping)
    food: Keeping[str, FoodBought] = field(default_factory=Keeping)
    hurdles: Keeping[tuple[int, str, Hidden], list[LotHurdles]] = field(default_factory=Keeping)

    answers: Answers = field(default_factory=Answers)

    @property
    def root(self) -> str:
        """The path under which the pages are served, without a slash at the end."""
        return urlsplit(self.settings.mail.public_url).path.rstrip("/")

    def subject(self, token: str, purpose: str) -> str:
        """Return what a link is about. Raises LinkRefused."""
        return verify(token, purpose=purpose, secret=self.settings.secret_key, now=self.clock())

    def subscription(self, key: str) -> Subscription:
        """Return a subscription. Raises NotFound."""
        with self.store.read() as connection:
            return subscriptions.find(connection, key)

    def addresses(self, subscription: Subscription) -> Addresses:
        """Return the maker of a subscription's addresses; without a public one they are paths."""
        return Addresses(
            public_url=self.settings.mail.public_url or "/",
            secret=self.settings.secret_key,
            subscription=subscription,
            made_at=self.clock(),
        )

    @property
    def now(self) -> Now:
        """The market and the open tenders, some minutes old at most."""
        return self.open_market.now()

    def language(self, request: Request) -> str:
        """Return the language to answer a request in."""
        return language_of(request, self.settings.language)

    def address(self, request: Request, path: str, /, **query: object) -> str:
        """Return the address of a page of ours in the reader's language."""
        return address(self.root, path, **{**query, "lang": self.language(request)})

    def exports(self, request: Request, *, table: str = "") -> list[tuple[str, str]]:
        """Return (name, address) of the files that a page's list is given out as.

        Args:
            request: for the page.
            table: which of its lists, where it has several.
        """
        asked = {**request.query_params, "table": table}
        path = request.url.path
        return [(form.upper(), address("", path, **{**asked, "format": form})) for form in FORMS]

    def again(self, request: Request, make: Callable[[], Response]) -> Response:
        """Return a page made within the last minute for the same address, or make it.

        What firms stand on it is noted each time. Who asked not to be shown is on none of them.
        """
        now = self.now
        url = request.url
        address = f"{self.language(request)} {url.path}?{url.query}"
        return self.answers.get(address, (now.market, now.tenders, now.hidden), make)

    def listed(
        self, kind: str, asked: str, firms: Sequence[OrgId], whole: int, *, order: str = ""
    ) -> Shown:
        """Return firms in the order in which they are shown, for :meth:`noted`.

        Args:
            kind: where they stand.
            asked: the question in a line, without what was typed.
            firms: those shown.
            whole: how many the whole list has.
            order: what makes the order, where it is not the ranking's.
        """
        order = order or order_of(self.now.market.policy)
        return list_shown(kind=kind, asked=asked, ordered_by=order, firms=firms, whole=whole)

    def noted(self, response: Response, *lists: Shown) -> Response:
        """Return a page or file that shows firms; which ones is noted once it is sent."""
        response.background = BackgroundTask(self.note, *lists)
        return response

    def note(self, *lists: Shown) -> None:
        """Note lists of firms; a list of none is none."""
        for one in lists:
            if one.firms:
                self.shown.note(one)

    def show(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        public: bool = True,
        **values: Any,  # noqa: ANN401  whatever the template names
    ) -> Response:
        """Return a page in the reader's language; the same address leads to it in the others."""
        query = {name: value for name, value in request.query_params.items() if name != "lang"}
        return page(
            template,
            self.language(request),
            status=status,
            query=query,
            public=public,
            root=self.root,
            **values,
        )

"""Is this you? What a firm asks for on the page about it, its yes, and the operator's list."""

from __future__ import annotations

import re

from fastapi import Depends, FastAPI, Request
from fastapi.responses import Response

from procmatch.alerts.phrases import one_line, phrase
from procmatch.alerts.statement_letter import PURPOSE, SAYS, write_said
from procmatch.codes.orgnr import clean
from procmatch.errors import CodeError, DeliveryRefused, NotFound
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.model.statement import Request as Asked
from procmatch.model.statement import Statement, Wish
from procmatch.web.context import Context
from procmatch.web.forms import Filled, filled, place_of
from procmatch.web.forms import place_name as named
from procmatch.web.render import page
from procmatch.workflows import statements as verb
from procmatch.workflows.subscribe import new_id

__all__ = ["LIST_PURPOSE", "add"]

#: Purpose of the link to the operator's list.
LIST_PURPOSE = "requests"
_WORDS, _CONTACT, _LINE = 1000, 200, 200
_CODES, _PLACES, _LINES = 20, 40, 10
_SPACES, _BREAKS = re.compile(r"[\s,;]+"), re.compile(r"[\r\n]+")


def add(app: FastAPI, context: Context) -> None:
    """Add the pages to the application."""
    _firms(app, context)
    _operators(app, context)


def _firms(app: FastAPI, context: Context) -> None:
    @app.get("/you")
    def form(request: Request, org: str = "") -> Response:
        return _form(context, request, org)

    @app.post("/you")
    def asked(request: Request, form: Filled = Depends(filled)) -> Response:  # noqa: B008
        return _ask(context, request, form)

    @app.get(f"/{PURPOSE}/{{token}}")
    def question(request: Request, token: str) -> Response:
        return _question(context, request, token)

    @app.post(f"/{PURPOSE}/{{token}}")
    def yes(request: Request, token: str) -> Response:
        return _confirm(context, request, token)


def _operators(app: FastAPI, context: Context) -> None:
    @app.get(f"/{LIST_PURPOSE}/{{token}}")
    def waiting(request: Request, token: str) -> Response:
        context.subject(token, LIST_PURPOSE)
        return _list(context, request)

    @app.post(f"/{LIST_PURPOSE}/{{token}}")
    def decided(request: Request, token: str, form: Filled = Depends(filled)) -> Response:  # noqa: B008
        context.subject(token, LIST_PURPOSE)
        count = verb.decide(
            context.store,
            {key: form.one(key) for key in form.values},
            settings=context.settings,
            clock=context.clock,
        )
        context.open_market.ask_who_hides()
        return _list(context, request, decided=count)


def _form(
    context: Context, request: Request, org: str, form: Filled | None = None, error: str = ""
) -> Response:
    language = context.language(request)
    firm = None
    if org and not error:
        try:
            firm = _firm(context, org)
        except CodeError as wrong:
            error = str(wrong)
    elif org:
        firm = _known(context, org)
    return context.show(
        request,
        "you",
        public=False,
        status=400 if error else 200,
        firm=firm,
        number=org,
        filled=form or _before(context, firm),
        wishes=[(wish.value, phrase(said, language)) for wish, said in SAYS.items()],
        error=error,
    )


def _known(context: Context, org: str) -> verb.Firm | None:
    try:
        return _firm(context, org)
    except CodeError:
        return None


def _firm(context: Context, org: str) -> verb.Firm:
    """Return the firm meant. Raises CodeError."""
    number = clean(org)
    try:
        return verb.firm(context.store, OrgId(NORWAY, number))
    except NotFound:
        raise CodeError(f"org: no firm with the number {number} in the register") from None


def _before(context: Context, firm: verb.Firm | None) -> Filled:
    """Fill in what the firm says already, as far as it stands on its page for all to read."""
    said = firm.statement if firm else Statement()
    places = [named(context.places, number) for number in said.places]
    return Filled(
        {
            "wish": (Wish.SHOW.value if firm and firm.is_person else Wish.CORRECT.value,),
            "words": (said.words,),
            "cpv": (" ".join(said.cpv),),
            "places": (", ".join(places),),
            "evidence": ("\n".join(said.evidence),),
            "contact": (said.contact,),
        }
    )


def _statement(context: Context, form: Filled) -> Statement:
    """Read what a firm says itself. Raises CodeError."""
    known = context.now.market.codes.cpv.labels
    codes = [code.split("-")[0].ljust(8, "0") for code in form.items("cpv", _SPACES)]
    if unknown := [code for code in codes if code not in known]:
        raise CodeError(f"cpv: not a CPV code: {unknown[0][:20]!r}")
    places = [place_of(text, context.places) for text in form.items("places")]
    if unknown := [one for one in places if named(context.places, one) == one]:
        raise CodeError(f"places: not a municipality or county: {unknown[0][:20]!r}")
    lines = [one_line(line)[:_LINE] for line in form.items("evidence", _BREAKS)]
    return Statement(
        words=one_line(form.one("words"))[:_WORDS],
        cpv=tuple(dict.fromkeys(codes))[:_CODES],
        places=tuple(dict.fromkeys(places))[:_PLACES],
        evidence=tuple(filter(None, lines))[:_LINES],
        contact=one_line(form.one("contact"))[:_CONTACT],
    )


def _wish(text: str) -> Wish:
    """Return what is wanted. Raises CodeError."""
    try:
        return Wish(text)
    except ValueError:
        raise CodeError("wish: choose what you want") from None


def _ask(context: Context, request: Request, form: Filled) -> Response:
    """Take a form and send the letter that asks for a yes; the answer is the same to everybody."""
    language = context.language(request)
    org = form.one("org")
    try:
        firm = _firm(context, org)
        wish = _wish(form.one("wish"))
        says = wish in {Wish.CORRECT, Wish.SHOW}
        asked = Asked(
            id=new_id(),
            org=firm.org,
            email=form.one("email"),
            language=language,
            wish=wish,
            statement=_statement(context, form) if says else Statement(),
            asked_at=context.clock(),
        )
        verb.ask(context.store, asked, settings=context.settings, clock=context.clock)
    except (CodeError, DeliveryRefused) as wrong:
        return _form(context, request, org, form, str(wrong))
    return _say(
        context,
        language,
        phrase("Look in your mailbox", language),
        phrase("A letter is on its way with a link. Nothing happens before you say yes there.",
               language),
        phrase("If none comes within an hour, look among unwanted mail.", language),
    )  # fmt: skip


def _say(context: Context, language: str, title: str, *lines: str) -> Response:
    return page("message", language, root=context.root, title=title, lines=lines, links=[])


def _question(context: Context, request: Request, token: str) -> Response:
    """Ask; a scanner that follows the link has not said yes."""
    key = context.subject(token, PURPOSE)
    try:
        asked, firm = verb.request(context.store, key)
    except NotFound:
        return _gone(context, context.language(request))
    language = asked.language
    return page(
        "ask",
        language,
        root=context.root,
        title=phrase("Do you speak for {firm}?", language, firm=firm.name or str(firm.org)),
        details=write_said(asked, language),
        lines=[
            phrase(
                "Say yes only if you may speak for the firm. The address you gave is deleted once "
                "this is decided and you are told.",
                language,
            )
        ],
        button=phrase("Yes, I speak for the firm", language),
    )


def _gone(context: Context, language: str) -> Response:
    return _say(
        context,
        language,
        phrase("This is decided already", language),
        phrase("Nothing waits under this link any more.", language),
    )


def _confirm(context: Context, request: Request, token: str) -> Response:
    key = context.subject(token, PURPOSE)
    try:
        language = verb.request(context.store, key)[0].language
        done = verb.confirm(context.store, key, settings=context.settings, clock=context.clock)
    except NotFound:
        return _gone(context, context.language(request))
    context.open_market.ask_who_hides()
    if done is None:
        return _say(
            context,
            language,
            phrase("Thank you. A person looks at it", language),
            phrase(
                "The register does not tell us that your address is the firm's, so the operator "
                "makes sure first. A letter tells you what was decided.",
                language,
            ),
        )
    return _say(
        context,
        language,
        phrase("Done", language),
        phrase("Pages and lists show it at once, their order within some minutes.", language),
    )


def _list(context: Context, request: Request, *, decided: int = 0) -> Response:
    language = context.language(request)
    done = ""
    if request.method == "POST":
        done = phrase("{count} requests decided.", language, count=decided)
    waiting = verb.waiting(context.store)
    return context.show(
        request,
        "requests",
        public=False,
        requests=[(asked, firm, write_said(asked, language)) for asked, firm in waiting],
        done=done,
    )

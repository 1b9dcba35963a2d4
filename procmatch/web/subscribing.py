"""Subscribing: the forms, and the letter that asks for a yes."""

from __future__ import annotations

from dataclasses import replace

from fastapi import Request
from fastapi.responses import Response

from procmatch.alerts.asked import consent_text
from procmatch.alerts.phrases import phrase
from procmatch.codes.orgnr import clean
from procmatch.errors import CodeError, DeliveryRefused, NotFound
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.model.subscription import Subscription, Topic
from procmatch.web.context import Context
from procmatch.web.forms import Filled, own_words, read_form, shown
from procmatch.web.render import language_of, page
from procmatch.workflows import subscribe as verb
from procmatch.workflows.profile import Profile, profile_of

__all__ = ["ask", "send_links", "show"]


def _profile(context: Context, org: str, language: str) -> Profile:
    """Return a firm's profile; of a sole proprietor only that it is one. Raises CodeError."""
    number = clean(org)
    try:
        found = profile_of(
            context.store, OrgId(NORWAY, number), clock=context.clock, language=language
        )
    except NotFound:
        raise CodeError(f"org: no firm with the number {number} in the register") from None
    if found.is_person:
        # A person's data is not shown to whoever types a number.
        return replace(
            found, name=number, offers="", cpv=(), municipalities=(), counties=(), value_max=None
        )
    return found


def _empty(context: Context, language: str, topic: Topic) -> Subscription:
    return Subscription(
        id=verb.new_id(),
        email="",
        language=language,
        topic=topic,
        created_at=context.clock(),
    )


def show(context: Context, request: Request, org: str, topic: str) -> Response:
    """Show where to begin, or the form of one kind of subscription."""
    language = language_of(request, context.settings.language)
    if not org and topic not in set(Topic):
        return page("start", language, query={}, root=context.root, filled=Filled(), error="")
    profile = None
    if org:
        try:
            profile = _profile(context, org, language)
        except CodeError as error:
            filled = Filled({"org": (org,)})
            return page(
                "start",
                language,
                status=400,
                query={},
                root=context.root,
                filled=filled,
                error=str(error),
            )
    base = _empty(context, language, Topic(topic) if not org else Topic.TENDERS)
    codes = [code for code, _ in profile.cpv] if profile else []
    if profile:
        base = replace(base, org=profile.org, offers=profile.offers, cpv=tuple(codes))
    return _form(context, language, base, shown(base, context.places, codes), profile)


def _form(
    context: Context,
    language: str,
    base: Subscription,
    filled: Filled,
    profile: Profile | None,
    error: str = "",
) -> Response:
    return page(
        "subscribe",
        language,
        status=400 if error else 200,
        query={"org": str(base.org)} if base.org else {"topic": base.topic.value},
        root=context.root,
        org=str(base.org) if base.org else "",
        profile=profile,
        topic=base.topic.value,
        filled=filled,
        consent=consent_text(language),
        error=error,
    )


def ask(context: Context, request: Request, form: Filled) -> Response:
    """Take a form and send the letter that asks for a yes.

    The answer is the same whether or not the address subscribes already or is waiting: a stranger
    learns nothing of it.
    """
    language = language_of(request, context.settings.language)
    profile = None
    topic = form.one("topic")
    base = _empty(context, language, Topic(topic) if topic in set(Topic) else Topic.TENDERS)
    try:
        if form.one("org"):
            profile = _profile(context, form.one("org"), language)
            base = replace(base, org=profile.org)
        wanted = read_form(form, replace(base, email=form.one("email")), context.places)
        wanted = own_words(wanted, profile)
        verb.ask(context.store, wanted, settings=context.settings, clock=context.clock, way="web")
    except (CodeError, DeliveryRefused, NotFound) as error:
        return _form(context, language, base, form, profile, str(error))
    return page(
        "message",
        language,
        root=context.root,
        title=phrase("Look in your mailbox", language),
        lines=[
            phrase(
                "A letter is on its way that asks whether the address is yours. Nothing else comes "
                "before you say yes there.",
                language,
            ),
            phrase("If none comes within an hour, look among unwanted mail.", language),
        ],
        links=[],
    )


def send_links(context: Context, request: Request, form: Filled) -> Response:
    """Send fresh links to an address; the answer is the same whether or not it subscribes."""
    language = language_of(request, context.settings.language)
    verb.send_links(
        context.store, form.one("email"), settings=context.settings, clock=context.clock
    )
    return page(
        "message",
        language,
        root=context.root,
        title=phrase("Look in your mailbox", language),
        lines=[phrase("If the address subscribes, a letter with links is on its way.", language)],
        links=[],
    )

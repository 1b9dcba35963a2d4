"""What the signed links in letters lead to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
from fastapi import Request
from fastapi.responses import Response

from procmatch.alerts.addresses import subjects
from procmatch.alerts.asked import details
from procmatch.alerts.channels.webhook import receiver_key
from procmatch.alerts.content import REASONS, Entry
from procmatch.alerts.feeds import FEEDS
from procmatch.alerts.phrases import phrase
from procmatch.errors import CodeError, NotFound
from procmatch.model.organisation import OrgId
from procmatch.model.subscription import Feedback, Subscription, Unfit
from procmatch.store import news
from procmatch.store.documents import decode
from procmatch.web.context import Context
from procmatch.web.forms import Filled, own_words, read_form, shown
from procmatch.web.render import language_of, page
from procmatch.workflows import judge as judging
from procmatch.workflows import subscribe as verb
from procmatch.workflows.profile import Profile, profile_of
from procmatch.workflows.subscriber_data import export_one

__all__ = [
    "ask_to_confirm",
    "ask_to_leave",
    "change",
    "confirm",
    "data",
    "judge",
    "leave",
    "more",
    "show_change",
    "show_feedback",
]


def ask_to_confirm(context: Context, token: str) -> Response:
    """Ask; a scanner that follows the link has not said yes."""
    one = context.subscription(context.subject(token, "confirm"))
    return page(
        "ask",
        one.language,
        root=context.root,
        title=phrase("Do you want letters about tenders?", one.language),
        details=details(one),
        lines=[one.consent],
        button=phrase("Yes, write to me", one.language),
    )


def confirm(context: Context, token: str) -> Response:
    """Note the yes."""
    key = context.subject(token, "confirm")
    one = verb.confirm(context.store, key, clock=context.clock, way="link")
    return page(
        "message",
        one.language,
        root=context.root,
        title=phrase("Thank you", one.language),
        lines=[phrase("The first letter comes when there is something that fits.", one.language)],
        links=[
            (context.addresses(one).page("change"), phrase("Change what you get", one.language))
        ],
    )


def _left(context: Context, language: str) -> Response:
    return page(
        "message",
        language,
        root=context.root,
        title=phrase("No more letters", language),
        lines=[phrase("The subscription and all that was kept of it are deleted.", language)],
        links=[],
    )


def ask_to_leave(context: Context, request: Request, token: str) -> Response:
    """Ask; a scanner that follows the link must not stop anybody's letters."""
    key = context.subject(token, "leave")
    try:
        one = context.subscription(key)
    except NotFound:
        return _left(context, language_of(request, context.settings.language))
    return page(
        "ask",
        one.language,
        root=context.root,
        title=phrase("Stop these letters?", one.language),
        details=details(one)[:1],
        lines=[
            phrase("The subscription and all that is kept of it are deleted at once.", one.language)
        ],
        button=phrase("Stop the letters and delete everything", one.language),
    )


def leave(context: Context, request: Request, token: str) -> Response:
    """Stop and delete, at a person's click or a mail program's (RFC 8058); again is no error."""
    key = context.subject(token, "leave")
    language = language_of(request, context.settings.language)
    try:
        language = context.subscription(key).language
        verb.leave(context.store, key, outbox_folder=Path(context.settings.mail.outbox))
    except NotFound:
        pass
    return _left(context, language)


def _profile(context: Context, org: OrgId | None, language: str) -> Profile | None:
    if org is None:
        return None
    try:
        return profile_of(context.store, org, clock=context.clock, language=language)
    except NotFound:
        return None


def _change_page(
    context: Context, one: Subscription, *, filled: Filled | None = None, **said: str
) -> Response:
    language = one.language
    addresses = context.addresses(one)
    profile = _profile(context, one.org, language)
    suggested = [code for code, _ in profile.cpv] if profile else []
    words = one.offers or (profile.offers if profile else "")
    judged = judging.judgements(context.store, one.id)
    return page(
        "change",
        language,
        status=400 if said.get("error") else 200,
        root=context.root,
        is_org=one.org is not None,
        topic=one.topic.value,
        profile=profile,
        filled=filled or shown(replace(one, offers=words), context.places, suggested),
        judged=[(given.title or given.notice, _answer(given, language)) for given in judged],
        feeds=[address for name in FEEDS if (address := addresses.feed(name))],
        webhook_key=receiver_key(one.id, context.settings.secret_key) if one.webhook_url else "",
        data=addresses.page("change").replace("/change/", "/data/", 1),
        leave=addresses.page("leave"),
        error=said.get("error", ""),
        done=said.get("done", ""),
    )


def show_change(context: Context, token: str) -> Response:
    """Show what is asked for, for change."""
    return _change_page(context, context.subscription(context.subject(token, "change")))


def change(context: Context, token: str, form: Filled) -> Response:
    """Write what is asked for from now on, or make new secret addresses."""
    one = context.subscription(context.subject(token, "change"))
    if form.one("action") == "renew":
        one = verb.renew_feeds(context.store, one.id)
        return _change_page(context, one, done=phrase("The old addresses are dead.", one.language))
    try:
        profile = _profile(context, one.org, one.language)
        wanted = own_words(read_form(form, one, context.places), profile)
        one = verb.change(context.store, wanted, clock=context.clock, way="link")
    except (CodeError, NotFound) as error:
        return _change_page(context, one, filled=form, error=str(error))
    return _change_page(context, one, done=phrase("Saved.", one.language))


def data(context: Context, token: str) -> Response:
    """Give out all that is kept of a subscription."""
    kept = export_one(context.store, context.subject(token, "change"))
    body = msgspec.json.format(msgspec.json.encode(kept), indent=2)
    name = 'attachment; filename="procmatch.json"'
    return Response(body, media_type="application/json", headers={"Content-Disposition": name})


def _answer(given: Feedback, language: str) -> str:
    if given.fits:
        return phrase("Yes, it fits", language)
    if given.why is None:
        return phrase("No, for another reason", language)
    return f"{phrase('No:', language)} {phrase(REASONS[given.why], language).lower()}"


def _feedback_page(context: Context, token: str, answer: str, *, done: str = "") -> Response:
    key, item = subjects(context.subject(token, "feedback"))
    one = context.subscription(key)
    with context.store.read() as connection:
        told = news.find(connection, key, item)
        given = news.judged(connection, key).get(told.procedure)
    if given and not answer:
        answer = "yes" if given.fits else (given.why.value if given.why else "no")
    language = one.language
    effect = (
        "Tenders like this rank higher in your letters from now on."
        if given and given.fits
        else "You hear no more of this tender, and tenders like it rank lower from now on."
    )
    return page(
        "feedback",
        language,
        root=context.root,
        title=told.facts.title or told.facts.notice,
        reasons=[(why.value, phrase(said, language)) for why, said in REASONS.items()],
        answer=answer,
        given=given is not None,
        effect=phrase(effect, language),
        done=phrase(done, language) if done else "",
    )


def show_feedback(context: Context, token: str, answer: str) -> Response:
    """Show the question, with the answer that the link suggests; nothing is kept yet."""
    return _feedback_page(context, token, answer)


def judge(context: Context, token: str, form: Filled) -> Response:
    """Keep the answer, or take it back; the same again changes nothing."""
    key, item = subjects(context.subject(token, "feedback"))
    if form.one("action") == "withdraw":
        judging.withdraw(context.store, key, item)
        return _feedback_page(context, token, "", done="Your answer is taken back.")
    answer = form.one("answer")
    if answer not in {"yes", "no", *(why.value for why in Unfit)}:
        return _feedback_page(context, token, answer)
    why = Unfit(answer) if answer not in {"yes", "no"} else None
    judging.judge(context.store, key, item, fits=answer == "yes", why=why, clock=context.clock)
    return _feedback_page(context, token, answer, done="Thank you, your answer is kept.")


def more(context: Context, token: str) -> Response:
    """Show what a letter had no room for."""
    key, letter = subjects(context.subject(token, "more"))
    one = context.subscription(key)
    with context.store.read() as connection:
        rows = news.of_letter(connection, key, letter)
    if not rows:
        raise NotFound("no such letter")
    beyond = [decode(row.document, Entry) for row in rows if not row.told]
    return page(
        "more",
        one.language,
        root=context.root,
        title=phrase("What the letter had no room for", one.language),
        entries=beyond,
    )

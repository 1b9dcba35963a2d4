"""``review``: parties and evidence of the store that wait for a person."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procmatch.cli.output import now, progress
from procmatch.cli.resolve import say_unread
from procmatch.settings import Settings

if TYPE_CHECKING:
    from procmatch.store import Store
    from procmatch.workflows.review import Taken
    from procmatch.workflows.review_list import Question

__all__ = ["review"]

#: Questions on a screen.
_SHOWN = 20
_OPEN = timedelta(days=7)


@click.command()
@click.option(
    "--limit", type=click.IntRange(min=1), help="How many to show; default 20, in a file all."
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the list as CSV."
)
@click.option(
    "--decisions",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Read a list back in which a person has written yes, no or nobody.",
)
@click.option(
    "--labels",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write all decisions as JSON lines.",
)
@click.option("--link", is_flag=True, help="Print the address of the list as a page, for a week.")
@click.pass_obj
def review(
    settings: Settings,
    *,
    limit: int | None,
    out: Path | None,
    decisions: Path | None,
    labels: Path | None,
    link: bool,
) -> None:
    """Show the buyers, winners and evidence that linkage is not sure of, most frequent first.

    Each is asked about once, however often it is printed. Decisions are kept by what was printed:
    they outlive reruns and re-crawls, and `procmatch link` puts them to use. With --decisions or
    --labels alone no list is made.
    """
    from procmatch.store import open_store  # noqa: PLC0415 - keeps --help fast
    from procmatch.workflows import review as verb  # noqa: PLC0415

    if link:
        click.echo(_link(settings))
        return
    store = open_store(settings.database_url)
    taken = _take(store, decisions) if decisions else None
    carried = taken.bad if taken and decisions == out else ()
    if out is not None and out != decisions and out.exists():
        carried = _take(store, out).bad
    if labels is not None:
        count = verb.export_labels(store, labels)
        click.echo(f"{labels}: {count} labels")
    if out is not None or (decisions is None and labels is None):
        questions = _questions(store, settings, limit or (None if out else _SHOWN))
        if out is not None:
            verb.write_list(questions, out, carried)
            click.echo(f"{out}: {len(questions)} questions for a person")
        else:
            _show(questions)
    store.close()


def _link(settings: Settings) -> str:
    """Return the address of the review page; who has it may decide for a week."""
    from procmatch.alerts.links import sign  # noqa: PLC0415

    token = sign("review", "list", secret=settings.secret_key, expires_at=now() + _OPEN)
    return f"{settings.mail.public_url.rstrip('/')}/review/{token}"


def _take(store: Store, path: Path) -> Taken:
    from procmatch.workflows.review import take_decisions  # noqa: PLC0415

    taken = take_decisions(store, path, now=now())
    say_unread(path, taken.unread)
    hint = "; procmatch link puts them to use" if taken.kept else ""
    click.echo(f"{path}: {taken.read} decisions, {taken.kept} of them new{hint}")
    return taken


def _questions(store: Store, settings: Settings, limit: int | None) -> list[Question]:
    from procmatch.workflows.register_index import index_folder  # noqa: PLC0415
    from procmatch.workflows.review import open_questions  # noqa: PLC0415

    with progress("looking up") as step:
        return open_questions(store, index=index_folder(settings), limit=limit, progress=step)


def _show(questions: list[Question]) -> None:
    if not questions:
        click.echo("nothing to review")
    for at, question in enumerate(questions, start=1):
        printed = question.printed
        beside = [text for text in (printed.number, printed.postcode, printed.place) if text]
        often = "once" if question.times == 1 else f"{question.times} times"
        worth = f", won lots of {question.value:,} NOK" if question.value else ""
        click.echo(f"{at}. {', '.join((printed.name, *beside))} ({often}{worth})")
        for one in question.candidates:
            place = f", {one.place}" if one.place else ""
            click.echo(f"   {one.score:.2f}  {one.org}  {one.name}{place}")
            click.echo(f"         {one.why}")

"""``resolve`` and ``review``: who is meant in a table, and what a person decides."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procmatch.cli.output import now, progress
from procmatch.errors import LinkageError
from procmatch.settings import Settings

if TYPE_CHECKING:
    from procmatch.linkage import Linker
    from procmatch.linkage.decisions import Rulings
    from procmatch.model.evidence import Unread
    from procmatch.store import Store
    from procmatch.workflows.resolve import ResolveReport
    from procmatch.workflows.review_file import Decided, Known
    from procmatch.workflows.review_list import Places

__all__ = ["resolve"]

_SHOWN = 20
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_NEW_FILE = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Register:
    """Where units are looked up; with a store, decisions are kept in it."""

    linker: Linker
    places: Places
    known: Known
    store: Store | None = None


@click.command()
@click.argument("file", type=_FILE)
@click.option("--name", required=True, metavar="COL", help="Column of names.")
@click.option("--number", metavar="COL", help="Column of organisation numbers.")
@click.option("--place", metavar="COL", help="Column of towns or municipality numbers.")
@click.option("--postcode", metavar="COL", help="Column of postcodes.")
@click.option("--street", metavar="COL", help="Column of street addresses.")
@click.option("--website", metavar="COL", help="Column of home pages or e-mail addresses.")
@click.option("--out", type=_NEW_FILE, required=True, help="Where the table is written.")
@click.option(
    "--register",
    type=click.Path(path_type=Path, exists=True),
    help="A folder with a saved linker, or the register's file of all units; default: the store.",
)
@click.option("--review", type=_NEW_FILE, help="Write what is not certain here, for a person.")
@click.option("--decisions", type=_FILE, help="A review list with a person's decisions.")
@click.pass_obj
def resolve(
    settings: Settings,
    /,
    file: Path,
    out: Path,
    register: Path | None,
    review: Path | None,
    decisions: Path | None,
    **columns: str | None,
) -> None:
    """Find the register unit behind each row of FILE.

    FILE is a table with a header: commas, semicolons or tabs, UTF-8 or Windows-1252. OUT has all
    its columns and those that say who is meant, how surely and why. In the review list a person
    writes yes, no or nobody; decisions win over linkage, and are kept in the store if there is no
    --register. A list that is there already is read before it is written again. More:
    docs/linking-files.md.
    """
    from procmatch.workflows import resolve as verb  # noqa: PLC0415 - keeps --help fast

    if out.absolute() in {path.absolute() for path in (file, review, decisions) if path}:
        raise click.UsageError(f"--out {out} is read or written as something else as well")
    where = _register(settings, register)
    lists = dict.fromkeys(path for path in (decisions, review) if path and path.exists())
    decided = {path: _read(path, where) for path in lists}
    rulings = _rulings(where, list(decided.values()))
    asked = verb.Asked(name=columns.pop("name") or "", **columns)
    listed = None
    if review is not None:
        old = decided.get(review)
        # What the store has kept need not stand in the list; what was wrong waits to be mended.
        carried = (*old.bad, *(() if where.store else old.rows)) if old else ()
        listed = verb.Review(path=review, places=where.places, carried=carried)
    with progress("resolving") as step:
        report = verb.resolve(
            file,
            asked=asked,
            out=out,
            linker=where.linker,
            rulings=rulings,
            review=listed,
            progress=step,
        )
    if where.store:
        where.store.close()
    _say(report, file, out, review)


def _register(settings: Settings, path: Path | None) -> _Register:
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import register_file, register_index  # noqa: PLC0415
    from procmatch.workflows import review as reviews  # noqa: PLC0415

    if path is not None:
        with progress("reading the register") as step:
            found = register_file.open_register_file(path, step)
        if found.unread:
            click.echo(f"{path.name}: {found.unread} units could not be read", err=True)
        known = partial(register_file.known_to, found.linker)
        return _Register(linker=found.linker, places=found.places, known=known)
    store = open_store(settings.database_url)
    linker = register_index.open_register(store, register_index.index_folder(settings))
    if not len(linker):
        raise LinkageError(
            f"{store.name}: no register in the store: procmatch crawl enhetsregisteret, "
            "or give --register"
        )
    return _Register(
        linker=linker,
        places=reviews.places_in(store),
        known=partial(reviews.known_units, store),
        store=store,
    )


def _read(path: Path, where: _Register) -> Decided:
    from procmatch.workflows.review_file import read_decisions  # noqa: PLC0415

    decided = read_decisions(path, where.known, now())
    say_unread(path, decided.unread)
    if decided.labels:
        click.echo(f"{path.name}: read {len(decided.labels)} decisions", err=True)
    return decided


def _rulings(where: _Register, decided: list[Decided]) -> Rulings:
    from procmatch.linkage import rulings_of  # noqa: PLC0415
    from procmatch.workflows.review import keep, stored_rulings  # noqa: PLC0415

    if where.store is None:
        return rulings_of(label for some in decided for label in some.labels)
    for some in decided:
        keep(where.store, some)
    return stored_rulings(where.store)


def say_unread(path: Path, unread: tuple[Unread, ...]) -> None:
    """Name rows that do not count, by file and line."""
    for one in unread[:_SHOWN]:
        what = f"{one.where}: {one.reason}" if one.where else one.reason
        click.echo(f"{path.name}: {one.key}: {what}", err=True)
    if len(unread) > _SHOWN:
        click.echo(f"{path.name}: and {len(unread) - _SHOWN} more", err=True)


def _say(report: ResolveReport, file: Path, out: Path, review: Path | None) -> None:
    if report.is_fallback:
        click.echo(f"{file.name}: not UTF-8, read as Windows-1252", err=True)
    not_read = f", {report.not_read} not read" if report.not_read else ""
    click.echo(
        f"{out}: {report.rows} rows: {report.certain} certain, {report.uncertain} uncertain, "
        f"{report.nobody} nobody{not_read}"
    )
    if review is not None:
        click.echo(f"{review}: {report.questions} questions for a person")

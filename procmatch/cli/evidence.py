"""``import`` and ``evidence``: take in certificates, approvals and grants, and look at them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from procmatch.cli.output import format_option, now, show_rows
from procmatch.settings import Settings

if TYPE_CHECKING:
    from procmatch.workflows.import_evidence import ImportReport

__all__ = ["evidence", "import_"]

_SHOWN = 20
_OVERVIEW = ("source", "kind", "certain", "possible", "nobody", "closed", "seen_at")
_OF_ONE = (
    "kind", "what", "source", "text", "valid_from", "valid_to", "method", "score", "seen_at",
    "withdrawn_at",
)  # fmt: skip


@click.group(name="import")
def import_() -> None:
    """Take in a file."""


@import_.command(name="evidence")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--whole",
    is_flag=True,
    help="FILE is all that its sources list: what an earlier file had and it has not is closed.",
)
@click.option(
    "--declared",
    is_flag=True,
    help="What suppliers say of themselves: shown as that, and no proof of anything.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.pass_obj
def import_evidence(
    settings: Settings, file: Path, *, whole: bool, declared: bool, dry_run: bool
) -> None:
    """Take in a table of evidence from FILE; its columns are told in docs/evidence.md.

    A row that cannot be read is set aside with its line and the rest goes in. The same file twice
    changes nothing. Rows that name nobody whom the register knows are kept, and tried again by
    every `procmatch link`.
    """
    from procmatch.store import open_store  # noqa: PLC0415 - keeps --help fast
    from procmatch.workflows.import_evidence import import_evidence as verb  # noqa: PLC0415
    from procmatch.workflows.register_index import index_folder  # noqa: PLC0415

    store = open_store(settings.database_url)
    report = verb(
        store,
        file.read_bytes(),
        clock=now,
        whole=whole,
        declared=declared,
        dry_run=dry_run,
        index=index_folder(settings),
    )
    store.close()
    _show(report, file, dry_run=dry_run)


def _show(report: ImportReport, file: Path, *, dry_run: bool) -> None:
    for one in report.unread[:_SHOWN]:
        click.echo(f"{file.name}: {one.key}: {one.where}: {one.reason}", err=True)
    if len(report.unread) > _SHOWN:
        click.echo(f"{file.name}: and {len(report.unread) - _SHOWN} more", err=True)
    would = "dry run: " if dry_run else ""
    click.echo(
        f"{would}read {report.rows} rows: {report.new} new, {report.changed} changed, "
        f"{report.closed} closed; {len(report.unread)} set aside"
    )
    linked = report.linked
    click.echo(
        f"{would}linked {linked.rows}: {linked.certain} certain, {linked.possible} possible, "
        f"{linked.nobody} nobody"
    )


@click.command()
@click.argument("orgnr", required=False)
@format_option
@click.pass_obj
def evidence(settings: Settings, orgnr: str | None, format_: str) -> None:
    """Show what is known of the organisation ORGNR; without it, how much there is of each kind.

    Closed rows are shown too, with the day on which their source no longer listed them.
    """
    from procmatch.codes.evidence import kinds  # noqa: PLC0415
    from procmatch.codes.orgnr import clean  # noqa: PLC0415
    from procmatch.model.organisation import NORWAY, OrgId  # noqa: PLC0415
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows.evidence import evidence_of, evidence_overview  # noqa: PLC0415

    store = open_store(settings.database_url)
    if orgnr is None:
        show_rows(evidence_overview(store), _OVERVIEW, format_)
        return
    rows = evidence_of(store, OrgId(NORWAY, clean(orgnr)))
    for row in rows:
        known = kinds().get(str(row["kind"]))
        row["what"] = known.labels[settings.language] if known else row["kind"]
    show_rows(rows, _OF_ONE, format_)

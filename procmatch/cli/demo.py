"""``demo``: the main job on the bundled sample world, and what it found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from procmatch.cli.output import local, now
from procmatch.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from procmatch.demo.run import DemoReport
    from procmatch.model.match import Match
    from procmatch.model.notice import Lot
    from procmatch.workflows.market import OpenTender

__all__ = ["demo"]

_SHOWN_HURDLES = 2
_SHOWN_EVIDENCE = 2


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("procmatch-demo"),
    show_default=True,
    help="Where the demo keeps its store and letters; delete it to begin anew.",
)
@click.pass_obj
def demo(settings: Settings, folder: Path) -> None:
    """Show the main job: tenders and firms of a fictional county, collected over HTTP.

    Needs no network and no keys. A second run finds nothing new and sends nothing.
    """
    from procmatch.demo.run import run  # noqa: PLC0415

    def tell(line: str) -> None:
        click.echo(f"· {line}", err=True)

    report = run(folder, clock=now, settings=settings, tell=tell)
    for line in _lines(report, settings.language):
        click.echo(line)


def _lines(report: DemoReport, language: str) -> Iterator[str]:
    yield "COLLECTED"
    yield from (f"  {line}" for line in report.crawls.values())
    brought, known = report.evidence, report.linked.evidence
    yield (
        f"  {brought.rows} certificates, approvals and grants from a file: {brought.new} new, "
        f"{brought.changed} changed; {known.possible} only possibly somebody's, "
        f"{known.nobody} nobody's"
    )
    linked, matched = report.linked, report.matched
    yield (
        f"  {linked.parties} buyers and winners looked up: {linked.certain} certain, "
        f"{linked.uncertain} uncertain, {linked.nobody} not in the register"
    )
    yield f"  {matched.lots} open lots matched with {matched.suppliers} suppliers"
    yield ""
    yield "WHO NEARBY COULD DELIVER THE FOOD?"
    for one, lot, best in report.food:
        yield from _lot(one, lot, best, language)
    if report.closed:
        yield ""
        yield "A TENDER THAT NO SMALL FIRM CAN BID ON, AND WHY"
        yield from _closed(*report.closed, language)
    yield ""
    yield "LETTERS"
    yield from (f"  {letter.to}: {letter.subject}" for letter in report.letters.written)
    if not report.letters.written:
        yield "  nothing new to tell anybody"
    yield f"  they lie in {report.outbox}"


def _head(one: OpenTender, lot: Lot) -> str:
    notice = one.stored.notice
    buyer = notice.buyers[0].name if notice.buyers else "unknown buyer"
    title = str(lot.title or notice.title)
    return f"  {notice.source_id} {lot.id}  {title} ({buyer}, deadline {local(lot.deadline)})"


def _lot(one: OpenTender, lot: Lot, best: tuple[Match, ...], language: str) -> Iterator[str]:
    from procmatch.text.messages import say  # noqa: PLC0415

    yield _head(one, lot)
    for rank, hit in enumerate(best, start=1):
        yield f"    {rank}. {hit.supplier_name} ({hit.score:.2f})"
        if hit.reasons:
            yield f"       {say(hit.reasons[0], language)}"
        for fact in hit.evidence[:_SHOWN_EVIDENCE]:
            yield f"       * {say(fact, language)}"
    if not best:
        yield "    nobody"


def _closed(one: OpenTender, lot: Lot, found: tuple[Match, ...], language: str) -> Iterator[str]:
    from procmatch.text.messages import say  # noqa: PLC0415

    yield _head(one, lot)
    for hit in found:
        yield f"    {hit.supplier_name}: {hit.verdict.value}"
        for hurdle in hit.hurdles[:_SHOWN_HURDLES]:
            yield f"       {say(hurdle.reason, language)}"
            if hurdle.way_out:
                yield f"       → {say(hurdle.way_out, language)}"
        if len(hit.hurdles) > _SHOWN_HURDLES:
            yield f"       … and {len(hit.hurdles) - _SHOWN_HURDLES} requirements more"

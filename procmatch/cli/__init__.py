"""The command line: one group, whose commands are thin faces of the library.

Other packages hang commands on it through the entry-point group ``procmatch.commands``; crawling
comes that way, so that the library needs no Scrapy.
"""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint, entry_points, version
from pathlib import Path

import click
import msgspec

from procmatch.errors import ProcmatchError, SettingsError
from procmatch.settings import load

__all__ = ["main"]

_OWN = {
    "alert": "procmatch.cli.letters:alert",
    "change": "procmatch.cli.subscribers:change",
    "confirm": "procmatch.cli.subscribers:confirm",
    "demo": "procmatch.cli.demo:demo",
    "draft": "procmatch.cli.insight:draft",
    "evaluate": "procmatch.cli.evaluate:evaluate",
    "evidence": "procmatch.cli.evidence:evidence",
    "export": "procmatch.cli.export:export",
    "firm": "procmatch.cli.firm:firm",
    "hurdles": "procmatch.cli.insight:hurdles",
    "import": "procmatch.cli.municipality:import_",
    "inbox": "procmatch.cli.letters:inbox",
    "init": "procmatch.cli.pipeline:init",
    "invite": "procmatch.cli.municipality:invite",
    "leakage": "procmatch.cli.municipality:leakage",
    "leave": "procmatch.cli.subscribers:leave",
    "letters": "procmatch.cli.outbox:letters",
    "link": "procmatch.cli.pipeline:link",
    "match": "procmatch.cli.pipeline:match",
    "need": "procmatch.cli.answers:need",
    "profile": "procmatch.cli.subscribers:profile",
    "radar": "procmatch.cli.municipality:radar",
    "read": "procmatch.cli.notices:read",
    "report": "procmatch.cli.web:report",
    "resolve": "procmatch.cli.resolve:resolve",
    "retry": "procmatch.cli.health:retry",
    "review": "procmatch.cli.review:review",
    "serve": "procmatch.cli.web:serve",
    "shares": "procmatch.cli.municipality:shares",
    "show": "procmatch.cli.notices:show",
    "shown": "procmatch.cli.trends:shown",
    "split": "procmatch.cli.insight:split",
    "status": "procmatch.cli.health:status",
    "subscribe": "procmatch.cli.subscribers:subscribe",
    "subscriber": "procmatch.cli.subscribers:subscriber",
    "suppliers": "procmatch.cli.answers:suppliers",
    "supply": "procmatch.cli.supply:supply",
    "targets": "procmatch.cli.trends:targets",
    "tenders": "procmatch.cli.answers:tenders",
    "trends": "procmatch.cli.trends:trends",
    "who": "procmatch.cli.who:who",
}


def _doors() -> dict[str, EntryPoint]:
    own = {
        name: EntryPoint(name=name, value=value, group="procmatch.commands")
        for name, value in _OWN.items()
    }
    return {entry.name: entry for entry in entry_points(group="procmatch.commands")} | own


class Commands(click.Group):
    """Loads a command when it is asked for, and says errors in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names, own and hung on."""
        return sorted(_doors())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command; None when there is no such name."""
        door = _doors().get(cmd_name)
        if door is None:
            return None
        command = door.load()
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run; an error raised on purpose becomes one line and exit code 1."""
        try:
            return super().invoke(ctx)
        except ProcmatchError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("procmatch"), prog_name="procmatch")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings file (TOML). Default: procmatch.toml in the working folder, if it is there.",
)
@click.option(
    "--database",
    metavar="URL",
    help="Where the store is, e.g. sqlite:///procmatch.db. Default: the settings'.",
)
@click.option("--language", type=click.Choice(["nb", "nn", "en"]), help="Language of the answers.")
@click.pass_context
def main(
    ctx: click.Context, config: Path | None, database: str | None, language: str | None
) -> None:
    """Tenders, linked lot by lot to the small sustainable firms nearby that could bid."""
    if ctx.invoked_subcommand == "read":
        return  # reads files as they are: a wrong setting elsewhere must not stop it
    try:
        settings = load(config)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    changes = {"database_url": database, "language": language}
    given = {name: value for name, value in changes.items() if value}
    ctx.obj = msgspec.structs.replace(settings, **given)


if __name__ == "__main__":
    sys.exit(main())

"""The command reference in docs/cli.md, written from the commands' own help.

``python -m procmatch.cli.reference > docs/cli.md`` renews it; a test says when it is stale.
"""

from __future__ import annotations

import click

from procmatch.cli import main

__all__ = ["reference"]

_WIDTH = 96
_HEAD = """\
# Commands

Written by `python -m procmatch.cli.reference` from the commands' own help; do not edit.

Every command answers `--help`, exits with 0 when it did what was asked, 1 with one clear line
when it could not, and 2 when it was called wrongly. `--format json` and `--format csv`
are for programs.
"""


def _help(context: click.Context) -> str:
    context.terminal_width = context.max_content_width = _WIDTH
    return context.get_help()


def _sections(command: click.Command, name: str, above: click.Context) -> list[str]:
    """Return the help of a command, and of the commands in it."""
    context = click.Context(command, info_name=name, parent=above)
    mark = "#" * len(context.command_path.split())
    found = [f"{mark} {context.command_path}", "", "```text", _help(context), "```", ""]
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            one = command.get_command(context, inner)
            assert one is not None
            found += _sections(one, inner, context)
    return found


def reference() -> str:
    """Return the whole page as Markdown."""
    top = main.make_context("procmatch", [], resilient_parsing=True)
    parts = [_HEAD, "```text", _help(top), "```", ""]
    for name in main.list_commands(top):
        command = main.get_command(top, name)
        assert command is not None
        parts += _sections(command, name, top)
    return "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    click.echo(reference(), nl=False)

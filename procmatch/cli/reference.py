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


def _pages(command: click.Command, title: str, context: click.Context) -> list[str]:
    """Return the page of a command, and those of the commands in it."""
    parts = [f"## {title}", "", "```text", _help(context), "```", ""]
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            parts += _pages(inner, f"{title} {name}", click.Context(inner, context, name))
    return parts


def reference() -> str:
    """Return the whole page as Markdown."""
    top = main.make_context("procmatch", [], resilient_parsing=True)
    parts = [_HEAD, "```text", _help(top), "```", ""]
    for name in main.list_commands(top):
        command = main.get_command(top, name)
        assert command is not None
        parts += _pages(command, f"procmatch {name}", click.Context(command, top, name))
    return "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    click.echo(reference(), nl=False)

"""The command reference in docs/cli.md, written from the commands' own help.

``python -m procmatch.cli.reference > docs/cli.md`` renews it; a test says when it is stale.
"""

from __future__ import annotations

import click

from procmatch.cli import main

__all__ = ["reference"]

_HEAD = """\
# Commands

Written by `python -m procmatch.cli.reference` from the commands' own help; do not edit.

Every command answers `--help`, exits with 0 when it did what was asked, 1 with one clear line
when it could not, and 2 when it was called wrongly. `--format json` and `--format csv`
are for programs.
"""


def _help(command: click.Command, name: str, parent: click.Context | None) -> str:
    with click.Context(command, info_name=name, parent=parent, max_content_width=96) as context:
        context.terminal_width = 96
        return command.get_help(context)


def reference() -> str:
    """Return the whole page as Markdown."""
    top = click.Context(main, info_name="procmatch")
    parts = [_HEAD, "```text", _help(main, "procmatch", None), "```", ""]
    for name in main.list_commands(top):
        command = main.get_command(top, name)
        assert command is not None
        parts += [f"## procmatch {name}", "", "```text", _help(command, name, top), "```", ""]
    return "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    click.echo(reference(), nl=False)

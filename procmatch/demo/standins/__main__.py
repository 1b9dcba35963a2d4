"""Run a stand-in in the foreground: ``python -m procmatch.demo.standins --world --port 8099``."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from pathlib import Path

import click

from procmatch.demo.standins.content import from_folder, sample_world
from procmatch.demo.standins.faults import Faults
from procmatch.demo.standins.server import StandIn


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Serve this folder of real data.",
)
@click.option("--world", is_flag=True, help="Serve the sample world (the default).")
@click.option("--port", default=8099, show_default=True, help="0 for any that is free.")
@click.option("--key", default="stand-in", show_default=True, help="The key that Doffin wants.")
@click.option("--no-faults", is_flag=True, help="Set no traps.")
@click.option("--delay", default=0.0, help="Milliseconds before each answer.")
def main(
    *, folder: Path | None, world: bool, port: int, key: str, no_faults: bool, delay: float
) -> None:
    """Play Doffin, TED and the registers on this machine until stopped."""
    if folder and world:
        raise click.UsageError("--folder and --world exclude each other")
    # A shell lets its background jobs ignore the first of these.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.default_int_handler)
    today = datetime.now(UTC).date()
    content = from_folder(folder, today) if folder else sample_world(today)
    faults = Faults.none() if no_faults else Faults()
    with StandIn(content, faults=faults, key=key, port=port, delay_s=delay / 1000) as server:
        click.echo(f"serving {len(content.notices)} notices at {server.url}, stop with Ctrl-C")
        try:
            server.wait()
        except KeyboardInterrupt:
            click.echo("stopped")


if __name__ == "__main__":
    main()

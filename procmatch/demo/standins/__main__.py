"""Run a stand-in in the foreground: ``python -m procmatch.demo.standins --world --port 8099``."""

from __future__ import annotations

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
    help="Serve this folder of real data instead of the sample world.",
)
@click.option("--port", default=8099, show_default=True)
@click.option("--key", default="stand-in", show_default=True, help="The key that Doffin wants.")
@click.option("--no-faults", is_flag=True, help="Set no traps.")
@click.option("--delay", default=0.0, help="Milliseconds before each answer.")
def main(*, folder: Path | None, port: int, key: str, no_faults: bool, delay: float) -> None:
    """Play Doffin, TED and the registers on this machine until stopped."""
    content = from_folder(folder) if folder else sample_world(datetime.now(UTC).date())
    faults = Faults.none() if no_faults else Faults()
    with StandIn(content, faults=faults, key=key, port=port, delay_s=delay / 1000) as server:
        click.echo(f"serving {len(content.notices)} notices at {server.url}, stop with Ctrl-C")
        try:
            server._thread.join()  # noqa: SLF001 - the foreground is the server
        except KeyboardInterrupt:
            click.echo("stopped")


if __name__ == "__main__":
    main()

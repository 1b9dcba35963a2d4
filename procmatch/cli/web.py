"""``serve``: the pages."""

from __future__ import annotations

import click

from procmatch.settings import Settings

__all__ = ["serve"]


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.pass_obj
def serve(settings: Settings, *, host: str, port: int) -> None:
    """Serve the pages: tenders, firms, municipalities, subscribing; the feeds and the API.

    Put a server with TLS before it, and its address into mail.public_url. No address that is asked
    for is logged: they hold signed links and secret keys.
    """
    from procmatch.errors import ExtraMissing, SettingsError  # noqa: PLC0415

    if not settings.secret_key:
        raise SettingsError("PROCMATCH_SECRET_KEY is not set: links cannot be checked")
    try:
        import uvicorn  # noqa: PLC0415

        from procmatch.web import create_app, warm  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ExtraMissing(error.name or "fastapi", "web") from None
    click.echo(f"http://{host}:{port}/", err=True)
    app = create_app(settings)
    warm(app)
    uvicorn.run(app, host=host, port=port, access_log=False, log_level="warning")

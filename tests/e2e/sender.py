"""A sender in a process of its own, whose days pass in minutes.

The clock runs faster than the real one, the same for all processes, so that waits and claims end
soon; nothing else differs from ``procmatch letters send``.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from procmatch.alerts.channels import open_channels
from procmatch.settings import Mail, Settings
from procmatch.store import open_store
from procmatch.workflows.deliver import send_letters

#: A claim of ten minutes is three seconds.
FASTER = 200.0
BEGIN = datetime(2026, 6, 1, 12, tzinfo=UTC)


def clock_since(started: float) -> datetime:
    return BEGIN + timedelta(seconds=(time.time() - started) * FASTER)


def send(url: str, port: int, started: float, *, for_s: float) -> None:
    """Send what is due, again and again, for so many real seconds."""
    mail = Mail(
        smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", per_hour=0, per_domain=0
    )
    store = open_store(url)
    end = time.monotonic() + for_s
    with open_channels(Settings(mail=mail)) as post:
        while time.monotonic() < end:
            send_letters(
                store,
                clock=lambda: clock_since(started),
                post=post,
                mail=mail,
                stop=lambda: time.monotonic() >= end,
            )
            time.sleep(0.02)
    store.close()

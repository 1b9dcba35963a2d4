"""A mail server that fails in every way a sender must survive, and notes what it accepted."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.alerts.mail_server import OnFreePort

OK = "250 OK"
#: Receivers here are refused for good, whenever they are written to.
NOBODY = "nobody.example"

#: What befalls a letter -> how often, in percent; else all is well.
FAULTS = {
    "4xx at RCPT": 4,
    "4xx at DATA": 4,
    "slow before acceptance": 4,
    "slow after acceptance": 4,
    "drop mid-DATA": 4,
    "drop after DATA": 4,
}
SLOW_S = 0.05
#: What any letter takes.
USUAL_S = 0.004


@dataclass(frozen=True, slots=True)
class Accepted:
    """A letter that the server took on: in which session, as which of its letters."""

    session: int
    position: int
    message_id: str
    content: bytes
    is_dropped: bool


@dataclass
class FaultyDesk:
    """Fails by chance, from a seed; every other session may send commands together (RFC 2920).

    Attributes:
        accepted: all that the server took on, in order, acknowledged or not.
        quit: sessions that were ended in order.
    """

    seed: int
    calm: bool = False
    accepted: list[Accepted] = field(default_factory=list)
    quit: set[int] = field(default_factory=set)
    happened: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._numbers = itertools.count()
        self._in_session: Counter[int] = Counter()

    def _fault(self) -> str:
        if self.calm:
            return ""
        names = [*FAULTS, ""]
        (chosen,) = self._random.choices(names, [*FAULTS.values(), 100 - sum(FAULTS.values())])
        return str(chosen)

    async def handle_EHLO(  # noqa: N802 - named by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, lines: list[str]
    ) -> list[str]:
        session.host_name = hostname
        number = next(self._numbers)
        session.number = number  # type: ignore[attr-defined]
        if number % 2:
            lines.insert(1, "250-PIPELINING")
        return lines

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.endswith(NOBODY):
            self.happened["5xx"] += 1
            return "550 5.1.1 no such mailbox"
        fault = self._fault()
        if fault:
            self.happened[fault] += 1
        if fault == "4xx at RCPT":
            return "450 4.2.0 busy, try later"
        envelope.fault = fault  # type: ignore[attr-defined]
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        fault = envelope.fault  # type: ignore[attr-defined]
        if fault == "4xx at DATA":
            return "451 4.3.0 try later"
        await asyncio.sleep(SLOW_S if fault == "slow before acceptance" else USUAL_S)
        content = envelope.original_content
        assert content is not None
        number = session.number  # type: ignore[attr-defined]
        self._in_session[number] += 1
        self.accepted.append(
            Accepted(
                session=number,
                position=self._in_session[number],
                message_id=str(message_from_bytes(content)["Message-ID"]),
                content=content,
                is_dropped=fault == "drop after DATA",
            )
        )
        if fault == "slow after acceptance":
            await asyncio.sleep(SLOW_S)
        if fault == "drop after DATA":
            _break(server)
        return OK

    async def handle_QUIT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.quit.add(session.number)  # type: ignore[attr-defined]
        return "221 bye"

    def places_from_the_end(self, letter: Accepted) -> int:
        """How many letters its session took on after it."""
        return self._in_session[letter.session] - letter.position


def _break(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


class FaultySmtp(SMTP):
    """Breaks some connections while the letter is on its way."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if getattr(self.envelope, "fault", "") != "drop mid-DATA":
            await super().smtp_DATA(arg)
            return
        await self.push("354 go on")
        for _ in range(3):
            await self._reader.readline()
        _break(self)


class _Controller(OnFreePort):
    def factory(self) -> SMTP:
        return FaultySmtp(self.handler, **self.SMTP_kwargs)


@contextmanager
def serving_with_faults(desk: FaultyDesk) -> Iterator[int]:
    """Serve on a free port of 127.0.0.1; yield the port."""
    controller = _Controller(desk, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()

"""A mail server on loopback that answers as it is told, and notes what it hears."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from asyncio import Server
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OK = "250 OK"


@dataclass
class Desk:
    """Answers per step; a step's list is used up first, then everything is fine.

    An answer ``"hang up"`` closes the connection without a word.
    """

    sender: list[str] = field(default_factory=list)
    receiver: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    letters: list[Envelope] = field(default_factory=list)
    #: Whether it lets commands come together (RFC 2920).
    pipelining: bool = False
    #: Seconds before it answers to a letter.
    delay_s: float = 0
    #: Letters that came in whole, answered or not.
    heard: int = 0
    connections: int = 0
    logins: int = 0

    def _answer(self, answers: list[str], server: SMTP) -> str:
        answer = answers.pop(0) if answers else OK
        if answer == "hang up":
            assert server.transport
            server.transport.close()
        return answer

    async def handle_EHLO(  # noqa: N802 - named by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, lines: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        if self.pipelining:
            lines.insert(1, "250-PIPELINING")
        return lines

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer(self.sender, server)
        if answer == OK:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer(self.receiver, server)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.heard += 1
        await asyncio.sleep(self.delay_s)
        answer = self._answer(self.data, server)
        if answer == OK:
            self.letters.append(envelope)
        return answer

    def log_in(self, *_: object) -> AuthResult:
        self.logins += 1
        return AuthResult(success=False, handled=False, message="535 5.7.8 wrong password")


class OnFreePort(Controller):
    """Listens on a port that the system chooses."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def serving(desk: Desk, **options: object) -> Iterator[int]:
    """Serve on a free port of 127.0.0.1; yield the port."""
    controller = OnFreePort(desk, hostname="127.0.0.1", port=0, **options)  # type: ignore[arg-type]
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def hanging_up_in_the_middle() -> Iterator[int]:
    """Serve one connection that is reset while a letter is on its way; yield the port."""

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as heard:
            connection.sendall(b"220 hello\r\n")
            for line in heard:
                data = line.upper().startswith(b"DATA")
                connection.sendall(b"354 go on\r\n" if data else b"250 OK\r\n")
                if data:
                    heard.readline()
                    linger = struct.pack("ii", 1, 0)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(timeout=10)


def certificate(folder: Path) -> Path:
    """Write a certificate for 127.0.0.1, with its key, that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.IPAddress(ip_address("127.0.0.1"))
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file


def server_context(file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context

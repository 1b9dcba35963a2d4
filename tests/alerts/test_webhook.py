"""Webhooks: signed, fresh, tried again, and never into the operator's own network."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from procmatch.alerts.channels import CHANNELS, open_channels
from procmatch.alerts.channels.webhook import (
    SIGNATURE,
    TIMESTAMP,
    TOLERANCE_S,
    WebhookPost,
    receiver_key,
    verify_signature,
)
from procmatch.alerts.letter import compose
from procmatch.errors import DeliveryError, DeliveryRefused, SettingsError
from procmatch.model.subscription import Letter
from procmatch.settings import Settings
from tests.alerts.news import SECRET, SERVED, digest

SETTINGS = Settings(secret_key=SECRET, mail=SERVED, webhook_loopback=True)


class Receiver(ThreadingHTTPServer):
    """A developer's server: keeps what it is sent, answers what it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = 204
        self.got: list[tuple[dict[str, str], bytes]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook?x=1"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return None


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def parcel(address: str) -> Letter:
    made = digest(webhook_url=address, channels=("webhook",))
    composed = compose(made, settings=SERVED, secret=SECRET)
    return CHANNELS["webhook"].write(composed, SETTINGS)


def test_news_is_posted_as_signed_json(receiver: Receiver) -> None:
    with open_channels(SETTINGS) as post:
        post.send(parcel(receiver.address))
    ((headers, body),) = receiver.got
    told = json.loads(body)
    assert told["items"][0]["title"] == "Matvarer til skoler og sykehjem på Øvre Å"
    assert told["delivery"] == headers["Procmatch-Delivery"]
    assert "sub-1" not in body.decode(), "the id alone stops the letters"
    assert "/feedback/" not in body.decode()
    assert verify_signature(
        body,
        timestamp=headers[TIMESTAMP],
        signature=headers[SIGNATURE],
        key=receiver_key("sub-1", SECRET),
        now=datetime.now(UTC),
    )


def test_a_changed_old_or_foreign_request_is_not_ours(receiver: Receiver) -> None:
    with open_channels(SETTINGS) as post:
        post.send(parcel(receiver.address))
    ((headers, body),) = receiver.got
    good: dict[str, Any] = {
        "timestamp": headers[TIMESTAMP],
        "signature": headers[SIGNATURE],
        "key": receiver_key("sub-1", SECRET),
        "now": datetime.now(UTC),
    }
    assert verify_signature(body, **good)
    assert not verify_signature(body + b" ", **good)
    later = datetime.now(UTC) + timedelta(seconds=TOLERANCE_S + 2)
    assert not verify_signature(body, **good | {"now": later})
    assert not verify_signature(body, **good | {"timestamp": str(int(time.time()) + 1)})
    assert not verify_signature(body, **good | {"timestamp": "soon"})
    assert not verify_signature(body, **good | {"key": receiver_key("sub-2", SECRET)})
    assert not verify_signature(body, **good | {"signature": "v1=æ"})


@pytest.mark.parametrize("status", [301, 302, 400, 404, 429, 500, 503])
def test_any_answer_but_yes_is_tried_again_and_no_redirect_followed(
    receiver: Receiver, status: int
) -> None:
    receiver.status = status
    with open_channels(SETTINGS) as post, pytest.raises(DeliveryError) as raised:
        post.send(parcel(receiver.address))
    assert not isinstance(raised.value, DeliveryRefused)
    assert "127.0.0.1" not in str(raised.value), "addresses are the subscriber's"


def test_gone_is_for_good(receiver: Receiver) -> None:
    receiver.status = 410
    with open_channels(SETTINGS) as post, pytest.raises(DeliveryRefused):
        post.send(parcel(receiver.address))


def test_nobody_there_is_tried_again() -> None:
    with open_channels(SETTINGS) as post, pytest.raises(DeliveryError, match="Refused"):
        post.send(parcel("http://127.0.0.1:1/"))


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/",
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://0.0.0.0/",
        "ftp://example.com/",
        "https://",
    ],
)
def test_only_public_addresses_are_called(address: str) -> None:
    with pytest.raises(DeliveryRefused):
        WebhookPost(secret=SECRET).send(parcel(address))


def test_without_a_secret_nothing_is_posted() -> None:
    with pytest.raises(SettingsError):
        WebhookPost(secret="").send(parcel("https://example.com/"))


def test_each_parcel_goes_to_its_own_channel() -> None:
    with open_channels(SETTINGS) as post, pytest.raises(DeliveryRefused, match="pigeon"):
        post.send(Letter(id="1", to="x", subject="", message=b"", channel="pigeon"))

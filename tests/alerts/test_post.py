from __future__ import annotations

import os
import socket
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from procmatch.alerts import pipelining
from procmatch.alerts import post as post_module
from procmatch.alerts.letter import write_letter
from procmatch.alerts.post import OutboxPost, SmtpPost, hand_over, open_post
from procmatch.errors import (
    AddressRefused,
    DeliveryError,
    DeliveryRefused,
    SettingsError,
    StoreError,
    Unreachable,
)
from procmatch.model.subscription import Letter
from procmatch.settings import Mail
from tests.alerts.mail_server import (
    OK,
    Desk,
    certificate,
    hanging_up_in_the_middle,
    server_context,
    serving,
)
from tests.alerts.news import MAIL, SECRET, digest

LETTER = write_letter(digest(), settings=MAIL, secret=SECRET)
OTHER = write_letter(digest(id="sub-2"), settings=MAIL, secret=SECRET)


def mail(port: int, **settings: str) -> Mail:
    given = {"sender": MAIL.sender, "smtp_host": "127.0.0.1", "smtp_security": "none"}
    return Mail(smtp_port=port, **(given | settings))  # type: ignore[arg-type]


def desk_that(step: str, answer: str) -> Desk:
    """A desk that gives that answer once, to the sender, the receiver or the data."""
    desk = Desk()
    getattr(desk, step).append(answer)
    return desk


@pytest.mark.parametrize("pipelining", [False, True])
def test_letters_arrive_byte_for_byte_over_one_connection(pipelining: bool) -> None:
    desk = Desk(pipelining=pipelining)
    with serving(desk) as port, SmtpPost(mail(port)) as post:
        post.send(LETTER)
        post.send(OTHER)
    assert desk.connections == 1
    assert [bytes(one.original_content or b"") for one in desk.letters] == [
        LETTER.message,
        OTHER.message,
    ]
    assert desk.letters[0].mail_from == "varsel@post.example"
    assert desk.letters[0].rcpt_tos == ["post@bakeriet.example"]


@pytest.mark.parametrize("pipelining", [False, True])
@pytest.mark.parametrize("step", ["sender", "receiver", "data"])
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("450 4.2.0 busy, try later", DeliveryError),
        ("421 4.3.2 closing down", DeliveryError),
        ("550 5.1.1 no such mailbox", DeliveryRefused),
        ("530 5.7.0 log in first", DeliveryError),
    ],
)
def test_a_refusal_is_for_now_or_for_good_and_the_next_letter_goes(
    step: str, answer: str, error: type[DeliveryError], pipelining: bool
) -> None:
    desk = desk_that(step, answer)
    desk.pipelining = pipelining
    with serving(desk) as port, SmtpPost(mail(port)) as post:
        with pytest.raises(DeliveryError) as caught:
            post.send(LETTER)
        assert isinstance(caught.value, DeliveryRefused) is issubclass(error, DeliveryRefused)
        # A sender that is refused says nothing about the receiver.
        is_address = error is DeliveryRefused and step != "sender"
        assert isinstance(caught.value, AddressRefused) is is_address
        assert str(caught.value) == answer
        post.send(OTHER)
    assert [one.rcpt_tos for one in desk.letters] == [[OTHER.to]]


@pytest.mark.parametrize("pipelining", [False, True])
@pytest.mark.parametrize("step", ["sender", "receiver", "data"])
def test_a_connection_that_breaks_is_for_now_and_the_next_letter_goes(
    step: str, pipelining: bool
) -> None:
    desk = desk_that(step, "hang up")
    desk.pipelining = pipelining
    with serving(desk) as port, SmtpPost(mail(port)) as post:
        with pytest.raises(DeliveryError) as caught:
            post.send(LETTER)
        assert type(caught.value) is DeliveryError
        post.send(LETTER)
    assert len(desk.letters) == 1
    assert desk.connections == 2


def outcomes(post: SmtpPost, *letters: Letter) -> list[type[DeliveryError] | None]:
    said = post.send_all(letters, lambda: None)
    return [None if error is None else type(error) for _, error in said]


def named(name: str, message: bytes = LETTER.message) -> Letter:
    return replace(LETTER, id=name, to=f"{name}@bakeriet.example", message=message)


def test_letters_that_follow_each_other_share_exchanges_and_arrive_byte_for_byte() -> None:
    desk = Desk(pipelining=True)
    dots = b"Subject: dots\r\n\r\n.\r\n..two\r\nend.\r\n."
    letters = (named("a"), named("b", dots), named("c", b".\r\n"), named("d"))
    with serving(desk) as port, SmtpPost(mail(port)) as post:
        assert outcomes(post, *letters) == [None] * 4
    assert desk.connections == 1
    assert [one.rcpt_tos for one in desk.letters] == [[one.to] for one in letters]
    assert [bytes(one.original_content or b"") for one in desk.letters] == [
        one.message if one.message.endswith(b"\r\n") else one.message + b"\r\n" for one in letters
    ]


@pytest.mark.parametrize(
    ("step", "answer", "error", "connections"),
    [
        ("receiver", "550 5.1.1 no such mailbox", AddressRefused, 1),
        ("receiver", "450 4.2.0 busy, try later", DeliveryError, 1),
        ("sender", "451 4.3.0 try later", DeliveryError, 2),
        ("data", "554 5.6.0 not wanted", AddressRefused, 2),
        ("data", "hang up", DeliveryError, 2),
    ],
)
def test_a_letter_refused_among_others_takes_none_with_it(
    step: str, answer: str, error: type[DeliveryError], connections: int
) -> None:
    desk = Desk(pipelining=True)
    getattr(desk, step).extend([OK, answer])
    with serving(desk) as port, SmtpPost(mail(port)) as post:
        assert outcomes(post, *map(named, "abc")) == [None, error, None]
    assert [one.rcpt_tos[0][0] for one in desk.letters] == ["a", "c"]
    assert desk.connections == connections


@pytest.mark.parametrize("answer", ["421 4.7.0 enough for now", "hang up"])
@pytest.mark.parametrize("step", ["sender", "receiver"])
def test_a_server_that_has_had_enough_is_asked_anew_before_the_next_letter(
    step: str, answer: str
) -> None:
    desk = Desk(pipelining=True)
    getattr(desk, step).extend([OK, answer])
    with serving(desk) as port, SmtpPost(mail(port)) as post:
        assert outcomes(post, *map(named, "abc")) == [None, None, None]
    assert [one.rcpt_tos[0][0] for one in desk.letters] == ["a", "b", "c"]
    assert desk.connections == 2


def test_who_wants_no_more_sends_no_more_and_no_half_letter() -> None:
    desk = Desk(pipelining=True)
    with serving(desk) as port, SmtpPost(mail(port)) as post:
        with closing(hand_over(post, map(named, "abc"), lambda: None)) as said:
            next(said)
        post.send(named("d"))
    assert [one.rcpt_tos[0][0] for one in desk.letters] == ["a", "d"]


def test_letters_of_both_kinds_of_address_share_a_connection() -> None:
    desk = Desk(pipelining=True)
    other = replace(LETTER, to="bærekraft@bakeriet.example")
    letters = (named("a"), other, named("c"))
    with serving(desk, enable_SMTPUTF8=True) as port, SmtpPost(mail(port)) as post:
        assert outcomes(post, *letters) == [None] * 3
    assert desk.connections == 1
    assert len(desk.letters) == 3


@pytest.mark.parametrize(("delay_s", "noted"), [(0.1, [0, 1, 2]), (0, [])])
def test_a_slow_server_leaves_time_to_note_what_it_took(
    delay_s: float, noted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipelining, "_PROMPT_S", 0.02 if delay_s else 30.0)
    done: list[str] = []
    waits: list[int] = []
    with serving(Desk(pipelining=True, delay_s=delay_s)) as port, SmtpPost(mail(port)) as post:
        for letter, _ in post.send_all(map(named, "abc"), lambda: waits.append(len(done))):
            done.append(letter.id)
    assert (done, waits) == (["a", "b", "c"], noted)


def test_a_note_that_fails_ends_the_connection_with_the_letters() -> None:
    desk = Desk()

    def fail() -> None:
        raise StoreError("no answer")

    with serving(desk) as port, SmtpPost(mail(port)) as post:
        with pytest.raises(StoreError):
            list(post.send_all((LETTER,), fail))
        post.send(OTHER)
    assert [one.rcpt_tos for one in desk.letters] == [[OTHER.to]]


def test_a_connection_that_is_reset_inside_a_letter_is_for_now() -> None:
    long = replace(LETTER, message=LETTER.message + b"x" * 70 + b"\r\n" * 300_000)
    with hanging_up_in_the_middle() as port, SmtpPost(mail(port)) as post:
        with pytest.raises(DeliveryError) as caught:
            post.send(long)
        assert type(caught.value) is DeliveryError
        assert post.connection is None


def test_after_a_pause_a_closed_connection_is_opened_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post_module, "_IDLE_S", -1)
    desk = Desk()
    with serving(desk) as port, SmtpPost(mail(port)) as post:
        post.send(LETTER)
        post.send(OTHER)
        assert desk.connections == 1
        assert post.connection
        assert post.connection.sock
        post.connection.sock.shutdown(socket.SHUT_RDWR)
        post.send(LETTER)
    assert len(desk.letters) == 3
    assert desk.connections == 2


def test_nobody_at_home_is_for_now() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with SmtpPost(mail(port)) as post, pytest.raises(DeliveryError) as caught:
        post.send(LETTER)
    assert type(caught.value) is Unreachable


def test_a_mailbox_with_norwegian_letters_needs_a_server_that_can() -> None:
    letter = write_letter(digest(email="bærekraft@gård.example"), settings=MAIL, secret=SECRET)
    able, unable = Desk(), Desk()
    with serving(able, enable_SMTPUTF8=True) as port, SmtpPost(mail(port)) as post:
        post.send(letter)
    assert able.letters[0].rcpt_tos == ["bærekraft@xn--grd-ula.example"]
    with serving(unable, enable_SMTPUTF8=False) as port, SmtpPost(mail(port)) as post:
        with pytest.raises(DeliveryRefused):
            post.send(letter)
        post.send(OTHER)
    assert len(unable.letters) == 1


@pytest.mark.parametrize("host", ["mail.example", "192.0.2.1", "localhost.example", ""])
def test_letters_never_leave_in_clear_over_a_network(host: str) -> None:
    with pytest.raises(SettingsError, match="loopback"):
        SmtpPost(Mail(smtp_host=host, smtp_security="none"))


def test_an_unknown_security_is_an_error_of_the_settings() -> None:
    with pytest.raises(SettingsError, match="starttls, tls, none"):
        SmtpPost(Mail(smtp_host="127.0.0.1", smtp_security="ssl"))


def test_a_server_without_starttls_gets_neither_password_nor_letter() -> None:
    desk = Desk()
    settings = {"smtp_security": "starttls", "smtp_user": "me", "smtp_password": "secret"}
    options = {"authenticator": desk.log_in, "auth_require_tls": False}
    with serving(desk, **options) as port, SmtpPost(mail(port, **settings)) as post:
        with pytest.raises(DeliveryError) as caught:
            post.send(LETTER)
        assert type(caught.value) is Unreachable
    assert desk.logins == 0
    assert not desk.letters


def test_a_wrong_password_is_the_operators_trouble_and_refuses_no_letter() -> None:
    desk = Desk()
    options = {"authenticator": desk.log_in, "auth_require_tls": False}
    settings = {"smtp_user": "me", "smtp_password": "hemmelig"}
    with serving(desk, **options) as port, SmtpPost(mail(port, **settings)) as post:
        with pytest.raises(DeliveryError, match="535") as caught:
            post.send(LETTER)
        assert type(caught.value) is Unreachable
    assert desk.logins >= 1
    assert "hemmelig" not in str(caught.value)


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("trusted", [True, False])
def test_a_letter_goes_over_tls_only_to_a_server_that_is_trusted(
    security: str, trusted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = certificate(tmp_path)
    desk = Desk()
    options: dict[str, object] = (
        {"ssl_context": server_context(file)}
        if security == "tls"
        else {"tls_context": server_context(file), "require_starttls": True}
    )
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with serving(desk, **options) as port, SmtpPost(mail(port, smtp_security=security)) as post:
        if trusted:
            post.send(LETTER)
        else:
            with pytest.raises(DeliveryError, match="certificate"):
                post.send(LETTER)
    assert len(desk.letters) == trusted


def test_the_outbox_holds_one_file_a_letter_however_often_it_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "outbox"
    with OutboxPost(folder) as post:
        post.send(LETTER)
        post.send(LETTER)
        post.send(OTHER)
    assert {path.name for path in folder.iterdir()} == {f"{LETTER.id}.eml", f"{OTHER.id}.eml"}
    assert (folder / f"{LETTER.id}.eml").read_bytes() == LETTER.message


def test_a_letter_that_cannot_be_finished_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DeliveryError, match="No space left"):
        OutboxPost(tmp_path).send(LETTER)
    assert not list(tmp_path.iterdir())


def test_an_outbox_that_is_a_file_is_for_now(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("")
    with pytest.raises(DeliveryError, match="outbox"):
        OutboxPost(tmp_path / "outbox").send(LETTER)


def test_letters_go_to_the_mail_server_if_one_is_set_else_to_the_outbox(tmp_path: Path) -> None:
    assert isinstance(open_post(mail(25)), SmtpPost)
    outbox = open_post(Mail(outbox=str(tmp_path)))
    assert isinstance(outbox, OutboxPost)
    outbox.send(replace(LETTER, id="one"))
    assert (tmp_path / "one.eml").exists()

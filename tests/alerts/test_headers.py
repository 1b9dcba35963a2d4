from __future__ import annotations

import email
import re
from dataclasses import replace
from datetime import timedelta
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default

import pytest

from procmatch.alerts.letter import write_letter
from procmatch.alerts.links import verify
from procmatch.errors import DeliveryRefused, SettingsError
from procmatch.model.subscription import Digest, Letter
from procmatch.settings import Mail
from tests.alerts.news import (
    DEADLINE,
    MAIL,
    NOW,
    SECRET,
    SERVED,
    called_off,
    digest,
    item,
    lot,
    notice,
    text,
)


def written(made: Digest, mail: Mail = MAIL) -> Letter:
    return write_letter(made, settings=mail, secret=SECRET)


def parsed(letter: Letter) -> EmailMessage:
    message = email.message_from_bytes(letter.message, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def raw_headers(letter: Letter) -> dict[str, str]:
    """The headers as they stand in the bytes, unfolded but not decoded."""
    head = letter.message.partition(b"\r\n\r\n")[0].decode("ascii")
    unfolded = re.sub(r"\r\n[ \t]", " ", head).split("\r\n")
    return {name: value for name, _, value in (line.partition(": ") for line in unfolded)}


def test_the_headers_say_who_what_when_and_that_a_machine_wrote_it() -> None:
    letter = written(digest())
    message = parsed(letter)
    assert message["From"] == "procmatch <varsel@post.example>"
    assert message["To"] == "post@bakeriet.example" == letter.to
    assert message["Date"] == "Fri, 27 Mar 2026 07:30:00 +0100"
    assert message["Subject"] == "1 nytt anbud: Matvarer til skoler og sykehjem på Øvre Å"
    assert message["Subject"] == letter.subject
    assert message["Message-ID"] == f"<{letter.id}@post.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "procmatch <varsel.post.example>"
    assert message["Content-Language"] == "nb"


def test_without_a_served_address_one_stops_by_mail() -> None:
    message = raw_headers(written(digest()))
    assert message["List-Unsubscribe"] == "<mailto:avmeld@post.example?subject=stop%20sub-1>"
    assert "List-Unsubscribe-Post" not in message


def test_with_a_served_address_one_stops_with_one_click() -> None:
    made = digest(id="s" * 60)
    message = raw_headers(written(made, SERVED))
    link, mail = message["List-Unsubscribe"].split(", ")
    assert mail == f"<mailto:avmeld@post.example?subject=stop%20{'s' * 60}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(r"<https://treff\.example/leave/(\S+)>", link)
    assert found
    assert verify(found[1], purpose="leave", secret=SECRET, now=NOW) == "s" * 60


def test_an_address_without_tls_is_no_one_click_address() -> None:
    plain = Mail(unsubscribe_mailto="avmeld@post.example", public_url="http://127.0.0.1:8000")
    letter = written(digest(), plain)
    assert "http" not in raw_headers(letter)["List-Unsubscribe"]
    assert "List-Unsubscribe-Post" not in raw_headers(letter)
    assert b"http://127.0.0.1:8000/leave/" in letter.message.replace(b"=\r\n", b"")


def test_a_served_address_needs_a_secret() -> None:
    with pytest.raises(SettingsError, match="PROCMATCH_SECRET_KEY"):
        write_letter(digest(), settings=SERVED, secret="")
    write_letter(digest(), settings=MAIL, secret="")


ONE, TWO = notice(key="2026-1"), notice(key="2026-2")


def test_the_same_digest_gives_the_same_bytes() -> None:
    assert written(digest(), SERVED) == written(digest(), SERVED)


def test_the_message_id_is_the_same_whenever_and_in_whatever_order_it_is_written() -> None:
    first = written(digest(item(ONE), item(TWO)))
    later = written(replace(digest(item(TWO), item(ONE)), made_at=NOW + timedelta(hours=1)))
    assert parsed(first)["Message-ID"] == parsed(later)["Message-ID"]


@pytest.mark.parametrize(
    "other",
    [
        digest(item(TWO)),
        digest(item(ONE), id="sub-2"),
        digest(item(replace(ONE, lots=(lot(deadline=DEADLINE + timedelta(days=1)),)))),
        digest(item(called_off(ONE), "cancelled")),
        # Moved there and back again: the same state, yet news.
        digest(item(replace(ONE, source_id="2026-3"), "changed")),
    ],
)
def test_other_news_have_another_message_id(other: Digest) -> None:
    assert written(other).id != written(digest(item(ONE))).id


def test_called_off_tenders_without_lots_have_letters_of_their_own() -> None:
    ends = [called_off(ONE, "2026-8"), called_off(TWO, "2026-9")]
    letters = [written(digest(replace(item(end, "cancelled"), lots=()))) for end in ends]
    assert letters[0].id != letters[1].id


@pytest.mark.parametrize(
    ("kinds", "language", "subject"),
    [
        (["new"], "nn", "1 nytt anbod: Tittel 0"),
        (["new", "new"], "nb", "2 nye anbud: Tittel 0"),
        (["cancelled", "changed", "new", "new"], "nb", "2 nye anbud, 1 endret, 1 avlyst: Tittel 2"),
        (["cancelled", "changed", "changed"], "nn", "2 endra anbod, 1 avlyst: Tittel 1"),
        (["cancelled"], "en", "1 tender called off: Tittel 0"),
        (["changed", "new"], "en", "1 new tender, 1 changed: Tittel 1"),
    ],
)
def test_the_subject_counts_the_news_and_names_the_best(
    kinds: list[str], language: str, subject: str
) -> None:
    items = [
        item(notice(key=f"2026-{n}", title=text(f"Tittel {n}")), kind, score=0.9 - n / 10)
        for n, kind in enumerate(kinds)
    ]
    assert written(digest(*items, language=language)).subject == subject


@pytest.mark.parametrize(
    "title",
    [
        "Matvarer på Øvre Å",
        "Å",
        "på å ø æ " * 12,
        "Plain words only, and so many that the line has to be folded somewhere",
        "Blåbærsyltetøyglassetikettproduksjonsanleggsvedlikehold på Ås",
    ],
)
def test_any_mail_program_reads_the_subject_with_its_spaces(title: str) -> None:
    letter = written(digest(item(notice(title=text(title)))))
    raw = raw_headers(letter)["Subject"]
    assert str(make_header(decode_header(raw))) == letter.subject
    assert parsed(letter)["Subject"] == letter.subject
    assert all(len(word) <= 75 for word in raw.split(" "))


def test_a_sender_may_have_norwegian_letters_in_its_name() -> None:
    letter = written(digest(), Mail(sender="Varsel på Øvre Å <varsel@blåbær.example>"))
    raw = raw_headers(letter)["From"]
    assert str(make_header(decode_header(raw))) == "Varsel på Øvre Å <varsel@xn--blbr-roah.example>"
    assert parsed(letter)["Message-ID"].endswith("@xn--blbr-roah.example>")


def test_a_hostile_or_endless_title_stays_inside_its_header() -> None:
    hostile = notice(title=text("Øl\r\nBcc: alle@x.example\r\n\r\n" + "og mer " * 100))
    letter = written(digest(item(hostile)))
    message = parsed(letter)
    assert message["Bcc"] is None
    assert message["Subject"].startswith("1 nytt anbud: Øl Bcc: alle@x.example og mer")
    assert len(message["Subject"]) < 130


def test_every_line_of_the_letter_is_short_ascii() -> None:
    letter = written(digest(item(notice(lot(title="Blåbær " * 90)), hurdle=True)), SERVED)
    assert letter.message.isascii()
    assert b"\n" not in letter.message.replace(b"\r\n", b"")
    head, _, body = letter.message.partition(b"\r\n\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 78
    assert max(map(len, head.split(b"\r\n"))) <= 998


def test_a_domain_with_norwegian_letters_goes_out_in_ascii() -> None:
    letter = written(digest(email="post@blåbær.example"))
    assert letter.to == "post@xn--blbr-roah.example"
    assert raw_headers(letter)["To"] == letter.to


def test_a_mailbox_with_norwegian_letters_is_kept() -> None:
    letter = written(digest(email="bærekraft@gård.example"))
    assert letter.to == "bærekraft@xn--grd-ula.example"
    assert "To: bærekraft@xn--grd-ula.example\r\n".encode() in letter.message


@pytest.mark.parametrize(
    "address",
    [
        "",
        "post",
        "post@",
        "@x.example",
        "a@x.example, b@x.example",
        "a@x.example\r\nBcc: b@x.example",
    ],
)
def test_what_is_not_one_address_gets_no_letter(address: str) -> None:
    with pytest.raises(DeliveryRefused, match="subscription sub-1: not an e-mail address"):
        written(digest(email=address))


@pytest.mark.parametrize("sender", ["", "procmatch", "procmatch <>", "a@@b"])
def test_a_sender_that_is_no_address_is_an_error_of_the_settings(sender: str) -> None:
    with pytest.raises(SettingsError, match=r"mail\.sender"):
        written(digest(), Mail(sender=sender))

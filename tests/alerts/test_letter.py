from __future__ import annotations

import email
import html
import re
from dataclasses import replace
from datetime import timedelta
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procmatch.alerts.letter import write_letter
from procmatch.model.notice import OrganisationRef
from procmatch.model.subscription import Digest
from procmatch.model.values import Place, Text
from procmatch.text.messages import Message
from tests.alerts.news import (
    DEADLINE,
    MAIL,
    NOW,
    SECRET,
    SERVED,
    called_off,
    digest,
    item,
    kroner,
    lot,
    notice,
    subscription,
    text,
)

HOSTILE = "<script>alert(1)</script> & \"'><img src=x onerror=alert(1)> {{ 7*7 }} {0}"


def parts(made: Digest, mail: object = MAIL) -> tuple[str, str, str | None]:
    """Return the plain text, the HTML and the calendar of a letter."""
    letter = write_letter(made, settings=mail, secret=SECRET)  # type: ignore[arg-type]
    message = email.message_from_bytes(letter.message, policy=default)
    assert isinstance(message, EmailMessage)
    plain = message.get_body(("plain",))
    rich = message.get_body(("html",))
    assert plain is not None
    assert rich is not None
    calendars = [part.get_content() for part in message.iter_attachments()]
    return plain.get_content(), rich.get_content(), calendars[0] if calendars else None


def readable(markup: str) -> str:
    body = markup.partition("<body")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", "<body" + body)).split())


class Elements(HTMLParser):
    """Collects the elements of a page, and checks that each is closed."""

    VOID = frozenset({"meta", "br"})

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_letter_is_text_html_and_a_calendar() -> None:
    letter = write_letter(digest(), settings=MAIL, secret=SECRET)
    message = email.message_from_bytes(letter.message, policy=default)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    attached = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    assert attached.get_filename() == "frister.ics"
    assert attached.get_param("method") is None, "an attachment, no invitation (RFC 6047)"


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "nb",
            [
                "1 nytt anbud",
                "Du ba om anbud som passer for 999999999.",
                "Frist: tirsdag 31. mars 2026 kl. 12:00 (4 dager igjen)",
                "Verdi: 850 000 kr (ekskl. mva.)",
                "Sted: Fjordby",
                "I veien:",
                "Dette hjelper:",
                "Kunngjøring",
                "Stopp disse brevene",
            ],
        ),
        (
            "nn",
            [
                "1 nytt anbod",
                "Du bad om anbod som passar for 999999999.",
                "Frist: tysdag 31. mars 2026 kl. 12:00 (4 dagar att)",
                "Verdi: 850 000 kr (ekskl. mva.)",
                "Stad: Fjordby",
                "I vegen:",
                "Dette hjelper:",
                "Kunngjering",
                "Stopp desse breva",
            ],
        ),
        (
            "en",
            [
                "1 new tender",
                "You asked for tenders that fit 999999999.",
                "Deadline: Tuesday 31 March 2026 at 12:00 (4 days left)",
                "Value: NOK 850,000 (excl. VAT)",
                "Place: Fjordby",
                "In the way:",
                "What helps:",
                "Announcement",
                "Stop these letters",
            ],
        ),
    ],
)
def test_text_and_html_say_the_same_in_each_language(language: str, sentences: list[str]) -> None:
    plain, rich, _ = parts(digest(language=language), SERVED)
    flat = " ".join(plain.split())
    for sentence in sentences:
        assert sentence in flat
        assert sentence in readable(rich)
    assert f'<html lang="{language}">' in rich


def test_title_buyer_reasons_hurdles_and_links_are_told() -> None:
    plain, rich, _ = parts(digest(language="en"))
    for said in (" ".join(plain.split()), readable(rich)):
        assert "Matvarer til skoler og sykehjem på Øvre Å" in said
        assert "Fjordby kommune" in said
        assert "12 km from Fjordby." in said
        assert "Has won before." in said
        assert "Fourth." not in said
        assert "The buyer asks for a turnover of 10 million." in said
        assert "Bid together with another firm." in said
    for page in ("https://www.doffin.no/notices/2026-100001", "https://kgv.example/123"):
        assert page in plain
        assert f'href="{page}"' in rich


def test_only_the_lots_that_fit_are_told_best_first() -> None:
    tender = notice(lot("LOT-0001", "Brød"), lot("LOT-0002", "Melk"), lot("LOT-0003", "Kjøtt"))
    made = item(tender)
    pairs = [
        (one, replace(match, score=score))
        for (one, match), score in zip(made.lots[:2], (0.6, 0.9), strict=True)
        if match
    ]
    plain, _, _ = parts(digest(replace(made, lots=tuple(pairs))))
    assert plain.index("Delkontrakt: Melk") < plain.index("Delkontrakt: Brød")
    assert "Kjøtt" not in plain


def test_many_lots_are_cut_and_counted() -> None:
    tender = notice(*(lot(f"LOT-{n:04}", f"Del {n}") for n in range(1, 9)))
    plain, rich, events = parts(digest(item(tender)))
    assert plain.count("Delkontrakt: ") == 5
    assert "Flere delkontrakter som passer: 3." in plain
    assert "Flere delkontrakter som passer: 3." in readable(rich)
    assert events
    assert "Del 8" in events


def test_a_deadline_that_all_lots_share_is_said_once_and_others_with_their_lot() -> None:
    later = DEADLINE + timedelta(days=1)
    shared = notice(lot("LOT-0001"), lot("LOT-0002"))
    apart = notice(lot("LOT-0001"), lot("LOT-0002", deadline=later))
    assert parts(digest(item(shared)))[0].count("Frist: ") == 1
    assert parts(digest(item(apart)))[0].count("  Frist: ") == 2


@pytest.mark.parametrize(
    ("kind", "label"),
    [("tender", "Frist: "), ("request", "Frist for å be om å delta: "), (None, "Frist: ")],
)
def test_a_deadline_says_what_it_is_for(kind: str | None, label: str) -> None:
    assert label in parts(digest(item(notice(lot(deadline_kind=kind)))))[0]


def test_the_value_of_the_whole_stands_beside_the_lots_own() -> None:
    tender = notice(lot("LOT-0001"), lot("LOT-0002", value=None), value=kroner(2_000_000))
    flat = " ".join(parts(digest(item(tender)))[0].split())
    assert "Verdi i alt: 2 000 000 kr (ekskl. mva.)" in flat
    assert flat.count("Verdi: 850 000 kr") == 1


def test_a_place_known_only_by_code_is_named_by_the_callers_list() -> None:
    tender = notice(lot(places=(Place(nuts="NO081"),)))
    made = digest(item(tender))
    assert "Sted:" not in parts(made)[0]
    letter = write_letter(
        made, settings=MAIL, secret=SECRET, place_label=lambda place, _: f"({place.nuts})"
    )
    assert b"Sted: (NO081)" in letter.message


def test_a_change_tells_what_changed() -> None:
    made = item(notice(), "changed", changes=("Fristen er flyttet.", "Oppdragsgiveren skriver: x"))
    plain, rich, _ = parts(digest(made))
    assert "Endret: Matvarer" in plain
    assert "* Fristen er flyttet." in plain
    assert "Fristen er flyttet." in readable(rich)


def test_a_tender_that_was_called_off_shows_no_deadline_value_or_documents() -> None:
    made = item(called_off(notice()), "cancelled", changes=("Avlysning.",))
    plain, rich, events = parts(digest(made))
    assert "Avlyst: Matvarer" in plain
    for said in (plain, rich):
        assert "Frist" not in said
        assert "850" not in said
        assert "kgv.example" not in said
        assert "https://www.doffin.no/notices/2026-100009" in said
    assert events is None


def test_what_waits_for_the_next_letter_is_counted() -> None:
    plain, rich, _ = parts(digest(more=4))
    assert "Og 4 til i neste brev." in plain
    assert "Og 4 til i neste brev." in readable(rich)


def test_a_search_subscriber_is_reminded_of_the_search() -> None:
    made = digest(org=None, cpv=("15810000",), words=("brød", "kaker"))
    assert "Du ba om anbud om: brød, kaker, CPV 15810000." in parts(made)[0]


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_text_reads_at_72_columns(language: str) -> None:
    tender = notice(lot(title="Ferske bakervarer, brød og kaker " * 5), lot("LOT-0002"))
    made = item(tender, "changed", hurdle=True, changes=("Fristen er flyttet til en dag. " * 5,))
    plain, _, _ = parts(digest(made, language=language, more=2))
    assert "\n\n\n" not in plain
    assert plain.endswith("\n")
    for line in plain.splitlines():
        assert len(line) <= 72 or "://" in line, line
        assert line == line.rstrip()


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_hostile_text_stays_text(language: str) -> None:
    evil = lot(title=HOSTILE, places=(Place(city=HOSTILE),))
    tender = notice(
        evil, lot("LOT-0002"), title=text(HOSTILE), buyers=(OrganisationRef(name=HOSTILE),)
    )
    made = digest(
        item(tender, "changed", changes=(HOSTILE,)), language=language, org=None, words=(HOSTILE,)
    )
    plain, rich, _ = parts(made)
    names = {name for name, _ in Elements(rich).found}
    assert "script" not in names
    assert "img" not in names
    assert readable(rich).count("<script>alert(1)</script>") == 6
    assert "{{ 7*7 }} {0}" in plain


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "//x.example",
        "kgv.example/1",
        "https://",
        "https://[x",
        "https://x.example/\r\nBcc: y",
        "",
        None,
    ],
)
def test_only_web_addresses_become_links(address: str | None) -> None:
    plain, rich, _ = parts(digest(item(notice(lot(documents_url=address)))))
    assert "Dokumenter" not in plain
    assert "Dokumenter" not in rich


def test_nothing_is_fetched_and_nothing_tracks() -> None:
    rich = parts(digest(), SERVED)[1]
    for name, attributes in Elements(rich).found:
        assert name not in {"img", "link", "script", "iframe", "object", "video", "svg", "form"}
        assert not {"src", "srcset", "background"} & attributes.keys()
    assert "url(" not in rich
    assert "@import" not in rich
    links = [html.unescape(link) for link in re.findall(r'href="([^"]*)"', rich)]
    own = "https://treff.example/"
    assert {link for link in links if not link.startswith(own)} == {
        "https://www.doffin.no/notices/2026-100001",
        "https://kgv.example/123",
    }
    acting = {link.removeprefix(own).partition("/")[0] for link in links if link.startswith(own)}
    assert acting == {"leave", "change", "feedback"}


def test_each_tender_asks_whether_it_fits_and_a_reason_is_one_click() -> None:
    plain, rich, _ = parts(digest(language="en"), SERVED)
    assert plain.count("Does it fit? https://treff.example/feedback/") == 1
    assert len(set(re.findall(r'/feedback/[^"?]+', rich))) == 1
    for why in ("fits=yes", "wrong-trade", "too-big", "too-far", "requirements"):
        assert f"{why}" in rich
    assert "Does it fit?" not in parts(digest(language="en"))[0], "no pages, no links"


def test_what_the_readers_own_words_did_is_said() -> None:
    said = Message("You said that a tender like this fits.")
    plain, rich, _ = parts(digest(replace(item(notice()), said=(said,)), language="en"))
    assert "You said that a tender like this fits." in plain
    assert "You said that a tender like this fits." in readable(rich)


def test_until_when_the_buyer_can_be_asked_is_told_while_it_can() -> None:
    asked = notice(lot(question_deadline=NOW + timedelta(days=1)))
    assert "Spørsmål til oppdragsgiveren innen: lørdag 28. mars" in parts(digest(item(asked)))[0]
    passed = notice(lot(question_deadline=NOW - timedelta(days=1)))
    assert "Spørsmål til" not in parts(digest(item(passed)))[0]


def test_the_html_stays_small_enough_not_to_be_clipped() -> None:
    tender = notice(*(lot(f"LOT-{n:04}", "Brød " * 30) for n in range(1, 9)))
    items = [item(replace(tender, source_id=f"2026-{n}"), hurdle=True) for n in range(8)]
    assert len(parts(digest(*items), SERVED)[1].encode()) < 102_000


def test_a_notice_with_hardly_anything_still_makes_a_letter() -> None:
    bare = notice(
        lot(title="", value=None, deadline=None, places=(), documents_url=None),
        source="file",
        source_id=None,
        title=Text(),
        buyers=(),
    )
    plain, rich, events = parts(digest(replace(item(bare), lots=((bare.lots[0], None),))))
    assert "Nytt: uuid-2026-100001" in plain
    assert Elements(rich).found
    assert events is None


def test_the_subscription_is_never_named_in_the_calendar() -> None:
    events = parts(digest())[2]
    assert events
    assert subscription().email not in events
    assert subscription().id not in events


@given(words=st.text(max_size=120), language=st.sampled_from(["nb", "nn", "en"]))
@settings(max_examples=60, deadline=None)
def test_any_printed_text_makes_a_letter_that_reads_back(words: str, language: str) -> None:
    tender = notice(
        lot(title=words, places=(Place(city=words),), documents_url=words),
        lot("LOT-0002", title=words),
        title=text(words),
        buyers=(OrganisationRef(name=words),),
    )
    made = digest(item(tender, "changed", changes=(words,)), language=language)
    letter = write_letter(made, settings=SERVED, secret=SECRET)
    message = email.message_from_bytes(letter.message, policy=default)
    assert not message.defects
    assert str(make_header(decode_header(message["Subject"]))) == letter.subject
    _, rich, events = parts(made)
    assert Elements(rich).found
    assert events
    assert events.count("BEGIN:VEVENT") == 1

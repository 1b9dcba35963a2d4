from __future__ import annotations

from datetime import timedelta

import pytest

from procmatch.alerts.links import sign, verify
from procmatch.errors import LinkRefused, SettingsError
from tests.alerts.news import NOW, SECRET

TOMORROW = NOW + timedelta(days=1)
TOKEN = sign("leave", "sub-1", secret=SECRET, expires_at=TOMORROW)


@pytest.mark.parametrize("subject", ["sub-1", "", "æøå", "a.b|c"])
def test_a_token_gives_back_its_subject_and_is_safe_in_a_url(subject: str) -> None:
    token = sign("leave", subject, secret=SECRET, expires_at=TOMORROW)
    assert verify(token, purpose="leave", secret=SECRET, now=NOW) == subject
    assert all(c.isascii() and (c.isalnum() or c in "-_.") for c in token)


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "x",
        "a.b.c",
        "æ.ø",
        "\ud800.x",
        TOKEN + "A",
        TOKEN + "=",
        TOKEN[:-1],
        " " + TOKEN,
        TOKEN.replace(".", "=."),
        TOKEN.partition(".")[0] + ".",
        sign("leave", "sub-1", secret="another secret", expires_at=TOMORROW),
    ],
)
def test_a_forged_token_is_refused(token: str) -> None:
    with pytest.raises(LinkRefused, match="not one of ours"):
        verify(token, purpose="leave", secret=SECRET, now=NOW)


def test_every_changed_character_is_noticed() -> None:
    for place, character in enumerate(TOKEN):
        other = "A" if character != "A" else "B"
        with pytest.raises(LinkRefused):
            verify(
                TOKEN[:place] + other + TOKEN[place + 1 :], purpose="leave", secret=SECRET, now=NOW
            )


def test_a_token_serves_one_purpose_only() -> None:
    with pytest.raises(LinkRefused, match="something else"):
        verify(TOKEN, purpose="confirm", secret=SECRET, now=NOW)


@pytest.mark.parametrize(("late", "works"), [(-1, True), (0, False), (1, False)])
def test_a_token_ends_when_it_says(late: int, works: bool) -> None:
    now = TOMORROW + timedelta(seconds=late)
    if works:
        assert verify(TOKEN, purpose="leave", secret=SECRET, now=now) == "sub-1"
    else:
        with pytest.raises(LinkRefused, match="expired"):
            verify(TOKEN, purpose="leave", secret=SECRET, now=now)


def test_without_a_secret_nothing_is_signed_or_checked() -> None:
    with pytest.raises(SettingsError, match="PROCMATCH_SECRET_KEY"):
        sign("leave", "sub-1", secret="", expires_at=TOMORROW)
    with pytest.raises(SettingsError, match="PROCMATCH_SECRET_KEY"):
        verify(TOKEN, purpose="leave", secret="", now=NOW)

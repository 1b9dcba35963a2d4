"""Equal treatment: levers with their laws, and an invitation that is open to all."""

from __future__ import annotations

from datetime import date

import pytest

from procmatch.insight.equal import LEVERS, Lever, invitation
from procmatch.text.messages import LANGUAGES, say

TODAY = date(2026, 11, 1)


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.key)
def test_every_lever_is_said_in_each_language_with_its_law(lever: Lever) -> None:

    assert len({say(lever.said, language) for language in LANGUAGES}) == 3
    laws = lever.laws(TODAY)
    assert len(laws) == len(lever.rules)
    assert all(len({say(rule.cited, language) for language in LANGUAGES}) == 3 for rule in laws)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_invitation_names_what_by_whom_and_until_when(language: str) -> None:
    text = invitation(
        what="{skolemat}", buyer="Asker kommune", reply_to="post@asker.example",
        until=date(2027, 1, 15), language=language,
    )  # fmt: skip
    assert text.count("{skolemat}") == 2
    assert "Asker kommune" in text
    assert "post@asker.example" in text
    assert "15" in text
    assert "2027" in text


def test_the_invitation_asks_for_no_place() -> None:
    text = invitation(what="x", buyer="y", reply_to="z", until=TODAY, language="nb").lower()
    assert "uansett hvor de holder til" in text
    assert "lokal" not in text

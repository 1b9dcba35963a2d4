"""The public names are there, and each is the thing it says."""

from __future__ import annotations

import inspect

import pytest

import procmatch
from procmatch.demo import world


@pytest.mark.parametrize("name", procmatch.__all__)
def test_every_public_name_loads_and_is_documented(name: str) -> None:
    assert inspect.getdoc(getattr(procmatch, name))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="horoscope"):
        _ = procmatch.horoscope


def test_a_notice_is_read_and_matched_with_the_public_names_alone() -> None:
    notice = procmatch.read_notice(world.notices()["2026-200102"])
    assert isinstance(notice, procmatch.Notice)
    assert procmatch.notice_as_dict(notice)["title"] == "Rammeavtale ferskt brød og bakervarer"

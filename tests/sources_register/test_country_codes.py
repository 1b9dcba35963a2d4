from __future__ import annotations

import pytest
from babel.core import get_global

from procmatch.errors import SourceChanged
from procmatch.sources.country_codes import three_letters

#: CLDR's own inventions beside ISO 3166-1.
NOT_ISO = {"AAA", "ASC", "CPT", "DGA", "QUU", "TAA", "ZZZ"}


def test_every_country_has_its_three_letters() -> None:
    # CLDR knows the same pairs from the other side.
    known = {
        two: three
        for three, (two, *_) in get_global("territory_aliases").items()
        if len(three) == 3 and three.isalpha() and three not in NOT_ISO
        if not (three[0] in "QX" and three[1] == three[2])
    }
    assert len(known) == 249
    for two in known:
        three = three_letters(two, source="test", where="landkode")
        assert get_global("territory_aliases")[three] == [two]


def test_an_unknown_country_is_named() -> None:
    with pytest.raises(SourceChanged, match="landkode: unknown country 'QQ'"):
        three_letters("QQ", source="test", where="landkode")

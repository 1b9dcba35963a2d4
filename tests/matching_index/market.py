"""Small made-up markets: firms and needs of a few words, trades and towns that often meet."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from procmatch.matching.relevance import Award, Firm, Need

WORDS = (
    *("brød", "bakeri", "rundstykker", "økologisk", "renhold", "vask", "kontor", "skole"),
    *("skolemat", "catering", "transport", "gartneri", "planter", "snømåking", "brøyting"),
    *("rørlegger", "avløp", "spyling", "levering", "rammeavtale", "og", "tjenester"),
)
TRADES = ("10.710", "81.210", "37.000", "56.210", "43.221", "46.360", "88.993", "99.999")
CODES = ("15810000", "90911200", "90470000", "55520000", "45330000", "03000000", "00000000")
TOWNS = ("0301", "3203", "4601", "4626", "5501", "9999")
AREAS = ("NO081", "NO0A2", "NO071", "SE110")


def each(points: dict[str, list[float]]) -> list[dict[str, float]]:
    """Return points firm by firm."""
    return [dict(zip(points, row, strict=True)) for row in zip(*points.values(), strict=True)]


_said = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
_money = st.none() | st.floats(0, 1e9)
_towns = st.lists(st.sampled_from(TOWNS), max_size=2, unique=True).map(tuple)
_areas = st.lists(st.sampled_from(AREAS), max_size=2, unique=True).map(tuple)
_language = st.sampled_from(("nb", "nn", "en", ""))


@st.composite
def _firm(draw: st.DrawFn, key: str) -> Firm:
    return Firm(
        key=key,
        name=draw(_said),
        text=draw(_said),
        language=draw(_language),
        industries=tuple(draw(st.lists(st.sampled_from(TRADES), max_size=3, unique=True))),
        nace=draw(st.sampled_from(("SN2025", "2"))),
        municipalities=draw(_towns),
        areas=draw(_areas),
        towns=tuple(draw(st.lists(st.sampled_from(("bergen", "oslo")), max_size=1))),
        postcode=draw(st.sampled_from(("", "5003", "0150"))),
        turnover=draw(_money),
        size=draw(st.none() | st.floats(0, 1)),
        blocked=draw(st.sampled_from((False, False, False, True))),
    )


@st.composite
def firms(draw: st.DrawFn, least: int = 0, most: int = 12) -> list[Firm]:
    """Firms with keys of their own; some are twins but for the key."""
    keys = draw(st.lists(st.text("0123456789æ", min_size=1, max_size=4), max_size=most,
                         min_size=least, unique=True))  # fmt: skip
    found = [draw(_firm(key)) for key in keys]
    if len(found) > 1 and draw(st.booleans()):
        found[1] = replace(found[0], key=found[1].key)
    return found


@st.composite
def needs(draw: st.DrawFn) -> Need:
    """A need; any part of it may be missing."""
    return Need(
        key="need",
        title=draw(_said),
        text=draw(_said),
        reference=draw(st.sampled_from(("", "2024/17 brød", "2024/18"))),
        language=draw(_language),
        cpv=tuple(draw(st.lists(st.sampled_from(CODES), max_size=3, unique=True))),
        buyer=draw(st.sampled_from(("", "Bergen kommune", "Oslo kommune"))),
        municipalities=draw(_towns),
        areas=draw(_areas),
        towns=tuple(draw(st.lists(st.sampled_from(("bergen", "oslo")), max_size=1))),
        postcode=draw(st.sampled_from(("", "5014"))),
        yearly=draw(_money),
        work_training=draw(st.booleans()),
    )


@st.composite
def awards(draw: st.DrawFn, among: list[Firm]) -> list[Award]:
    """Past awards, won by some of ``among`` and by strangers."""
    keys = [*(one.key for one in among), "stranger"]
    winners = st.lists(st.sampled_from(keys), max_size=2, unique=True).map(tuple)
    each = st.builds(Award, need=needs(), winners=winners)
    return draw(st.lists(each, max_size=6))

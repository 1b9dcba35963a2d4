from __future__ import annotations

import pytest

from procmatch.linkage import Linker
from procmatch.linkage.blocking import MOST_COMPARED, MOST_WORDS, build_index
from procmatch.linkage.comparisons import Comparison, compare, names_agree, place_agreement
from procmatch.linkage.query import where
from tests.linkage.register import REGISTER, unit

#: The name, the same with its part, the part, and the former name.
_MOST_KEYS = 4


@pytest.mark.parametrize(
    "name",
    ["Renhold Bygg AS " * 600, "Renhold", "Renhold Bygg Nr1 Nr2 Nr3 avd. Bygg (tidl. Renhold)"],
)
def test_the_work_for_one_name_is_bounded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = [unit(seed, f"RENHOLD BYGG NR{seed} AS") for seed in range(500)]
    compared = 0

    def counting(*arguments: object) -> Comparison:
        nonlocal compared
        compared += 1
        return compare(*arguments)  # type: ignore[arg-type]

    built = Linker.build(crowd)
    monkeypatch.setattr("procmatch.linkage.linker.compare", counting)
    built.link(name)
    assert compared <= MOST_COMPARED * _MOST_KEYS


def test_words_spelt_alike_lead_to_candidates() -> None:
    index = build_index(REGISTER)
    assert [alias.unit.name for alias in index.gather(["elvebaken"])][:1] == [
        "ELVEBAKKEN BAKERI AS"
    ]


def test_only_the_rarest_words_are_looked_up() -> None:
    index = build_index([unit(1, "SIST AS"), unit(2, "FØRST AS")])
    many = [f"ord{at}" for at in range(MOST_WORDS)]
    assert index.gather([*many, "sist"]) == []


def test_common_words_stop_the_gathering(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("procmatch.linkage.blocking.MOST_GATHERED", 5)
    index = build_index(unit(seed, f"BYGG NR{seed} AS") for seed in range(10))
    assert index.gather(["bygg"]) == []
    assert index.gather(["bygg", "nr3"])[0].unit.name == "BYGG NR3 AS"


def test_common_words_still_tell_apart_what_rare_ones_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("procmatch.linkage.blocking.MOST_GATHERED", 5)
    monkeypatch.setattr("procmatch.linkage.blocking.MOST_COMPARED", 1)
    crowd = [unit(seed, f"BYGG NR{seed} AS") for seed in range(10)]
    index = build_index([*crowd, unit(20, "NORD X AS"), unit(21, "NORD BYGG AS")])
    assert [alias.unit.name for alias in index.gather(["bygg", "nord"])] == ["NORD BYGG AS"]


@pytest.mark.parametrize(
    ("asked", "known", "answer"),
    [
        ({"city": "Håland"}, {"city": "HAALAND"}, "agrees"),
        ({"postcode": "N-5003"}, {"postcode": "5003"}, "agrees"),
        ({"postcode": "5004"}, {"postcode": "5003"}, "near"),
        ({"postcode": "0150"}, {"postcode": "5003"}, "differs"),
        ({"city": "Oslo", "postcode": "0150"}, {"city": "Oslo", "postcode": "0250"}, "agrees"),
        ({"municipality": "0301"}, {"municipality": "4601"}, "differs"),
        ({"city": "Oslo"}, {"municipality": "0301"}, "unknown"),
        ({}, {"city": "Oslo"}, "unknown"),
        ({"city": "Oslo"}, {}, "unknown"),
    ],
)
def test_places_are_compared_kind_by_kind(
    asked: dict[str, str], known: dict[str, str], answer: str
) -> None:
    assert place_agreement(where(**asked), where(**known)) == answer


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("elvebakken bakeri", "elvebakken bakeri", True),
        ("elvebakken bakeri", "bakeri elvebakken", True),
        ("elve bakken", "elvebakken", True),
        ("elvebaken bakeri", "elvebakken bakeri", True),
        ("elvebakken bakeri oslo", "elvebakken bakeri", True),
        ("elvebakken bakeri holding", "elvebakken bakeri", False),
        ("elvebakken nord", "elvebakken soer", False),
        ("bygg", "elvebakken bygg", False),
        ("elvebakken bakeri", "solvik bakeri", False),
        ("oslo", "bergen", False),
    ],
)
def test_names_agree_or_not_whatever_else_is_in_the_register(
    one: str, other: str, agree: bool
) -> None:
    assert names_agree((one,), other) is agree
    assert names_agree((other,), one) is agree

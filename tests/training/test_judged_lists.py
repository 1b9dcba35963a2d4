"""The lists judged by hand: facts only, two readings that agree, and what is measured with them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from procmatch.codes.orgnr import is_valid
from training.matching.judged.agreement import agreement
from training.matching.judged.corpus import HERE, firms, judged, lots, needs, units
from training.matching.judged.measure import measure, put
from training.matching.judged.rankings import rankings
from training.matching.judged.sheet import POOL, pool

LISTS = ("pass_a", "pass_b", "labels", "chance")


def _lots() -> dict[tuple[str, str], str]:
    with (HERE / "lots.tsv").open(encoding="utf-8", newline="") as file:
        return {
            (row["notice"], row["lot"]): row["about"]
            for row in csv.DictReader(file, delimiter="\t")
        }


def test_fifty_lots_and_food_most() -> None:
    about = Counter(_lots().values())
    assert about.total() == 50
    assert about.most_common(1)[0][0] == "food"


@pytest.mark.parametrize("name", LISTS)
def test_labels_are_facts_about_firms_and_lots(name: str) -> None:
    rows = judged(name)
    known = _lots()
    for one in rows:
        assert (one.notice, one.lot) in known
        assert is_valid(one.firm)
        assert one.label in {0, 1, 2}
    assert len({(one.notice, one.lot, one.firm) for one in rows}) == len(rows)
    assert {(one.notice, one.lot) for one in rows} == set(known)


@pytest.mark.parametrize("name", LISTS)
def test_no_text_of_a_notice_or_of_the_register_is_kept(name: str) -> None:
    text = (HERE / f"{name}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    for line in text:
        notice, lot, firm, label, *note = line.split("\t")
        assert re.fullmatch(r"[\w-]+", notice)
        assert re.fullmatch(r"(LOT|PAR)-\w+", lot)
        assert re.fullmatch(r"\d{9}", firm)
        assert re.fullmatch(r"[012]", label)
        assert len("".join(note)) < 60


def test_both_readings_are_of_the_same_firms_and_agree() -> None:
    keys = [{(one.notice, one.lot, one.firm) for one in judged(name)} for name in LISTS[:3]]
    assert keys[0] == keys[1] == keys[2]
    kappa, same, both = agreement()
    assert kappa > 0.9
    assert same < both, "two readings that never differ were not two readings"


def test_what_both_readings_say_is_the_label() -> None:
    first, second, settled = (
        {(one.notice, one.lot, one.firm): one.label for one in judged(name)} for name in LISTS[:3]
    )
    assert all(settled[key] == first[key] for key in first if first[key] == second[key])


def test_every_disagreement_is_settled_with_a_note() -> None:
    first, second = (
        {(one.notice, one.lot, one.firm): one.label for one in judged(name)} for name in LISTS[:2]
    )
    with (HERE / "labels.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            key = (row["notice"], row["lot"], row["firm"])
            assert bool(row["note"]) == (first[key] != second[key])


LABELS = {("n", "1", "a"): 2, ("n", "1", "b"): 1, ("n", "1", "c"): 0, ("m", "1", "a"): 0}


def test_precision_counts_who_was_not_judged_as_not_fitting() -> None:
    ranked = {("n", "1"): ["a", "x", "c", "b"], ("m", "1"): ["a"]}
    clearly, perhaps = (measure(ranked, LABELS, least) for least in (2, 1))
    assert clearly.precision.value == pytest.approx(1 / 20)
    assert perhaps.precision.value == pytest.approx(2 / 20)
    assert clearly.unjudged == pytest.approx(1 / 20)


def test_the_attainable_is_what_is_known_to_fit() -> None:
    ranked = {("n", "1"): ["b"], ("m", "1"): ["a"]}
    assert measure(ranked, LABELS, 2).of_attainable.value == 0.0
    assert measure(ranked, LABELS, 1).of_attainable.value == 0.5
    assert measure({("m", "1"): ["a"]}, LABELS, 1).of_attainable.value is None


def test_the_section_takes_the_place_of_the_last_one() -> None:
    once = put(
        "# Quality\n\n## t0\n\nx\n\n## Left out\n\n- y\n", ["## Lists judged by hand", "", "1"]
    )
    assert once.index("## t0") < once.index("by hand") < once.index("## Left out")
    twice = put(once, ["## Lists judged by hand", "", "2"])
    assert twice == once.replace("\n1\n", "\n2\n")


@pytest.mark.shared
def test_the_pool_is_of_living_firms_and_has_no_person(shared_data: Path) -> None:
    every = units(shared_data)
    assert not any(unit.is_person for unit in every)
    market = [firm for firm in firms(every) if not firm.blocked]
    assert {one.firm for name in LISTS for one in judged(name)} <= {firm.key for firm in market}
    wanted = lots(shared_data)
    ranked = rankings(needs(wanted), market)
    deepest = sum(POOL.values())
    assert all(max(POOL.values()) <= len(own) <= deepest for own in pool(ranked).values())
    labels = {(one.notice, one.lot, one.firm): one.label for one in judged("labels")}
    ours, peer = (measure(ranked[name], labels, 1) for name in ("ours", "BM25"))
    assert (ours.precision.value or 0) > (peer.precision.value or 1)

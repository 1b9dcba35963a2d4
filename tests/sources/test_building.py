"""What the quick way makes cannot be told from what the slow way makes."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from procmatch.model.notice import Award, AwardCriterion, Lot, Strategic, Term
from procmatch.model.values import Money, Place, Text
from procmatch.sources.building import builder
from procmatch.store.documents import decode, encode


@pytest.mark.parametrize("kind", [Award, AwardCriterion, Strategic, Term, Place, Text])
def test_defaults_are_the_same(kind: type[object]) -> None:
    made = builder(kind)()
    assert type(made) is kind
    assert made == kind()
    assert hash(made) == hash(kind())
    assert repr(made) == repr(kind())


def test_a_made_lot_is_a_lot_in_every_way() -> None:
    made = builder(Lot)(id="LOT-0001", places=(Place(nuts="NO081"),), cpv_main="45000000")
    assert made == Lot(id="LOT-0001", places=(Place(nuts="NO081"),), cpv_main="45000000")
    assert made.cpv == ("45000000",)
    assert replace(made, kind="part").kind == "part"
    assert copy.deepcopy(made) == made
    assert pickle.loads(pickle.dumps(made)) == made
    assert decode(encode(made), Lot) == made
    with pytest.raises(FrozenInstanceError):
        made.kind = "part"  # type: ignore[misc]


def test_what_is_missing_or_unknown_is_an_error_as_before() -> None:
    with pytest.raises(TypeError, match="amount"):
        builder(Money)(currency="NOK")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="colour"):
        builder(Place)(colour="red")  # type: ignore[call-arg]


def test_a_class_with_a_factory_is_refused() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Made:
        parts: list[str] = field(default_factory=list)

    with pytest.raises(TypeError, match="factory"):
        builder(Made)

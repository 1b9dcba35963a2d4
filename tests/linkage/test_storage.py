from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procmatch.errors import LinkageError
from procmatch.linkage import Linker, Query
from procmatch.linkage.storage import VERSION
from procmatch.model.organisation import Organisation, OrgStatus
from tests.linkage.register import BAKER, CHAIN, CITY, REGISTER, TWIN_OSLO, number, unit

_QUERIES = [
    Query(name="Elvebakken Bakeri AS", place="Oslo"),
    Query(name="Solvik kommune v/ Eiendom"),
    Query(name="Hauges Kolonial Moss", number=number(107)),
    Query(name="Nordlys Renhold AS", place="Bergen"),
    Query(name="Ukjent Tømrerlag AS"),
]


def test_what_is_saved_and_opened_answers_the_same(tmp_path: Path) -> None:
    linker = Linker.build(REGISTER)
    linker.save(tmp_path / "register")
    opened = Linker.load(tmp_path / "register")
    assert opened.link_many(_QUERIES) == linker.link_many(_QUERIES)
    assert len(opened) == len(linker) == len(REGISTER)


def test_saving_again_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    Linker.build(REGISTER).save(tmp_path / "register")
    Linker.build([BAKER]).save(tmp_path / "register")
    assert len(Linker.load(tmp_path / "register")) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["register"]


def test_changes_are_saved_with_the_register(tmp_path: Path) -> None:
    moved = replace(TWIN_OSLO, name="MORGENLYS RENHOLD AS")
    linker = Linker.build(REGISTER).update([moved], [CITY.id])
    linker.save(tmp_path / "register")
    opened = Linker.load(tmp_path / "register")
    linked = opened.link("Morgenlys Renhold AS", place="Oslo")
    assert linked is not None
    assert linked.org == TWIN_OSLO.id
    assert opened.link("Solvik kommune") is None
    again = opened.update(deleted=[TWIN_OSLO.id])
    assert again.link("Morgenlys Renhold AS", place="Oslo") is None


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"version": 1}'])
def test_a_folder_that_holds_no_linker_is_named(tmp_path: Path, broken: str) -> None:
    (tmp_path / "linker.json").write_text(broken)
    with pytest.raises(LinkageError, match="no saved linker"):
        Linker.load(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LinkageError, match="nowhere"):
        Linker.load(tmp_path / "nowhere")


def test_another_version_is_to_be_built_again(tmp_path: Path) -> None:
    Linker.build(REGISTER).save(tmp_path / "register")
    about = tmp_path / "register" / "linker.json"
    about.write_text(json.dumps({**json.loads(about.read_text()), "version": VERSION + 1}))
    with pytest.raises(LinkageError, match="build it again"):
        Linker.load(tmp_path / "register")


def _changed(organisation: Organisation) -> Organisation:
    return replace(organisation, name=f"{organisation.name} VEST")


@settings(max_examples=40, deadline=None)
@given(
    st.sets(st.sampled_from(range(len(REGISTER)))),
    st.sets(st.sampled_from(range(len(REGISTER)))),
    st.lists(st.integers(200, 240), unique=True, max_size=4),
)
def test_a_register_with_changes_knows_what_one_built_anew_knows(
    changed: set[int], deleted: set[int], added: list[int]
) -> None:
    fresh = [_changed(REGISTER[at]) for at in sorted(changed - deleted)]
    fresh += [unit(seed, f"NYBØLE {seed} DRIFT AS") for seed in added]
    kept = [one for at, one in enumerate(REGISTER) if at not in changed | deleted]
    updated = Linker.build(REGISTER).update(fresh, [REGISTER[at].id for at in sorted(deleted)])
    anew = Linker.build([*kept, *fresh])
    assert len(updated) == len(anew)
    for one in [*kept, *fresh, *(REGISTER[at] for at in deleted)]:
        queries = [Query(name=one.name, number=one.id.number), Query(name=one.name, place="Oslo")]
        for query in queries:
            found, wanted = updated.link_many([query])[0], anew.link_many([query])[0]
            assert (found and (found.org, found.method)) == (wanted and (wanted.org, wanted.method))


def test_a_unit_that_comes_back_is_known_once() -> None:
    linker = Linker.build(REGISTER).update(deleted=[CHAIN.id]).update([CHAIN]).update([CHAIN])
    assert len(linker) == len(REGISTER)
    found = [one.org for one in linker.candidates("Hauge Dagligvare AS")]
    assert found.count(CHAIN.id) == 1


def test_a_unit_that_the_register_lists_as_deleted_is_still_found() -> None:
    gone = replace(BAKER, status=OrgStatus.DELETED)
    linked = Linker.build(REGISTER).update([gone]).link(BAKER.name, number=BAKER.id.number)
    assert linked is not None
    assert ("status", "deleted from the register") in linked.criteria

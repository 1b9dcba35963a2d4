"""Every release, compiled release and package against the official schemas and code lists."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from ocdsmerge.rules import get_merge_rules

from procmatch.demo import world
from procmatch.model.notice import Notice
from procmatch.ocds.merging import WHOLE_LISTS, compiler
from procmatch.ocds.packages import Publisher, package, record
from procmatch.ocds.validation import checker
from procmatch.sources import eforms
from tests.ocds import schemas
from tests.ocds.made import Json, exported, notice
from tests.ocds.schemas import OCDS, PROFILE, RELEASE, errors, strange_codes, strange_fields

pytestmark = pytest.mark.shared

TENDERS = OCDS.parent / "tenders"
FOLDERS = ("doffin_xml", "ted_xml", "derived_ted_side", "eforms_sdk_examples")
REAL = sorted(path for folder in FOLDERS for path in (TENDERS / folder).glob("*.xml"))
PUBLISHER = Publisher(
    name="Somebody", uri="https://ocds.example/all", license="https://licence.example/"
)


def procedures(notices: list[Notice]) -> list[list[Notice]]:
    """Group notices by their procedure; one notice is told once."""

    def key(one: Notice) -> str:
        return one.procedure_id or one.notice_id

    unique = {(one.notice_id, one.version): one for one in notices}.values()
    ordered = sorted(unique, key=lambda one: (key(one), one.dispatched_at, one.version))
    return [list(group) for _, group in groupby(ordered, key=key)]


def real() -> list[list[Notice]]:
    return procedures(
        [
            eforms.read(
                path.read_bytes(),
                source="ted" if "ted" in path.parent.name else "doffin",
                source_id=path.stem,
            )
            for path in REAL
        ]
    )


def invented() -> list[list[Notice]]:
    return procedures(
        [eforms.read(xml, source="doffin", source_id=key) for key, xml in world.notices().items()]
    )


@pytest.fixture(scope="module", params=[invented, real], ids=["sample world", "real notices"])
def processes(request: pytest.FixtureRequest) -> list[list[Json]]:
    """The releases of each contracting process."""
    source: Callable[[], list[list[Notice]]] = request.param
    found: dict[str, list[Json]] = {}
    for notices in source():
        for release in exported(*notices):
            found.setdefault(release["ocid"], []).append(release)
    assert len(found) > 20
    return list(found.values())


def test_every_release_keeps_the_schema_and_its_code_lists(processes: list[list[Json]]) -> None:
    for releases in processes:
        for release in releases:
            assert errors(release) == []
            assert list(strange_codes(release)) == []
            assert list(strange_fields(release)) == []


def test_every_compiled_release_keeps_them_too(processes: list[list[Json]]) -> None:
    merge = compiler()
    for releases in processes:
        compiled = merge(releases)
        assert compiled["tag"] == ["compiled"]
        assert compiled["ocid"] == releases[0]["ocid"]
        assert errors(compiled) == []
        assert list(strange_codes(compiled)) == []
        assert list(strange_fields(compiled)) == []


def test_packages_keep_their_schemas(processes: list[list[Json]]) -> None:
    merge = compiler()
    head = package(PUBLISHER, datetime(2026, 6, 1, tzinfo=UTC))
    every = [release for releases in processes for release in releases]
    assert errors({**head, "releases": every}, PROFILE / "release-package-schema.json") == []
    for linked in (None, PUBLISHER.uri):
        records = [record(one, merge(one), linked=linked) for one in processes]
        whole = {**head, "records": records}
        assert errors(whole, OCDS / "standard" / "record-package-schema.json") == []


def test_references_point_into_the_release(processes: list[list[Json]]) -> None:
    for releases in processes:
        for release in releases:
            parties = {party["id"]: party["name"] for party in release["parties"]}
            references = [release["buyer"]]
            for award in release.get("awards", ()):
                references += award.get("suppliers", ())
            assert all(parties[one["id"]] == one["name"] for one in references)
            awards = {award["id"] for award in release.get("awards", ())}
            assert {one["awardID"] for one in release.get("contracts", ())} <= awards


BROKEN: list[tuple[str, Callable[[Json], Any]]] = [
    ("no ocid", lambda release: release.pop("ocid")),
    ("a tag of no list", lambda release: release.update(tag=["rumour"])),
    ("a day without a time", lambda release: release.update(date="2026-05-01")),
    ("no id of the tender", lambda release: release["tender"].pop("id")),
    ("a status of no list", lambda release: release["tender"].update(status="paused")),
    ("a sum in words", lambda release: release["tender"].update(value={"amount": "much"})),
    ("no currency", lambda release: release["tender"].update(value={"currency": "KRONER"})),
    ("a loose link", lambda release: release["tender"]["documents"][0].update(url="over there")),
    ("nothing said", lambda release: release["tender"]["lots"][0].update(suitability={})),
]


@pytest.mark.parametrize(("what", "break_it"), BROKEN, ids=[what for what, _ in BROKEN])
def test_a_broken_release_is_found_out(what: str, break_it: Callable[[Json], Any]) -> None:
    (release,) = exported(notice())
    assert errors(release) == []
    broken = copy.deepcopy(release)
    break_it(broken)
    assert errors(broken)
    # The command's own check bites alike.
    own = checker(schemas.load(RELEASE))
    assert own(release) == []
    assert own(broken)


def test_a_code_of_no_list_and_an_unknown_field_are_found_out() -> None:
    (release,) = exported(notice())
    release["parties"][0]["roles"] = ["bystander"]
    release["parties"][0]["details"] = {"scale": "tiny"}
    release["tender"]["mood"] = "hopeful"
    assert sorted(strange_codes(release)) == [
        "roles: 'bystander' is not in partyRole.csv",
        "scale: 'tiny' is not in partyScale.csv",
    ]
    assert list(strange_fields(release)) == ["/tender/mood"]


def test_the_merge_rules_are_those_of_the_schema(processes: list[list[Json]]) -> None:
    official = get_merge_rules(schemas.load(RELEASE))
    for path in WHOLE_LISTS:
        assert official[tuple(path.split("/"))] == "wholeListMerge", path
    met: set[tuple[str, ...]] = set()
    for releases in processes:
        for release in releases:
            met |= set(_lists(release, (), official))
    whole = {path for path in met if official.get(path) == "wholeListMerge"}
    assert whole <= {tuple(path.split("/")) for path in WHOLE_LISTS}


def _lists(
    value: object, path: tuple[str, ...], official: dict[tuple[str, ...], str]
) -> list[tuple[str, ...]]:
    if isinstance(value, dict):
        return [one for key, each in value.items() for one in _lists(each, (*path, key), official)]
    if not isinstance(value, list):
        return []
    inner = [] if official.get(path) == "wholeListMerge" else value
    return [path, *(one for each in inner for one in _lists(each, path, official))]


def test_a_neighbouring_schema_is_used_and_no_other_is_fetched(tmp_path: Path) -> None:
    inner = {"id": "https://schema.example/inner.json", "type": "string"}
    outer = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "properties": {"ocid": {"$ref": "https://schema.example/inner.json"}},
    }
    assert checker(outer, [inner])({"ocid": 3})
    assert not checker(outer, [inner])({"ocid": "three"})

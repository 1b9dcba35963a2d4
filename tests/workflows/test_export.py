"""From the store to OCDS: which procedures, who is behind a party, what is left out and told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from procmatch.errors import NotFound, SettingsError
from procmatch.model.notice import Notice, NoticeKind
from procmatch.model.organisation import NORWAY, Establishment, Organisation, OrgId
from procmatch.model.values import Money
from procmatch.ocds.packages import Publisher
from procmatch.settings import Settings
from procmatch.store import Store, notices, organisations
from procmatch.store.publications import Wanted
from procmatch.workflows import export
from tests.ocds.made import FIRM, award, correction, kroner, lot, notice

K = NoticeKind
PUBLISHER = Publisher(name="Somebody", uri="https://ocds.example/all")
BAKER = replace(FIRM, name="Kari Nordvik", number="912345675")


def keep(store: Store, *kept: Notice) -> None:
    with store.begin() as connection:
        for one in kept:
            notices.save(connection, one, "0" * 64)


def procedure(number: int, *of: Notice) -> list[Notice]:
    """The same notices in another procedure."""
    return [
        replace(
            one,
            procedure_id=f"procedure-{number}",
            notice_id=f"{number}-{one.notice_id}",
            source_id=f"{one.source_id}-{number}",
        )
        for one in of
    ]


def run(
    store: Store, *, report: export.Report | None = None, compile_: bool = False, **wanted: object
) -> list[export.Process]:
    asked: dict[str, Any] = wanted
    how = export.Exported(
        wanted=Wanted(**asked), options=export.options_from(Settings()), compile=compile_
    )
    return list(export.processes(store, how, report or export.Report()))


def names(found: list[export.Process]) -> list[str]:
    return [release["id"] for process in found for release in process.releases]


def test_every_procedure_of_the_store_is_given_out_once(store: Store) -> None:
    for number in range(7):
        keep(store, *procedure(number, notice(1), notice(2, K.RESULT, awards=(award(FIRM),))))
    report = export.Report()
    found = run(store, report=report)
    assert len({process.ocid for process in found}) == len(found) == 7
    assert (report.processes, report.releases, report.problems) == (7, 14, 0)


def test_more_procedures_than_a_page_holds(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("procmatch.store.publications._PAGE", 2)
    for number in range(5):
        keep(store, *procedure(number, notice(1)))
    assert len(run(store)) == 5


def test_days_source_and_procedure_narrow_it_down(store: Store) -> None:
    first, second = notice(1), notice(5, K.RESULT, awards=(award(FIRM),))
    keep(store, first, second, *procedure(1, replace(notice(3), source="ted")))
    unpublished = procedure(2, replace(notice(7), published_on=None))
    keep(store, *unpublished)
    assert len(names(run(store))) == 4
    assert names(run(store, since=date(2026, 5, 6))) == [f"{unpublished[0].notice_id}-01"]
    assert names(run(store, since=date(2026, 5, 4), until=date(2026, 5, 5))) == [
        f"{second.notice_id}-01"
    ]
    assert len(names(run(store, until=date(2026, 5, 3)))) == 2
    assert len(names(run(store, source="ted"))) == 1
    with store.read() as connection:
        own = notices.find(connection, unpublished[0].source_id or "").procedure
    assert names(run(store, procedure=own)) == [f"{unpublished[0].notice_id}-01"]
    assert names(run(store, procedure="nothing")) == []


def test_a_compiled_release_tells_the_state_at_the_end_of_the_days(store: Store) -> None:
    keep(store, notice(1), notice(5, K.RESULT, awards=(award(FIRM),)))
    (early,) = run(store, compile_=True, until=date(2026, 5, 4))
    (late,) = run(store, compile_=True, since=date(2026, 5, 4))
    assert early.compiled is not None
    assert late.compiled is not None
    assert early.compiled["tender"]["status"] == "active"
    # What went before the first day belongs to the state too.
    assert late.compiled["tender"]["status"] == "complete"
    assert len(late.releases) == 2


def test_a_notice_that_two_sources_publish_is_told_once(store: Store) -> None:
    keep(store, replace(notice(1), source="ted", source_id="1-2026"), notice(1))
    (process,) = run(store)
    (release,) = process.releases
    assert release["tender"]["documents"][0]["id"] == "doffin-2026-100001"


def test_what_cannot_be_mapped_is_told_and_the_rest_goes_on(store: Store) -> None:
    odd = Money(amount=kroner(1).amount, currency="KRO")
    keep(store, notice(1), notice(2, lots=(lot(value=odd),)), *procedure(1, notice(3)))
    lines: list[str] = []
    report = export.Report(tell=lines.append)
    assert len(names(run(store, report=report, compile_=True))) == 2
    assert lines == ["doffin 2026-100002: BT-27 LOT-0001: 'KRO' is no currency of ISO 4217"]
    assert report.problems == 1


def test_what_breaks_the_schema_is_told_and_left_out(store: Store) -> None:
    keep(store, notice(1), notice(2, K.RESULT, awards=(award(FIRM),)))
    lines: list[str] = []

    def broken(release: export.Json) -> list[str]:
        return ["awards: no"] if "award" in release["tag"] else []

    how = export.Exported(options=export.options_from(Settings()), broken=broken)
    found = list(export.processes(store, how, export.Report(tell=lines.append)))
    assert names(found) == [f"{notice(1).notice_id}-01"]
    assert lines == ["doffin 2026-100002: awards: no"]


def person(number: str = "912345675", **fields: object) -> Organisation:
    known: dict[str, Any] = {"name": "KARI NORDVIK", "legal_form": "ENK"}
    return Organisation(id=OrgId(NORWAY, number), **{**known, **fields})


def register(store: Store, *units: Organisation) -> None:
    with store.begin() as connection:
        organisations.save_organisations(connection, units)


def test_the_register_tells_who_is_a_person_even_before_linking(store: Store) -> None:
    keep(store, notice(2, K.RESULT, awards=(award(BAKER),)))
    assert "Kari" in str(run(store)[0].releases)
    register(store, person())
    told = str(run(store)[0].releases)
    assert "Kari" not in told
    assert "912345675" not in told


def test_a_place_of_work_of_a_person_is_the_persons(store: Store) -> None:
    work = replace(BAKER, name="Nordvik Bakeri", number="974760673")
    keep(store, notice(2, K.RESULT, awards=(award(work),)))
    register(store, person())
    place = Establishment(number="974760673", name="NORDVIK BAKERI")
    with store.begin() as connection:
        organisations.save_establishments(connection, NORWAY, [("912345675", place)])
    assert "Nordvik" not in str(run(store)[0].releases)


def test_a_plan_is_related_by_its_ocid(store: Store) -> None:
    plan = notice(1, K.PLANNING, procedure_id=None, lots=(lot("PAR-0001", kind="part"),))
    follows = replace(notice(2), previous_planning=(f"{plan.notice_id}-01",))
    keep(store, plan, follows)
    found = {process.ocid: process.releases[0] for process in run(store)}
    planned = "ocds-xxxxxx-doffin-2026-100001-PAR-0001"
    later = found[f"ocds-xxxxxx-{follows.procedure_id}"]
    assert planned in found
    assert later["relatedProcesses"][0]["identifier"] == planned


def test_a_journal_number_finds_the_plan_and_several_parts_leave_it_open(store: Store) -> None:
    parts = (lot("PAR-0001", kind="part"), lot("PAR-0002", kind="part"))
    plan = replace(notice(1, K.PLANNING, procedure_id=None), source="ted", source_id="601506-2023")
    keep(store, plan, replace(notice(2), previous_planning=("2023/S 193-601506",)))
    (later,) = run(store, procedure=notice(2).procedure_id)
    assert later.releases[0]["relatedProcesses"][0]["identifier"] == "ocds-xxxxxx-ted-601506-2023"
    keep(store, replace(plan, lots=parts))
    (later,) = run(store, procedure=notice(2).procedure_id)
    assert later.releases[0]["relatedProcesses"][0]["scheme"] == "eu-oj"


@pytest.fixture
def chain(store: Store) -> Store:
    first = notice(1)
    keep(store, first, notice(2, changes=correction(first)), *procedure(1, notice(3)))
    return store


def output(store: Store, form: str, *, compiled: bool) -> bytes:
    how = export.Exported(options=export.options_from(Settings()), compile=True)
    return b"".join(
        export.written(
            export.processes(store, how, export.Report()),
            form=form,
            compiled=compiled,
            publisher=PUBLISHER,
            published_at=datetime(2026, 6, 1, tzinfo=UTC),
        )
    )


def test_lines_hold_one_object_each(chain: Store) -> None:
    releases = [json.loads(line) for line in output(chain, "lines", compiled=False).splitlines()]
    assert [one["tag"] for one in releases] == [["tender"], ["tenderUpdate"], ["tender"]]
    compiled = [json.loads(line) for line in output(chain, "lines", compiled=True).splitlines()]
    assert [one["tag"] for one in compiled] == [["compiled"], ["compiled"]]


def test_packages_say_who_publishes_what_and_when(chain: Store) -> None:
    told = json.loads(output(chain, "release-package", compiled=False))
    assert len(told.pop("releases")) == 3
    assert told == {
        "uri": "https://ocds.example/all",
        "version": "1.1",
        "publishedDate": "2026-06-01T00:00:00Z",
        "publisher": {"name": "Somebody"},
        "extensions": [
            "https://standard.open-contracting.org/profiles/eforms/latest/en/extension.json"
        ],
    }


def test_records_hold_their_releases_or_link_to_them(chain: Store) -> None:
    records = json.loads(output(chain, "record-package", compiled=False))["records"]
    assert [len(one["releases"]) for one in records] == [2, 1]
    assert records[0]["compiledRelease"]["ocid"] == records[0]["ocid"]
    linked = json.loads(output(chain, "record-package", compiled=True))["records"]
    assert linked[0]["releases"][0] == {
        "url": f"https://ocds.example/all#{notice(1).notice_id}-01",
        "date": "2026-05-01T10:00:00Z",
        "tag": ["tender"],
    }


def test_a_package_of_nothing_is_refused(store: Store) -> None:
    with pytest.raises(NotFound, match="nothing to export"):
        output(store, "release-package", compiled=False)
    assert output(store, "lines", compiled=False) == b""


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "No such file"), ("{", "not JSON"), ("{}", "not a JSON schema of OCDS releases")],
)
def test_a_schema_that_is_none_is_refused(tmp_path: Path, content: str | None, reason: str) -> None:
    path = tmp_path / "schema.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SettingsError, match=reason):
        export.schema(path)


@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [
        ("ocds_prefix", "mine", "not like 'ocds-xxxxxx'"),
        ("ocds_uri", "", "not an absolute web address"),
        ("ocds_license", "CC BY 4.0", "not an absolute web address"),
        ("ocds_publisher", "", "needs the name"),
    ],
)
def test_settings_that_would_break_every_package_are_refused(
    setting: str, value: str, reason: str
) -> None:
    settings = msgspec.structs.replace(Settings(), **{setting: value})
    with pytest.raises(SettingsError, match=f"{setting}: .*{reason}"):
        export.options_from(settings) and export.publisher_from(settings)

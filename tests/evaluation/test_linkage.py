from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from procmatch.errors import EvaluationError
from procmatch.evaluation.linkage.evaluate import ALL_TASKS, evaluate
from procmatch.evaluation.linkage.measure import ask_all, evaluate_task, measure, no_answer
from procmatch.evaluation.linkage.pairs import (
    HardPair,
    Meant,
    evaluate_bench,
    evaluate_pairs,
    read_bench,
    read_hard_pairs,
)
from procmatch.evaluation.linkage.report import write_report
from procmatch.evaluation.linkage.task import (
    Case,
    Round,
    Task,
    is_deleted,
    label,
    without_deleted,
    without_places,
)
from procmatch.evaluation.linkage.tasks import TASKS, read_task
from procmatch.linkage import Query
from procmatch.model.organisation import NORWAY, Organisation, OrgId
from procmatch.model.values import Place
from tests.evaluation.folder import FILES, write


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("labelled"))


def test_queries_and_truth_have_the_names_of_run_files(folder: Path) -> None:
    def asked(name: str) -> list[tuple[str, str]]:
        return [(case.id, label(case.truth)) for case in read_task(folder, name).cases]

    assert asked("t2_ldir") == [
        ("910000011|TVEITEN HØNSERI", "910000011"),
        ("910000012|LIAKVERN MELKEPRODUKSJON DA", "910000012"),
        ("910000013|RØDSTRUPE BÆRGÅRD AS", "910000013"),
    ]
    assert asked("t2_subunit") == [("970000001", "910000001"), ("970000002", "910000004")]
    assert asked("t2_subunit_by_name") == [("970000001", "910000001")]
    # The variant that the register itself prints is no question.
    assert asked("t2_ted") == [
        ("FR300000001|BOULANGERIE LEMOINE", "FR300000001"),
        ("ESA1000001|Panaderia Cortazar SL", "ESA1000001"),
    ]


def test_queries_carry_the_place_and_never_the_number(folder: Path) -> None:
    for name in TASKS:
        task = read_task(folder, name)
        assert all(case.query.number is None for case in task.cases)
        assert not without_places(task).has_places
    assert read_task(folder, "t2_ldir").cases[0].query.place == "4621"
    ted = read_task(folder, "t2_ted").cases[0].query
    assert (ted.place, ted.postcode) == ("LYON", "69001")


def test_the_register_has_the_commonest_spelling_of_a_party(folder: Path) -> None:
    task = read_task(folder, "no_doffin_party_names")
    names = {unit.name for one in task.rounds for unit in one.register}
    assert {"Fjordglimt Kommune", "Skarnes Anlegg AS", "NORDVIK BAKERI AS"} <= names
    assert [case.query.name for case in task.cases] == [
        "Fjordglimt kommune",
        "Fjordglimt Kommune - eiendom",
    ]


def test_a_name_is_asked_for_among_the_others(folder: Path) -> None:
    for one in read_task(folder, "no_food_place_multi_names").rounds:
        (case,) = one.cases
        known = {name for unit in one.register for name in (unit.name, *unit.former_names)}
        assert case.query.name not in known
        assert len(known) == 3
    # A unit of one name is there, and cannot be asked for.
    patents = read_task(folder, "nl_patent")
    assert {case.truth.number for case in patents.cases} == {"7001"}
    assert patents.units == 2


def test_all_tasks_are_measured(folder: Path) -> None:
    found = evaluate(folder)
    assert [result.task.name for result in found.results] == list(TASKS)
    assert found.bench is not None
    assert not found.skipped
    assert not found.aside
    by_name = {result.task.name: result for result in found.results}
    ldir = by_name["t2_ldir"]
    assert ldir.with_places is not None
    assert ldir.with_places.recall_1.value == 1.0
    assert set(ldir.run) == {case.id for case in ldir.task.cases}


def test_a_missing_file_leaves_out_its_tasks_alone(tmp_path: Path) -> None:
    write(tmp_path, register_units=None, os_name_bench_cases=None)
    found = evaluate(tmp_path)
    skipped = dict(found.skipped)
    assert set(skipped) == {"t2_ldir", "t2_subunit", "t2_subunit_by_name", "os_name_bench_cases"}
    assert "er/register_units.csv: no such file" in skipped["t2_subunit"]
    # Units that nobody means only make these harder.
    assert "no_doffin_party_names" in {result.task.name for result in found.results}


def test_a_bad_row_is_kept_aside_and_the_rest_goes_on(tmp_path: Path) -> None:
    parties = FILES["no_doffin_party_names.csv"] + "910000023,Ytre Enebakk,Ytre,mange\n,Ås,Ås,1\n"
    write(tmp_path, no_doffin_party_names=parties)
    found = evaluate(tmp_path, ["no_doffin_party_names"])
    assert {(one.line, one.field) for one in found.aside} == {(6, "count"), (7, "orgnr")}
    assert len(found.results[0].task.cases) == 2


def test_columns_that_only_help_may_be_absent(tmp_path: Path) -> None:
    write(
        tmp_path,
        no_ldir_name_variants="orgnr,name,is_latest\n910000011,TVEITEN HØNSERI,0\n",
        no_ldir_entities="orgnr,name\n910000011,TVEITEN HØNSERI ANS\n",
    )
    result = evaluate_task(read_task(tmp_path, "t2_ldir"))
    assert result.with_places is None
    assert result.names_only.recall_1.value == 1.0


def test_what_cannot_be_measured_is_said(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(EvaluationError, match="no linkage task 't2_moon'; there are t2_ldir"):
        evaluate(folder, ["t2_moon"])
    with pytest.raises(EvaluationError, match=r"nothing to measure: er/eu_ted_name_variants\.csv"):
        evaluate(tmp_path, ["t2_ted"])
    write(tmp_path, no_ldir_name_variants="orgnr,name,is_latest\n910000011,TVEITEN,1\n")
    with pytest.raises(EvaluationError, match="no row that can be asked"):
        read_task(tmp_path, "t2_ldir")


def _twins() -> Task:
    """Return eight units of one name in one place, of which one is meant."""
    where = Place(municipality="4601")
    register = tuple(
        Organisation(id=OrgId(NORWAY, str(910000100 + at)), name="Tun AS", business_place=where)
        for at in range(8)
    )
    case = Case(id="q", query=Query(name="Tun AS", place="4601"), truth=register[0].id)
    return Task(name="twins", about="", rounds=(Round(register, (case,)),), files=())


def test_a_tie_is_no_success_whatever_the_order() -> None:
    found = measure(ask_all(_twins()))
    assert found.recall_1.value == 0.0
    assert found.mrr.value == pytest.approx(1 / 8)


def test_a_third_of_the_units_meant_is_deleted() -> None:
    many = [OrgId(NORWAY, str(number)) for number in range(910000000, 910003000)]
    assert sum(map(is_deleted, many)) / len(many) == pytest.approx(1 / 3, abs=0.03)
    units = tuple(
        Organisation(id=org, name=f"Lomvi {at} AS", business_place=Place(municipality="4601"))
        for at, org in enumerate(many[:30])
    )
    cases = tuple(
        Case(id=str(unit.id), query=Query(name=unit.name, place="4601"), truth=unit.id)
        for unit in units[:10]
    )
    task = Task(name="made", about="", rounds=(Round(units, cases),), files=())
    left = {unit.id for unit in without_deleted(task).rounds[0].register}
    gone = {unit.id for unit in units} - left
    assert gone == {case.truth for case in cases if is_deleted(case.truth)}
    found = no_answer(ask_all(without_deleted(task)))
    assert found.wrong_automatic.of == len(gone)
    assert found.coverage.of == len(cases) - len(gone)


def test_the_order_of_queries_and_units_does_not_matter(folder: Path) -> None:
    task = read_task(folder, "t2_ldir")
    (one,) = task.rounds
    dice = random.Random(7)
    mixed = Round(
        dice.sample(one.register, len(one.register)), dice.sample(one.cases, len(one.cases))
    )
    assert measure(ask_all(replace(task, rounds=(mixed,)))) == measure(ask_all(task))


def _pair(
    register: str, printed: str, same: Meant, *, where: str | None = "5020 Bergen"
) -> HardPair:
    return HardPair(
        table="made",
        register_name=register,
        register_place="5020 Bergen",
        printed_name=printed,
        printed_place=where,
        same=same,
    )


def test_hard_pairs_by_hand() -> None:
    rows = [
        _pair("Alkekonge Bakeri AS", "Alkekonge Bakeri AS", Meant.YES),
        _pair("Lomvi Transport AS", "Teist og Lunde", Meant.YES),
        _pair("Alkekonge Bakeri AS", "Alkekonge Bakeri AS", Meant.NO),
        _pair("Lomvi Transport AS", "Alkekonge Bakeri AS", Meant.NO),
        _pair("Lomvi Transport AS", "Lomvi Transport AS", Meant.NOBODY),
        _pair("Lomvi Transport AS", "Havsule Kontor", Meant.NOBODY),
    ]
    (found,) = evaluate_pairs(rows)
    assert (found.table, found.pairs, found.meant) == ("made", 6, 2)
    assert (found.right, found.missed, found.wrong, found.kept_apart) == (1, 1, 2, 2)


def test_tables_of_hard_pairs_are_read_and_bad_rows_kept_aside(tmp_path: Path) -> None:
    head = "table\tregister_name\tregister_place\tprinted_name\tprinted_place\tsame\twhy"
    (tmp_path / "a.tsv").write_text(
        f"{head}\nt\tHavn AS\tMolde\tHavn\t\tyes\tform\nt\tHavn AS\tMolde\tHavn\t\tmaybe\t\n",
        encoding="utf-8",
    )
    rows, aside = read_hard_pairs(tmp_path)
    assert [(row.table, row.same, row.printed_place) for row in rows] == [("t", Meant.YES, None)]
    assert [str(one) for one in aside] == ["a.tsv, line 3, same: neither yes, no nor nobody"]
    with pytest.raises(EvaluationError, match="no table of hard pairs"):
        read_hard_pairs(tmp_path / "none")


def test_labelled_pairs_of_people_are_passed_over(folder: Path) -> None:
    rows, table = read_bench(folder)
    assert [row.same for row in rows] == [True, False]
    assert not table.aside
    found = evaluate_bench(rows)
    assert (found.true, found.true_first, found.false, found.false_first) == (1, 1, 1, 0)
    # A name alone is not enough to go without a person.
    assert (found.true_automatic, found.false_automatic) == (0, 0)


def test_the_report_is_the_same_each_time_and_copies_no_row(folder: Path, tmp_path: Path) -> None:
    found = evaluate(folder, ["t2_ldir", "os_name_bench_cases"])
    (tmp_path / "again").mkdir()
    written = write_report(found, tmp_path / "quality.md")
    again = write_report(found, tmp_path / "again" / "quality.md")
    assert [one.read_bytes() for one in written] == [one.read_bytes() for one in again]
    text = written[0].read_text("utf-8")
    assert "## Aims" in text
    assert "| t2_ldir | R@1 | 1.000 [" in text
    assert "TVEITEN" not in text
    assert {one.name for one in written[1:]} == {"t2_ldir-coverage.svg", "t2_ldir-calibration.svg"}
    assert "](quality/t2_ldir-coverage.svg)" in text


def test_every_task_has_a_name_and_a_sentence(folder: Path) -> None:
    assert len(set(ALL_TASKS)) == len(ALL_TASKS)
    for name in TASKS:
        task = read_task(folder, name)
        assert task.name == name
        assert task.about.endswith(".")

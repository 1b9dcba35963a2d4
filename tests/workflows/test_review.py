"""What is unsure is asked once, and a person's answer outlives reruns and re-crawls."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from procmatch.model.label import Decision, Label, Printed
from procmatch.model.match import Linked
from procmatch.model.notice import Award, Notice, NoticeKind, OrganisationRef
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.model.values import Place
from procmatch.store import Store, labels, notices, organisations
from procmatch.store.documents import decode
from procmatch.store.tables import link_labels, parties
from procmatch.workflows import link, review
from procmatch.workflows.csv_out import writer
from procmatch.workflows.import_evidence import import_evidence
from procmatch.workflows.review_file import COLUMNS, read_decisions, write_question
from procmatch.workflows.review_list import Choice, Question
from tests.linkage.register import BAKER, REGISTER, TWIN_BERGEN, TWIN_OSLO, number, unit
from tests.procedures.make import result

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TWIN = "Nordlys Renhold AS"
PERSON = unit(50, "KARI MYRVOLL", "ENK")


def won(at: int, name: str, **fields: object) -> Notice:
    winner = OrganisationRef(name=name, **fields)  # type: ignore[arg-type]
    award = Award(lot="LOT-0001", result="selec-w", winners=(winner,))
    return result(at, buyers=(), awards=(award,), kind=NoticeKind.RESULT)


@pytest.fixture
def filled(store: Store) -> Store:
    """The invented register; three notices name a twin, one the bakery."""
    with store.begin() as connection:
        organisations.save_organisations(connection, [*REGISTER, PERSON])
        for at in (1, 2, 3):
            notices.save(connection, won(at, TWIN), str(at) * 64)
        notices.save(connection, won(4, "Elvebakken Bakeri AS"), "4" * 64)
    link.link(store)
    return store


def linked(store: Store, name: str) -> list[Linked | None]:
    with store.read() as connection:
        texts = connection.scalars(select(parties.c.document).where(parties.c.name == name))
        return [decode(text, Linked) if text else None for text in texts]


def answers(store: Store, path: Path, **decisions: str) -> Path:
    """Write the list, and beside candidates by their number ("n310...") a decision."""
    review.write_list(review.open_questions(store), path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, rows[0])
        out.writeheader()
        for row in rows:
            word = decisions.get(f"n{row['candidate_number']}", "")
            out.writerow({**row, "decision": word})
    return path


def test_a_party_is_asked_about_once_and_the_most_frequent_comes_first(filled: Store) -> None:
    twin, bakery = review.open_questions(filled)
    assert (twin.printed, twin.times) == (Printed(name=TWIN), 3)
    assert {one.org for one in twin.candidates} == {TWIN_OSLO.id, TWIN_BERGEN.id}
    assert {one.place for one in twin.candidates} == {"0150 Oslo", "5003 Bergen"}
    assert bakery.times == 1
    assert bakery.candidates[0].org == BAKER.id
    assert [one.printed for one in review.open_questions(filled, limit=1)] == [twin.printed]


def test_yes_holds_for_every_notice_and_is_not_asked_again(filled: Store, tmp_path: Path) -> None:
    path = answers(filled, tmp_path / "r.csv", **{f"n{TWIN_BERGEN.id.number}": "Yes"})
    taken = review.take_decisions(filled, path, now=NOW)
    assert (taken.read, taken.kept, taken.unread) == (1, 1, ())
    assert [one.printed.name for one in review.open_questions(filled)] == ["Elvebakken Bakeri AS"]
    assert link.link(filled).certain == 3
    found = linked(filled, TWIN)
    assert all(one and (one.org, one.certain) == (TWIN_BERGEN.id, True) for one in found)
    assert review.take_decisions(filled, path, now=NOW).kept == 0


def test_a_decision_outlives_a_rerun_and_a_crawl_that_reads_the_notice_anew(
    filled: Store, tmp_path: Path
) -> None:
    path = answers(filled, tmp_path / "r.csv", **{f"n{TWIN_BERGEN.id.number}": "ja"})
    review.take_decisions(filled, path, now=NOW)
    link.link(filled)
    link.link(filled)
    with filled.begin() as connection:
        # The winner is now the second party of its notice, so its link is gone.
        changed = result(
            1,
            buyers=(),
            awards=(
                Award(
                    lot="LOT-0001",
                    result="selec-w",
                    winners=(OrganisationRef(name="Ny AS"), OrganisationRef(name=TWIN)),
                ),
            ),
            kind=NoticeKind.RESULT,
        )
        notices.save(connection, changed, "9" * 64)
        notices.save(connection, won(7, TWIN.upper()), "7" * 64)
    link.link(filled)
    found = linked(filled, TWIN) + linked(filled, TWIN.upper())
    assert len(found) == 4
    assert all(one and (one.org, one.method) == (TWIN_BERGEN.id, "decided") for one in found)


def test_no_excludes_one_candidate_and_nobody_settles_the_party(
    filled: Store, tmp_path: Path
) -> None:
    path = answers(
        filled,
        tmp_path / "r.csv",
        **{f"n{TWIN_BERGEN.id.number}": "no", f"n{BAKER.id.number}": "nobody"},
    )
    assert review.take_decisions(filled, path, now=NOW).kept == 2
    report = link.link(filled)
    assert (report.uncertain, report.nobody) == (3, 1)
    assert {one and one.org for one in linked(filled, TWIN)} == {TWIN_OSLO.id}
    (question,) = review.open_questions(filled)
    assert [one.org for one in question.candidates] == [TWIN_OSLO.id]


def test_a_decision_against_a_certain_link_undoes_it(store: Store) -> None:
    printed = OrganisationRef(
        name="Elvebakken Bakeri AS", number=BAKER.id.number, place=Place(city="Oslo")
    )
    with store.begin() as connection:
        organisations.save_organisations(connection, REGISTER)
        notice = result(1, awards=(), buyers=(printed,))
        notices.save(connection, notice, "1" * 64)
    assert link.link(store).certain == 1
    assert link.link(store).parties == 0
    asked = Printed(name=printed.name, number=printed.number, place="Oslo")
    with store.begin() as connection:
        nobody = Label(
            key=asked.key, printed=asked, decision=Decision.NOBODY, decided_at=NOW, source="test"
        )
        labels.save(connection, [nobody])
    assert link.link(store).nobody == 1
    with store.begin() as connection:
        connection.execute(delete(link_labels))
    assert link.link(store).certain == 1


HEADER = "kind,source,name,number,place\n"


def test_evidence_asks_the_decisions_too(filled: Store, tmp_path: Path) -> None:
    body = (HEADER + f"central_approval,Liste,{TWIN},,\niso_9001,Liste,{TWIN},,\n").encode()
    import_evidence(filled, body, clock=lambda: NOW)
    assert review.open_questions(filled)[0].times == 5
    path = answers(filled, tmp_path / "r.csv", **{f"n{TWIN_OSLO.id.number}": "yes"})
    review.take_decisions(filled, path, now=NOW)
    assert link.link(filled).evidence.certain == 2
    assert link.link(filled).evidence.rows == 0
    again = import_evidence(filled, body, clock=lambda: NOW)
    assert (again.changed, again.linked.rows) == (0, 0)


def test_evidence_of_a_sole_proprietor_stays_tied_though_its_name_is_forgotten(
    filled: Store, tmp_path: Path
) -> None:
    asked = Printed(name="Kari Myrvoll")
    yes = Label(
        key=asked.key,
        printed=asked,
        decision=Decision.SAME,
        org=PERSON.id,
        decided_at=NOW,
        source="test",
    )
    with filled.begin() as connection:
        labels.save(connection, [yes])
    body = (HEADER + "iso_9001,Liste,Kari Myrvoll,,\n").encode()
    assert import_evidence(filled, body, clock=lambda: NOW).linked.certain == 1
    assert link.link(filled).evidence.rows == 0
    again = import_evidence(filled, body, clock=lambda: NOW)
    assert (again.changed, again.linked.rows) == (0, 0)
    out = tmp_path / "labels.jsonl"
    assert review.export_labels(filled, out) == 0
    assert out.read_bytes() == b""


def test_evidence_perhaps_of_a_sole_proprietor_stays_perhaps_theirs(filled: Store) -> None:
    body = (HEADER + "iso_9001,Liste,Kari Myrvoll,,\n").encode()
    assert import_evidence(filled, body, clock=lambda: NOW).linked.possible == 1
    assert link.link(filled).evidence.rows == 0


def test_labels_are_given_out_for_training(filled: Store, tmp_path: Path) -> None:
    path = answers(
        filled,
        tmp_path / "r.csv",
        **{f"n{TWIN_BERGEN.id.number}": "yes", f"n{TWIN_OSLO.id.number}": "no"},
    )
    review.take_decisions(filled, path, now=NOW)
    out = tmp_path / "labels.jsonl"
    assert review.export_labels(filled, out) == 2
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    yes = next(line for line in lines if line["decision"] == "same")
    assert yes["printed"]["name"] == TWIN
    assert yes["org"] == {"register": NORWAY, "number": TWIN_BERGEN.id.number}
    assert (yes["name"], yes["source"]) == (TWIN_BERGEN.name, "review file")


ROW = "aaaaaaaaaaaaaaaaaaaa,Nordlys,{number},{decision}\n"
OTHER_ROW = "bbbbbbbbbbbbbbbbbbbb,Bakeri,{number},{decision}\n"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([(1, "perhaps")], "line 3: decision: 'perhaps' is none of yes, no and nobody"),
        ([(3, "yes"), (4, "yes")], "line 4: decision: line 3 says otherwise"),
        ([(3, "yes"), (4, "nobody")], "line 4: decision: line 3 says otherwise"),
        ([(3, "yes"), (3, "no")], "line 4: decision: line 3 says yes to the same unit"),
        ([(77, "yes")], f"line 3: candidate_number: {number(77)} is not in the register"),
    ],
)
def test_a_bad_decision_is_named_and_the_rest_counts(
    tmp_path: Path, rows: list[tuple[int, str]], said: str
) -> None:
    path = tmp_path / "r.csv"
    good = OTHER_ROW.format(number=BAKER.id.number, decision="yes")
    bad = "".join(ROW.format(number=number(seed), decision=word) for seed, word in rows)
    path.write_text(f"query,name,candidate_number,decision\n{good}{bad}", encoding="utf-8")
    known = {one.id.number: one.id for one in REGISTER}
    decided = read_decisions(path, lambda _numbers: known, NOW)
    assert [label.org for label in decided.labels] == [BAKER.id]
    (unread,) = decided.unread
    assert f"{unread.key}: {unread.where}: {unread.reason}".startswith(said)
    assert len(decided.bad) == len(rows)


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
_PRINTED = st.builds(
    Printed,
    name=_TEXT,
    number=st.none() | _TEXT.map(str.strip).filter(bool),
    place=st.none() | _TEXT.map(str.strip).filter(bool),
    postcode=st.none() | _TEXT.map(str.strip).filter(bool),
)


@given(_PRINTED, _TEXT, st.sampled_from(["yes", "no", "nobody"]))
def test_decisions_written_and_read_back_give_the_same(
    tmp_path_factory: pytest.TempPathFactory, printed: Printed, name: str, word: str
) -> None:
    path = tmp_path_factory.mktemp("review") / "r.csv"
    org = OrgId(NORWAY, BAKER.id.number)
    choice = Choice(org=org, name=name, score=0.5, why="")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = writer(file)
        rows.writerow(COLUMNS)
        write_question(rows, Question(printed=printed, candidates=(choice,)), (*COLUMNS[:-1],))
    text = path.read_bytes().decode("utf-8-sig").removesuffix("\r\n")
    path.write_bytes(f"{text},{word}\r\n".encode())
    decided = read_decisions(path, lambda _numbers: {org.number: org}, NOW)
    (label,) = decided.labels
    assert label.printed == printed
    assert label.key == printed.key
    assert (label.org, label.name) == ((None, "") if word == "nobody" else (org, name))

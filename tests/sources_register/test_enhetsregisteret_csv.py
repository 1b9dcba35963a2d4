"""The register's file as CSV says the same as its JSON; a bad line spoils itself only."""

from __future__ import annotations

import csv
import io

import pytest

from procmatch.demo import world
from procmatch.demo.standins.register_csv import as_csv
from procmatch.errors import SourceChanged, SourceError
from procmatch.model.organisation import Organisation
from procmatch.sources.enhetsregisteret import Removed, read_unit
from procmatch.sources.enhetsregisteret_csv import read_units

HEAD = "organisasjonsnummer,navn,organisasjonsform.kode\n"


def _lines(text: str) -> list[str]:
    return io.StringIO(text, newline="").readlines()


def test_the_file_says_what_the_json_says() -> None:
    living = [
        item
        for item in world.units()
        if isinstance(unit := read_unit(item), Organisation) and unit.deleted_on is None
    ]
    read = list(read_units(_lines(as_csv(living).decode())))
    expected = [read_unit(item) for item in living]
    # Former names are not in the file.
    plain = [
        one if isinstance(one, Removed) else (one.id, one.name, one.purpose, one.industry_codes)
        for one in expected
    ]
    assert plain == [
        (one.id, one.name, one.purpose, one.industry_codes)
        for one in read
        if isinstance(one, Organisation)
    ]
    assert len(read) == len(living) > 100
    first = next(one for one in read if isinstance(one, Organisation) and one.business_place)
    assert first.business_place.municipality


def test_a_line_break_in_a_cell_is_part_of_the_purpose() -> None:
    text = 'organisasjonsnummer,navn,vedtektsfestetFormaal\n999601391,SKALK AS,"Baking\nav brød"\n'
    (unit,) = read_units(_lines(text))
    assert isinstance(unit, Organisation)
    assert unit.purpose == "Baking av brød"


def test_somebody_elses_notes_are_passed_over() -> None:
    text = "organisasjonsnummer,navn,_src\n999601391,SKALK AS,here\n"
    (unit,) = read_units(_lines(text))
    assert isinstance(unit, Organisation)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("999601390,SKALK AS,AS", SourceError),
        ("999601391,,AS", SourceError),
        ("999601391,SKALK AS", SourceError),
        ("999601391,SKALK AS,AS,more", SourceError),
    ],
)
def test_a_line_that_cannot_be_read_stands_beside_those_that_can(
    line: str, error: type[SourceError]
) -> None:
    read = list(read_units(_lines(f"{HEAD}{line}\n999601391,SKALK AS,AS\n")))
    assert isinstance(read[0], error)
    assert isinstance(read[1], Organisation)


def test_a_new_column_with_something_in_it_is_said() -> None:
    text = "organisasjonsnummer,navn,nytt\n999601391,SKALK AS,x\n"
    (found,) = read_units(_lines(text))
    assert isinstance(found, SourceChanged)
    assert "nytt" in str(found)


@pytest.mark.parametrize("text", ["", "navn\nSKALK AS\n", "{}\n"])
def test_what_is_no_such_file_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match="organisasjonsnummer"):
        list(read_units(_lines(text)))


def test_a_cell_without_end_is_refused_with_its_line() -> None:
    text = HEAD + '999601391,"' + "x" * (csv.field_size_limit() + 1)
    with pytest.raises(SourceError, match="no CSV"):
        list(read_units(_lines(text)))

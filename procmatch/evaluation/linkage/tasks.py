"""The linkage tasks that a labelled folder may hold, by their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from procmatch.errors import EvaluationError
from procmatch.evaluation.folders import Row, Table, read_table
from procmatch.evaluation.linkage.task import Case, Round, Task
from procmatch.linkage import Query
from procmatch.model.organisation import NORWAY, Organisation, OrgId
from procmatch.model.values import Place

__all__ = ["TASKS", "read_task"]

UNITS = "er/register_units.csv"


def _norwegian(row: Row, *, name: str = "name", number: str = "orgnr") -> Organisation:
    place = Place(
        municipality=row.get("municipality"), postcode=row.get("postcode"), city=row.get("town")
    )
    return Organisation(id=OrgId(NORWAY, row[number].strip()), name=row[name], business_place=place)


def _task(
    name: str,
    about: str,
    rounds: Iterable[tuple[Iterable[Organisation], Iterable[Case]]],
    *tables: Table,
) -> Task:
    """Put a task together: each unit once (the last counts), each query once (the first does)."""
    asked: set[str] = set()
    built = []
    for register, cases in rounds:
        new = []
        for case in cases:
            if case.id not in asked:
                asked.add(case.id)
                new.append(case)
        units = {unit.id: unit for unit in register}
        built.append(Round(tuple(units.values()), tuple(new)))
    return Task(
        name=name,
        about=about,
        rounds=tuple(built),
        files=tuple(table.file for table in tables),
        aside=tuple(one for table in tables for one in table.aside),
    )


def _more_units(folder: Path) -> Table:
    """Return units that no query means; a folder without them makes a task easier, not void."""
    try:
        return read_table(folder, UNITS, needs=("orgnr", "name"))
    except EvaluationError:
        return Table(UNITS)


def _present(*tables: Table) -> list[Table]:
    return [table for table in tables if table.columns]


def t2_ldir(folder: Path) -> Task:
    """Former spellings of farm and food businesses, against their present names."""
    variants = read_table(
        folder, "er/no_ldir_name_variants.csv", needs=("orgnr", "name", "is_latest")
    )
    entities = read_table(folder, "er/no_ldir_entities.csv", needs=("orgnr", "name"))
    units = read_table(folder, UNITS, needs=("orgnr", "name"))
    cases = (
        Case(
            id=f"{row['orgnr']}|{row['name']}",
            query=Query(
                name=row["name"], place=row.get("municipality"), postcode=row.get("postcode")
            ),
            truth=OrgId(NORWAY, row["orgnr"].strip()),
        )
        for row in variants.rows
        if row["is_latest"] == "0"
    )
    register = map(_norwegian, (*units.rows, *entities.rows))
    about = "Earlier names of Norwegian farm and food businesses; some are true renames."
    return _task("t2_ldir", about, [(register, cases)], variants, entities, units)


def t2_subunit(folder: Path) -> Task:
    """Names of establishments, against the units that own them."""
    about = "Names of Norwegian establishments; meant is the unit that owns each."
    return _establishments(folder, "t2_subunit", about, flag=None)


def t2_subunit_by_name(folder: Path) -> Task:
    """The establishments whose name has something in common with their unit's."""
    about = "Of t2_subunit, those that its file marks as solvable by their name."
    return _establishments(folder, "t2_subunit_by_name", about, flag="resolvable_by_name")


def _establishments(folder: Path, name: str, about: str, *, flag: str | None) -> Task:
    needs = ("query_name", "query_orgnr", "parent_orgnr")
    pairs = read_table(
        folder, "er/no_subunit_to_parent.csv", needs=(*needs, flag) if flag else needs, filled=needs
    )
    units = read_table(folder, UNITS, needs=("orgnr", "name"))
    cases = (
        Case(
            id=row["query_orgnr"],
            query=Query(
                name=row["query_name"], place=row.get("municipality"), postcode=row.get("postcode")
            ),
            truth=OrgId(NORWAY, row["parent_orgnr"].strip()),
        )
        for row in pairs.rows
        if flag is None or row.get(flag) == "1"
    )
    return _task(name, about, [(map(_norwegian, units.rows), cases)], pairs, units)


def t2_ted(folder: Path) -> Task:
    """Other spellings of European buyers and winners."""
    needs = ("country", "entity_id", "name")
    variants = read_table(folder, "er/eu_ted_name_variants.csv", needs=needs)
    entities = read_table(folder, "er/eu_ted_entities.csv", needs=needs)

    def org(row: Row) -> OrgId:
        return OrgId(row["country"], row["entity_id"])

    known = {org(row): row["name"] for row in entities.rows}
    register = (
        Organisation(
            id=org(row),
            name=row["name"],
            business_place=Place(city=row.get("town"), postcode=row.get("postcode")),
            country=row["country"],
        )
        for row in entities.rows
    )
    cases = (
        Case(
            id=f"{row['country']}{row['entity_id']}|{row['name']}",
            query=Query(name=row["name"], place=row.get("town"), postcode=row.get("postcode")),
            truth=org(row),
        )
        for row in variants.rows
        if row["name"] != known.get(org(row))
    )
    about = "Spellings of European buyers and winners that differ from the one in the register."
    return _task("t2_ted", about, [(register, cases)], variants, entities)


def no_doffin_party_names(folder: Path) -> Task:
    """Rarer spellings of Norwegian parties, against the commonest; the number is withheld."""
    parties = read_table(folder, "er/no_doffin_party_names.csv", needs=("orgnr", "name"))
    more = _more_units(folder)
    counts = _counts(parties)
    commonest: dict[str, Row] = {}
    for row in parties.rows:
        best = commonest.setdefault(row["orgnr"], row)
        if counts[row.line] > counts[best.line]:
            commonest[row["orgnr"]] = row
    cases = (
        Case(
            id=f"{row['orgnr']}|{row['name']}",
            query=Query(name=row["name"], place=row.get("town")),
            truth=OrgId(NORWAY, row["orgnr"].strip()),
        )
        for row in parties.rows
        if row["name"] != commonest[row["orgnr"]]["name"]
    )
    register = map(_norwegian, (*more.rows, *commonest.values()))
    about = (
        "Parties as printed in notices, without their numbers; an agent's number may stand for "
        "several municipalities."
    )
    tables = _present(parties, more)
    return _task("no_doffin_party_names", about, [(register, cases)], *tables)


def _counts(table: Table) -> dict[int, int]:
    """Return by line how often each row was printed; rows that say it badly are kept aside."""
    counts = {}
    for row in list(table.rows):
        printed = row.get("count") or "1"
        if printed.isdecimal():
            counts[row.line] = int(printed)
        else:
            table.rows.remove(row)
            table.set_aside(row.line, "count", "no whole number")
    return counts


def no_public_bodies_nb_nn_en(folder: Path) -> Task:
    """Nynorsk and English names of public bodies, against their bokmål names."""
    bodies = read_table(folder, "er/no_public_bodies_nb_nn_en.csv", needs=("orgnr", "name_nb"))
    if not {"name_nn", "name_en"} & set(bodies.columns):
        raise EvaluationError(f"{bodies.file}: neither a column 'name_nn' nor 'name_en'")
    more = _more_units(folder)
    cases = (
        Case(
            id=f"{row['orgnr']}|{name}",
            query=Query(name=name),
            truth=OrgId(NORWAY, row["orgnr"].strip()),
        )
        for row in bodies.rows
        for column in ("name_nn", "name_en")
        if (name := row.get(column)) and name != row["name_nb"]
    )
    register = [
        *map(_norwegian, more.rows),
        *(_norwegian(row, name="name_nb") for row in bodies.rows),
    ]
    about = "Nynorsk and English names of Norwegian public bodies; the register has bokmål."
    tables = _present(bodies, more)
    return _task("no_public_bodies_nb_nn_en", about, [(register, cases)], *tables)


def _one_left_out(
    names: Sequence[tuple[OrgId, str]],
) -> Iterable[tuple[list[Organisation], list[Case]]]:
    """Yield for each name of a unit that has several: a register without it, and its query."""
    known: dict[OrgId, list[str]] = {}
    for org, name in names:
        known.setdefault(org, []).append(name)
    units = {org: _bearing(org, list(dict.fromkeys(own))) for org, own in known.items()}
    for org, unit in units.items():
        own = [unit.name, *unit.former_names]
        for name in own if len(own) > 1 else ():
            rest = _bearing(org, [one for one in own if one != name])
            case = Case(id=f"{org.number}|{name}", query=Query(name=name), truth=org)
            yield list((units | {org: rest}).values()), [case]


def _bearing(org: OrgId, names: Sequence[str]) -> Organisation:
    return Organisation(id=org, name=names[0], former_names=tuple(names[1:]))


def no_food_place_multi_names(folder: Path) -> Task:
    """Names of food places of one unit: is each found by the others?"""
    table = read_table(folder, "er/no_food_place_multi_names.csv", needs=("orgnr", "name"))
    names = [(OrgId(NORWAY, row["orgnr"].strip()), row["name"]) for row in table.rows]
    about = "Names of food places under one number: each is asked for in a register of the others."
    return _task("no_food_place_multi_names", about, _one_left_out(names), table)


def nl_patent(folder: Path) -> Task:
    """Names of patent applicants: is each found by the other names of the same one?"""
    table = read_table(folder, "er/nl_patent_applicants_orgs.csv", needs=("entity_id", "name"))
    names = [(OrgId("NL", row["entity_id"]), row["name"]) for row in table.rows]
    about = "Names of Dutch patent applicants: each is asked for in a register of the others."
    return _task("nl_patent", about, _one_left_out(names), table)


#: Tasks of ranked answers by name, in the order of the report.
TASKS: dict[str, Callable[[Path], Task]] = {
    reader.__name__: reader
    for reader in (
        t2_ldir,
        t2_subunit,
        t2_subunit_by_name,
        t2_ted,
        no_doffin_party_names,
        no_public_bodies_nb_nn_en,
        no_food_place_multi_names,
        nl_patent,
    )
}


def read_task(folder: Path, name: str) -> Task:
    """Read one task.

    Args:
        folder: the labelled folder. Its files lie in ``er/``.
        name: a key of :data:`TASKS`.

    Raises:
        EvaluationError: an unknown name, a file or a column that is missing, or no query left.
    """
    if name not in TASKS:
        raise EvaluationError(f"no linkage task {name!r}; there are {', '.join(TASKS)}")
    task = TASKS[name](folder)
    if not task.cases:
        raise EvaluationError(f"{', '.join(task.files)}: no row that can be asked")
    return task

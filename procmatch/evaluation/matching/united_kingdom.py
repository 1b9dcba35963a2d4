"""t1_uk: awards of Lancashire's councils, against all firms they pay, with industries."""

from __future__ import annotations

from pathlib import Path

from procmatch.evaluation.folders import Row, read_table
from procmatch.evaluation.matching.world import Inclusion, Task, World
from procmatch.matching.relevance import Firm, Need
from procmatch.text.folding import fold_ascii

__all__ = ["read_uk"]

#: How far up the accounts that a company files say it is large, 0..1.
_SIZES = {
    "micro-entity": 0.1,
    "total-exemption-full": 0.3,
    "unaudited-abridged": 0.3,
    "small": 0.4,
    "medium": 0.7,
    "full": 0.9,
    "group": 1.0,
}
_SMALL = 0.4
#: A limited liability partnership files no industry; the form is that of the professions.
_PARTNERSHIP, _PROFESSIONS = "llp", ("69.10", "69.20", "71.11", "70.22")


def _letters(postcode: str) -> str:
    """The postal area, "PR" of "PR7 1DP": about a county's size."""
    return postcode[:2].rstrip("0123456789").upper()


def _firm(row: Row) -> Firm:
    codes = (row.get("sic_codes") or "").split()
    industries = tuple(f"{code[:2]}.{code[2:4]}" for code in codes)
    if not industries and row.get("company_type") == _PARTNERSHIP:
        industries = _PROFESSIONS
    return Firm(
        key=row["company_number"],
        name=f"{row['company_name']} {row.get('aliases') or ''}",
        text=row.get("sic_text") or "",
        language="en",
        industries=industries,
        nace="2",
        towns=tuple(filter(None, [fold_ascii(row.get("locality") or "")])),
        postcode=row.get("postcode") or "",
        size=_SIZES.get(row.get("accounts_type") or ""),
    )


def _need(row: Row) -> Need:
    return Need(
        key=row["notice_id"],
        title=row["title"],
        text=row.get("description") or "",
        language="en",
        cpv=tuple(dict.fromkeys((row.get("cpv_codes") or "").split())),
        buyer=row.get("buyer") or "",
        postcode=row.get("postcode") or "",
        day=row.get("published_date") or "",
    )


def read_uk(folder: Path) -> Task:
    """Read notices and firms; neither size nor any history is used to rank."""
    name = "uk_lancashire"
    notices = read_table(
        folder,
        f"{name}/notices_labelled.csv",
        needs=("notice_id", "title", "winner_company_numbers"),
    )
    register = read_table(
        folder, f"{name}/register_suppliers.csv", needs=("company_number", "company_name")
    )
    firms = tuple(_firm(row) for row in register.rows)
    wanted = {
        row["notice_id"]: frozenset(row["winner_company_numbers"].split()) for row in notices.rows
    }
    of_firm = {
        firm.key: Inclusion(
            small=None if firm.size is None else firm.size <= _SMALL,
            local=_letters(firm.postcode),
        )
        for firm in firms
    }
    world = World(
        needs=tuple(_need(row) for row in notices.rows),
        firms=firms,
        awards=(),
        wanted=wanted,
        # Buyers repeat a winner: playgrounds are bought of the same maker again and again.
        groups={query: min(keys) for query, keys in wanted.items()},
        of_firm=of_firm,
        home={row["notice_id"]: _letters(row.get("postcode") or "") for row in notices.rows},
    )
    return Task(name="t1_uk", worlds=(world,), aside=(*notices.aside, *register.aside))

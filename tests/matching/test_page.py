"""The page on a notice: every lot with who fits, why, and what is in the way, said once."""

from __future__ import annotations

import re
from dataclasses import replace

from procmatch.matching.page import Part, page
from procmatch.model.match import Criterion, Hurdle, Match, Verdict
from procmatch.model.notice import Lot, Notice, NoticeKind, OrganisationRef
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.model.values import Text
from procmatch.text.messages import Message

RESERVED = Hurdle(
    kind="reserved",
    blocking=False,
    reason=Message("The contract covers the whole country."),
    way_out=Message("Sign it early, so that there is time to read."),
    source="BT-21",
)
FEE = Hurdle(
    kind="fee", blocking=False, reason=Message("Taking part costs a fee."), source="BT-750"
)
NEAR = Message("The lot is not tied to a place.")


def _match(name: str, number: str, *hurdles: Hurdle, km: float = 3, trade: float = 1.0) -> Match:
    return Match(
        notice="n",
        lot="LOT-0001",
        supplier=OrgId(NORWAY, number),
        supplier_name=name,
        score=0.5,
        verdict=Verdict.PERHAPS if hurdles else Verdict.ELIGIBLE,
        criteria=(
            Criterion(
                name="trade",
                points=trade,
                weight=1.0,
                lot_value="15811000",
                supplier_value="10.710",
                lot_source="BT-262",
                supplier_source="naeringskode",
                reason=NEAR,
            ),
        ),
        hurdles=hurdles,
        reasons=(NEAR,),
        distance_km=km,
    )


def _text(words: str) -> Text:
    return Text(versions=(("NOR", words),))


def _page(*parts: Part, language: str = "en", shown: int = 5) -> str:
    notice = Notice(
        notice_id="u",
        version="01",
        source_id="2026-1",
        kind=NoticeKind.COMPETITION,
        title=_text("Møtemat"),
        buyers=(OrganisationRef(name="Havneset kommune"),),
    )
    return page(
        notice,
        parts,
        market=9,
        town=lambda org: "Asker" if org.number == "1" else "",
        language=language,
        radius_km=80,
        shown=shown,
        note="An excerpt.",
    )


def _part(key: str, *found: Match) -> Part:
    return Part(lot=Lot(id=key, title=_text(f"Brød | {key}")), found=found)


def test_a_firm_stands_with_town_reason_and_hurdle() -> None:
    text = _page(_part("LOT-0001", _match("SKALK AS", "1"), _match("RUND AS", "2", FEE)))
    assert "# Møtemat" in text
    assert "Havneset kommune. 2026-1." in text
    assert "9 firms" in text
    assert "An excerpt." in text
    assert "| SKALK AS (1), Asker | The lot is not tied to a place. |  |" in text
    assert "| RUND AS (2) | The lot is not tied to a place. | Taking part costs a fee. |" in text


def test_what_stands_in_everybodys_way_is_said_once_above() -> None:
    both = _match("SKALK AS", "1", RESERVED), _match("RUND AS", "2", RESERVED, FEE)
    text = _page(_part("LOT-0001", *both))
    assert text.count("The contract covers the whole country.") == 1
    assert text.index("whole country. → Sign it early") < text.index("| SKALK AS")
    assert "| RUND AS (2) | The lot is not tied to a place. | Taking part costs a fee. |" in text


def test_the_same_list_is_not_repeated() -> None:
    found = _match("SKALK AS", "1"), _match("RUND AS", "2", FEE)
    text = _page(_part("LOT-0001", *found), _part("LOT-0002", *found), _part("LOT-0003", found[0]))
    assert text.count("SKALK AS") == 2
    assert "The same firms as in LOT-0001." in text


def test_firms_of_the_trade_are_counted_near_and_free() -> None:
    found = (
        _match("A", "1"),
        _match("B", "2", FEE),
        _match("C", "3", km=200),
        _match("D", "4", trade=0.2),
        replace(_match("E", "5"), verdict=Verdict.NOT),
    )
    text = _page(_part("LOT-0001", *found))
    assert "| LOT-0001 | Brød \\| LOT-0001 | 3 | 2 | 1 |" in text
    assert "| E (5)" not in text


def test_only_so_many_are_shown_and_nobody_is_said() -> None:
    found = [_match(f"F{at}", str(at)) for at in range(1, 9)]
    assert len(re.findall(r"\| F\d", _page(_part("LOT-0001", *found), shown=2))) == 2
    assert "Nobody in this market fits." in _page(_part("LOT-0001"))


def test_it_is_said_in_norwegian_too() -> None:
    part = _part("LOT-0001", _match("SKALK AS", "1"))
    assert "| Virksomhet | Hvorfor | Hva som står i veien |" in _page(part, language="nb")
    assert "| Verksemd | Kvifor | Kva som står i vegen |" in _page(part, language="nn")

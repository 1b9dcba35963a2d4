"""Rules of the reader: time, awards, and what converted old notices need."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from procmatch.model.notice import Award
from procmatch.sources import eforms

GOLDEN = Path(__file__).parent / "golden"
COMPETITION = (GOLDEN / "competition_with_lots" / "in.xml").read_text("utf-8")
RESULT = (GOLDEN / "result_with_consortium" / "in.xml").read_text("utf-8")
NEW = "eforms-sdk-1.13#extended#urn:fdc:anskaffelser.no:2026:eforms:national-e"
CONVERTED = "eforms-sdk-1.7#urn:fdc:anskaffelser.no:2023:eforms:eu"
TENDER_DEADLINE = "<cbc:EndDate>2026-06-11Z</cbc:EndDate><cbc:EndTime>22:00:00.000Z</cbc:EndTime>"


@pytest.mark.parametrize(
    ("on", "at", "tailoring", "moment"),
    [
        # Date and time are combined before converting: midnight in Oslo.
        ("2026-06-11Z", "22:00:00.000Z", NEW, datetime(2026, 6, 11, 22, tzinfo=UTC)),
        ("2026-05-04+00:00", "10:00:58+00:00", NEW, datetime(2026, 5, 4, 10, 0, 58, tzinfo=UTC)),
        ("2024-02-29+01:00", "12:00:00+01:00", NEW, datetime(2024, 2, 29, 11, tzinfo=UTC)),
        # No offset at all: Oslo.
        ("2024-07-01", "12:00:00", NEW, datetime(2024, 7, 1, 10, tzinfo=UTC)),
        # The time's own offset counts, not the date's.
        ("2024-07-01+02:00", "12:00:00Z", NEW, datetime(2024, 7, 1, 12, tzinfo=UTC)),
        ("2024-07-01+02:00", "12:00:00", NEW, datetime(2024, 7, 1, 10, tzinfo=UTC)),
        ("2024-07-01Z", "24:00:00Z", NEW, datetime(2024, 7, 2, tzinfo=UTC)),
        # No time: the end of the day in Oslo.
        ("2024-01-15Z", "", NEW, datetime(2024, 1, 15, 22, 59, tzinfo=UTC)),
        # Converted notices give +02:00 even in winter: the time on the wall in Oslo.
        ("2023-01-30+02:00", "12:00:00+02:00", CONVERTED, datetime(2023, 1, 30, 11, tzinfo=UTC)),
        ("2023-06-30+02:00", "12:00:00+02:00", CONVERTED, datetime(2023, 6, 30, 10, tzinfo=UTC)),
        ("2099-01-01", "11:59:59", CONVERTED, datetime(2026, 4, 1, 8, tzinfo=UTC)),
    ],
)
def test_deadlines_are_moments(on: str, at: str, tailoring: str, moment: datetime) -> None:
    new = f"<cbc:EndDate>{on}</cbc:EndDate><cbc:EndTime>{at}</cbc:EndTime>"
    text = COMPETITION.replace(TENDER_DEADLINE, new)
    text = text.replace(
        "eforms-sdk-1.13#extended#urn:fdc:anskaffelser.no:2023:eforms:eu", tailoring
    )
    assert eforms.read(text.encode()).lots[0].deadline == moment


def test_without_a_tender_deadline_that_for_interest_counts() -> None:
    lot = eforms.read(COMPETITION.replace(TENDER_DEADLINE, "").encode()).lots[0]
    assert lot.deadline == datetime(2026, 4, 1, 10, tzinfo=UTC)
    assert lot.deadline_kind == "interest"


def awards(text: str) -> list[tuple[str | None, str | None, list[str]]]:
    def names(award: Award) -> list[str]:
        return [winner.name for winner in award.winners]

    read = eforms.read(text.encode()).awards
    return [(award.lot, award.tender_id, names(award)) for award in read]


NOBODY: tuple[str, None, list[str]] = ("LOT-0002", None, [])
CONTRACT_LINK = (
    '<efac:SettledContract><cbc:ID schemeName="contract">CON-0001</cbc:ID></efac:SettledContract>'
)
CONTRACTS_TENDER = (
    '<efac:LotTender><cbc:ID schemeName="tender">TEN-0001</cbc:ID></efac:LotTender>\n'
    "      </efac:SettledContract>"
)
CONSORTIUM = ["Reint AS", "Sammen Oy"]


def without_contracts(text: str) -> str:
    start = text.index('<efac:SettledContract>\n        <cbc:ID schemeName="contract">')
    end = text.index("</efac:SettledContract>", start) + len("</efac:SettledContract>")
    return (text[:start] + text[end:]).replace(CONTRACT_LINK, "")


def test_a_consortium_is_one_award_and_the_loser_none() -> None:
    assert awards(RESULT) == [("LOT-0001", "TEN-0001", CONSORTIUM), NOBODY]


def test_a_framework_with_two_winners_gives_two_awards() -> None:
    second = CONTRACTS_TENDER.replace("TEN-0001", "TEN-0002")
    text = RESULT.replace(CONTRACTS_TENDER, CONTRACTS_TENDER.splitlines()[0] + second)
    assert awards(text)[:2] == [
        ("LOT-0001", "TEN-0001", CONSORTIUM),
        ("LOT-0001", "TEN-0002", ["Taperen AS"]),
    ]


def test_a_contract_that_no_result_names_is_found_by_its_tender() -> None:
    assert awards(RESULT.replace(CONTRACT_LINK, ""))[0] == ("LOT-0001", "TEN-0001", CONSORTIUM)


def test_a_contract_for_two_lots_gives_each_lot_its_own_tender() -> None:
    text = RESULT.replace("clos-nw", "selec-w").replace(
        CONTRACTS_TENDER,
        CONTRACTS_TENDER.splitlines()[0] + CONTRACTS_TENDER.replace("TEN-0001", "TEN-0003"),
    )
    assert awards(text) == [
        ("LOT-0001", "TEN-0001", CONSORTIUM),
        ("LOT-0002", "TEN-0003", ["Taperen AS"]),
    ]


def test_without_contracts_a_ranking_tells_the_winner() -> None:
    text = without_contracts(RESULT)
    assert awards(text) == [("LOT-0001", None, []), NOBODY]
    tender = '<cbc:ID schemeName="tender">TEN-0002</cbc:ID>\n        '
    assert text.count(tender) == 1
    ranked = text.replace(tender, f"{tender}<cbc:RankCode>1</cbc:RankCode>")
    assert awards(ranked)[0] == ("LOT-0001", "TEN-0002", ["Taperen AS"])


def test_a_converted_notice_names_winners_only() -> None:
    text = without_contracts(RESULT).replace(NEW, CONVERTED)
    assert awards(text)[:2] == [
        ("LOT-0001", "TEN-0001", CONSORTIUM),
        ("LOT-0001", "TEN-0002", ["Taperen AS"]),
    ]


def test_a_lot_that_the_converter_did_not_find_is_none() -> None:
    text = RESULT.replace(
        'schemeName="Lot">LOT-0001</cbc:ID></efac:T', 'schemeName="Lot">MISSING</cbc:ID></efac:T'
    )
    assert awards(text)[0] == (None, "TEN-0001", CONSORTIUM)


def test_a_dangling_tenderer_is_left_out() -> None:
    text = RESULT.replace(
        '<efac:Tenderer><cbc:ID schemeName="organization">ORG-0002',
        '<efac:Tenderer><cbc:ID schemeName="organization">ORG-0009',
    )
    assert awards(text)[0] == ("LOT-0001", "TEN-0001", ["Sammen Oy"])


@pytest.mark.parametrize(
    ("tenders", "electronic", "count"), [("0", "3", 3), ("5", "3", 5), ("0", "0", 0)]
)
def test_tenders_received_is_the_greatest_where_none_is_said(
    tenders: str, electronic: str, count: int
) -> None:
    text = RESULT.replace("Numeric>0<", f"Numeric>{tenders}<")
    text = text.replace("Numeric>3<", f"Numeric>{electronic}<")
    assert eforms.read(text.encode()).awards[0].tenders_received == count


def test_several_buyers_keep_their_order() -> None:
    start = COMPETITION.index("<cac:ContractingParty>")
    end = COMPETITION.index("</cac:ContractingParty>") + len("</cac:ContractingParty>")
    party = COMPETITION[start:end]
    both = party + party.replace("ORG-0002", "ORG-0001") + party
    notice = eforms.read(COMPETITION.replace(party, both).encode())
    assert [buyer.ref for buyer in notice.buyers] == ["ORG-0002", "ORG-0001"]

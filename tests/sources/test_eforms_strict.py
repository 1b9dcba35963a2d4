"""What the reader does not know or cannot use, it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from procmatch.errors import SourceChanged, SourceError, SourceRefused
from procmatch.model.notice import NoticeKind
from procmatch.sources import eforms
from procmatch.sources._eforms.ignored import IGNORED, IGNORED_LISTS

GOLDEN = Path(__file__).parent / "golden"
DOCUMENTATION = Path(__file__).resolve().parents[2] / "docs" / "sources" / "eforms.md"
COMPETITION = (GOLDEN / "competition_with_lots" / "in.xml").read_text("utf-8")
RESULT = (GOLDEN / "result_with_consortium" / "in.xml").read_text("utf-8")
CANCELLATION = (GOLDEN / "cancellation" / "in.xml").read_text("utf-8")
PLANNING = (GOLDEN / "planning_with_parts" / "in.xml").read_text("utf-8")


def changed(text: str, old: str, new: str) -> bytes:
    assert old in text
    return text.replace(old, new, 1).encode()


@pytest.mark.parametrize(
    ("text", "before", "path"),
    [
        (COMPETITION, "<cbc:UBLVersionID>", "/cbc:News"),
        (COMPETITION, "<efac:NoticeSubType>", "/efext:EformsExtension/cbc:News"),
        (COMPETITION, '<cbc:ID schemeName="InternalID">', "/cac:ProcurementProject/cbc:News"),
        (COMPETITION, "<cbc:PostalZone>", "/cac:PostalAddress/cbc:News"),
        (COMPETITION, "<cbc:CompanyID schemeID", "/cac:PartyLegalEntity/cbc:News"),
        (COMPETITION, "<cbc:VariantConstraintCode", "/cac:TenderingTerms/cbc:News"),
        (COMPETITION, "<cac:TenderSubmissionDeadlinePeriod>", "/cac:TenderingProcess/cbc:News"),
        (COMPETITION, "<cbc:ProcedureCode", "/cac:TenderingProcess/cbc:News"),
        (COMPETITION, "<efac:SelectionCriteria>", "/efext:EformsExtension/cbc:News"),
        (COMPETITION, "<cbc:SMESuitableIndicator>", "[LOT-0001]/cac:ProcurementProject/cbc:News"),
        (COMPETITION, "<cbc:MaximumNumberNumeric>", "/cac:ContractExtension/cbc:News"),
        (RESULT, "<cbc:TotalAmount", "/efac:NoticeResult/cbc:News"),
        (RESULT, "<efac:TenderLot>", "/efac:LotResult/cbc:News"),
        (RESULT, "<cac:LegalMonetaryTotal>", "/efac:LotTender/cbc:News"),
        (RESULT, "<cbc:IssueDate>2026-02-03", "/efac:SettledContract/cbc:News"),
        (RESULT, "<efbc:CompanySizeCode", "/efac:Company/cbc:News"),
        (RESULT, "<efac:UltimateBeneficialOwner>", "/efac:Organizations/cbc:News"),
        (CANCELLATION, "<efac:ChangeReason>", "/efac:Changes/cbc:News"),
        (CANCELLATION, "<cac:Party>", "/cac:ContractingParty/cbc:News"),
    ],
)
def test_an_unknown_element_is_named_with_its_path(text: str, before: str, path: str) -> None:
    with pytest.raises(SourceChanged) as caught:
        eforms.read(changed(text, before, f"<cbc:News>1</cbc:News>{before}"))
    assert caught.value.where.endswith(path)


@pytest.mark.parametrize(
    ("text", "old", "new", "field"),
    [
        (COMPETITION, 'currencyID="NOK">3500000.00<', 'currencyID="NOK">abc<', "BT-27"),
        (COMPETITION, 'currencyID="NOK">3500000.00<', 'currencyID="NOK">1,5<', "BT-27"),
        (COMPETITION, 'currencyID="NOK">3500000.00<', 'currencyID="NOK">NaN<', "BT-27"),
        (COMPETITION, 'currencyID="NOK">3500000.00<', f'currencyID="NOK">{"9" * 40}<', "BT-27"),
        (COMPETITION, 'currencyID="NOK">3500000.00<', ">3500000<", "BT-27"),
        (COMPETITION, ">4000000.50<", ">4e6<", "BT-271"),
        (COMPETITION, ">15000000<", ">150000<", "BT-262"),
        (COMPETITION, ">15100000<", ">food<", "BT-263"),
        (COMPETITION, 'nuts">NO0A2<', 'nuts">Vestland<', "BT-5071"),
        (COMPETITION, 'lvl3">NO0A2<', 'lvl3">vest<', "BT-507"),
        (COMPETITION, "<cbc:IssueDate>2026-03-01Z", "<cbc:IssueDate>2026-02-30Z", "BT-05"),
        (COMPETITION, "<cbc:EndDate>2026-06-11Z", "<cbc:EndDate>11.06.2026", "BT-131"),
        (COMPETITION, ">22:00:00.000Z<", ">22:61:00Z<", "BT-131"),
        (COMPETITION, "<cbc:EndDate>2026-05-29+02:00", "<cbc:EndDate>2026-05", "BT-13"),
        (COMPETITION, ">10:00:00Z<", ">ten<", "BT-630"),
        (COMPETITION, "<cbc:StartDate>2026-09-01", "<cbc:StartDate>2026-09-31", "BT-536"),
        (COMPETITION, "<cbc:SMESuitableIndicator>true", "<cbc:SMESuitableIndicator>ja", "BT-726"),
        (COMPETITION, 'unitCode="YEAR">2<', 'unitCode="YEAR">two<', "BT-36"),
        (COMPETITION, "Numeric>2<", "Numeric>-2<", "BT-58"),
        (COMPETITION, "<efbc:ParameterNumeric>70<", "<efbc:ParameterNumeric>most<", "BT-541"),
        (COMPETITION, "Quantity>3<", "Quantity>3.5<", "BT-113"),
        (COMPETITION, ">LOT-0001<", "><", "BT-137"),
        (COMPETITION, ">11111111-1111-4111-8111-111111111111<", "><", "BT-701"),
        (COMPETITION, "<cbc:VersionID>01</cbc:VersionID>", "", "BT-757"),
        (COMPETITION, '"competition">cn-standard<', '"competition"><', "BT-02"),
        (
            COMPETITION,
            '<cbc:NoticeTypeCode listName="competition">',
            "<cbc:NoticeTypeCode>",
            "BT-03",
        ),
        (COMPETITION, '<cbc:Name languageID="NOR">Fjordvik kommune</cbc:Name>', "", "BT-500"),
        (RESULT, '"NOK">1200000.00<', '"NOK">x<', "BT-720"),
        (RESULT, '"NOK">1200000<', '"nok">1200000<', "BT-161"),
        (RESULT, "<efbc:StatisticsNumeric>3<", "<efbc:StatisticsNumeric>many<", "BT-759"),
        (RESULT, "<cbc:IssueDate>2026-02-03+01:00", "<cbc:IssueDate>3 Feb", "BT-145"),
        (RESULT, "Indicator>true</efbc:Contract", "Indicator>maybe</efbc:Contract", "BT-768"),
        (CANCELLATION, "<cbc:ID>ORG-0001<", "<cbc:ID>ORG-0009<", "OPT-300"),
        (CANCELLATION, ">11111111-1111-4111-8111-111111111111-01<", "><", "BT-758"),
    ],
)
def test_a_malformed_value_is_named_with_its_field(
    text: str, old: str, new: str, field: str
) -> None:
    with pytest.raises(SourceError) as caught:
        eforms.read(changed(text, old, new))
    assert caught.value.source == "eforms"
    assert caught.value.where.split(" ")[0] == field
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "old", "new", "field"),
    [
        (COMPETITION, 'listName="competition"', 'listName="auction"', "BT-03"),
        (COMPETITION, 'contract-nature">supplies<', 'contract-nature">ideas<', "BT-23"),
        (COMPETITION, ">fa-wo-rc<", ">fa-new<", "BT-765"),
        (COMPETITION, 'listName="dps-usage">none<', 'listName="dps-usage">new<', "BT-766"),
        (COMPETITION, 'listName="dps-usage"', 'listName="dps-new"', "BT-765"),
        (COMPETITION, ">res-ws<", ">res-new<", "BT-71"),
        (COMPETITION, 'listName="reserved-procurement">res', 'listName="new">res', "BT-71"),
        (COMPETITION, 'listName="reserved-execution"', 'listName="new"', "BT-736"),
        (COMPETITION, ">per-exa<", ">new<", "BT-5421"),
        (COMPETITION, 'award-criterion-type">price<', 'award-criterion-type">beauty<', "BT-539"),
        (COMPETITION, 'listName="environmental-impact"', 'listName="new"', "BT-06"),
        (COMPETITION, 'unitCode="YEAR"', 'unitCode="AEON"', "BT-36"),
        (COMPETITION, 'schemeName="Lot"', 'schemeName="Slice"', "BT-137"),
        (COMPETITION, ">anyw-cou<", ">anyw-moon<", "BT-727"),
        (COMPETITION, ":2023:eforms:eu<", ":2023:eforms:moon<", "OPT-002"),
        (RESULT, ">selec-w<", ">selec-all<", "BT-142"),
        (RESULT, ">micro<", ">nano<", "BT-165"),
    ],
)
def test_an_unknown_code_is_a_change_of_the_source(
    text: str, old: str, new: str, field: str
) -> None:
    with pytest.raises(SourceChanged) as caught:
        eforms.read(changed(text, old, new))
    assert caught.value.where.split(" ")[0] == field


def test_a_business_registration_is_refused() -> None:
    with pytest.raises(SourceRefused, match="about no purchase"):
        eforms.read(changed(COMPETITION, 'listName="competition"', 'listName="bus-reg"'))
    with pytest.raises(SourceRefused, match="about no purchase"):
        eforms.read(b'<b:BusinessRegistrationInformationNotice xmlns:b="urn:b"/>')


@pytest.mark.parametrize(
    ("form", "notice_type", "kind"),
    [
        ("planning", "pin-rtl", NoticeKind.PLANNING),
        ("consultation", "pmc", NoticeKind.PLANNING),
        ("competition", "qu-sy", NoticeKind.COMPETITION),
        ("competition", "pin-cfc-social", NoticeKind.COMPETITION),
        ("result", "can-desg", NoticeKind.RESULT),
        ("dir-awa-pre", "veat", NoticeKind.DIRECT_AWARD),
        ("result", "veat", NoticeKind.DIRECT_AWARD),
        ("cont-modif", "can-modif", NoticeKind.MODIFICATION),
        ("completion", "compl", NoticeKind.COMPLETION),
    ],
)
def test_the_kind_follows_from_form_and_notice_type(
    form: str, notice_type: str, kind: NoticeKind
) -> None:
    old = 'listName="competition">cn-standard<'
    xml = changed(COMPETITION, old, f'listName="{form}">{notice_type}<')
    assert eforms.read(xml).kind is kind


def test_the_old_correction_form_is_a_change() -> None:
    notice = eforms.read(changed(CANCELLATION, "Code>16<", "Code>99<"))
    assert notice.kind is NoticeKind.CHANGE


@pytest.mark.parametrize("placeholder", ["-1", "unpublished"])
def test_a_secret_sum_is_none(placeholder: str) -> None:
    xml = changed(RESULT, '"NOK">1200000.00<', f'"NOK">{placeholder}<')
    assert eforms.read(xml).awards[0].value is None


def test_a_secret_day_is_none() -> None:
    xml = changed(RESULT, "<cbc:IssueDate>2026-02-03+01:00", "<cbc:IssueDate>1970-01-01+01:00")
    assert eforms.read(xml).awards[0].concluded_on is None


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("310 000 043", "310000043"),
        ("NO310000043MVA", "310000043"),
        ("Org.nr.: 310000043", "310000043"),
        ("\u200b310000043\u200b", "310000043"),
        ("null", None),
        ("310000044", None),
        ("0216509-5", None),
    ],
)
def test_numbers_are_cleaned_where_they_are_valid(printed: str, number: str | None) -> None:
    xml = changed(RESULT, "NO 310000035 MVA", printed)
    winner = eforms.read(xml).awards[0].winners[0]
    assert winner.number == number
    kept = None if printed == "null" else printed.strip("\u200b")
    assert winner.number_as_printed == kept


def test_a_foreign_number_of_nine_digits_is_not_norwegian() -> None:
    text = RESULT.replace("#extended#urn:fdc:anskaffelser.no:2026:eforms:national-e", "")
    winners = eforms.read(changed(text, "1234567-8", "310000043")).awards[0].winners
    assert winners[1].number is None
    assert winners[1].number_as_printed == "310000043"


def test_the_documentation_names_what_is_ignored() -> None:
    told = DOCUMENTATION.read_text("utf-8")
    elements = " ".join(names for reasons in IGNORED.values() for names in reasons.values())
    lists = [name for names in IGNORED_LISTS.values() for name in names]
    assert [name for name in (*elements.split(), *lists) if f"`{name}`" not in told] == []

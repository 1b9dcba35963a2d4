"""Whatever a notice says, its releases keep the schema, and so does what they are merged into."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procmatch.model.notice import (
    Award,
    AwardCriterion,
    Change,
    Lot,
    Notice,
    NoticeKind,
    OrganisationRef,
    SelectionCriterion,
    Strategic,
    Term,
)
from procmatch.model.values import Money, Place, Text
from procmatch.ocds.merging import compiler
from procmatch.ocds.values import link
from tests.ocds.made import exported, unit
from tests.ocds.schemas import errors, strange_codes, strange_fields

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(
    lambda text: bool(text.strip())
)
maybe_words = st.none() | words


def one_of(*codes: str) -> st.SearchStrategy[str | None]:
    """A known code, one that nobody knows, or none."""
    return st.none() | st.sampled_from(codes) | words


def some(items: st.SearchStrategy[str | None]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(items, max_size=3).map(lambda found: tuple(one for one in found if one))


texts = st.lists(
    st.tuples(st.sampled_from(("NOR", "NNO", "NOB", "ENG", "SMA", "")), words),
    max_size=3,
    unique_by=lambda pair: pair[0],
).map(lambda pairs: Text(versions=tuple(pairs)))
moments = st.none() | st.datetimes(timezones=st.just(UTC))
days = st.none() | st.dates()
sums = st.none() | st.builds(
    Money,
    amount=st.decimals(allow_nan=False, allow_infinity=False, places=2).filter(
        lambda amount: abs(amount) < Decimal(10) ** 30
    ),
    currency=st.sampled_from(("NOK", "EUR", "SEK")),
)
numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
counts = st.none() | st.integers(min_value=0, max_value=10**9)
web = (
    st.none()
    | words
    | words.map(lambda text: f"https://{text}")
    | words.map(lambda text: f"https://example.org/{text}")
)
place = st.builds(
    Place,
    nuts=st.none() | st.sampled_from(("NO081", "LU000")),
    region=st.none() | st.sampled_from(("anyw", "anyw-cou", "anyw-eea")),
    city=maybe_words,
    postcode=maybe_words,
    country=one_of("NOR", "SWE", "XKX", "1A0"),
)
places = st.lists(place, max_size=2).map(tuple)
party = st.builds(
    OrganisationRef,
    ref=st.just("ORG-0001"),
    name=words | st.just("Ola Nordmann ENK"),
    number=st.none() | st.sampled_from(("999601391", "911111110")),
    number_as_printed=maybe_words,
    place=st.none() | place,
    website=web,
    size=st.none() | st.sampled_from(("micro", "small", "medium", "sme", "large")),
    group_lead=st.booleans(),
)
award_criterion = st.builds(
    AwardCriterion,
    type=one_of("price", "quality", "quality-nor-env-30"),
    name=texts,
    description=texts,
    weight=numbers,
    weight_kind=one_of("per-exa", "ord-imp"),
)
selection_criterion = st.builds(
    SelectionCriterion, type=one_of("sui-act", "slc-stand-refs"), name=texts, description=texts
)
strategic = st.builds(
    Strategic,
    strategic=some(one_of("env-imp", "soc-obj", "inn-pur")),
    environmental=some(one_of("circ-econ", "other")),
    social=some(one_of("opp", "other")),
    innovative=some(one_of("rd-act")),
    gpp=some(one_of("eu", "national")),
    accessibility=some(one_of("inc", "n-inc")),
    description=texts,
)
term = st.builds(
    Term,
    length=numbers,
    unit=one_of("DAY", "MONTH", "YEAR"),
    start=days,
    end=days,
    other=maybe_words,
    renewals=counts,
    renewal_description=texts,
)
lot = st.builds(
    Lot,
    id=st.sampled_from(("LOT-0001", "LOT-0002", "PAR-0001")),
    kind=st.sampled_from(("lot", "lot", "part")),
    title=texts,
    description=texts,
    nature=one_of("works", "combined"),
    cpv_main=st.none() | st.just("15811000"),
    cpv_additional=some(st.sampled_from(("15811000", "15811100"))),
    places=places,
    value=sums,
    framework_maximum=sums,
    framework=st.none() | st.sampled_from(("fa-wo-rc", "fa-mix")),
    dps=st.none() | st.sampled_from(("dps-list", "dps-nlist")),
    framework_participants=counts,
    term=st.none() | term,
    deadline=moments,
    question_deadline=moments,
    reserved=some(one_of("res-ws")),
    reserved_execution=st.booleans(),
    sme_suitable=st.none() | st.booleans(),
    award_criteria=st.lists(award_criterion, max_size=2).map(tuple),
    selection_criteria=st.lists(selection_criterion, max_size=2).map(tuple),
    strategic=strategic,
    variants=one_of("allowed", "not-allowed"),
    electronic_catalogue=one_of("required"),
    documents_url=web,
    submission_url=web,
    tender_languages=some(one_of("NOR", "SMA")),
)
lots = st.lists(lot, max_size=3, unique_by=lambda one: one.id).map(tuple)
award = st.builds(
    Award,
    lot=st.none() | st.sampled_from(("LOT-0001", "LOT-0002")),
    result=st.none() | st.sampled_from(("selec-w", "clos-nw", "open-nw")),
    reason=one_of("no-rece"),
    winners=st.lists(party, max_size=2).map(tuple),
    value=sums,
    framework_maximum=sums,
    tenders_received=counts,
    received=st.lists(
        st.tuples(st.sampled_from(("", "tenders", "t-sme", "t-no-verif")), st.integers(0, 99)),
        max_size=3,
    ).map(tuple),
    concluded_on=days,
    contract_title=maybe_words,
    contract_id=maybe_words,
    tender_id=st.none() | st.sampled_from(("TEN-0001", "TEN-0002")),
    subcontracted=one_of("yes", "no"),
)
change = st.builds(
    Change,
    notice=st.sampled_from(("notice-1-01", "notice-2-01", "2022-919032")),
    reason=one_of("cancel", "update-add"),
    text=texts,
    description=texts,
    sections=some(one_of("LOT-0001", "PROCEDURE")),
)


def notices(number: int) -> st.SearchStrategy[Notice]:
    return st.builds(
        Notice,
        source=st.sampled_from(("doffin", "ted")),
        source_id=st.none() | words,
        notice_id=st.just(f"notice-{number}"),
        version=st.just("01"),
        procedure_id=st.just("procedure"),
        kind=st.sampled_from(NoticeKind),
        legal_basis=one_of("32014L0024", "other"),
        language=one_of("NOR", "NNO", "ENG"),
        dispatched_at=st.datetimes(timezones=st.just(UTC)),
        published_on=days,
        changes=st.none() | change,
        title=texts,
        description=texts,
        nature=one_of("supplies"),
        procedure_type=one_of("open", "oth-mult"),
        buyers=st.lists(party, max_size=2).map(tuple),
        buyer_legal_types=some(one_of("la")),
        buyer_activities=some(one_of("education")),
        cpv_main=st.none() | st.just("15811000"),
        places=places,
        value=sums,
        framework_maximum=sums,
        lots=lots,
        awards=st.lists(award, max_size=3).map(tuple),
        previous_planning=some(words),
        withheld=some(words),
    )


@pytest.mark.shared
@settings(max_examples=60)
@given(chain=st.tuples(notices(1), notices(2)), persons=st.booleans())
def test_releases_and_what_they_are_merged_into_keep_the_schema(
    chain: Sequence[Notice], persons: bool
) -> None:
    names = {winner.name for one in chain for each in one.awards for winner in each.winners}
    units = {name: unit("911111110", "Enk", person=True) for name in sorted(names)[:1]}
    processes: dict[str, list[dict[str, object]]] = {}
    for release in exported(*chain, units=units, with_persons=persons):
        assert errors(release) == []
        assert list(strange_codes(release)) == []
        assert list(strange_fields(release)) == []
        assert msgspec.json.decode(msgspec.json.encode(release)) == release
        processes.setdefault(release["ocid"], []).append(release)
    merge = compiler()
    for releases in processes.values():
        compiled = merge(releases)
        assert errors(compiled) == []
        assert list(strange_codes(compiled)) == []


@given(text=st.text(max_size=30) | st.text("/:@#?[]%. \\x-1", max_size=20).map("http://{}".format))
def test_a_link_is_an_absolute_address_or_nothing(text: str) -> None:
    found = link(text)
    assert found is None or found.startswith(("http://", "https://", "ftp://"))
    assert link(found) == found

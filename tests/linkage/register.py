"""A small invented register for the tests of linkage."""

from __future__ import annotations

from procmatch.codes.orgnr import check_digit
from procmatch.model.organisation import NORWAY, Establishment, Organisation, OrgId, OrgStatus
from procmatch.model.values import Place


def number(seed: int) -> str:
    """Return a valid number of the range kept for tests."""
    eight = 20_000_000 + seed * 10
    while (digit := check_digit(str(eight))) is None:
        eight += 1
    return f"{eight}{digit}"


def unit(
    seed: int,
    name: str,
    form: str | None = "AS",
    *,
    city: str = "Oslo",
    postcode: str = "0150",
    municipality: str = "0301",
    former: tuple[str, ...] = (),
    establishments: tuple[Establishment, ...] = (),
    deleted: bool = False,
) -> Organisation:
    return Organisation(
        id=OrgId(NORWAY, number(seed)),
        name=name,
        legal_form=form,
        former_names=former,
        status=OrgStatus.DELETED if deleted else OrgStatus.ACTIVE,
        business_place=Place(city=city, postcode=postcode, municipality=municipality),
        establishments=establishments,
    )


BAKER = unit(1, "ELVEBAKKEN BAKERI AS", former=("GRØNLAND BRØD A/S",))
HOLDING = unit(2, "ELVEBAKKEN BAKERI HOLDING AS")
BERGEN = {"city": "Bergen", "postcode": "5003", "municipality": "4601"}
TWIN_OSLO = unit(3, "NORDLYS RENHOLD AS")
TWIN_BERGEN = unit(4, "NORDLYS RENHOLD AS", **BERGEN)  # type: ignore[arg-type]
CITY = unit(5, "SOLVIK KOMMUNE / SÁLVVI SUOHKAN", "KOMM", city="Solvik", postcode="9990")
CITY_ESTATES = unit(6, "SOLVIK KOMMUNE EIENDOM", "ORGL", city="Solvik", postcode="9990")
CHAIN = unit(
    7,
    "HAUGE DAGLIGVARE AS",
    establishments=(
        Establishment(
            number=number(107),
            name="HAUGES KOLONIAL MOSS",
            place=Place(city="Moss", postcode="1530", municipality="3103"),
        ),
    ),
)
OLD = unit(8, "HÅLAND FRUKT AS", city="Egersund", postcode="4370", deleted=True)
NEW = unit(9, "HAALAND FRUKT AS", city="Egersund", postcode="4370")
GONE = unit(10, "MYRA MEIERI SA", "SA", city="Myra", postcode="2999", deleted=True)
FARM = unit(11, "LIA GARD", "ANS", city="Voss", postcode="5700", municipality="4621")
INITIALS = unit(12, "PEDERSEN C I AS")
REGISTER = (
    *(BAKER, HOLDING, TWIN_OSLO, TWIN_BERGEN, CITY, CITY_ESTATES),
    *(CHAIN, OLD, NEW, GONE, FARM, INITIALS),
)

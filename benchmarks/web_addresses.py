"""What readers ask for: for each kind of page hundreds of addresses, no two alike."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import product
from urllib.parse import urlencode

from web_store import spenders

from procmatch.codes import builtin
from procmatch.insight.food import food_groups
from procmatch.store import Store, matches, notices

__all__ = ["addresses", "municipalities"]

_SEED = 5
_LANGUAGES = ("nb", "nn", "en")
_DRAFT = (
    "Kommunen skal kjøpe {what} til skoler og sykehjem. Verdi 800 000 kroner i året i to år. Krav: "
    "omsetning på minst 5 millioner kroner, ISO 14001 og tre referanser fra lignende leveranser."
)
#: What is bought, in plain words.
_WORDS = (
    "brød og kaker", "renhold av skoler", "frukt og grønt", "rørlegger", "maling av fasader",
    "skoleskyss med buss", "snøbrøyting", "vikarer til sykehjem", "kontormøbler", "lekeplassutstyr",
    "arkitekt", "elektriker", "vask av arbeidstøy", "økologisk melk", "fersk fisk", "møtemat",
    "trykking av brosjyrer", "drift av nettsider", "asfaltering", "gravearbeid", "tolketjenester",
    "bedriftshelsetjeneste", "revisjon", "juridisk bistand", "forsikring", "vaktmester",
    "avfallshenting", "solceller", "varmepumper", "takarbeid", "glassarbeid", "låsesmed",
    "hagearbeid", "trær og planter", "biler", "verneutstyr", "medisinsk utstyr", "datamaskiner",
    "programvare for skoler", "kurs og opplæring", "fotograf", "konsulent i prosjektledelse",
)  # fmt: skip


def municipalities() -> list[str]:
    """Return the numbers of all municipalities of today that lie somewhere."""
    known = builtin().places.municipalities.values()
    return sorted(one.number for one in known if one.lat is not None)


def addresses(store: Store, many: int) -> Mapping[str, list[str]]:
    """Return kind of page -> so many addresses; fewer where there are no more.

    After an address may stand a tab, and a form to be sent.

    Args:
        store: as :func:`web_store.make` makes it.
        many: of each kind.
    """
    chance = random.Random(_SEED)
    towns = municipalities()
    named = [builtin().places.municipalities[town].name for town in towns]
    # What two of them are called leads to neither.
    names = [name for name in named if named.count(name) == 1]
    tenders, firms = _in_store(store, many)
    groups = [one.key for one in food_groups()]

    def some(path: str, **asked: Iterable[object]) -> list[str]:
        every = list(product(*asked.values(), _LANGUAGES))
        chosen = chance.sample(every, min(many, len(every)))
        keys = (*asked, "lang")
        return [f"{path}?{urlencode(dict(zip(keys, one, strict=True)))}" for one in chosen]

    def each(paths: Iterable[str]) -> list[str]:
        every = [f"{path}lang={language}" for path, language in product(paths, _LANGUAGES)]
        return chance.sample(every, min(many, len(every)))

    drafts = list(product(_WORDS, names, _LANGUAGES))
    words = [f"{one} {other}" for one, other in product(_WORDS, _WORDS) if one != other]
    return {
        "style sheet (nothing but the server)": ["/style.css"] * many,
        "front page": each(["/?"]) * (many // len(_LANGUAGES)),
        "search": some("/search", q=words),
        "open tenders": some("/tenders", q=[*_WORDS, ""], place=["", *names]),
        "tender": each(f"/tender/{one}?" for one in tenders),
        "firms for a lot": each(f"/tender/{one}/suppliers?" for one in tenders),
        "what if it were divided": each(f"/tender/{one}/what-if?way=value&" for one in tenders),
        "firm": each(f"/supplier/{one}?" for one in firms),
        "need": some("/need", q=_WORDS, place=names),
        "municipality": each(f"/municipality/{one}?" for one in towns),
        "leader": each(f"/municipality/{one}/leader?" for one in towns),
        "purchaser": each(f"/municipality/{one}/purchaser?" for one in towns),
        "unit head": each(
            f"/municipality/{one}/unit?group={group}&" for one, group in product(towns, groups)
        ),
        "trends": each(f"/municipality/{one}/trends?" for one in towns),
        "trends of a ledger": each(f"/municipality/{one}/trends?of=ledger&" for one in spenders()),
        "leakage": each(f"/municipality/{one}/leakage?" for one in spenders()),
        "food": each(f"/municipality/{one}/food?" for one in spenders()),
        "draft looked at": [_posted(*one) for one in chance.sample(drafts, many)],
        "levers": each(f"/municipality/{one}/levers?" for one in towns),
        "invitation": each(f"/municipality/{one}/invitation?what=Br%C3%B8d&" for one in towns),
        "is this you": each(f"/you?org={one}&" for one in firms),
        "guide": each(["/guide/food?"]) * (many // len(_LANGUAGES)),
        "about the data": each(["/about?"]) * (many // len(_LANGUAGES)),
        "subscribe": each(["/subscribe?"]) * (many // len(_LANGUAGES)),
    }


def _posted(what: str, place: str, language: str) -> str:
    form = urlencode({"text": _DRAFT.format(what=what), "place": place})
    return f"/draft?lang={language}\t{form}"


def _in_store(store: Store, many: int) -> tuple[list[str], list[str]]:
    """Return keys of open tenders, and numbers of firms that stand in their lots' rankings."""
    tenders: list[str] = []
    firms: dict[str, None] = {}
    with store.read() as connection:
        for one in notices.open_competitions(connection, datetime.now(UTC)):
            tenders.append(str(one.notice.source_id))
            if len(firms) < many:
                for lot in one.notice.lots:
                    found = matches.of_lot(connection, notice=one.row, lot=lot.id)
                    firms |= dict.fromkeys(hit.supplier.number for hit in found)
    return tenders, list(firms)

"""A draft of a tender in plain words -> a notice with lots, requirements, value, dates, codes.

Buyers write as they like: what is not recognised stays in the description, and what is recognised
is shown to them to be corrected. Never an error for words; only for what is no text at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from procmatch.codes import Codes
from procmatch.errors import SourceError
from procmatch.model.notice import (
    AwardCriterion,
    Lot,
    Notice,
    NoticeKind,
    SelectionCriterion,
    Term,
)
from procmatch.model.values import Money, Place, Text

__all__ = ["MOST_CHARACTERS", "read_draft_text"]

SOURCE = "draft"
#: Some 150 pages.
MOST_CHARACTERS = 500_000
_MOST_LOTS, _MOST_LINES, _LONG_LINE = 40, 20_000, 4_000
_HEADING, _TITLE, _SAID, _MOST_CRITERIA = 90, 300, 20_000, 200
_OSLO = ZoneInfo("Europe/Oslo")
#: "Delkontrakt 2: Fisk", "Lot 3 – Bread", "Del B. Grønt".
_LOT = re.compile(
    r"^\W*(?:delkontrakt|delavtale|delanskaffelse|del|lot|part)\s+(?:nr\.?\s*)?"
    r"(?P<id>\d{1,2}|[A-H])\b[\s:.\-–—)]*(?P<name>.*)$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^\W*(?:\d{1,2}\.?){1,4}\s+(?=[^\W\d])")
_BULLET = re.compile(r"^[\s•·▪●\-–—*]+")
_REQUIREMENTS = re.compile(
    r"^(?:kvalifikasjonskrav\w*|krav til (?:leverandør|tilbyder)\w*|qualification (?:criteria|"
    r"requirements)|selection criteria|requirements (?:for|to) (?:the )?(?:supplier|tenderer)s?)\b",
    re.IGNORECASE,
)
_AWARD = re.compile(
    r"^(?:tildelingskriteri\w*|kriteri\w* for tildeling|award criteria)\b", re.IGNORECASE
)
#: Headings that end a list of requirements.
_OTHER = re.compile(
    r"^(?:innledning|om (?:oppdrag|anskaffelse|konkurranse)\w*|bakgrunn|beskrivelse\w*|"
    r"kravspesifikasjon\w*|kontrakt(?:s?vilkår)?\w*|frist\w*|innlevering\w*|tilbud\w*|vedlegg|"
    r"avvisning\w*|leveranse\w*|behov\w*|introduction|background|description|specification|"
    r"contract|annex|deadline)\b[^.]*$",
    re.IGNORECASE,
)
_CPV = re.compile(r"(?<!\d)(\d{8})(?:-\d)?(?!\d)")
_NUMBER = r"\d{1,3}(?:[ .\u00a0]\d{3})+|\d+(?:,\d{1,2})?"
_VALUE = re.compile(
    rf"\b(?:(?:estimert|anslått|samlet|total|maksimal|årlig)\w*\s+)*(?:kontrakts?|avtale)?"
    rf"(?:verdi\w*|omfang|value)\b(?P<gap>[^\n\d]{{0,60}})(?:(?:kr|nok)\.?\s*)?"
    rf"(?P<number>{_NUMBER})\s*(?P<scale>mill\w*|mnok)?",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\b(?:tilbudsfrist|frist for (?:å )?(?:levere|innlevering|tilbud)\w*|deadline)\b[^\n\d]{0,60}"
    r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>20\d\d)"
    r"(?:[^\n\d]{0,12}(?P<hour>\d{1,2})[:.](?P<minute>\d\d))?",
    re.IGNORECASE,
)
_YEARS = {"ett": 1, "et": 1, "to": 2, "tre": 3, "fire": 4, "one": 1, "two": 2, "three": 3,
          "four": 4}  # fmt: skip
_TERM = re.compile(
    rf"\b(?:varighet\w*|avtaleperiode\w*|kontraktsperiode\w*|gjelder i|løpetid\w*|duration)\b"
    rf"[^\n\d]{{0,40}}?\b(?P<number>\d{{1,2}}|{'|'.join(_YEARS)})\s*(?:\(\w+\)\s*)?"
    rf"(?P<unit>år|year|måned|month)",
    re.IGNORECASE,
)
_WEIGHT = re.compile(r"(\d{1,3})\s*(?:%|prosent)")
_PLACE = re.compile(
    r"\b(?:leveringssted\w*|leveringsadresse\w*|utføres i|leveres i|leveres til|sted for levering|"
    r"place of (?:delivery|performance))\b[:\s]*(?P<where>[^\n]{0,200})",
    re.IGNORECASE,
)
_TOWN = re.compile(r"[A-ZÆØÅ][\w\-]+(?: [A-ZÆØÅ][\w\-]+)?")


@dataclass(frozen=True, slots=True)
class _Section:
    """A part of the draft: ``lot`` is "" for what is said of all."""

    lot: str
    name: str
    lines: tuple[str, ...]


def read_draft_text(text: str, *, codes: Codes) -> Notice:
    """Read a draft in plain words (bokmål, nynorsk or English).

    Args:
        text: as pasted, or the words of a document.
        codes: CPV codes and names of municipalities.

    Returns:
        A planning notice of source ``draft``. Its first line is the title; where no lots are
        named there is one.

    Raises:
        SourceError: it is empty, too long, or no text.
    """
    lines = _lines(text)
    title = lines[0][:_TITLE]
    sections, asked, award = _sections(lines[1:])
    common = [one for one in sections if not one.lot]
    said = "\n".join(line for one in common for line in one.lines)
    parts = _lots([one for one in sections if one.lot])
    whole = _facts(Lot(id="LOT-0001", title=_text(title)), said or title, codes)
    whole = replace(whole, selection_criteria=asked, award_criteria=award)
    lots = [_of(part, whole, codes) for part in parts] or [whole]
    if len(parts) == 1:
        lots = [replace(whole, description=_text(f"{said}\n{parts[0].name}"))]
    return Notice(
        source=SOURCE,
        notice_id=SOURCE,
        version="01",
        kind=NoticeKind.PLANNING,
        title=_text(title),
        description=_text(said),
        cpv_main=whole.cpv_main,
        cpv_additional=whole.cpv_additional,
        value=whole.value if len(lots) > 1 else None,
        places=whole.places,
        lots=tuple(lots),
    )


def _lines(text: str) -> list[str]:
    if len(text) > MOST_CHARACTERS:
        raise SourceError(f"longer than {MOST_CHARACTERS} characters", source=SOURCE)
    if "\0" in text:
        raise SourceError("no text: it holds zero bytes", source=SOURCE)
    plain = "".join(
        " " if unicodedata.category(sign) in {"Cc", "Cf", "Co", "Cs"} and sign != "\n" else sign
        for sign in unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    )
    kept = (" ".join(line.split())[:_LONG_LINE] for line in plain.split("\n"))
    found = [line for line in kept if line][:_MOST_LINES]
    if not found:
        raise SourceError("it is empty", source=SOURCE)
    return found


def _text(words: str) -> Text:
    words = words.strip()[:_SAID]
    return Text(versions=(("NOR", words),)) if words else Text()


def _sections(
    lines: Sequence[str],
) -> tuple[list[_Section], tuple[SelectionCriterion, ...], tuple[AwardCriterion, ...]]:
    """Part the lines: what is said of all, of each lot, and the two lists of criteria."""
    found: list[_Section] = []
    asked: list[SelectionCriterion] = []
    award: list[AwardCriterion] = []
    lot, name, own = "", "", list[str]()
    mode = ""
    for line in lines:
        heading = _NUMBERED.sub("", line) if len(line) <= _HEADING else ""
        at = _LOT.match(line) if len(line) <= _HEADING else None
        if heading and _REQUIREMENTS.match(heading):
            mode = "asked"
        elif heading and _AWARD.match(heading):
            mode = "award"
        elif at or (heading and mode and _OTHER.match(heading)):
            found.append(_Section(lot, name, tuple(own)))
            own, mode = [], ""
            lot, name = (at["id"].upper(), at["name"].strip()) if at else ("", "")
            if not at:
                own.append(line)
        elif mode == "asked" and len(asked) < _MOST_CRITERIA:
            asked.append(SelectionCriterion(description=_text(_BULLET.sub("", line))))
        elif mode == "award" and len(award) < _MOST_CRITERIA:
            award.append(_award(line))
        elif not mode:
            own.append(line)
    found.append(_Section(lot, name, tuple(own)))
    return found, tuple(asked), tuple(award)


def _award(line: str) -> AwardCriterion:
    weight = _WEIGHT.search(line)
    return AwardCriterion(
        name=_text(_BULLET.sub("", line)),
        weight=float(weight[1]) if weight else None,
        weight_kind="per-exa" if weight else None,
    )


def _lots(sections: Sequence[_Section]) -> list[_Section]:
    """Return lots by their ids; one that a table of contents names before is told more below."""
    best: dict[str, _Section] = {}
    for one in sections:
        known = best.get(one.lot)
        lines = (*known.lines, *one.lines) if known else one.lines
        name = max((known.name if known else "", one.name), key=len)
        best[one.lot] = _Section(one.lot, name, lines)
    return list(best.values())[:_MOST_LOTS]


def _of(part: _Section, whole: Lot, codes: Codes) -> Lot:
    """Return a lot: what it says itself, else what is said of all."""
    said = "\n".join(part.lines)
    title = part.name or (part.lines[0] if part.lines else part.lot)
    bare = Lot(id=f"LOT-{part.lot.rjust(4, '0')}", title=_text(title[:_TITLE]))
    own = _facts(bare, said, codes)
    return replace(
        own,
        cpv_main=own.cpv_main or whole.cpv_main,
        cpv_additional=own.cpv_additional if own.cpv_main else whole.cpv_additional,
        places=own.places or whole.places,
        term=own.term or whole.term,
        deadline=own.deadline or whole.deadline,
        selection_criteria=whole.selection_criteria,
        award_criteria=whole.award_criteria,
    )


def _facts(lot: Lot, said: str, codes: Codes) -> Lot:
    cpv = tuple(dict.fromkeys(one for one in _CPV.findall(said) if one in codes.cpv.labels))
    value, deadline = _value(said), _deadline(said)
    return replace(
        lot,
        description=_text(said),
        cpv_main=cpv[0] if cpv else None,
        cpv_additional=cpv[1:],
        value=value,
        term=_term(said),
        deadline=deadline,
        deadline_kind="tender" if deadline else None,
        places=tuple(_places(said, codes)),
    )


def _value(said: str) -> Money | None:
    at = _VALUE.search(said)
    if at is None:
        return None
    amount = Decimal(re.sub(r"[ .\u00a0]", "", at["number"]).replace(",", "."))
    if at["scale"] or "mnok" in at["gap"].lower():
        amount *= 1_000_000
    return Money(amount=amount, currency="NOK") if amount else None


def _deadline(said: str) -> datetime | None:
    at = _DAY.search(said)
    if at is None:
        return None
    try:
        day = date(int(at["year"]), int(at["month"]), int(at["day"]))
        clock = time(int(at["hour"] or 12), int(at["minute"] or 0))
    except ValueError:
        return None
    return datetime.combine(day, clock, _OSLO)


def _term(said: str) -> Term | None:
    at = _TERM.search(said)
    if at is None:
        return None
    number = _YEARS.get(at["number"].lower()) or int(at["number"])
    unit = "YEAR" if at["unit"].lower() in {"år", "year"} else "MONTH"
    return Term(length=float(number), unit=unit) if number else None


def _places(said: str, codes: Codes) -> Iterator[Place]:
    seen = set()
    for at in _PLACE.finditer(said):
        named = _TOWN.findall(at["where"])
        for word in (one for name in named for one in dict.fromkeys((name, *name.split()))):
            town = codes.places.find_municipality(word)
            if town and town.number not in seen:
                seen.add(town.number)
                yield Place(municipality=town.number, city=town.name)

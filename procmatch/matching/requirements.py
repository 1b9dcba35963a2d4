"""What a buyer asks of suppliers, found in the words and codes of its requirements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from procmatch.matching.figures import Figure, figures
from procmatch.matching.proofs import certificates_or_systems
from procmatch.matching.sentences import NORWEGIAN, denied, denies, readings, sentences
from procmatch.matching.signs import DESCRIBED, codes, has, signs
from procmatch.matching.telling import Vocabulary, telling_words
from procmatch.matching.turnover import AskedTurnover, asked_turnover
from procmatch.model.notice import Lot, SelectionCriterion

__all__ = ["Requirement", "demands", "kinds_of", "requirements", "told"]

#: Asked for by a denial: "shall not be in arrears with tax".
_BY_DENIAL = frozenset(("tax_certificate",))
#: Sharper demands on the economy; general words beside them add nothing.
_ECONOMY = frozenset(("turnover", "equity", "credit_rating"))
#: Kinds of which a criterion's code adds none where its words have named another.
_FAMILIES = (
    _ECONOMY | {"financial_standing"},
    frozenset(("quality_certificate", "quality_system")),
    frozenset(("environment_certificate", "environment_system")),
    frozenset(("information_security", "security_certificate", "security_clearance")),
    frozenset(("references", "staffing", "key_staff")),
)
#: Of these a kind told by words adds nothing to another found already.
_SHARPER = _FAMILIES[:4]
#: What a title, or a sentence without a demand, may keep a contract for.
_OF_WHOLE = frozenset(("reserved", "nationwide"))


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement: its kind, for turnover how much (None where left open), and its field.

    ``figures`` are those told in the same sentence, at most one of a unit.
    """

    kind: str
    turnover: AskedTurnover | None
    field: str
    figures: tuple[Figure, ...] = ()

    @property
    def amount(self) -> Decimal | None:
        """The turnover asked for in NOK, when the text names a sum."""
        return self.turnover.amount if self.turnover else None

    def figure(self, unit: str) -> int | None:
        """Return the figure told in a unit of :class:`Figure`, or None."""
        return next((one.number for one in self.figures if one.unit == unit), None)


def _shown(sign: re.Pattern[str], sentence: str) -> bool:
    """Tell whether a sentence shows a sign and does not deny it."""
    return any(not denied(sentence, at.start()) for at in sign.finditer(sentence))


@lru_cache(maxsize=4096)
def kinds_of(sentence: str) -> tuple[str, ...]:
    """Return what a sentence names; kept, since forms and the lots of a notice repeat theirs.

    Certificates and systems are told apart elsewhere.
    """
    found = [
        kind
        for kind, sign in signs("criterion").items()
        if (sign.search(sentence) if kind in _BY_DENIAL else _shown(sign, sentence))
    ]
    if "key_staff" not in found and has("person", sentence) and has("skill", sentence):
        found.append("key_staff")
    return _meant_by(sentence, found)


def _meant_by(sentence: str, kinds: Iterable[str]) -> tuple[str, ...]:
    """Return kinds without those that other words of the sentence give another meaning."""
    found = list(kinds)
    # "Sufficient economic capacity", "the tender shall be in Norwegian".
    for kind, word in (("staffing", "money"), ("language", "tender")):
        if kind in found and has(word, sentence):
            found.remove(kind)
    if "cleaning_register" in found and "licence" in found:
        found.remove("licence")  # the approval has a kind of its own
    return tuple(found)


def _sharper(old: Requirement | None, new: Requirement) -> Requirement:
    """Return what two sentences ask for: the higher turnover, the first figure in each unit."""
    if old is None or (new.amount or 0) > (old.amount or 0):
        return new
    told = {one.unit for one in old.figures}
    more = tuple(one for one in new.figures if one.unit not in told)
    return replace(old, figures=(*old.figures, *more)) if more else old


def told(words: str) -> tuple[str, ...]:
    """Return the sentences of a criterion that ask for something: no wishes, no asides."""
    return tuple(one for one in sentences(words) if not has("wish", one) and not has("aside", one))


def demands(sentence: str) -> bool:
    """Tell whether a sentence of a description may ask something of a supplier."""
    return has("demand", sentence) and not has("wish", sentence)


def _asked(criterion: SelectionCriterion, by: Vocabulary) -> Iterator[Requirement]:
    """Yield what one selection criterion asks for, by its words and by its code."""
    found: dict[str, Requirement] = {}
    for words in readings(criterion.name, criterion.description):
        for asked in asked_turnover(words):
            found["turnover"] = Requirement("turnover", asked, "BT-750")
            yield found["turnover"]
        asking = told(words)
        affirmed = [one for one in asking if not denies(one)]
        kinds = [(kind, sentence) for sentence in asking for kind in kinds_of(sentence)]
        for kind, sentence in kinds:
            one = Requirement(kind, None, "BT-750", figures(kind, sentence))
            found[kind] = _sharper(found.get(kind), one)
        for kind in certificates_or_systems(affirmed):
            found.setdefault(kind, Requirement(kind, None, "BT-750"))
        for sentence in affirmed:
            for kind in _meant_by(sentence, by.kinds(sentence, by.criterion)):
                if not _sharper_told(kind, found):
                    one = Requirement(kind, None, "BT-750", figures(kind, sentence))
                    found[kind] = _sharper(found.get(kind), one)
    if any(has("turnover", name.lower()) for name in readings(criterion.name)):
        found.setdefault("turnover", Requirement("turnover", None, "BT-749"))
    coded = codes().get(criterion.type or "")
    if coded and not _told(coded, found):
        found[coded] = Requirement(coded, None, "BT-809")
    yield from found.values()


def _told(kind: str, found: Iterable[str]) -> bool:
    """Tell whether a kind, or another of its family, is found already."""
    family = next((one for one in _FAMILIES if kind in one), frozenset((kind,)))
    return not family.isdisjoint(found)


def _sharper_told(kind: str, found: Iterable[str]) -> bool:
    """Tell whether a sharper kind than one told by words is found already: a certificate, say."""
    sharper = next((one - {kind} for one in _SHARPER if kind in one), frozenset())
    return not sharper.isdisjoint(found)


def _described(lot: Lot, by: Vocabulary) -> Iterator[Requirement]:
    """Yield what the title and the description ask for; most of them only say what is bought."""
    for field, text in (("BT-21", lot.title), ("BT-24", lot.description)):
        titled = field == "BT-21"
        for words in readings(text):
            for sentence in sentences(words):
                if not has("wish", sentence):
                    signed = dict.fromkeys(_in_passing(sentence, titled=titled))
                    more = _told_in_passing(sentence, by, titled=titled)
                    for kind in signed | dict.fromkeys(more):
                        yield Requirement(kind, None, field, figures(kind, sentence))


def _told_in_passing(sentence: str, by: Vocabulary, *, titled: bool) -> Iterator[str]:
    """Yield what the words of a title or a description tell."""
    if denies(sentence):
        return
    whole = titled or not demands(sentence)
    for kind in _meant_by(sentence, by.kinds(sentence, by.described)):
        read = kind in _OF_WHOLE if whole else kind in DESCRIBED or kind in signs("anywhere")
        if read and (titled or _meant(kind, sentence)):
            yield kind


def _in_passing(sentence: str, *, titled: bool) -> Iterator[str]:
    for kind, sign in signs("anywhere").items():
        if _shown(sign, sentence) and (titled or _meant(kind, sentence)):
            yield kind
    if titled or not has("demand", sentence):
        return
    if has("supplier", sentence) or has("required", sentence):
        yield from (kind for kind in kinds_of(sentence) if kind in DESCRIBED)
        yield from (kind for kind in certificates_or_systems((sentence,)) if kind in DESCRIBED)
    if has("person", sentence) and has("proof of skill", sentence):
        yield "key_staff"


def _meant(kind: str, sentence: str) -> bool:
    """Tell whether a sign in a description is about the contract and its supplier."""
    if kind == "nationwide":
        return has("contract", sentence) and not has("left open", sentence)
    return kind != "reserved" or not has("invitation", sentence)


def _coded(lot: Lot) -> Iterator[Requirement]:
    if lot.guarantee_required:
        yield Requirement("guarantee", None, "BT-751")
    if lot.electronic_catalogue == "required":
        yield Requirement("electronic_catalogue", None, "BT-764")
    if lot.tender_languages and not set(NORWEGIAN) & set(lot.tender_languages):
        yield Requirement("language", None, "BT-97")


def requirements(lot: Lot, by: Vocabulary | None = None) -> tuple[Requirement, ...]:
    """Return what a lot asks of its suppliers, each kind once (the highest turnover).

    Read from the selection criteria (BT-747, 749, 750, 809), from the title and description
    (BT-21, 24), and from codes: guarantee (BT-751), electronic catalogue (BT-764), languages of
    tenders (BT-97). What stands only in the documents cannot be seen. A reservation by code
    (BT-71) is a rule of its own; the kind ``reserved`` here is one that only the words tell.

    Args:
        lot: of a notice.
        by: words that tell a kind; None means what comes with the package.
    """
    by = by or telling_words()
    found: dict[str, Requirement] = {}
    asked = (one for criterion in lot.selection_criteria for one in _asked(criterion, by))
    for one in (*asked, *_coded(lot), *_described(lot, by)):
        found[one.kind] = _sharper(found.get(one.kind), one)
    if not _ECONOMY.isdisjoint(found):
        found.pop("financial_standing", None)
    if lot.reserved:
        found.pop("reserved", None)
    return tuple(found.values())

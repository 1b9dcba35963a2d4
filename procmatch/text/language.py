"""Which language a text is in, by its small words, and which words carry no meaning alone."""

from __future__ import annotations

from procmatch.text.folding import tokens

__all__ = ["STOP_WORDS", "detect"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BOTH = _words(
    """
    å denne se to én kunne flere ha ca hele annet gi blant ett
    alle alt andre at av blant bli blir både da den der dersom det du ei eks eller enn er
    etc etter eventuelt f for fram før gjennom hadde han har her hos i inkl inkludert innen
    kan med mellom men mot må ned når og også om opp oss over per pr på samt seg sin sine
    sitt skal slik slike som så til under ut var ved vi vil vår våre
    """
)
_BOKMAAL = _words(
    """
    bare ble de dem deres dette disse egen egne en et fra hans hennes hva hvem hver hvert
    hvilke hvor hvordan ikke jeg kun mens mer mye noe noen nå sammen selv slikt uten være
    vært
    """
)
_NYNORSK = _words(
    """
    berre dei deira desse difor då eg eigen eigne ein einskild einskilde eit frå hennar hjå
    ho ikkje korleis kva kvar kvart kven kvifor me medan meir mykje no noko nokon nokre
    saman sjølv utan vere vert vore òg
    """
)
_ENGLISH = _words(
    """
    a all an and any are as at be been by for from has have in is it its may must not of on
    or other our shall such than that the their this to was we were which will with
    """
)
#: English words that are not Norwegian ones too.
_ENGLISH_ALONE = _ENGLISH - _BOTH - _BOKMAAL - _NYNORSK

#: Words that carry no trade, by language.
STOP_WORDS: dict[str, frozenset[str]] = {
    "nb": _BOTH | _BOKMAAL,
    "nn": _BOTH | _NYNORSK,
    "en": _ENGLISH,
}
#: Enough words to tell; a long text is not read to its end.
_WORDS_READ = 400


def detect(text: str) -> str:
    """Return ``"nb"``, ``"nn"``, ``"en"``, or ``""`` when the text has no telling word.

    Where only words tell that bokmål and nynorsk share, it is ``"nb"``, the more common.
    """
    words = tokens(text[: _WORDS_READ * 20])[:_WORDS_READ]
    nynorsk = sum(word in _NYNORSK for word in words)
    bokmaal = sum(word in _BOKMAAL for word in words)
    norwegian = nynorsk + bokmaal + sum(word in _BOTH for word in words)
    english = sum(word in _ENGLISH_ALONE for word in words)
    if english > norwegian:
        return "en"
    if not norwegian:
        return ""
    return "nn" if nynorsk > bokmaal else "nb"

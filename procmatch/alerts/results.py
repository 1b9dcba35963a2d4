"""What came of a tender, said in sentences."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from procmatch.alerts.phrases import money, one_line, phrase, text_in
from procmatch.model.notice import Award, Lot, Notice

__all__ = ["result_sentences"]


def result_sentences(
    result: Notice, lots: Sequence[Lot], *, language: str, unnamed: Collection[str] = ()
) -> list[str]:
    """Return what a result says of some lots, a sentence each; lots that it leaves out give none.

    Args:
        result: a notice of kind RESULT.
        lots: those that the reader was told of.
        language: nb, nn or en.
        unnamed: winners' names, as printed, that are persons' and not said.
    """
    found = []
    for lot in lots:
        awards = [one for one in result.awards if one.lot in {lot.id, None}]
        if awards:
            title = text_in(lot.title, language) or one_line(lot.id)
            said = _sentence(awards, language, unnamed)
            alone = len(result.lots) <= 1 and len(lots) == 1
            found.append(said if alone else f"{title}: {said}")
    return found


def _sentence(awards: Sequence[Award], language: str, unnamed: Collection[str]) -> str:
    won = [one for one in awards if one.winners]
    if not won:
        return phrase("Nobody won.", language)
    names = dict.fromkeys(
        phrase("a sole proprietor", language) if winner.name in unnamed else one_line(winner.name)
        for one in won
        for winner in one.winners
    )
    said = [phrase("Won by {names}.", language, names=", ".join(names))]
    # A framework's value is not the sum of what each of several suppliers may be paid.
    value = won[0].value if len(won) == 1 else None
    if value and value.amount > 1:
        said.append(phrase("Value: {amount}.", language, amount=money(value, language)))
    counts = {one.tenders_received for one in awards if one.tenders_received is not None}
    if len(counts) == 1:
        count = counts.pop()
        if count == 1:
            said.append(phrase("1 tender came in.", language))
        else:
            said.append(phrase("{count} tenders came in.", language, count=count))
    return " ".join(said)

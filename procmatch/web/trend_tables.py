"""Shares over the years, targets and others alike, for pages: charts with their tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from markupsafe import Markup

from procmatch.alerts.phrases import phrase
from procmatch.insight.shares import Measure, Purchase, Question, Share, Standing, shares
from procmatch.insight.trends import COLUMNS, Cut, Tracked, TrendRow, exported, interval
from procmatch.web.charts import Bar, bars
from procmatch.web.municipal import QUESTIONS, SHORT
from procmatch.web.tables import Cell, Column, Table
from procmatch.web.wording import percent
from procmatch.workflows.trends import Compared

__all__ = [
    "COUNTED",
    "GROUPS",
    "STANDINGS",
    "TARGET_OF",
    "WITHHELD",
    "by_group",
    "compared_charts",
    "compared_table",
    "group_charts",
    "largest",
    "purchases_table",
    "target_chart",
    "target_said",
    "targets_table",
    "trend_table",
    "year_charts",
]

#: How a target stands, for a reader.
STANDINGS = {
    Standing.REACHED: "Reached",
    Standing.MISSED: "Not reached",
    Standing.OPEN: "Not known: it depends on what is unknown",
    Standing.NOTHING: "Nothing to go by yet",
}
#: How shares are counted; also of a ledger, which holds no awards.
COUNTED = {Measure.NUMBER: "number of purchases", Measure.VALUE: "kroner"}
TARGET_OF = {Measure.NUMBER: "of the purchases", Measure.VALUE: "of the kroner"}
#: What a group is called.
GROUPS = {Cut.CATEGORY: "Kind of purchase", Cut.UNIT: "Unit"}
#: Groups that are charted, and shown as a table behind; files hold all.
_CHARTED = 12
#: Whose names are no business of a page's: of a ledger, or of a printed result.
WITHHELD = frozenset({"supplier", "name"})

Naming = Callable[[str], str]


def _year(year: int | None, language: str) -> str:
    return str(year) if year is not None else phrase("not known", language)


def _bounds(share: Share, language: str) -> str:
    """Say a share: ``40 %``, or ``40 % – 60 %`` where something is unknown; and of how many."""
    low, high = percent(share.low, language), percent(share.high, language)
    return low if low == high else f"{low} – {high}"


def _bar(label: str, share: Share, language: str, many: int) -> Bar | None:
    if share.low is None or share.high is None:
        return None
    note = f"{_bounds(share, language)} · {many}"
    return Bar(label=label, low=share.low, high=share.high, note=note)


def year_charts(
    shown: Sequence[TrendRow], measure: Measure, language: str
) -> list[tuple[str, Markup]]:
    """Return (name, chart) of each question: a bar a year, the newest last."""
    found = []
    for question, said in SHORT.items():
        own = [one for one in shown if one.question is question and one.measure is measure]
        each = [_bar(_year(one.year, language), one.share, language, _counted(one)) for one in own]
        drawn = [bar for bar in each if bar]
        if drawn:
            name = phrase(said, language)
            counted = phrase(COUNTED[measure], language)
            label = phrase(
                "{what}: share by year, in {measure}", language, what=name, measure=counted
            )
            found.append((name, bars(drawn, label=label)))
    return found


def _counted(one: TrendRow) -> int:
    """Return of how many purchases a share is: those without a value cannot be added up."""
    return one.purchases - one.share.without_value


def largest(rows: Sequence[Purchase], cut: Cut) -> list[str]:
    """Return the groups with most purchases, most first; as many as a chart has room for."""
    many = Counter(row.category if cut is Cut.CATEGORY else row.unit for row in rows)
    return sorted(many, key=lambda one: (-many[one], one))[:_CHARTED]


def by_group(rows: Sequence[Purchase], cut: Cut) -> list[TrendRow]:
    """Return the shares of the largest groups, all years together."""
    chosen = set(largest(rows, cut))
    many = Counter(row.category if cut is Cut.CATEGORY else row.unit for row in rows)
    group: Callable[[Purchase], str] = (
        (lambda row: row.category) if cut is Cut.CATEGORY else (lambda row: row.unit)
    )
    found = []
    for question in Question:
        for measure in Measure:
            for name, one in shares(rows, question, measure, group).items():
                if name in chosen:
                    found.append(
                        TrendRow(
                            question=question,
                            measure=measure,
                            cut=cut,
                            group=name,
                            year=None,
                            purchases=many[name],
                            share=one,
                            interval=interval(one) if measure is Measure.NUMBER else None,
                        )
                    )
    return found


def group_charts(
    each: Sequence[TrendRow], order: Sequence[str], named: Naming, language: str
) -> list[tuple[str, Markup]]:
    """Return (name, chart) of each question: a bar for each of the largest groups.

    Args:
        each: their shares, from :func:`by_group`.
        order: the groups, from :func:`largest`.
        named: of a group, what people call it.
        language: of the labels.
    """
    found = []
    for question, said in SHORT.items():
        own = [one for one in each if one.question is question and one.measure is Measure.NUMBER]
        own.sort(key=lambda one: order.index(one.group))
        drawn = [
            bar
            for one in own
            if (bar := _bar(named(one.group), one.share, language, one.purchases))
        ]
        name = phrase(said, language)
        label = phrase("{what}: share by group, all years together", language, what=name)
        found.append((name, bars(drawn, label=label)))
    return found


def _share_columns(language: str) -> tuple[Column, ...]:
    return (
        Column(name="yes", heading=phrase("Yes", language), is_number=True),
        Column(name="no", heading=phrase("No", language), is_number=True),
        Column(name="unknown", heading=phrase("Unknown", language), is_number=True),
        Column(name="low", heading=phrase("At least, %", language), is_number=True, share=True),
        Column(name="high", heading=phrase("At most, %", language), is_number=True, share=True),
        Column(name="without_value", heading=phrase("Without value", language), is_number=True),
    )


def _chance_columns(language: str) -> tuple[Column, ...]:
    return (
        Column(
            name="from", heading=phrase("With chance, from %", language), is_number=True, share=True
        ),
        Column(name="to", heading=phrase("to %", language), is_number=True, share=True),
    )


def _share_cells(share: Share) -> tuple[Cell, ...]:
    return (share.yes, share.no, share.unknown, share.low, share.high, share.without_value)


def trend_table(
    found: Iterable[TrendRow], title: str, named: Naming, language: str, *, years: bool = True
) -> Table:
    """Return shares with denominators and bounds.

    Args:
        found: the shares.
        title: of the table.
        named: of a group, what people call it.
        language: of headings.
        years: whether the shares are of single years.
    """
    found = list(found)
    cut = found[0].cut if found else Cut.WHOLE
    grouped = cut is not Cut.WHOLE
    heads: list[Column] = []
    if grouped:
        heads.append(Column(name="group", heading=phrase(GROUPS[cut], language)))
    if years:
        heads.append(Column(name="year", heading=phrase("Year", language)))
    return Table(
        title=title,
        columns=(
            *heads,
            Column(name="question", heading=phrase("How much went …", language)),
            Column(name="measure", heading=phrase("Counted in", language)),
            Column(name="purchases", heading=phrase("Purchases", language), is_number=True),
            *_share_columns(language),
            *_chance_columns(language),
        ),
        rows=[
            (
                *((named(one.group),) if grouped else ()),
                *((_year(one.year, language),) if years else ()),
                phrase(QUESTIONS[one.question], language),
                phrase(COUNTED[one.measure], language),
                one.purchases,
                *_share_cells(one.share),
                *(one.interval or (None, None)),
            )
            for one in found
        ],
    )


def purchases_table(rows: Sequence[Purchase], language: str) -> Table:
    """Return the purchases themselves, to count every share again, without who the supplier is.

    The names of the columns and the words yes, no and unknown are those of
    :func:`~procmatch.insight.trends.imported` in every language.
    """
    names = [name for name in COLUMNS if name not in WITHHELD]
    typed = {"year", "value"}
    return Table(
        title=phrase("The purchases, to count again", language),
        columns=tuple(Column(name=name, heading=name, is_number=name in typed) for name in names),
        rows=[
            tuple(getattr(row, name) if name in typed else text[name] for name in names)
            for row, text in zip(rows, exported(rows), strict=True)
        ],
    )


def target_said(one: Tracked, language: str) -> str:
    """Return a target as a sentence."""
    target = one.target
    return phrase(
        "At least {percent} {of} {to} in {year}",
        language,
        percent=percent(target.percent / 100, language),
        of=phrase(TARGET_OF[target.measure], language),
        to=phrase(QUESTIONS[target.question], language),
        year=target.year,
    )


def target_chart(one: Tracked, language: str) -> Markup:
    """Return the years up to a target as bars, with the target as a line through them."""
    each = [
        Bar(label=str(year), low=share.low, high=share.high, note=_bounds(share, language))
        for year, share in one.years
        if share.low is not None and share.high is not None
    ]
    if not each:
        return Markup("")
    return bars(each, label=target_said(one, language), target=one.target.percent / 100)


def targets_table(found: Sequence[Tracked], language: str) -> Table:
    """Return the targets by year, with how each stands in every year up to its own."""
    return Table(
        title=phrase("Targets", language),
        columns=(
            Column(name="target", heading=phrase("Target", language)),
            Column(name="standing", heading=phrase("How it stands", language)),
            Column(name="year", heading=phrase("Year", language)),
            *_share_columns(language),
        ),
        rows=[
            (
                target_said(one, language),
                phrase(STANDINGS[one.standing], language),
                str(year),
                *_share_cells(share),
            )
            for one in found
            for year, share in (one.years or ((one.target.year, one.share),))
        ],
    )


def compared_charts(
    found: Sequence[Compared], named: Naming, language: str
) -> list[tuple[str, Markup]]:
    """Return (name, chart) of each question: a bar for each municipality, the own one first."""
    charts = []
    for question, said in SHORT.items():
        each = [
            _bar(named(one.number), one.shares[question], language, one.awards) for one in found
        ]
        name = phrase(said, language)
        label = phrase("{what}: share of awards beside others alike", language, what=name)
        charts.append((name, bars([bar for bar in each if bar], label=label)))
    return charts


def compared_table(found: Sequence[Compared], named: Naming, language: str) -> Table:
    """Return the municipalities with what makes them alike, and their shares."""
    told: Mapping[Question, str] = {one: phrase(said, language) for one, said in SHORT.items()}
    return Table(
        title=phrase("Beside municipalities alike", language),
        columns=(
            Column(name="number", heading=phrase("Number", language)),
            Column(name="name", heading=phrase("Name", language)),
            Column(name="employees", heading=phrase("Employees", language), is_number=True),
            Column(name="firms", heading=phrase("Firms there", language), is_number=True),
            Column(
                name="other_trades",
                heading=phrase("Firms in other trades, %", language),
                is_number=True,
                share=True,
            ),
            Column(name="awards", heading=phrase("Awards", language), is_number=True),
            Column(name="question", heading=phrase("How much went …", language)),
            *_share_columns(language)[:-1],
            *_chance_columns(language),
        ),
        rows=[
            (
                one.number,
                named(one.number),
                one.employees,
                one.firms,
                one.likeness.trades if one.likeness else None,
                one.awards,
                told[question],
                *_share_cells(share)[:-1],
                *(one.intervals[question] or (None, None)),
            )
            for one in found
            for question, share in one.shares.items()
        ],
    )

"""The operator's weekly report: is everything collected, did every letter leave, what went wrong?

It names no subscriber and no address.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from procmatch.alerts.operator import write_to_operator
from procmatch.alerts.post import open_post
from procmatch.errors import SettingsError
from procmatch.settings import Settings
from procmatch.store import Store, brake, job_ledger, ledger, outbox
from procmatch.store.job_ledger import JobRun
from procmatch.workflows import health
from procmatch.workflows.ingest import Clock

__all__ = ["hand_over", "weekly_report"]

_OSLO = ZoneInfo("Europe/Oslo")
_WEEK = timedelta(days=7)
_LONG = 160


def weekly_report(store: Store, *, clock: Clock) -> str:
    """Return the report on the seven days up to now, as plain text."""
    now = clock()
    with store.read() as connection:
        sources = ledger.sources(connection)
        crawls = ledger.since(connection, now - _WEEK)
        sizes = [one for row in sources for one in health.sizes(connection, str(row["source"]))]
        jobs = job_ledger.since(connection, now - _WEEK)
        letters = outbox.states(connection)
        held = brake.state(connection)
        holdings = ledger.holdings(connection)
        aside = ledger.newest_set_aside(connection)
    parts = (
        _head(now),
        [*_held(held), *_attention(sources, crawls, jobs, letters, now)],
        _freshness(sources, now),
        _jobs(jobs),
        _letters(letters),
        [f"{what}: {count}" for what, count in holdings.items()],
        [f"{one.source} {one.measure}: {one.value}" for one in sizes],
        [f"{row['source']} {row['kind']} {row['key']}: {row['reason']}" for row in aside],
    )
    titles = (
        "",
        "NEEDS A LOOK",
        "SOURCES",
        "JOBS OF THE WEEK",
        "LETTERS",
        "THE STORE HOLDS",
        "SIZES OF THE SOURCES",
        "COULD NOT BE READ (newest)",
    )
    text: list[str] = []
    for title, lines in zip(titles, parts, strict=True):
        told = [_short(line) for line in lines]
        text += [title, *(f"  {line}" for line in told or ["nothing"]), ""] if title else told
    return "\n".join(text)


def _head(now: datetime) -> Iterator[str]:
    first, last = ((now - _WEEK).astimezone(_OSLO), now.astimezone(_OSLO))
    yield f"procmatch, {first:%Y-%m-%d} to {last:%Y-%m-%d %H:%M}"
    yield ""


def _held(held: brake.Brake) -> Iterator[str]:
    if held.pulled_at is not None:
        since = held.pulled_at.astimezone(_OSLO)
        yield f"no letter has left since {since:%Y-%m-%d %H:%M}: {held.reason}"


def _attention(
    sources: Sequence[Mapping[str, object]],
    crawls: Sequence[Mapping[str, object]],
    jobs: Sequence[JobRun],
    letters: Mapping[str, int],
    now: datetime,
) -> Iterator[str]:
    """Tell what an operator should look into."""
    for row in sources:
        good = row["last_good"]
        if not isinstance(good, datetime) or now - good > _WEEK:
            yield f"{row['source']} was not read to the end this week"
    for crawl in crawls:
        if str(crawl["message"]).startswith(health.SHRUNK):
            yield f"{crawl['source']}: {crawl['message']}"
    newest = {run.job: run for run in jobs}
    for run in newest.values():
        if run.outcome not in {"ok", "running", "stopped"}:
            yield f"{run.job} {run.outcome} the last time: {_last_line(run.said)}"
    for state, number in letters.items():
        if state not in {"queued", "sent"}:
            yield f"{number} letters are {state}"


def _freshness(sources: Sequence[Mapping[str, object]], now: datetime) -> Iterator[str]:
    for row in sources:
        good = row["last_good"]
        age = f"{(now - good) / timedelta(hours=1):.0f} h ago" if isinstance(good, datetime) else ""
        yield (
            f"{row['source']}: {row['outcome']}, last read to the end {age or 'never'}; "
            f"{row['new']} new, {row['changed']} changed, {row['set_aside']} set aside, "
            f"{row['waiting']} wait for download"
        )


def _jobs(jobs: Sequence[JobRun]) -> Iterator[str]:
    for name in sorted({run.job for run in jobs}):
        own = [run for run in jobs if run.job == name]
        outcomes = Counter(run.outcome for run in own)
        longest = max(
            ((run.ended_at - run.started_at) for run in own if run.ended_at), default=timedelta()
        )
        told = ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items()))
        yield f"{name}: {told}; longest {longest.total_seconds():.0f} s"
        wrong = [run for run in own if run.outcome not in {"ok", "running", "stopped"}]
        if wrong:
            yield f"  newest trouble: {_last_line(wrong[-1].said)}"


def _letters(letters: Mapping[str, int]) -> Iterator[str]:
    for state, number in sorted(letters.items()):
        yield f"{state}: {number}"


def _last_line(text: str) -> str:
    return text.splitlines()[-1] if text else "it said nothing"


def _short(line: str) -> str:
    return line if len(line) <= _LONG else line[: _LONG - 1] + "…"


def hand_over(text: str, *, settings: Settings, clock: Clock) -> None:
    """Send the report to ``jobs.report_to``, or write it to ``jobs.report_file``.

    Of one day it is one letter: sent twice, it has the same Message-ID.

    Raises:
        DeliveryError: it cannot be sent now.
        SettingsError: the file cannot be written, or the sender is not an address.
    """
    to = settings.jobs.report_to
    if not to:
        try:
            Path(settings.jobs.report_file).write_text(text, encoding="utf-8")
        except OSError as error:
            raise SettingsError(
                f"jobs.report_file: {settings.jobs.report_file}: {error.strerror}"
            ) from None
        return
    now = clock().astimezone(_OSLO)
    letter = write_to_operator(
        to,
        key=f"report-{now:%Y-%m-%d}",
        subject=f"weekly report {now:%Y-%m-%d}",
        text=text,
        mail=settings.mail,
        now=now,
    )
    with open_post(settings.mail) as post:
        post.send(letter)

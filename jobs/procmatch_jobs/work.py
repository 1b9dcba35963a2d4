"""What each job does: one call of a workflow or of a spider's command, told in counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from procmatch.alerts.channels import open_channels
from procmatch.alerts.post import Post, hand_over
from procmatch.errors import DeliveryError, ExtraMissing, ProcmatchError
from procmatch.model.subscription import Letter
from procmatch.settings import Settings
from procmatch.store import Store

__all__ = ["WORK", "Stop", "Stopped", "Work", "careful", "work_of"]


class Stopped(ProcmatchError):
    """The job was asked to stop and did so at a good place; it is taken up again later."""


class Stop:
    """Whether the job shall stop, and whether that may be in the middle of what it does.

    Transactions can be broken off anywhere. A letter that was handed over must be noted first.
    """

    def __init__(self) -> None:
        self.wanted = False
        self.only_between = False

    def __call__(self, *_signal: object) -> None:
        """Handle SIGTERM. Raises Stopped, unless letters are being handed over."""
        self.wanted = True
        if not self.only_between:
            raise Stopped("stopped")

    def asked(self) -> bool:
        """Return whether to stop, at a place where that can be done."""
        return self.wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a job is given.

    Attributes:
        store: writes only as long as the job's lease is held.
    """

    store: Store
    settings: Settings
    clock: Callable[[], datetime]
    stop: Stop


class _Careful:
    """Hands letters over; from the first on, nothing is broken off in the middle."""

    def __init__(self, post: Post, stop: Stop) -> None:
        self.post = post
        self.stop = stop

    def send(self, letter: Letter) -> None:
        self.stop.only_between = True
        self.post.send(letter)

    def send_all(
        self, letters: Iterable[Letter], while_waiting: Callable[[], None]
    ) -> Iterator[tuple[Letter, DeliveryError | None]]:
        self.stop.only_between = True
        yield from hand_over(self.post, letters, while_waiting)

    def __enter__(self) -> Self:
        self.post.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.post.__exit__(*error)  # type: ignore[arg-type]


def careful(post: Post, stop: Stop) -> Post:
    """Return a way to hand letters over that lets the one in hand be noted before a stop."""
    return _Careful(post, stop)


def _crawl(source: str, work: Work) -> Mapping[str, int]:
    try:
        from procmatch_spiders import crawl  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in {"scrapy", "twisted"}:
            raise ExtraMissing("scrapy", "crawl") from None
        raise
    from procmatch_spiders.desk import StoreDesk  # noqa: PLC0415

    desk = StoreDesk(work.settings, work.clock, work.store)
    spider = crawl.run(source, work.settings, arguments={}, desk=desk, quiet=True)
    if spider.outcome != "finished":
        raise Stopped(crawl.summary(spider))
    return {name: getattr(spider.tally, name) for name in type(spider.tally).__slots__}


def _link(work: Work) -> Mapping[str, int]:
    from procmatch.workflows import link  # noqa: PLC0415 - one job needs one of them
    from procmatch.workflows.register_index import index_folder  # noqa: PLC0415

    report = link.link(work.store, index=index_folder(work.settings))
    return {
        "parties": report.parties,
        "certain": report.certain,
        "uncertain": report.uncertain,
        "nobody": report.nobody,
        "evidence": report.evidence.rows,
    }


def _match(work: Work) -> Mapping[str, int]:
    from procmatch.workflows import match  # noqa: PLC0415

    report = match.match(work.store, settings=work.settings, clock=work.clock)
    return {
        "lots": report.lots,
        "changed": report.changed,
        "suppliers": report.suppliers,
        "accounts_wanted": report.accounts_wanted,
    }


def _alert(work: Work) -> Mapping[str, int]:
    from procmatch.workflows import alert  # noqa: PLC0415

    with careful(open_channels(work.settings), work.stop) as post:
        report = alert.alert(
            work.store,
            settings=work.settings,
            clock=work.clock,
            post=post,
            stop=work.stop.asked,
        )
    _check(work, report.held)
    return {
        "subscriptions": report.subscriptions,
        "written": len(report.written),
        "sent": report.sent,
        "postponed": report.postponed,
        "refused": report.refused,
    }


def _send(work: Work) -> Mapping[str, int]:
    from procmatch.workflows import deliver  # noqa: PLC0415

    with careful(open_channels(work.settings), work.stop) as post:
        done = deliver.send_letters(
            work.store,
            clock=work.clock,
            post=post,
            mail=work.settings.mail,
            operator=work.settings.jobs.report_to,
            stop=work.stop.asked,
        )
    _check(work, done.held)
    return {"sent": done.sent, "postponed": done.postponed, "refused": done.refused}


def _check(work: Work, held: str) -> None:
    """Tell a run whose letters could not all be handed over from one that is done."""
    if work.stop.wanted:
        raise Stopped("stopped between two letters")
    if held:
        raise DeliveryError(f"the brake holds letters: {held}; see procmatch letters brake")


def _expire(work: Work) -> Mapping[str, int]:
    from procmatch.workflows import upkeep  # noqa: PLC0415

    return upkeep.expire(work.store, clock=work.clock)


def _clean_up(work: Work) -> Mapping[str, int]:
    from procmatch.workflows import upkeep  # noqa: PLC0415

    return upkeep.clean_up(
        work.store,
        settings=work.settings.jobs,
        clock=work.clock,
        outbox_folder=Path(work.settings.mail.outbox),
    )


def _weekly_report(work: Work) -> Mapping[str, int]:
    from procmatch.workflows import report  # noqa: PLC0415

    text = report.weekly_report(work.store, clock=work.clock)
    report.hand_over(text, settings=work.settings, clock=work.clock)
    return {"lines": len(text.splitlines())}


#: Job -> what it does, but for the crawls.
WORK: Mapping[str, Callable[[Work], Mapping[str, int]]] = {
    "alert": _alert,
    "clean-up": _clean_up,
    "expire": _expire,
    "link": _link,
    "match": _match,
    "send": _send,
    "refresh registry": lambda work: _crawl("enhetsregisteret", work),
    "weekly report": _weekly_report,
}


def work_of(job: str) -> Callable[[Work], Mapping[str, int]]:
    """Return what a job of the timetable does."""
    verb, _, source = job.partition(" ")
    return WORK[job] if job in WORK else {"crawl": lambda work: _crawl(source, work)}[verb]

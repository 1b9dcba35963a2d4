"""Crawl once with a desk that only takes notes. Run as a process: a reactor starts only once."""

from __future__ import annotations

import json
import sys
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import msgspec

from procmatch.errors import ProcmatchError
from procmatch.model.answer import Answer
from procmatch.settings import Settings
from procmatch_spiders import crawl
from procmatch_spiders.desk import Desk


class Notebook:
    """A desk without a store: wants every notice it has not heard of."""

    def __init__(
        self, watermark: str | None, pending: list[str], broken: str, marks: dict[str, str]
    ) -> None:
        self._broken = broken
        self.notes: dict[str, Any] = {"answers": [], "postponed": {}, "finished": None, "marks": {}}
        self._known: set[str] = set()
        self._run = SimpleNamespace(
            watermark=date.fromisoformat(watermark) if watermark else None,
            pending=tuple(pending),
            newest=date(2026, 1, 1),
            marks=marks,
        )

    def begin(self, source: str) -> SimpleNamespace:
        if self._broken == "begin":
            raise ValueError("a bug")
        self.notes["source"] = source
        return self._run

    def ingest(self, run: SimpleNamespace, answer: Answer) -> SimpleNamespace:
        if self._broken == answer.kind:
            raise ValueError("a bug")
        size = len(answer.body) if isinstance(answer.body, bytes) else answer.body.stat().st_size
        start = answer.body[:40] if isinstance(answer.body, bytes) else b""
        note = {"kind": answer.kind, "key": answer.key, "size": size, "url": answer.url}
        self.notes["answers"].append(note | {"start": start.decode("latin-1")})
        found = SimpleNamespace(
            wanted=(),
            oldest=None,
            hits=0,
            total=None,
            accessible=None,
            new=1,
            changed=0,
            set_aside=0,
            postponed=0,
        )
        if answer.kind == "search":
            assert isinstance(answer.body, bytes)
            page = json.loads(answer.body, strict=False)
            ids = [hit["id"] for hit in page["hits"]]
            found.wanted = tuple(i for i in ids if i not in self._known)
            self._known.update(ids)
            days = [date.fromisoformat(hit["publicationDate"]) for hit in page["hits"]]
            found.oldest = min(days, default=None)
            found.hits = len(ids)
            found.total, found.accessible = page["numHitsTotal"], page["numHitsAccessible"]
        return found

    def postpone(self, run: SimpleNamespace, key: str, error: str) -> None:
        self.notes["postponed"][key] = error

    def remember(self, run: SimpleNamespace, name: str, value: str) -> None:
        self.notes["marks"][name] = value

    def finish(self, run: SimpleNamespace, *, complete: bool, error: str | None = None) -> None:
        newest = run.newest and run.newest.isoformat()
        self.notes["finished"] = {"complete": complete, "error": error, "newest": newest}


def main() -> None:
    order = json.loads(sys.stdin.read())
    settings = msgspec.convert(order["settings"], Settings)
    desk = Notebook(
        order.get("watermark"),
        order.get("pending", []),
        order.get("broken", ""),
        order.get("marks", {}),
    )
    arguments = {
        name: date.fromisoformat(value) if name in {"since", "until"} else value
        for name, value in order.get("arguments", {}).items()
    }
    quick = {"RETRY_AFTER_MARGIN": 0.2, "RETRY_BACKOFF": 0.05}
    error = None
    try:
        crawl.run(
            order["source"],
            settings,
            arguments=arguments,
            desk=cast("Desk", desk),
            above=quick | order.get("above", {}),
        )
    except ProcmatchError as raised:
        error = {"type": type(raised).__name__, "text": str(raised)}
    json.dump(desk.notes | {"error": error}, sys.stdout)


if __name__ == "__main__":
    main()

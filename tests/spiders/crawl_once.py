"""Crawl once with a desk that only takes notes, or into a store. A reactor starts only once a
process, so this is run as one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

import msgspec

from procmatch.errors import ProcmatchError
from procmatch.model.answer import Answer
from procmatch.settings import Settings
from procmatch.sources import ted
from procmatch_spiders import crawl
from procmatch_spiders.desk import Desk

#: Under this name a spider remembers when it last looked again at what was active.
ROUND = "last round of active notices"


class Notebook:
    """A desk without a store: wants every notice it has not heard of."""

    def __init__(
        self,
        watermark: str | None,
        pending: list[str],
        broken: str,
        *,
        marks: dict[str, str] | None = None,
        active: dict[str, list[str]] | None = None,
    ) -> None:
        self._broken = broken
        self._active = active or {}
        today = datetime.now(UTC).date().isoformat()
        self.notes: dict[str, Any] = {
            "answers": [],
            "postponed": {},
            "finished": None,
            "marks": {ROUND: today} if marks is None else marks,
            "marked": [],
            "unlisted": None,
        }
        self._known: set[str] = set()
        self._run = SimpleNamespace(
            watermark=date.fromisoformat(watermark) if watermark else None,
            pending=tuple(pending),
            newest=date(2026, 1, 1),
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
            keys=(),
            oldest=None,
            newest=None,
            issued=None,
            hits=0,
            total=None,
            accessible=None,
            following=None,
            partial=False,
            new=1,
            changed=0,
            set_aside=0,
            pages=1,
            postponed=0,
        )
        if (
            answer.kind == "list"
            and isinstance(answer.body, bytes)
            and b"total_pages" in answer.body
        ):
            found.pages = json.loads(answer.body)["pagination"]["total_pages"]
        if answer.kind == "search" and answer.source == "ted":
            assert isinstance(answer.body, bytes)
            self._read_ted(answer.body, found)
        elif answer.kind == "search":
            assert isinstance(answer.body, bytes)
            page = json.loads(answer.body, strict=False)
            ids = [hit["id"] for hit in page["hits"]]
            found.wanted = tuple(i for i in ids if i not in self._known)
            found.keys = tuple(ids)
            self._known.update(ids)
            days = [date.fromisoformat(hit["publicationDate"]) for hit in page["hits"]]
            found.oldest = min(days, default=None)
            found.newest = max(days, default=None)
            issued = [date.fromisoformat(hit["issueDate"][:10]) for hit in page["hits"]]
            found.issued = (min(issued), max(issued)) if issued else None
            found.hits = len(ids)
            found.total, found.accessible = page["numHitsTotal"], page["numHitsAccessible"]
        return found

    def _read_ted(self, body: bytes, found: SimpleNamespace) -> None:
        page = ted.read_search(body)
        found.total, found.following, found.partial = page.total, page.token, page.timed_out
        if not page.timed_out:
            ids = [row.publication_number for row in page.rows]
            found.wanted = tuple(i for i in ids if i not in self._known)
            self._known.update(ids)
            found.oldest = min((row.published_on for row in page.rows), default=None)
            found.hits = len(ids)

    def postpone(self, run: SimpleNamespace, key: str, error: str) -> None:
        self.notes["postponed"][key] = error

    def finish(
        self, run: SimpleNamespace, *, complete: bool, error: str | None = None
    ) -> SimpleNamespace:
        newest = run.newest and run.newest.isoformat()
        self.notes["finished"] = {"complete": complete, "error": error, "newest": newest}
        return SimpleNamespace(outcome="failed" if error else "ok", message=error or "")

    def remembered(self, run: SimpleNamespace, name: str) -> str | None:
        value: str | None = self.notes["marks"].get(name)
        return value

    def remember(self, run: SimpleNamespace, name: str, value: str | None) -> None:
        self.notes["marked"].append([name, value])
        if value is None:
            self.notes["marks"].pop(name, None)
        else:
            self.notes["marks"][name] = value

    def no_longer_active(
        self, run: SimpleNamespace, active: Collection[str]
    ) -> Mapping[str, Collection[date]]:
        return {
            key: [date.fromisoformat(day) for day in days]
            for key, days in self._active.items()
            if key not in active
        }

    def unlist(self, run: SimpleNamespace, keys: Collection[str]) -> None:
        self.notes["unlisted"] = sorted(keys)


def main() -> None:
    order = json.loads(sys.stdin.read())
    settings = msgspec.convert(order["settings"], Settings)
    desk = Notebook(
        order.get("watermark"),
        order.get("pending", []),
        order.get("broken", ""),
        marks=order.get("marks"),
        active=order.get("active"),
    )
    arguments = {
        name: date.fromisoformat(value) if name in {"since", "until"} else value
        for name, value in order.get("arguments", {}).items()
    }
    quick = {"RETRY_AFTER_MARGIN": 0.2, "RETRY_BACKOFF": 0.05, "RETRY_REFUSED": 0.4}
    error = None
    try:
        crawl.run(
            order["source"],
            settings,
            arguments=arguments,
            desk=None if order.get("store") else cast("Desk", desk),
            above=quick | order.get("above", {}),
        )
    except ProcmatchError as raised:
        error = {"type": type(raised).__name__, "text": str(raised)}
    json.dump(desk.notes | {"error": error}, sys.stdout)


if __name__ == "__main__":
    main()

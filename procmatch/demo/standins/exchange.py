"""A request as it came and the answer to it, free of any server."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["Reply", "Request", "as_json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request; ``query`` keeps repeated parameters in order, header names are lower."""

    method: str
    path: str
    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    body: bytes = b""

    def one(self, name: str, default: str = "") -> str:
        """Return the last value of a parameter."""
        values = self.query.get(name)
        return values[-1] if values else default

    def listed(self, name: str) -> list[str]:
        """Return the parts of a comma-separated parameter, without the empty ones."""
        return [part for part in self.one(name).split(",") if part]

    @property
    def site(self) -> str:
        """Where the request was sent to, for links in the answer."""
        return f"http://{self.headers.get('host', 'localhost')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One HTTP answer.

    Attributes:
        cut: promise the whole body, send half of it and hang up.
        drop: hang up without a word.
    """

    status: int = 200
    body: bytes = b""
    media_type: str = "application/json; charset=UTF-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    drop: bool = False


def as_json(value: object, status: int = 200, **headers: str) -> Reply:
    """Return a JSON answer; an underscore in a header's name becomes a dash."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(status=status, body=body, headers=named)

"""What stands around releases and records when they are published together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from procmatch.ocds.values import Json, instant, kept

__all__ = ["EXTENSION", "Publisher", "package", "record"]

#: The one extension that stands for all those of the eForms profile.
EXTENSION = "https://standard.open-contracting.org/profiles/eforms/latest/en/extension.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who publishes, under which terms.

    Attributes:
        name: of the publisher. uri: address of the package. license: address of the licence of
            the data. policy: address of the publication policy.
    """

    name: str
    uri: str
    license: str = ""
    policy: str = ""


def package(publisher: Publisher, published_at: datetime) -> Json:
    """Return a package without its releases or records."""
    return kept(
        uri=publisher.uri,
        version="1.1",
        publishedDate=instant(published_at),
        publisher={"name": publisher.name},
        license=publisher.license,
        publicationPolicy=publisher.policy,
        extensions=[EXTENSION],
    )


def record(releases: Sequence[Json], compiled: Json, *, linked: str | None) -> Json:
    """Return the record of one contracting process.

    Args:
        releases: its releases, oldest first.
        compiled: all of them merged.
        linked: address of the package in which the releases are; None to embed them.
    """
    told: list[Json] = list(releases)
    if linked is not None:
        told = [
            {"url": f"{linked}#{one['id']}", "date": one["date"], "tag": one["tag"]}
            for one in releases
        ]
    return {"ocid": compiled["ocid"], "releases": told, "compiledRelease": compiled}

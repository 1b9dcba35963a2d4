"""Backfill Doffin once with short pauses. Run as a process: a reactor starts only once.

Usage: ``crawl_market.py DATABASE URL KEY FROM [TO]``.
"""

from __future__ import annotations

import sys
from datetime import date

from procmatch.errors import ProcmatchError
from procmatch.settings import Settings, Sources
from procmatch_spiders import crawl

SHORT = {
    "RETRY_AFTER_MARGIN": 0.01,
    "RETRY_BACKOFF": 0.02,
    "DOWNLOAD_DELAY": 0,
}


def main() -> int:
    database, url, key, since, *until = sys.argv[1:]
    settings = Settings(
        database_url=database,
        doffin_key=key,
        sources=Sources(doffin_url=f"{url}/public"),
    )
    days = {
        "since": date.fromisoformat(since),
        "until": date.fromisoformat(until[0]) if until else None,
    }
    try:
        spider = crawl.run("doffin", settings, arguments=days, quiet=True, above=SHORT)
    except ProcmatchError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    print(crawl.summary(spider))
    return 0 if spider.outcome == "finished" else 1


if __name__ == "__main__":
    sys.exit(main())

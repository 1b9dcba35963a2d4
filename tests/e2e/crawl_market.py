"""Backfill a source once with short pauses. Run as a process: a reactor starts only once.

Usage: ``crawl_market.py SOURCE DATABASE URL KEY FROM [TO]``.
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
    "RETRY_REFUSED": 0.05,
    "DOWNLOAD_DELAY": 0,
}


def main() -> int:
    source, database, url, key, since, *until = sys.argv[1:]
    settings = Settings(
        database_url=database,
        doffin_key=key,
        sources=Sources(doffin_url=f"{url}/public", ted_url=url, ted_page_url=url),
    )
    days = {
        "since": date.fromisoformat(since),
        "until": date.fromisoformat(until[0]) if until else None,
    }
    try:
        spider = crawl.run(source, settings, arguments=days, quiet=True, above=SHORT)
    except ProcmatchError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    print(crawl.summary(spider))
    return 0 if spider.outcome == "finished" else 1


if __name__ == "__main__":
    sys.exit(main())

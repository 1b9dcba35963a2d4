"""Run one spider in this process and say how it went."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings as ScrapySettings

from procmatch.errors import ProcmatchError
from procmatch.settings import Settings
from procmatch_spiders import settings as spider_settings
from procmatch_spiders.accounts import Accounts
from procmatch_spiders.codes import Codes
from procmatch_spiders.desk import Desk
from procmatch_spiders.doffin import Doffin
from procmatch_spiders.doffin_webclient import DoffinWebclient
from procmatch_spiders.enhetsregisteret import Enhetsregisteret
from procmatch_spiders.progress import ProgressLine
from procmatch_spiders.source_spider import SourceSpider
from procmatch_spiders.ted import Ted

__all__ = ["SPIDERS", "run", "summary"]

SPIDERS: Mapping[str, type[SourceSpider]] = {
    spider.name: spider
    for spider in (Accounts, Codes, Doffin, DoffinWebclient, Enhetsregisteret, Ted)
}


def run(
    source: str,
    settings: Settings,
    *,
    arguments: Mapping[str, Any],
    desk: Desk | None = None,
    quiet: bool = False,
    above: Mapping[str, object] | None = None,
) -> SourceSpider:
    """Crawl one source. Only once a process: Twisted's reactor does not start again.

    Args:
        source: a name in ``SPIDERS``.
        settings: procmatch's settings.
        arguments: more arguments of the spider.
        desk: where answers go; default the store of the settings.
        quiet: no progress line, even on a terminal.
        above: Scrapy settings that replace ours.

    Returns:
        The spider, closed, with its tally and report.

    Raises:
        ProcmatchError: the run failed; what was kept before stays.
    """
    scrapy_settings = ScrapySettings()
    scrapy_settings.setmodule(spider_settings, priority="project")
    scrapy_settings.setdict(spider_settings.of(settings, source), priority="cmdline")
    scrapy_settings.setdict(dict(above or {}), priority="cmdline")
    process = AsyncCrawlerProcess(scrapy_settings)
    # It warns of a cut answer and advises to accept it; we ask again.
    logging.getLogger("scrapy.core.downloader.handlers.http11").setLevel(logging.ERROR)
    crawler = process.create_crawler(SPIDERS[source])
    line = ProgressLine(sys.stderr, source)
    shown = sys.stderr.isatty() and not quiet
    process.crawl(
        crawler,
        desk=desk,
        options=settings,
        watch=line if shown else None,
        log_failure=False,
        **arguments,
    )
    process.start()
    line.clear()
    spider = crawler.spider
    if not isinstance(spider, SourceSpider):
        raise ProcmatchError(f"the spider {source} did not start")
    if spider.failure is not None:
        raise spider.failure
    return spider


def summary(spider: SourceSpider) -> str:
    """Say in one line what a run brought."""
    tally = spider.tally
    text = (
        f"{spider.name}: {tally.fetched} fetched, {tally.new} new, {tally.changed} changed, "
        f"{tally.set_aside} set aside, {tally.postponed} postponed"
    )
    if spider.remark:
        text += f"; {spider.remark}"
    if spider.outcome != "finished":
        text += f"; stopped before the end ({spider.outcome}), the next run goes on from here"
    return text

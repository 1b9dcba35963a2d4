"""Scrapy settings: polite, quiet, small. What an operator changes comes from procmatch's own."""

from __future__ import annotations

from procmatch.settings import Settings, load

BOT_NAME = "procmatch"
SPIDER_MODULES = [
    "procmatch_spiders.codes",
    "procmatch_spiders.doffin",
    "procmatch_spiders.doffin_webclient",
    "procmatch_spiders.enhetsregisteret",
    "procmatch_spiders.ted",
]
NEWSPIDER_MODULE = "procmatch_spiders"

# The sources are APIs made to be called, under terms of use; robots.txt speaks of pages.
ROBOTSTXT_OBEY = False

# One request at a time to each site: Doffin answers about 30 requests in 10 seconds.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY_JITTER = 0
DOWNLOAD_TIMEOUT = 60
CONCURRENT_ITEMS = 4

# Spiders see every status and decide: 404, 410 and 401 mean different things at each source.
HTTPERROR_ALLOW_ALL = True

# Redirects would carry a key to another host; no source redirects.
REDIRECT_ENABLED = False
COOKIES_ENABLED = False

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "procmatch_spiders.retry_after.RetryAfterMiddleware": 550,
}
SPIDER_MIDDLEWARES = {"procmatch_spiders.failures.FailureMiddleware": 10}
DOWNLOAD_HANDLERS = {
    "http": "procmatch_spiders.downloads.PoliteHandler",
    "https": "procmatch_spiders.downloads.PoliteHandler",
}

RETRY_TIMES = 4
# The spider says what was given up, and what that means.
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
# Seconds. A source that asks for more than the cap is asked again after the cap.
RETRY_AFTER_MARGIN = 2.0
RETRY_AFTER_CAP = 300.0
RETRY_BACKOFF = 1.0
# Added where a site refuses (429, 503) and does not say for how long.
RETRY_REFUSED = 0.0

TELNETCONSOLE_ENABLED = False
LOG_LEVEL = "WARNING"


#: Seconds. Without a delay Scrapy sends all that waits for a site at once, whatever the limit of
#: concurrent requests says: it counts a request only when that has begun.
_LEAST_DELAY = 0.001


def of(settings: Settings, source: str = "") -> dict[str, object]:
    """Return the Scrapy settings that follow from procmatch's own settings, for one source."""
    rates = {"ted": settings.ted_requests_per_second}
    rate = rates.get(source, settings.requests_per_second)
    return {
        "USER_AGENT": settings.user_agent,
        "DOWNLOAD_DELAY": max(1 / max(rate, 0.01), _LEAST_DELAY),
    }


# ``scrapy crawl`` reads this module only; ``procmatch crawl`` puts its own settings above it.
USER_AGENT, DOWNLOAD_DELAY = of(load()).values()

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pytest

from tests.spiders.conftest import KEY, SCRIPT
from tests.spiders.site import Asked, Reply, Site


@pytest.mark.parametrize("wanted", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_crawl_soon_and_the_run_is_not_whole(wanted: signal.Signals) -> None:
    def wait_a_minute(_asked: Asked) -> Reply:
        return Reply(status=429, headers={"Retry-After": "60"})

    with Site(wait_a_minute) as site:
        settings = {
            "doffin_key": KEY,
            "requests_per_second": 100,
            "sources": {"doffin_url": site.url},
        }
        crawl = subprocess.Popen(
            [sys.executable, str(SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert crawl.stdin is not None
        crawl.stdin.write(json.dumps({"source": "doffin", "settings": settings}))
        crawl.stdin.close()
        crawl.stdin = None
        for _ in range(200):
            if site.asked:
                break
            time.sleep(0.05)
        time.sleep(0.3)
        crawl.send_signal(wanted)
        out, log = crawl.communicate(timeout=20)
    notes = json.loads(out)
    assert crawl.returncode == 0
    assert notes["error"] is None
    assert notes["finished"] == {"complete": False, "error": None, "newest": "2026-01-01"}
    assert "Traceback" not in log

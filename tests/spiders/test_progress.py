from __future__ import annotations

import io

from procmatch_spiders.progress import ProgressLine
from procmatch_spiders.source_spider import Tally


def test_the_line_is_rewritten_now_and_then_and_taken_away() -> None:
    stream, now = io.StringIO(), [0.0]
    line = ProgressLine(stream, "doffin", clock=lambda: now[0])
    for second, fetched in ((1.0, 10), (1.1, 11), (2.0, 20)):
        now[0] = second
        line(Tally(fetched=fetched, new=1))
    line.clear()
    shown = stream.getvalue().split("\r")
    assert shown[1] == "doffin: 10 fetched, 1 new, 0 set aside, 10.0/s"
    assert shown[2].startswith("doffin: 20 fetched")
    assert shown[-2].strip() == ""
    assert len(shown) == 5


def test_nothing_shown_leaves_nothing_to_clear() -> None:
    stream = io.StringIO()
    ProgressLine(stream, "doffin").clear()
    assert stream.getvalue() == ""

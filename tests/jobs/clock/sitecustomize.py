"""Put on PYTHONPATH, moves the clock of every Python process by what a file says, at any time.

``FAKE_CLOCK`` names a file that holds seconds to add to the machine's clock; without it nothing is
done. Only what reads the time of day is moved: waiting takes as long as ever.
"""

import os
import threading
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path

_FILE = os.environ.get("FAKE_CLOCK", "")
_LOOK_S = 0.02


def _begin() -> None:
    import time_machine  # noqa: PLC0415

    def offset() -> float:
        return float(Path(_FILE).read_text(encoding="ascii"))

    def moment(added: float) -> datetime:
        return datetime.fromtimestamp(real() + added, UTC)

    # The way round the moved clock is open only once it is moved.
    real = time.time
    added = offset()
    traveller = time_machine.travel(moment(added), tick=True).start()
    real = time_machine.escape_hatch.time.time

    def follow() -> None:
        last = added
        while True:
            time.sleep(_LOOK_S)
            now = offset()
            if now != last:
                traveller.move_to(moment(now), tick=True)
                last = now

    threading.Thread(target=follow, daemon=True).start()


if _FILE:
    try:
        _begin()
    except Exception:  # noqa: BLE001 - whatever it is
        # Python goes on without this module; nothing must run on another clock than the tests'.
        traceback.print_exc()
        os._exit(1)

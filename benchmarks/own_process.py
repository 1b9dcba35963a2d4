"""Run one method of a benchmark in a process of its own, so that none pays for another's memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

__all__ = ["in_own_process"]


def in_own_process(script: Path, method: str, *arguments: str) -> dict[str, object]:
    """Run ``script --here method``; return its last line, or under ``left_out`` why it failed."""
    command = [sys.executable, str(script), "--here", method, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        return {"method": method, "left_out": reason}
    found: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return found

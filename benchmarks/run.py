"""Run every benchmark and print its ratio. Ratios, not seconds: machines differ and are noisy."""

from __future__ import annotations

import runpy
from pathlib import Path


def main() -> None:
    """Run the benchmark files beside this one, by name."""
    here = Path(__file__).parent
    for path in sorted(here.glob("bench_*.py")):
        print(f"{path.stem}")
        runpy.run_path(str(path), run_name="__main__")


if __name__ == "__main__":
    main()

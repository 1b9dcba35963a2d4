"""``python -m procmatch.cli`` is ``procmatch``."""

from procmatch.cli import main

main()

"""Who is not to be shown."""

from __future__ import annotations

from procmatch.settings import Settings
from procmatch.store import Store, statements

__all__ = ["hidden_numbers"]


def hidden_numbers(store: Store, settings: Settings) -> frozenset[str]:
    """Return the numbers of those who are not to be shown: by their own word, and the setting's."""
    with store.read() as connection:
        return frozenset(settings.hidden) | statements.chosen(connection)[0]

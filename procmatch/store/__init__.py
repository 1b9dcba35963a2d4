"""The store: one truth in SQLAlchemy Core tables; the only part of the library that speaks SQL."""

from procmatch.store.engine import Store, open_store

__all__ = ["Store", "open_store"]

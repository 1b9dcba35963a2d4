"""The store: one truth in SQLAlchemy Core tables; the only part of the library that speaks SQL."""

from procmatch.store import (
    delivery_tables,
    insight_tables,
    job_tables,
    ledger_tables,
    subscriber_tables,
    tables,
)
from procmatch.store.engine import Store, open_store

__all__ = ["Store", "open_store"]

#: All tables are known as soon as the store is: what walks over them must miss none.
_ = (tables, ledger_tables, subscriber_tables, delivery_tables, job_tables, insight_tables)

"""A day as people write it, in each language."""

from __future__ import annotations

from datetime import date

from procmatch.text.messages import Message

__all__ = ["day_said"]

_NORWEGIAN = (
    "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober",
    "november", "desember",
)  # fmt: skip
_ENGLISH = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def day_said(day: date) -> Message:
    """Return "10. juni 2026" in Norwegian, "10 June 2026" in English."""
    norwegian = f"{day.day}. {_NORWEGIAN[day.month - 1]} {day.year}"
    english = f"{day.day} {_ENGLISH[day.month - 1]} {day.year}"
    return Message(day.isoformat(), words=(("nb", norwegian), ("nn", norwegian), ("en", english)))

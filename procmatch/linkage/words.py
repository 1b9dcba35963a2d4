"""The words of a name as linkage compares them."""

from __future__ import annotations

__all__ = ["GROUP_WORDS", "MOST_WORDS", "OWNER_WORDS", "words_of"]

#: A longer name is told by its first words.
MOST_WORDS = 16
#: Words that tell one company of a group from another: with and without them are two units.
GROUP_WORDS = frozenset(
    {"holding", "invest", "investering", "eiendom", "eigedom", "group", "gruppen", "konsern"}
    | {"drift", "service", "produksjon", "utvikling", "bolig", "finans", "international"}
    | {"norge", "norway", "nord", "soer", "oest", "vest"}
)
#: Of these, what the owner of a company is called, who does not take over its name.
OWNER_WORDS = frozenset({"holding", "invest", "investering", "group", "gruppen", "konsern"})


def words_of(key: str) -> list[str]:
    """Return the words of a key, each once, in order, at most 16."""
    return list(dict.fromkeys(key.split()))[:MOST_WORDS]

"""The floor above spiders and library: when things run, and what came of it."""

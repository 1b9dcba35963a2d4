"""The floor above spiders and library: when things run. It calls ``procmatch.workflows`` only."""

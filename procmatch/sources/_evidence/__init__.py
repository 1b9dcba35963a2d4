"""Readers of evidence, one module a source; :mod:`procmatch.sources.evidence` is their face."""

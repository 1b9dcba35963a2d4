"""Evaluation of matching: awards replayed, with only what was known before each was made.

The tasks, their protocol and what the figures may not be taken for: docs/quality-matching.md.
"""

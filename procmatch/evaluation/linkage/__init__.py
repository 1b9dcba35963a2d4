"""Evaluation of linkage: does a printed name lead to the right unit, and to nobody where it should?

The tasks and their files are described in docs/quality.md.
"""

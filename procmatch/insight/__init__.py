"""The municipality's view: who nearby could bid, what stops them, and what to change.

Pure functions of the model: every page and report is a thin face over them.
"""

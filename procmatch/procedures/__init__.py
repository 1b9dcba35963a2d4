"""Which publications are one purchase, what holds today, and what changed on the way.

Pure functions: :func:`groups` sorts publications into purchases by what they are called and what
they refer to, :func:`attach` adds those that belong by likeness only, and :func:`assemble` merges
the notices of one purchase into a :class:`~procmatch.model.procedure.Procedure`.
"""

from procmatch.procedures.chain import groups
from procmatch.procedures.differences import between
from procmatch.procedures.merge import assemble, identify
from procmatch.procedures.probable import attach

__all__ = ["assemble", "attach", "between", "groups", "identify"]

"""Every error that procmatch raises on purpose.

The class tells the caller what to do; no text needs to be parsed::

    ProcmatchError
      SettingsError          mend the settings (raised at start, never later)
      SourceError            what a source sent cannot be used
        SourceChanged        well formed but not as agreed: a person should look
        SourceRefused        not a notice that we read, by a stated scope decision
        SourceUnavailable    no answer, or "come back": trying later may help
      CodeError              not a code of its list (also a ValueError)
      LinkRefused            a signed link is forged, expired or for something else
      LinkageError           a name or number cannot be linked as asked
      EvaluationError        a labelled folder or run file cannot be measured
      NotFound               the store holds nothing under that key (also a LookupError)
      StoreError             missing, too old, or in use
        LeaseLost            another holder runs this job now: stop, and write nothing more
      NotExportable          a notice lacks what a format of others cannot do without
      DeliveryError          a letter could not be handed over: trying later may help
        DeliveryRefused      for good: do not try this letter again
          AddressRefused     nor any other to this address
        Unreachable          the server itself did not answer
      ExtraMissing           install the named extra
"""

from __future__ import annotations

__all__ = [
    "AddressRefused",
    "CodeError",
    "DeliveryError",
    "DeliveryRefused",
    "EvaluationError",
    "ExtraMissing",
    "LeaseLost",
    "LinkRefused",
    "LinkageError",
    "NotExportable",
    "NotFound",
    "ProcmatchError",
    "SettingsError",
    "SourceChanged",
    "SourceError",
    "SourceRefused",
    "SourceUnavailable",
    "StoreError",
    "Unreachable",
]


class ProcmatchError(Exception):
    """Root of all errors raised on purpose; its text is one clear line."""


class SettingsError(ProcmatchError):
    """A setting is missing, unknown or wrong. Raised by ``procmatch.settings``."""


class SourceError(ProcmatchError):
    """What a source sent cannot be used. Raised by ``procmatch.sources``.

    Attributes:
        source: which source, e.g. ``"eforms"`` or ``"enhetsregisteret"``.
        where: the field, as a path in the source's own words, or ``""``.
        reason: what is wrong, one line.
    """

    def __init__(self, reason: str, *, source: str, where: str = "") -> None:
        self.source = source
        self.where = where
        self.reason = reason
        place = f"{source}: {where}" if where else source
        super().__init__(f"{place}: {reason}")


class SourceChanged(SourceError):
    """Well formed, but not as agreed: a field or code that no rule knows."""


class SourceRefused(SourceError):
    """Not read, by a decision that is written down (e.g. a business registration notice)."""


class SourceUnavailable(SourceError):
    """No answer, or an answer that says "come back": trying later may help."""


class CodeError(ProcmatchError, ValueError):
    """A text is not a code of its list, or its check digit is wrong."""


class LinkRefused(ProcmatchError):
    """A signed link is forged, expired or for something else. Raised by ``procmatch.alerts``."""


class LinkageError(ProcmatchError):
    """A name or number cannot be linked as asked, e.g. an unknown column."""


class EvaluationError(ProcmatchError):
    """A labelled folder lacks what a task needs, or a run file cannot be read or written."""


class NotFound(ProcmatchError, LookupError):
    """The store holds nothing under that key."""


class StoreError(ProcmatchError):
    """The store is missing, of another version, or in use."""


class LeaseLost(StoreError):
    """A job's lease has passed to another holder. Raised before anything is written."""


class NotExportable(ProcmatchError):
    """A notice lacks, or says otherwise, what a format of others needs. Raised by ``ocds``.

    Attributes:
        notice: source and id of the notice, e.g. ``"doffin 2024-100506"``.
        where: the field, by its BT number. reason: what is wrong, one line.
    """

    def __init__(self, reason: str, *, notice: str, where: str) -> None:
        self.notice = notice
        self.where = where
        self.reason = reason
        super().__init__(f"{notice}: {where}: {reason}")


class DeliveryError(ProcmatchError):
    """A letter could not be handed over now; trying later may help."""


class DeliveryRefused(DeliveryError):
    """Refused for good; do not try this letter again."""


class AddressRefused(DeliveryRefused):
    """The receiver refused for good; send nothing more to this address."""


class Unreachable(DeliveryError):
    """No connection to the server that takes letters: this says nothing about a letter."""


class ExtraMissing(ProcmatchError):
    """A command needs an extra that is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"this needs {package}: pip install 'procmatch[{extra}]'")

"""procmatch: public tenders, linked lot by lot to small sustainable suppliers nearby.

The names below are the public library. They are loaded when they are first used, so that
``import procmatch`` costs next to nothing::

    from procmatch import read_notice

    notice = read_notice(Path("notice.xml").read_bytes())
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from procmatch.codes import builtin as builtin_codes
    from procmatch.errors import ProcmatchError
    from procmatch.linkage import Linker
    from procmatch.matching import Board, SupplierIndex, match_lot, match_need, match_supplier
    from procmatch.model.match import Hurdle, Linked, Match, Verdict
    from procmatch.model.notice import Award, Lot, Notice, NoticeKind
    from procmatch.model.organisation import Evidence, Organisation, OrgId, Supplier
    from procmatch.model.plain import notice_as_dict
    from procmatch.model.subscription import Subscription
    from procmatch.settings import Settings
    from procmatch.settings import load as load_settings
    from procmatch.sources.eforms import read as read_notice
    from procmatch.store import Store, open_store
    from procmatch.text.messages import say

__all__ = [
    "Award",
    "Board",
    "Evidence",
    "Hurdle",
    "Linked",
    "Linker",
    "Lot",
    "Match",
    "Notice",
    "NoticeKind",
    "OrgId",
    "Organisation",
    "ProcmatchError",
    "Settings",
    "Store",
    "Subscription",
    "Supplier",
    "SupplierIndex",
    "Verdict",
    "builtin_codes",
    "load_settings",
    "match_lot",
    "match_need",
    "match_supplier",
    "notice_as_dict",
    "open_store",
    "read_notice",
    "say",
]

_HOMES = {
    "procmatch.codes": {"builtin_codes": "builtin"},
    "procmatch.errors": {"ProcmatchError": ""},
    "procmatch.linkage": {"Linker": ""},
    "procmatch.matching": dict.fromkeys(
        ("Board", "SupplierIndex", "match_lot", "match_need", "match_supplier"), ""
    ),
    "procmatch.model.match": dict.fromkeys(("Hurdle", "Linked", "Match", "Verdict"), ""),
    "procmatch.model.notice": dict.fromkeys(("Award", "Lot", "Notice", "NoticeKind"), ""),
    "procmatch.model.organisation": dict.fromkeys(
        ("Evidence", "OrgId", "Organisation", "Supplier"), ""
    ),
    "procmatch.model.plain": {"notice_as_dict": ""},
    "procmatch.model.subscription": {"Subscription": ""},
    "procmatch.settings": {"Settings": "", "load_settings": "load"},
    "procmatch.sources.eforms": {"read_notice": "read"},
    "procmatch.store": {"Store": "", "open_store": ""},
    "procmatch.text.messages": {"say": ""},
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - PEP 562
    """Load a public name from its home."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), names[name] or name)
    raise AttributeError(f"module 'procmatch' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

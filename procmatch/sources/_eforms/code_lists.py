"""Closed code lists of eForms that our rules depend on; a code outside is a change."""

from __future__ import annotations

from procmatch.model.notice import NoticeKind

__all__ = [
    "BUSINESS_REGISTRATION",
    "DPS",
    "FORMS",
    "FRAMEWORK",
    "NATURE",
    "NOTICE_TYPES",
    "RESERVED",
    "SIZES",
    "UNITS",
    "WEIGHTS",
    "WINNER",
]

NATURE = frozenset(("works", "supplies", "services", "combined"))
FRAMEWORK = frozenset(("fa-wo-rc", "fa-w-rc", "fa-mix", "none"))
DPS = frozenset(("dps-list", "dps-nlist", "none"))
RESERVED = frozenset(("none", "res-ws", "res-pub-ser"))
SIZES = frozenset(("micro", "small", "medium", "sme", "large"))
WINNER = frozenset(("selec-w", "clos-nw", "open-nw"))
WEIGHTS = frozenset(("per-exa", "per-mid", "dec-exa", "dec-mid", "poi-exa", "poi-mid", "ord-imp"))

#: Units of a duration (BT-36) as published -> as the model names them.
UNITS = {
    "DAY": "DAY",
    "CALENDAR_DAY": "DAY",
    "WEEK": "WEEK",
    "MONTH": "MONTH",
    "YEAR": "YEAR",
    "MON": "MONTH",
    "WEE": "WEEK",
    "ANN": "YEAR",
}

#: Form type (BT-03) -> kind.
FORMS = {
    "consultation": NoticeKind.PLANNING,
    "planning": NoticeKind.PLANNING,
    "competition": NoticeKind.COMPETITION,
    "result": NoticeKind.RESULT,
    "dir-awa-pre": NoticeKind.DIRECT_AWARD,
    "cont-modif": NoticeKind.MODIFICATION,
    "completion": NoticeKind.COMPLETION,
    "change": NoticeKind.CHANGE,
}
#: Notice types (BT-02) that say more than the form type.
NOTICE_TYPES = {
    "veat": NoticeKind.DIRECT_AWARD,
    "can-modif": NoticeKind.MODIFICATION,
    "compl": NoticeKind.COMPLETION,
    "corr": NoticeKind.CHANGE,
}
#: Form types of the registration of European companies: about no purchase.
BUSINESS_REGISTRATION = frozenset(("bri", "bus-reg"))

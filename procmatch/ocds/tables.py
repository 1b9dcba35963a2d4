"""eForms codes as published -> codes of OCDS and its eForms profile.

A code outside these tables has no counterpart there: its field is left out, except where the
reader of the table says otherwise.
"""

from __future__ import annotations

from procmatch.model.notice import NoticeKind

__all__ = [
    "AWARD_CRITERIA",
    "CURRENCIES",
    "DOCUMENT_TYPES",
    "DPS",
    "FRAMEWORKS",
    "LANGUAGES",
    "METHODS",
    "NATURES",
    "PERMISSIONS",
    "RESERVED",
    "SELECTION_FAMILIES",
    "STATISTICS",
    "STRATEGIES",
    "SUSTAINABILITY_GOALS",
    "TAGS",
    "TENDER_STATUS",
    "UNIT_DAYS",
    "WEIGHTS",
]

#: Kind of notice -> release tags of its first version, of a correction, of a cancellation.
TAGS: dict[NoticeKind, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    NoticeKind.PLANNING: (("planning",), ("planningUpdate",), ("planningUpdate",)),
    NoticeKind.COMPETITION: (("tender",), ("tenderUpdate",), ("tenderCancellation",)),
    NoticeKind.CHANGE: (("tenderUpdate",), ("tenderUpdate",), ("tenderCancellation",)),
    NoticeKind.RESULT: (
        ("award", "contract"),
        ("awardUpdate", "contractUpdate"),
        ("awardCancellation",),
    ),
    NoticeKind.DIRECT_AWARD: (("award",), ("awardUpdate",), ("awardCancellation",)),
    NoticeKind.MODIFICATION: (
        ("awardUpdate", "contractUpdate"),
        ("awardUpdate", "contractUpdate"),
        ("awardUpdate", "contractUpdate"),
    ),
    NoticeKind.COMPLETION: (
        ("contractTermination",),
        ("contractTermination",),
        ("contractTermination",),
    ),
}

#: Kind of notice -> status of the tender; kinds that say nothing of it are absent.
TENDER_STATUS = {
    NoticeKind.PLANNING: "planned",
    NoticeKind.COMPETITION: "active",
    NoticeKind.RESULT: "complete",
    NoticeKind.DIRECT_AWARD: "complete",
    NoticeKind.COMPLETION: "complete",
}

#: Kind of notice -> what the notice is as a document.
DOCUMENT_TYPES = {
    NoticeKind.PLANNING: "plannedProcurementNotice",
    NoticeKind.COMPETITION: "tenderNotice",
    NoticeKind.CHANGE: "tenderNotice",
    NoticeKind.RESULT: "awardNotice",
    NoticeKind.DIRECT_AWARD: "awardNotice",
    NoticeKind.MODIFICATION: "contractNotice",
    NoticeKind.COMPLETION: "completionCertificate",
}

#: BT-105 -> (method or None, words for it).
METHODS: dict[str, tuple[str | None, str]] = {
    "open": ("open", "Open procedure"),
    "restricted": ("selective", "Restricted procedure"),
    "neg-w-call": ("selective", "Negotiated procedure with a call for competition"),
    "comp-dial": ("selective", "Competitive dialogue"),
    "comp-tend": ("selective", "Competitive tendering"),
    "innovation": ("selective", "Innovation partnership"),
    "neg-wo-call": ("limited", "Negotiated procedure without a call for competition"),
    "oth-single": (None, "Other procedure in one stage"),
    "oth-mult": (None, "Other procedure in several stages"),
}

#: BT-23; ``combined`` has no counterpart.
NATURES = {"works": "works", "supplies": "goods", "services": "services"}

#: BT-765.
FRAMEWORKS = {
    "fa-wo-rc": "withoutReopeningCompetition",
    "fa-w-rc": "withReopeningCompetition",
    "fa-mix": "withAndWithoutReopeningCompetition",
}
#: BT-766.
DPS = {"dps-list": "closed", "dps-nlist": "open"}
#: BT-71.
RESERVED = {"res-ws": "shelteredWorkshop", "res-pub-ser": "publicServiceMissionOrganization"}
#: BT-63, BT-764.
PERMISSIONS = {"required": "required", "allowed": "allowed", "not-allowed": "notAllowed"}
#: BT-539 up to its first hyphen: ``quality-nor-env-*`` is a quality.
AWARD_CRITERIA = {"price": "price", "cost": "cost", "quality": "quality"}
#: BT-5421.
WEIGHTS = {
    "per-exa": "percentageExact",
    "per-mid": "percentageRangeMiddle",
    "dec-exa": "decimalExact",
    "dec-mid": "decimalRangeMiddle",
    "poi-exa": "pointsExact",
    "poi-mid": "pointsRangeMiddle",
    "ord-imp": "order",
}
#: How BT-747 and BT-809 codes begin; anything else is ``other``.
SELECTION_FAMILIES = (
    ("sui-act", "suitability"),
    ("slc-suit", "suitability"),
    ("ef-stand", "economic"),
    ("slc-stand", "economic"),
    ("tp-abil", "technical"),
    ("slc-abil", "technical"),
)
#: BT-760; a count without a code is one of tenders.
STATISTICS = {
    "": "bids",
    "tenders": "bids",
    "part-req": "requests",
    "t-esubm": "electronicBids",
    "t-micro": "microBids",
    "t-small": "smallBids",
    "t-med": "mediumBids",
    "t-sme": "smeBids",
    "t-oth-eea": "foreignBidsFromEU",
    "t-no-eea": "foreignBidsFromNonEU",
    "t-verif-inad": "disqualifiedBids",
    "t-verif-inad-low": "tendersAbnormallyLow",
}

#: BT-06, BT-774, BT-775, BT-776 -> goal.
SUSTAINABILITY_GOALS = {
    "env-imp": "environmental",
    "soc-obj": "social",
    "inn-pur": "economic.innovativePurchase",
    "biodiv-eco": "environmental.biodiversityProtectionRestoration",
    "circ-econ": "environmental.circularEconomy",
    "clim-adapt": "environmental.climateChangeAdaptation",
    "clim-mitig": "environmental.climateChangeMitigation",
    "pollu-prev": "environmental.pollutionPrevention",
    "water-mar": "environmental.waterResourcesProtection",
    "acc-all": "social.accessibility",
    "et-eq": "social.ethnicEquality",
    "gen-eq": "social.genderEquality",
    "hum-right": "social.humanRightsInSupplyChains",
    "opp": "social.disadvantagedEmploymentOpportunities",
    "work-cond": "social.laborRightsPromotion",
    "mar-nov": "economic.marketInnovationPromotion",
    "proc-innov": "economic.processInnovationPromotion",
    "prod-innov": "economic.productInnovationPromotion",
    "rd-act": "economic.researchDevelopmentActivities",
}
#: BT-805 -> strategy.
STRATEGIES = {
    "eu": "euGPPCriteria",
    "national": "nationalGPPCriteria",
    "other": "otherGPPCriteria",
}

#: Unit of a duration -> days, as the profile counts them.
UNIT_DAYS = {"DAY": 1, "WEEK": 7, "MONTH": 30, "YEAR": 365}

_LANGUAGES = """
NOR:no NOB:nb NNO:nn SME:se ENG:en DAN:da SWE:sv FIN:fi ISL:is DEU:de FRA:fr NLD:nl BUL:bg CES:cs
ELL:el EST:et GLE:ga HRV:hr HUN:hu ITA:it LAV:lv LIT:lt MLT:mt POL:pl POR:pt RON:ro SLK:sk SLV:sl
SPA:es AFR:af ARA:ar CAT:ca CYM:cy EUS:eu GLG:gl LTZ:lb MKD:mk RUS:ru SQI:sq SRP:sr TUR:tr UKR:uk
ZHO:zh
"""
#: EU authority code of a language -> ISO 639-1; others are written as they are, in small letters.
LANGUAGES = dict(pair.split(":") for pair in _LANGUAGES.split())

_CURRENCIES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW
KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD
NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD
SHP SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND
VUV WST XAF XCD XOF XPF YER ZAR ZMW ATS BEF CYP DEM EEK ESP FIM FRF GRD HRK IEP ITL LTL LUF LVL
MTL NLG PTE SIT SKK
"""
#: ISO 4217 currencies in use, and those that the euro took the place of in old notices.
CURRENCIES = frozenset(_CURRENCIES.split())

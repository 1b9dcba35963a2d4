"""Every element that stands beside a mapped one and is not read, by name, with the reason.

The first key is the aggregate, the second the reason. An element that is in no table of its
aggregate, mapped or ignored, is a change of the source and makes the reader say so.
"""

from __future__ import annotations

__all__ = ["IGNORED", "IGNORED_LISTS"]

_ADDRESS = (
    "cbc:StreetName cbc:AdditionalStreetName cbc:Department cbc:BuildingNumber cbc:Postbox "
    "cbc:CountrySubentity cbc:District cbc:Room cbc:Floor cac:AddressLine"
)

IGNORED: dict[str, dict[str, str]] = {
    "notice": {
        "how the file is made": "cbc:UBLVersionID cbc:ProfileID cbc:UUID cac:Signature",
        "plans for publishing": "cbc:PlannedDate cbc:RequestedPublicationDate",
        "link to the old site": "cbc:URI",
        "date that every result repeats": "cac:TenderResult",
    },
    "extension": {
        "how the file is made": (
            "cbc:ID cbc:Name ext:ExtensionAgencyID ext:ExtensionAgencyName ext:ExtensionVersionID "
            "ext:ExtensionAgencyURI ext:ExtensionURI ext:ExtensionReasonCode ext:ExtensionReason"
        ),
    },
    "notice extension": {
        "complaints": "efac:Appeals efac:AppealsInformation",
        "modified contracts, not notices (BT-200 to 202, BT-1501)": "efac:ContractModification",
        "when it was sent on": "efbc:TransmissionDate efbc:TransmissionTime",
        "secrecy, read over the whole notice": "efac:FieldsPrivacy",
        "business registration": "efac:NoticePurpose efac:BusinessPartyGroup",
    },
    "publication": {"number of the journal": "efbc:GazetteID"},
    "changes": {},
    "subtype": {"subtype in words": "efbc:SubTypeDescription"},
    "marker": {},
    "change": {
        "changes of documents": (
            "efbc:ProcurementDocumentsChangeDate efbc:ProcurementDocumentsChangeIndicator"
        ),
    },
    "contracting party": {"buyer profile": "cbc:BuyerProfileURI"},
    "contracting party role": {
        "who sends for the buyer": "cac:ServiceProviderParty",
    },
    "organisations": {"persons": "efac:UltimateBeneficialOwner"},
    "organisation": {
        "persons": "efac:UltimateBeneficialOwner efbc:NaturalPersonIndicator",
        "role in central purchasing": "efbc:AcquiringCPBIndicator efbc:AwardingCPBIndicator",
        "stock exchange": "efbc:ListedOnRegulatedMarketIndicator",
    },
    "company": {
        "persons": "cac:Contact",
        "electronic address": "cbc:EndpointID",
        "tax": "cac:PartyTaxScheme",
    },
    "touch point": {
        "persons": (
            "cac:Contact cac:PartyName cac:PostalAddress cbc:EndpointID cbc:WebsiteURI "
            "cac:PartyTaxScheme cac:PartyLegalEntity efbc:CompanySizeCode"
        ),
    },
    "legal entity": {"register": "cbc:RegistrationName cbc:RegistrationDate cbc:CompanyLegalForm"},
    "address": {"finer than a place": _ADDRESS},
    "country": {"name of the code": "cbc:Name"},
    "location": {"place in words (BT-728)": "cbc:Description"},
    "project": {
        "the buyer's own number (BT-22)": "cbc:ID",
        "additional information (BT-300)": "cbc:Note",
        "quantity (BT-25)": "cbc:EstimatedOverallContractQuantity",
    },
    "requested total": {
        "other sums": (
            "cbc:TotalAmount cbc:TaxIncludedIndicator cbc:MinimumAmount cbc:MaximumAmount "
            "cbc:MonetaryScope cbc:AverageSubsequentContractAmount"
        ),
    },
    "requested total extension": {"secrecy, read over the whole notice": "efac:FieldsPrivacy"},
    "extension of the term": {
        "options (BT-54)": "cbc:OptionsDescription cac:OptionValidityPeriod",
        "fewest renewals": "cbc:MinimumNumberNumeric",
    },
    "period": {
        "time of day of a contract's start and end": "cbc:StartTime cbc:EndTime",
        "duration in words": "cbc:Description",
    },
    "deadline": {"start of a deadline": "cbc:StartDate cbc:StartTime cbc:Description"},
    "procedure terms": {
        "exclusion grounds (BT-67)": "cac:TendererQualificationRequest",
        "law in words (BT-01, BT-09)": "cac:ProcurementLegislationDocumentReference",
        "how many lots one may win (BT-31, BT-33, BT-330)": "cac:LotDistribution",
        "EU funds (BT-60)": "cbc:FundingProgramCode",
        "security": "cac:SecurityClearanceTerm cbc:LatestSecurityClearanceDate",
        "terms that stand at the lot": (
            "cac:CallForTendersDocumentReference cac:AppealTerms cac:Language "
            "cac:AdditionalInformationParty cac:DocumentProviderParty cac:TenderRecipientParty "
            "cac:AwardingTerms"
        ),
        "extension": "ext:UBLExtensions",
    },
    "lot terms": {
        "EU funds (BT-60)": "cbc:FundingProgramCode",
        "how many tenders, how often": (
            "cbc:MultipleTendersCode cbc:RecurringProcurementIndicator "
            "cbc:RecurringProcurementDescription"
        ),
        "staff, security": (
            "cbc:RequiredCurriculaCode cbc:LatestSecurityClearanceDate cac:SecurityClearanceTerm"
        ),
        "who answers, opens, judges": (
            "cac:AdditionalInformationParty cac:DocumentProviderParty cac:TenderEvaluationParty "
            "cac:AppealTerms cac:ContractResponsibleParty"
        ),
        "law on tax, environment and work": (
            "cac:FiscalLegislationDocumentReference cac:EnvironmentalLegislationDocumentReference "
            "cac:EmploymentLegislationDocumentReference "
            "cac:ProcurementLegislationDocumentReference"
        ),
        "how many lots one may win": "cac:LotDistribution",
        "money and payment": (
            "cac:PaymentTerms cac:PostAwardProcess cbc:PriceRevisionFormulaDescription "
            "cbc:DocumentationFeeAmount"
        ),
        "how long a tender binds (BT-98)": "cac:TenderValidityPeriod",
        "subcontracting (BT-64, BT-65, BT-729)": "cac:AllowedSubcontractTerms",
    },
    "lot terms extension": {
        "EU funds (BT-5010)": "efac:Funding",
        "clean vehicles, energy (BT-717, BT-735)": "efac:StrategicProcurement",
        "subcontracting (BT-651)": "efac:TenderSubcontractingRequirements",
        "secrecy, read over the whole notice": "efac:FieldsPrivacy",
    },
    "awarding terms": {
        "design contests": (
            "cac:Prize cac:TechnicalCommitteePerson cbc:BindingOnBuyerIndicator "
            "cbc:FollowupContractIndicator cbc:TechnicalCommitteeDescription "
            "cbc:PrizeIndicator cbc:PrizeDescription cbc:PaymentDescription"
        ),
        "negotiation (BT-120)": "cbc:NoFurtherNegotiationIndicator",
    },
    "awarding criterion": {
        "formula (BT-543)": "cbc:CalculationExpression",
        "why no weights (BT-733)": "cbc:Description",
        "secrecy, read over the whole notice": "ext:UBLExtensions",
        "technical id": "cbc:ID",
    },
    "subordinate criterion": {"technical id": "cbc:ID"},
    "subordinate criterion extension": {
        "secrecy, read over the whole notice": "efac:FieldsPrivacy"
    },
    "criterion parameter": {"secrecy, read over the whole notice": "efac:FieldsPrivacy"},
    "selection criterion": {
        "technical id": "cbc:ID",
        "choice of candidates for a second stage (BT-40, BT-752, BT-7531, BT-7532)": (
            "efbc:SecondStageIndicator efac:CriterionParameter efac:SubordinateCriterion "
            "cbc:WeightNumeric cbc:Weight cbc:CalculationExpression"
        ),
    },
    "qualification request": {
        "legal form of the winner (BT-76, BT-761)": (
            "cbc:CompanyLegalForm cbc:CompanyLegalFormCode"
        ),
    },
    "specific requirement": {"what may be sent later (BT-772)": "cbc:Description cbc:Name"},
    "execution requirement": {"conditions in words (BT-70, BT-802)": "cbc:Description cbc:Name"},
    "guarantee": {"guarantee in words (BT-75)": "cbc:Description"},
    "documents": {
        "technical id": "cbc:ID",
        "why restricted, and whether final (BT-707, OPT-050)": (
            "cbc:DocumentTypeCode cbc:DocumentStatusCode"
        ),
        "languages of the documents (BT-708, BT-737)": "cbc:LanguageID ext:UBLExtensions",
    },
    "external reference": {"name of the file": "cbc:FileName cbc:MimeCode cbc:DocumentHash"},
    "recipient": {"who receives": "cac:PartyIdentification"},
    "procedure process": {
        "why so (BT-106, BT-135, BT-136)": "cac:ProcessJustification",
        "features in words (BT-88)": "cbc:Description",
        "lots to tender for (BT-763)": "cbc:PartPresentationCode",
        "ended planning (BT-756)": "cbc:TerminatedIndicator",
        "world trade agreement (BT-115)": "cbc:GovernmentAgreementConstraintIndicator",
        "relaunch, secrecy": "ext:UBLExtensions",
        "process that stands at the lot": "cac:ContractingSystem cac:AuctionTerms",
    },
    "lot process": {
        "auction": "cac:AuctionTerms",
        "choice of candidates": (
            "cac:EconomicOperatorShortList cbc:CandidateReductionConstraintIndicator "
            "cac:InvitationSubmissionPeriod cac:ParticipationInvitationPeriod"
        ),
        "opening of tenders (BT-132)": "cac:OpenTenderEvent",
        "why not electronic (BT-19)": "cac:ProcessJustification",
        "how to submit (BT-17)": "cbc:SubmissionMethodCode cbc:AccessToolsURI",
        "world trade agreement (BT-115)": "cbc:GovernmentAgreementConstraintIndicator",
        "features in words": "cbc:Description cbc:TerminatedIndicator",
    },
    "lot process extension": {
        "tool (BT-632)": "efbc:AccessToolName",
        "relaunch (BT-634)": "efbc:ProcedureRelaunchIndicator",
        "when the buyer answers": "efac:AnswerReceptionPeriod",
        "why the term is long": "efac:DurationJustification",
        "secrecy, read over the whole notice": "efac:FieldsPrivacy",
    },
    "framework": {
        "who else may buy (BT-111)": "cac:SubsequentProcessTenderRequirement",
        "why longer than four years (BT-109)": "cbc:Justification",
        "value of a group of lots (BT-157)": "cbc:EstimatedMaximumValueAmount",
        "secrecy, read over the whole notice": "ext:UBLExtensions",
    },
    "earlier notice": {
        "part of the planning notice (BT-1251)": "cbc:ReferencedDocumentInternalAddress",
        "kind of reference": "cbc:IssueDate cbc:DocumentTypeCode",
    },
    "result": {
        "other sums (BT-118, BT-1118, BT-156)": (
            "efbc:OverallApproximateFrameworkContractsAmount "
            "efbc:OverallMaximumFrameworkContractsAmount efac:GroupFramework"
        ),
        "secrecy, read over the whole notice": "efac:FieldsPrivacy",
    },
    "lot result": {
        "technical id": "cbc:ID",
        "highest and lowest tender (BT-710, BT-711)": (
            "cbc:HigherTenderAmount cbc:LowerTenderAmount"
        ),
        "end of a dynamic purchasing system (BT-119)": "efbc:DPSTerminationIndicator",
        "who pays": "cac:FinancingParty cac:PayerParty",
        "complaints": "efac:AppealRequestsStatistics",
        "clean vehicles, energy": "efac:StrategicProcurement",
        "secrecy, read over the whole notice": "efac:FieldsPrivacy",
    },
    "decision": {"secrecy, read over the whole notice": "efac:FieldsPrivacy"},
    "received": {"secrecy, read over the whole notice": "efac:FieldsPrivacy"},
    "framework values": {
        "re-estimated value (BT-660)": "efbc:ReestimatedValueAmount",
        "secrecy, read over the whole notice": "efac:FieldsPrivacy",
    },
    "tender": {
        "rank indicators (BT-193, BT-1711)": (
            "efbc:TenderRankedIndicator efbc:TenderVariantIndicator"
        ),
        "the buyer's number of the tender (BT-3201)": "efac:TenderReference",
        "origin, concession, transport": (
            "efac:Origin efac:ConcessionRevenue efac:ContractTerm efac:AggregatedAmounts "
            "efac:ContractAggregatedAmounts efbc:PublicTransportationCumulatedDistance "
            "efbc:ForeignSubsidiesMeasuresCode"
        ),
        "secrecy, read over the whole notice": "efac:FieldsPrivacy",
    },
    "subcontracting": {
        "share of subcontracting (BT-553 to 555, BT-730, BT-731)": (
            "efbc:TermAmount efbc:TermDescription efbc:TermPercent efbc:PercentageKnownIndicator "
            "efbc:ValueKnownIndicator"
        ),
        "secrecy, read over the whole notice": "efac:FieldsPrivacy",
    },
    "contract": {
        "day of the decision (BT-1451)": "cbc:AwardDate",
        "link to the contract (BT-151)": "cbc:URI",
        "framework it belongs to (OPT-100)": "cac:NoticeDocumentReference",
        "who signs": "cac:SignatoryParty",
        "EU funds, assets": "efac:Funding efac:DurationJustification",
    },
    "tendering party": {
        "name of the consortium": "cbc:Name",
        "subcontractors": "efac:SubContractor",
    },
    "tenderer": {},
    "lot": {},
}

#: Code lists (``@listName``) that a mapped element also carries and that are not read.
IGNORED_LISTS: dict[str, frozenset[str]] = {
    "requirement": frozenset(
        ("missing-info-submission", "exclusion-ground", "exclusion-grounds-source")
    ),
    "execution": frozenset(
        ("conditions", "customer-service", "einvoicing", "esignature-submission", "fsr", "nda")
    ),
    "project": frozenset(("contract-nature",)),
    "parameter": frozenset(("number-fixed", "number-threshold")),
    "cpv": frozenset(("cpvsuppl",)),
}

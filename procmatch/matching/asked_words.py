"""What stands in the way when a buyer asks for something, and what would remove it.

``{when}`` keeps the place of the question deadline (BT-13).
"""

from __future__ import annotations

from procmatch.text.messages import Message

__all__ = ["ASKED", "TURNOVER_LEFT_OPEN"]

_ASK = Message("Ask the buyer {when} whether other proof will do.")
_DESCRIBE = Message("A page of your own about how you do it is often enough.")
_PARTNER = Message(
    "Rely on another firm with its written commitment (FOA § 16-10), or be a subcontractor."
)
_NEAR = Message(
    "Use a subcontractor near the place, or describe how you will be there in time: ask the buyer "
    "{when} whether that will do."
)
#: A turnover of which only the documents say how much.
TURNOVER_LEFT_OPEN = (
    Message("A turnover is asked for; the announcement does not say how much."),
    Message(
        "See the procurement documents before bidding; ask the buyer {when} if they do not say."
    ),
)
#: kind -> (what stands in the way, what would remove it).
ASKED = {
    "quality_certificate": (
        Message("A quality certificate (ISO 9001) or its like is asked for."), _ASK,
    ),
    "environment_certificate": (
        Message("An environmental certificate (Eco-Lighthouse, ISO 14001 or like) is asked for."),
        Message("Eco-Lighthouse can be reached by a small firm in some months; until then, ask the "
                "buyer {when} whether equivalent measures will do."),
    ),
    "security_certificate": (
        Message("An information security certificate (ISO 27001) or its like is asked for."), _ASK,
    ),
    "references": (
        Message("Comparable deliveries from earlier years are asked for."),
        Message("Deliveries to private customers, or by a supporting firm or key staff, may count: "
                "ask the buyer {when}."),
    ),
    "daily_delivery": (
        Message("Daily delivery, or delivery to every unit, is asked for."),
        Message("Deliver through a local distributor; ask the buyer {when} to split by place."),
    ),
    "electronic_catalogue": (
        Message("An electronic catalogue is asked for."),
        Message("Several invoicing services for small firms make one from a spreadsheet."),
    ),
    "credit_rating": (
        Message("A credit rating is asked for."),
        Message("A young firm may show its finances in another way: ask the buyer {when}."),
    ),
    "insurance": (
        Message("A liability insurance is asked for."),
        Message("A promise of insurance from the start of the contract is often enough."),
    ),
    "apprentices": (
        Message("Approval as an apprenticeship firm is asked for."),
        Message("Approval by the county takes some weeks, or cooperate in a training office."),
    ),
    "cleaning_register": (
        Message("Approval in the cleaning register is required by law for this work."),
        Message("Look the firm up in the cleaning register of the Labour Inspection Authority; "
                "whoever is not there must be approved before the work begins."),
    ),
    "central_approval": (
        Message("Central approval for construction, or its like, is asked for."),
        Message("Other proof of the same qualifications may do: ask the buyer {when}."),
    ),
    "guarantee": (
        Message("A bank guarantee is asked for."),
        Message("Banks and insurers give guarantees against a fee: ask early."),
    ),
    "quality_system": (
        Message("A quality system is asked for; a certificate is not needed."), _DESCRIBE,
    ),
    "environment_system": (
        Message("Environmental management is asked for; a certificate is not needed."), _DESCRIBE,
    ),
    "information_security": (
        Message("Routines for information security or privacy are asked for."), _DESCRIBE,
    ),
    "hse_system": (
        Message("Routines for health, safety and working environment are asked for."),
        Message("The law asks them of every employer: enclose what you have."),
    ),
    "due_diligence": (
        Message("Human rights or working conditions in the supply chain are to be looked after."),
        _DESCRIBE,
    ),
    "other_certificate": (
        Message("A certificate of the firm or of its goods is asked for."), _ASK,
    ),
    "equity": (
        Message("Equity or other key figures of the accounts are asked for."),
        Message("A guarantee or another firm's written commitment may do instead: ask the buyer "
                "{when}."),
    ),
    "financial_standing": (
        Message("Accounts, or other proof of a sound economy, are asked for."),
        Message("A young firm may show its finances in another way: ask the buyer {when}."),
    ),
    "years_trading": (
        Message("A firm of some age is asked for."),
        Message("A new firm may lean on its owners' experience or on an older firm: ask the buyer "
                "{when}."),
    ),
    "staffing": (
        Message("Enough staff or capacity to carry out the contract is to be shown."), _PARTNER,
    ),
    "key_staff": (
        Message("Education, certificates or experience of those who do the work are asked for."),
        Message("Experience from earlier employers counts; people may also be hired in."),
    ),
    "equipment": (
        Message("Machines, vehicles or other equipment are asked for."),
        Message("Equipment that you hire or lease counts, with an agreement to show."),
    ),
    "licence": (
        Message("A licence or an approval by a public body is asked for."),
        Message("Check before bidding that the firm's licence is in force."),
    ),
    "tax_certificate": (
        Message("A tax certificate is asked for."),
        Message("It is free of charge and ordered in Altinn; it must be less than six months old."),
    ),
    "police_certificate": (
        Message("A police certificate of the staff is asked for."),
        Message("The employees order it from the police; allow some weeks."),
    ),
    "security_clearance": (
        Message("Security clearance is asked for."),
        Message(
            "The buyer asks for clearance itself, and it takes months: ask {when} how much time is "
            "given."
        ),
    ),
    "nda": (
        Message("A declaration of secrecy must be signed to see all documents."),
        Message("Sign it early, so that there is time to read."),
    ),
    "language": (
        Message("Skill in a language is asked for, or tenders in another language than Norwegian."),
        _ASK,
    ),
    "response_time": (
        Message("An answer, arrival or delivery within a stated time is asked for."),
        _NEAR,
    ),
    "nationwide": (
        Message("The contract covers the whole country."), _PARTNER,
    ),
    "local_presence": (
        Message("Premises, service or people at a certain place are asked for."),
        _NEAR,
    ),
    "reserved": (
        Message(
            "The text keeps the lot for social enterprises, non-profits or firms that employ "
            "people outside working life."
        ),
        Message("Ask the buyer {when} whether your organisation counts."),
    ),
    "fee": (
        Message("Taking part costs a fee."),
        Message("Ask whether other buyers accept the same qualification before you pay."),
    ),
}  # fmt: skip

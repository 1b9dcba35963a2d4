"""Requirements in buyers' words: what asks for what, and words that ask for nothing.

The sentences are invented, in the manner of Norwegian notices: bokmål, nynorsk and English.
"""

from __future__ import annotations

import pytest

from procmatch.matching.asked_words import ASKED
from procmatch.matching.requirements import requirements
from procmatch.matching.signs import codes, signs
from procmatch.model.match import Verdict
from procmatch.model.notice import Lot, SelectionCriterion
from procmatch.model.organisation import Supplier
from procmatch.model.values import Text
from procmatch.text.messages import say
from tests.matching.market import firm, judge, lot, text

ASKS = {
    "cleaning_register": (
        "Renholdsbedriften skal være godkjent av Arbeidstilsynet",
        "Leverandøren skal ha godkjenning etter forskrift om godkjenning av renholdsvirksomheter",
    ),
    "daily_delivery": (
        "Levering alle virkedager før kl. 07",
        "Brød skal leveres fem dager i uken til samtlige sykehjem",
    ),
    "turnover": (
        "The tenderer must have a turnover of at least EUR 500,000",
        "Leverandøren skal ha hatt en omsetning som minst tilsvarer kontraktens årlige verdi",
    ),
    "references": (
        "Leverandøren skal ha solid kompetanse og erfaring fra drift av kantiner",
        "Leverandøren skal fremlegge liste over hovedleveranser siste tre år",
        "Det kreves at leverandøren tidligere har levert mat til institusjoner",
        "Leverandøren skal ha erfaring fra tilsvarende oppdrag.",
        "Leverandøren skal ha god erfaring med levering av skolemat.",
        "Leverandøren skal ha tilstrekkelig erfaring fra relevante kontrakter",
        "Oversikt over de tre viktigste leveransene de siste tre år",
        "Liste over dei viktigaste leveransane dei siste tre åra, med verdi, tidspunkt og mottakar",
        "Leverandøren skal ha gjennomført minst to tilsvarende prosjekter",
        "Leverandøren må dokumentere relevant erfaring",
        "Det kreves erfaring fra arbeid av samme art og omfang",
        "The tenderer must have experience from comparable contracts",
        "List of the most important deliveries in the last three years",
        "Tenderers shall have sufficient experience from similar assignments",
    ),
    "staffing": (
        "Leverandøren må ha ressurser nok til å gjennomføre oppdraget",
        "Leverandøren skal ha minimum 10 årsverk innen fagområdet",
        "Leverandøren må ha minimum 3 ansatte",
        "Leverandøren skal ha tilstrekkelig kapasitet til å gjennomføre kontrakten",
        "Leverandøren skal ha tilstrekkelig bemanning",
        "Leverandøren må ha nødvendige faglige og tekniske ressurser",
        "Opplysninger om antall ansatte de siste tre år",
        "Leverandøren skal ha minst fem fast ansatte",
        "The supplier must have sufficient capacity to carry out the assignment",
        "A description of the tenderer's organisation",
        "Leverandøren skal ha god gjennomføringsevne og kapasitet",
    ),
    "key_staff": (
        "Prosjektleder skal ha minst mastergrad",
        "Tilbudte konsulenter skal ha minst fem års erfaring",
        "Prosjektleder skal ha ingeniørutdanning",
        "CV for nøkkelpersonell skal vedlegges",
        "Kokken skal ha fagbrev",
        "Personell som utfører tjenesten skal ha helsefagarbeiderutdanning",
        "The offered consultants must have at least five years experience",
    ),
    "equity": (
        "Leverandørens soliditet skal være minst 20 prosent",
        "Leverandøren skal ha positiv egenkapital",
        "Eigenkapitalandelen skal vere minst 10 prosent",
        "Equity ratio of at least 20 %",
    ),
    "credit_rating": (
        "Ratingkode AA eller betre",
        "Leverandøren skal være kredittverdig",
        "Kredittrating minimum A",
        "Leverandøren skal minst ha kredittverdigheit tilsvarende AA",
        "The tenderer must be creditworthy, at least rating A",
    ),
    "financial_standing": (
        "Tilbyder skal ha en sunn økonomi",
        "Leverandøren skal ha økonomi til å bære kontraktsforpliktelsene",
        "Siste års resultat- og balanseregnskap",
        "Leverandøren skal ha tilstrekkelig økonomisk soliditet til å gjennomføre kontrakten",
        "Leverandøren skal ha en solid økonomi",
        "Leverandøren skal ha økonomisk kapasitet til å gjennomføre oppdraget",
        "Leverandøren skal ha god økonomisk evne",
        "Siste godkjente årsregnskap med revisors beretning",
        "Årsrekneskapen for siste året",
        "The tenderer shall have the economic and financial capacity to fulfil the contract",
        "Sufficient financial strength",
    ),
    "insurance": (
        "Leverandøren må ha tegnet forsikring for ansvar og ting",
        "Leverandøren skal ha gyldig ansvarsforsikring på minst 10 mill.",
        "Professional indemnity insurance of EUR 1 million",
        "Forsikringsbevis skal leggjast ved",
    ),
    "guarantee": (
        "Det skal stilles sikkerhet på 10 % av kontraktssummen",
        "Leverandøren skal stille garanti etter NS 8405",
        "Garantistillelse på 10 prosent",
        "Leverandøren skal stille bankgaranti",
        "A performance bond is required",
    ),
    "quality_system": (
        "Leverandøren skal ha et kvalitetssikringssystem",
        "Leverandøren skal ha et godt og velfungerende kvalitetssystem for ytelsene",
        "Leverandøren skal ha eit system for kvalitetssikring",
        "The tenderer must have a quality system. If ISO 9001 certified, a copy is sufficient.",
        "Leverandøren skal ha kvalitetsstyringssystem, f.eks. ISO 9001",
    ),
    "quality_certificate": (
        "Leverandøren skal være ISO 9001-sertifisert eller tilsvarende",
        "Kopi av gyldig ISO 9001-sertifikat",
        "The supplier must be certified in accordance with ISO 9001 or equivalent",
    ),
    "environment_system": (
        "Leverandøren skal arbeide systematisk med å redusere miljøpåvirkning",
        "Leverandøren skal ha rutiner for å redusere miljøbelastningen",
        "Leverandøren skal ha miljøledelse. ISO 14001, Miljøfyrtårn eller egen beskrivelse.",
        "Leverandøren skal ha miljøstyringssystem, for eksempel EMAS eller Miljøfyrtårn",
        "Leverandøren skal ha et system for miljøleiing",
        "Environmental management system",
    ),
    "environment_certificate": (
        "Leverandøren skal være sertifisert som Miljøfyrtårn eller tilsvarende",
    ),
    "information_security": ("Leverandøren skal ha et system for informasjonssikkerhet",),
    "security_certificate": ("ISO 27001",),
    "hse_system": (
        "Leverandøren skal ha HMS-system",
        "HMS-egenerklæring skal leveres",
    ),
    "due_diligence": ("Leverandøren skal gjennomføre aktsomhetsvurderinger",),
    "licence": (
        "Må være godkjent elektroentreprenør registrert hos DSB",
        "Foretaket må ha tillatelse fra Statsforvalteren for transport av farlig avfall",
        "Leverandøren må være godkjent som avfallsmottak",
        "Leverandøren skal ha løyve for persontransport",
        "Leverandøren må være godkjent av Mattilsynet",
        "Registrert hos Mattilsynet som næringsmiddelvirksomhet",
        "Leverandøren skal ha tillatelse til å drive vaktvirksomhet",
        "Leverandøren skal være registrert i Elvirksomhetsregisteret",
        "Leverandøren skal ha gyldig konsesjon fra Finanstilsynet",
        "The supplier must hold a licence issued by the Norwegian Food Safety Authority",
    ),
    "tax_certificate": (
        "Skatte- og mva-attest",
        "Skatteattest ikke eldre enn 6 måneder",
        "Leverandøren skal ikke ha restanser på skatt",
        "Leverandøren skal ha ordnede forhold mht. skatt, arbeidsgiveravgift og merverdiavgift",
        "Tenderers must have fulfilled their tax and VAT obligations",
        "Tax certificate not older than six months",
    ),
    "police_certificate": ("Politiattest skal fremlegges",),
    "security_clearance": (
        "Leverandøren må kunne klareres for BEGRENSET",
        "Personell skal kunne sikkerhetsklareres",
    ),
    "language": (
        "Konsulenten skal beherske norsk skriftlig og muntlig",
        "Renholderne må kunne forstå og gjøre seg forstått på norsk",
    ),
    "apprentices": (
        "Leverandøren skal være godkjent lærebedrift",
        "Leverandøren skal være tilknyttet lærlingeordning",
    ),
    "electronic_catalogue": ("Vareforsyning via elektronisk katalog i EHF-format",),
    "response_time": (
        "Leverandøren skal være på stedet innen 4 timer etter varsling",
        "Responstid på maks 2 timer",
        "Leverandøren skal kunne møte opp innen 2 timer",
        "Varene skal leveres innen 24 timer etter bestilling",
    ),
    "local_presence": (
        "Leverandøren skal ha avdelingskontor i kommunen",
        "Leverandøren må ha lager i en radius på 60 km fra Lillehammer",
        "Leverandøren skal ha serviceverksted innenfor 50 km",
        "Leverandøren skal ha kontor i Bergen kommune eller nærområdet",
    ),
    "nda": ("Taushetserklæring må signeres",),
    "equipment": (
        "Leverandøren må ha egne kjølebiler",
        "Leverandøren skal ha nødvendig maskinpark",
    ),
    "years_trading": (
        "Leverandøren skal ha drevet virksomhet i minst to år",
        "Leverandøren skal ha vært i drift i minst tre år",
        "Firmaet skal ha eksistert i minst 3 år",
    ),
}


def kinds(one: Lot) -> set[str]:
    return {found.kind for found in requirements(one)}


@pytest.mark.parametrize(("kind", "words"), [(k, one) for k, each in ASKS.items() for one in each])
def test_a_criterion_asks_for_one_thing(kind: str, words: str) -> None:
    assert kinds(lot(asks=(words,))) == {kind}


@pytest.mark.parametrize(
    "words",
    [
        "Leverandøren skal være et lovlig etablert foretak.",
        "Det er en fordel med ISO 9001.",
        "Det er ønskjeleg med referansar.",
        "Det kreves ikke bankgaranti.",
        "There is no requirement for insurance.",
        "Forpliktelseserklæring fra underleverandører med tilstrekkelig kapasitet.",
        "Oppdragsgiver forbeholder seg retten til å innhente kredittvurdering.",
        "Tilbudet skal være skriftlig og på norsk.",
        "Med referanse til konkurransegrunnlaget.",
        "Leverandøren skal ha lovlig etablert virksomhet",
        "Underleverandører skal oppgis",
        "Kontrakten gjelder levering av brød til sykehjem",
        "Leverandøren kan støtte seg på andre virksomheters kapasitet",
        "Capacity to fulfil one or several of the qualification requirements.",
    ],
)
def test_a_criterion_may_ask_for_nothing(words: str) -> None:
    assert kinds(lot(asks=(words,))) == set()


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Avtalen er landsdekkende.", "nationwide"),
        ("Varene skal kunne leveres i hele landet.", "nationwide"),
        ("Tenesta skal leverast til einingar i heile Noreg.", "nationwide"),
        ("The agreement covers the whole country.", "nationwide"),
        ("Maten skal komme fra sosial entreprenør.", "reserved"),
        ("Innkjøpet er reservert for ideelle organisasjoner.", "reserved"),
        ("Det er krav om bruk av lærlinger.", "apprentices"),
        ("Leverandøren må være godkjent i renholdsregisteret.", "cleaning_register"),
        ("Det er et krav at leverandøren har verksted i nærområdet.", "local_presence"),
        ("Tilbydar må ha løyve etter yrkestransportlova.", "licence"),
        ("Leverandøren skal ha responstid på to timer.", "response_time"),
        ("Det kreves erfaring fra tilsvarende oppdrag.", "references"),
        ("Leverandørens sjåfører skal ha politiattest.", "police_certificate"),
        ("Det kreves elektriker med fagbrev.", "key_staff"),
    ],
)
def test_a_description_may_ask_in_passing(words: str, kind: str) -> None:
    assert kind in kinds(lot("Innkjøp", description=words))


@pytest.mark.parametrize(
    "words",
    [
        "Kommunen skal kjøpe ansvarsforsikring for sine ansatte.",
        "Vi trenger kredittvurdering av våre kunder.",
        "Kurs i kvalitetsledelse og ISO 9001 for ledere.",
        "Etaten har kontorer i hele landet.",
        "Avtalen kan senere utvides til hele landet.",
        "Direktoratet er en landsdekkende etat.",
        "Vi inviterer til dialog med sosiale entreprenører.",
        "Det er en fordel om leverandøren har verksted i nærområdet.",
        "Vaktordning er ønskelig, og leverandøren skal svare innen to timer om mulig er en fordel.",
        "Maskiner og teknisk utstyr til verkstedet.",
        "Leverandøren skal levere brød til barnehager og skoler.",
    ],
)
def test_what_is_bought_asks_for_nothing(words: str) -> None:
    assert kinds(lot("Innkjøp", description=words)) == set()


def test_the_title_alone_may_keep_a_lot_for_some() -> None:
    assert kinds(lot("Sosial entreprenør - kaker til møter")) == {"reserved"}
    assert kinds(lot("Landsdekkende rammeavtale for vask")) == {"nationwide"}


def test_a_reservation_by_code_is_told_by_its_own_rule() -> None:
    one = lot("Sosial entreprenør - kaker", reserved=("res-ws",))
    assert "reserved" not in kinds(one)


def test_a_certificate_as_one_way_leaves_the_system_as_what_is_asked_for() -> None:
    name = "Attester utstedt av uavhengige organer for miljøledelsesstandarder"
    own = "Leverandøren skal ha rutiner for miljøledelse. Sertifikat er ett mulig bevis."
    standard = lot(criteria=(SelectionCriterion(name=text(name)),))
    with_own = lot(criteria=(SelectionCriterion(name=text(name), description=text(own)),))
    assert kinds(standard) == {"environment_certificate"}
    assert kinds(with_own) == {"environment_system"}


def test_a_code_tells_the_kind_where_the_words_do_not() -> None:
    see = text("Se dokumentene.")
    coded = SelectionCriterion(type="slc-abil-mgmt-env", description=see)
    told = SelectionCriterion(type="slc-stand-ratio", description=text("Kredittrating minst A."))
    assert kinds(lot(criteria=(coded,))) == {"environment_system"}
    assert kinds(lot(criteria=(told,))) == {"credit_rating"}


def test_a_turnover_may_be_left_to_the_documents() -> None:
    by_code = SelectionCriterion(type="slc-stand-to-gen", description=text("Se dokumentene."))
    by_name = SelectionCriterion(name=text("Gjennomsnittlig årsomsetning"))
    for criterion in (by_code, by_name):
        (found,) = requirements(lot(criteria=(criterion,)))
        assert (found.kind, found.turnover, found.amount) == ("turnover", None, None)
    match = judge(lot("Brød", "15811000", criteria=(by_code,)), bakery())
    (hurdle,) = match.hurdles
    assert (hurdle.kind, hurdle.blocking) == ("turnover", False)
    assert "does not say how much" in say(hurdle.reason, "en")
    assert match.verdict is Verdict.PERHAPS


def test_general_words_on_the_economy_add_nothing_to_sharp_ones() -> None:
    general = "Leverandøren skal ha økonomisk kapasitet til å gjennomføre kontrakten."
    assert kinds(lot(asks=(general, "Kredittrating minst A."))) == {"credit_rating"}


def test_the_translation_of_a_norwegian_criterion_is_not_read() -> None:
    both = Text(
        versions=(("NOR", "Kvalitetssystem kreves."), ("ENG", "ISO 9001 certificate required."))
    )
    one = lot(criteria=(SelectionCriterion(description=both),))
    assert kinds(one) == {"quality_system"}


def test_tenders_in_no_norwegian_are_a_hurdle() -> None:
    assert kinds(lot(tender_languages=("ENG",))) == {"language"}
    assert kinds(lot(tender_languages=("ENG", "NOR"))) == set()


def bakery(*evidence: str) -> Supplier:
    return firm("Bakeri AS", "10.710", "Bakeri med brød.", evidence=evidence)


@pytest.mark.parametrize(
    ("words", "evidence"),
    [
        ("Leverandøren skal ha et kvalitetssystem.", "iso_9001"),
        ("Leverandøren skal ha miljøledelsessystem.", "eco_lighthouse"),
        ("Leverandøren skal ha rutiner for informasjonssikkerhet.", "iso_27001"),
    ],
)
def test_a_certificate_shows_the_system(words: str, evidence: str) -> None:
    one = lot("Brød", "15811000", asks=(words,))
    assert judge(one, bakery()).hurdles
    assert not judge(one, bakery(evidence)).hurdles


def test_a_social_enterprise_may_bid_on_what_is_kept_for_them() -> None:
    one = lot("Sosial entreprenør - brød", "15811000")
    assert judge(one, bakery()).verdict is Verdict.PERHAPS
    assert judge(one, bakery("social_enterprise")).verdict is Verdict.ELIGIBLE


def test_every_kind_that_can_be_found_has_words_for_people() -> None:
    found = {*signs("criterion"), *signs("anywhere"), *codes().values(), "language", "reserved"}
    assert found - {"turnover"} <= set(ASKED)


def test_a_long_text_without_sentences_is_read() -> None:
    assert kinds(lot(description="leverandør skal " * 5_000)) == set()

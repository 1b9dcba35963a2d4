"""Words of public purchasing, as parts of Norwegian compounds.

Lemmas in bokmål. A lemma that itself looks like a compound (*rammeavtale*, *vedlikehold*) stands
here when it means one thing; a lemma that would be taken apart wrongly (*tomat*, *barnevern*)
stands here so that it stays whole.
"""

from __future__ import annotations

__all__ = ["GENERIC", "LEMMAS", "SYNONYMS"]

_FOOD = """
mat ombringing melk brød kjøtt fisk frukt grønnsak bær egg ost smør rømme yoghurt meieri
bakervare bakeri kake kaffe te drikke vann juice brus øl vin sukker salt krydder mel korn ris
pasta potet gulrot tomat agurk salat eple pære løk kål rotfrukt sopp skalldyr laks torsk sild
reke kylling kalkun fjærkre storfe svin lam vilt reinsdyr pølse pålegg kjøttdeig suppe saus
middag lunsj frokost måltid catering kantine kjøkken dagligvare kolonial fersk frys frossen
tørrvare økologisk lokal kortreist vegetar vegan allergi diett spise servering bespisning buffet
råvare næringsmiddel matvare iskrem godteri snacks honning syltetøy olje fett
"""
_CLEANING = """
renhold rengjøring vask vaskeri vindu fasade tekstil tøy linvask trapp matte mopp papir såpe
hygiene desinfeksjon gulv avfall søppel renovasjon kontainer container gjenvinning resirkulering
kildesortering slam septik kloakk avløp sluk kum rør tank kanal rens rensing spyling skadedyr
gjenbruk miljø
"""
_BUILDING = """
bygg bygning bygging bolig hus rehabilitering oppussing nybygg riving tømrer snekker maler murer
mur betong tak taktekking blikkenslager glass dør lås rørlegger sanitær ventilasjon varme
kjøling kulde elektro elektriker elektrisk strøm lys belysning kabel heis rulletrapp brann
brannvarsling sprinkler alarm sikring isolasjon gulvbelegg flis maling parkett stillas
entreprise entreprenør rådgivning arkitekt ingeniør prosjektering byggeleder prosjektleder
prosjekt vedlikehold drift eiendom forvaltning vaktmester reparasjon service verksted anlegg
grunn fundament vei bru bro tunnel asfalt gate fortau grus stein masse graving sprengning peling
ledning vannledning fjernvarme solcelle solenergi energi batteri lading ladestasjon varmepumpe
modul paviljong lekeplass leke idrett hall svømmehall basseng bad kunstgress fotball
"""
_GROUNDS = """
grønt grøntanlegg park hage plen gress klipping tre trefelling plante planting blomst busk
uteområde utemiljø landskap snø snøbrøyting brøyting strøing sand skog skogbruk jordbruk
landbruk gravlund kirkegård vinter sommer feiing skjøtsel beplantning jord gjødsel
"""
_IT = """
data datamaskin maskin programvare program system skjerm skriver server nett nettverk nettside
telefon telefoni mobil sky lisens konsulent utvikling bredbånd fiber internett lagring sikkerhet
sikkerhetskopi portal plattform arkiv journal fagsystem applikasjon app design video lyd bilde
kamera kommunikasjon informasjon digital elektronisk kart geodata
"""
_TRANSPORT = """
transport buss taxi drosje bil kjøretøy elbil sykkel båt ferge ferje fly tog bane sjø luft post
bud pakke frakt flytting flytte spedisjon skyss pasient person gods kjøring parkering dekk hjul
drivstoff diesel bensin biogass gass hydrogen traktor lift kran truck henger leasing leie
bilpleie verksted trafikk
"""
_OFFICE = """
kontor møbel inventar rekvisita skole barnehage lærebok bok bibliotek trykk trykkeri kopi
kopimaskin trykksak profil profilering reklame annonse marked kampanje regnskap revisjon revisor
lønn økonomi bank finans forsikring pensjon advokat juridisk jus rekruttering bemanning vikar
personal opplæring kurs undervisning utdanning veiledning oversettelse tolk tolking språk tekst
vakt vakthold resepsjon reise hotell overnatting konferanse møte arrangement kultur kunst museum
teater musikk instrument film avis tidsskrift spill undersøkelse analyse utredning evaluering
forskning statistikk måling kontroll tilsyn inspeksjon laboratorie klær uniform verneutstyr sko
interiør gardin stol bord hylle seng madrass lampe leketøy utstilling
"""
_HEALTH = """
helse omsorg sykehus sykehjem sykepleie sykepleier lege tannlege tann legemiddel medisin vaksine
apotek bandasje hjelpemiddel rullestol ambulanse fysioterapi terapi psykisk psykiatri rus
barnevern barn ungdom eldre bruker assistanse avlastning hjem hjemmetjeneste
bedriftshelsetjeneste legevakt bolig sosial velferd asyl flyktning integrering
arbeidsinkludering arbeidstrening inkludering dyr veterinær blod prøve implantat protese hansker
maske kirurgi røntgen beredskap redning brannvesen stasjon brannstasjon bekledning
"""
#: Words that say that something is bought, done or delivered, but not what.
_GENERIC = """
tjeneste vare levering leveranse leverandør arbeid kjøp innkjøp anskaffelse rammeavtale avtale
parallell minikonkurranse konkurranse kontrakt oppdrag produkt utførelse utføring tilbud
tilbyder anbud forespørsel diverse område utstyr materiell materiale løsning opsjon periode år
volum verdi kommune fylkeskommune fylke selskap virksomhet bedrift firma oppdragsgiver forsyning
bistand behov ytelse krav kvalitet pris tilknyttet generell ulik øvrig felles samarbeid dynamisk
ordning innkjøpsordning gjennomføring kategori gruppe del delkontrakt enhet sted plass
håndtering behandling sektor offentlig privat norsk norge ny norden
"""

#: What is done with a thing, whatever the thing is: who repairs lifts does not repair roofs.
_DEEDS = """
reparasjon vedlikehold drift service montering installasjon installering oppgradering utbedring
utskifting ettersyn inspeksjon kontroll salg handel
"""

#: What every notice says, whatever is bought; never a part of a compound.
_FILLER = """
ønske inngå inngås gjelde gjelder formål hensikt dekke omfatte invitere innby forbindelse
tilhørende nærmere følgende heretter beskrivelse vedlegg ansatt anskaffe eksisterende sikre tillegg
knyttet levere varighet omfang benytte bruk kommunal konkurransegrunnlag kravspesifikasjon åpen
kunngjøring avtaleperiode mulig mulighet bestå ber iht parallelle ulike flere mercell doffin
permalink klikk https www com aspx ønskes skal
"""


def _words(*texts: str) -> frozenset[str]:
    return frozenset(word for text in texts for word in text.split())


_HEADS = _words(_GENERIC)
#: Words that many trades share: two texts that share only these have nothing in common.
GENERIC = _HEADS | _words(_DEEDS, _FILLER)
LEMMAS = _words(_FOOD, _CLEANING, _BUILDING, _GROUNDS, _IT, _TRANSPORT, _OFFICE, _HEALTH) | _HEADS

#: Another word for the same trade, and the one that both are counted as.
SYNONYMS = {
    "rengjøring": "renhold",
    "søppel": "avfall",
    "renovasjon": "avfall",
    "drosje": "taxi",
    "brøyting": "snøbrøyting",
    "rens": "rensing",
    "bru": "bro",
    "ferge": "ferje",
    "container": "kontainer",
    "måltid": "mat",
    "matvare": "mat",
    "næringsmiddel": "mat",
    "tolking": "tolk",
    "telefoni": "telefon",
    "trykksak": "trykk",
    "bakervare": "brød",
    "plen": "gress",
    "bygning": "bygg",
    "bygging": "bygg",
}

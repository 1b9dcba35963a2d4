"""Better and worse: of two firms, the one a buyer would think of first stands first."""

from __future__ import annotations

import pytest

from procmatch.model.organisation import Supplier
from tests.matching.market import ASKER, BAERUM, TROMSO, criterion, firm, judge, lot, rank

BAKERY = firm("Korn Bakeri AS", "10.710", "Baker brød og rundstykker til skoler og sykehjem.")
PASTRY = firm("Kakebua AS", "10.720", "Produksjon av kjeks og knekkebrød.")
FISH = firm("Kyst Sjømat AS", "10.203", "Foredling av fersk fisk, filet og fiskekaker.")
FISHER = firm("Nattlinen AS", "03.110", "Kystfiske etter torsk og sei.")
GROWER = firm("Potetgården AS", "01.130", "Dyrking og pakking av poteter og grønnsaker.")
FRUIT = firm("Epletunet AS", "01.240", "Dyrking av epler og plommer.")
EGGS = firm("Hønsehuset AS", "01.471", "Frittgående høner og eggpakkeri.")
MEAT = firm("Lam og Storfe AS", "10.130", "Pølser, farse og pålegg av lokalt kjøtt.")
DAIRY = firm("Ysteriet AS", "10.510", "Ysting av ost, yoghurt og melk.")
READY = firm("Middag Klar AS", "10.850", "Ferdige middager til hjemmeboende.")
CATERER = firm("Skolematen AS", "56.210", "Catering og skolemat laget fra bunnen.")
CANTEEN = firm("Lunsjlaget AS", "56.220", "Drift av kantiner på skoler og kontor.")
WHOLESALER = firm("Engros AS", "46.390", "Engroshandel med mat og drikke til storkjøkken.")
GREENGROCER = firm("Grøntengros AS", "46.310", "Engroshandel med frukt og grønnsaker.")
MACHINES = firm("Maskinengros AS", "46.640", "Engroshandel med maskiner.")
BANK = firm("Sparebanken AS", "64.190", "Bankvirksomhet.")
CLEANER = firm("Blank Flate AS", "81.210", "Daglig renhold av kontor, skoler og barnehager.")
DRAINS = firm("Avløpsspylet AS", "37.000", "Spyling og rens av avløpsrør, tømming av slam.")
GARDENER = firm("Plen og Hekk AS", "81.300", "Plenklipp, beskjæring og lekeplasser.")
JOINER = firm("Snekkern AS", "43.320", "Montering av dører, vinduer og innredning.")
PAINTER = firm("Strøk AS", "43.340", "Maling og tapetsering inne og ute.")
BUILDER = firm("Byggmester AS", "41.000", "Oppføring av skoler og boliger.")
ELECTRICIAN = firm("Strøm AS", "43.210", "Elektriske installasjoner og ladere.")
PLUMBER = firm("Rør AS", "43.221", "Rørleggerarbeid, ventilasjon og varmepumper.")
CODER = firm("Bitlauget AS", "62.100", "Utvikling av nettsteder og programvare.")
OPERATOR = firm("Driftsvakta AS", "62.200", "IT-drift og brukerstøtte.")
TAXI = firm("Drosjen AS", "49.330", "Taxi, skoleskyss og pasientreiser.")
HAULIER = firm("Kystfrakt AS", "49.410", "Godstransport på vei.")
WORKSHOP = firm("Vekst AS", "88.993", "Arbeidstrening, kantine, hagearbeid og trykkeri.")
FURNITURE = firm("Skolebenken AS", "31.000", "Produksjon av skolemøbler og pulter.")
REPAIR = firm("Stol og Sete AS", "95.240", "Reparasjon og omtrekking av møbler.")
LAUNDRY = firm("Rent Tøy AS", "96.100", "Vask av arbeidstøy.")
PRINTER = firm("Trykk AS", "18.120", "Trykking av brosjyrer og skilt.")
SWEETS = firm("Sukkerengros AS", "46.360", "Engroshandel med sukker og sjokolade.")
COFFEE = firm("Kaffengros AS", "46.370", "Engroshandel med kaffe, te og krydder.")
FEED = firm("Fôrengros AS", "46.210", "Engroshandel med korn og fôr.")
FORESTER = firm("Skogen AS", "02.100", "Skogbruk og planting av skog.")
GARAGE = firm("Bilverkstedet AS", "95.310", "Reparasjon av biler.")
WASTE = firm("Gjenvinning AS", "38.110", "Innsamling av avfall og matavfall.")


@pytest.mark.parametrize(
    ("title", "cpv", "better", "worse"),
    [
        ("Ferskt brød til sykehjem", "15811000", BAKERY, BANK),
        ("Ferskt brød til sykehjem", "15811000", BAKERY, PASTRY),
        ("Ferskt brød til sykehjem", "15811000", BAKERY, WHOLESALER),
        ("Brødvarer", "15810000", BAKERY, FISH),
        ("Kjeks og knekkebrød", "15820000", PASTRY, FISH),
        ("Fersk fisk", "15200000", FISH, BAKERY),
        ("Fersk filet", "03311000", FISH, MEAT),
        ("Fersk torsk levert på kaia", "03311000", FISHER, BAKERY),
        ("Poteter, skrelte", "03212100", GROWER, FISH),
        ("Grønnsaker", "03221000", GROWER, BAKERY),
        ("Frukt og bær", "15332000", GREENGROCER, BAKERY),
        ("Epler til skolefrukt", "03222321", FRUIT, EGGS),
        ("Egg", "03142500", EGGS, GROWER),
        ("Kjøtt og pålegg", "15130000", MEAT, FISH),
        ("Ost og yoghurt", "15540000", DAIRY, MEAT),
        ("Melk", "15511000", DAIRY, BAKERY),
        ("Middag til hjemmeboende", "55521200", READY, BAKERY),
        ("Skolemåltid", "55523100", CATERER, MACHINES),
        ("Skolemåltid", "55523100", CATERER, BAKERY),
        ("Drift av kantine", "55512000", CANTEEN, CLEANER),
        ("Mat og drikke, alle varegrupper", "15000000", WHOLESALER, MACHINES),
        ("Mat og drikke, alle varegrupper", "15000000", WHOLESALER, BANK),
        ("Sukker", "15831000", SWEETS, GREENGROCER),
        ("Sjokolade", "15842000", SWEETS, BAKERY),
        ("Krydder", "15872000", COFFEE, GREENGROCER),
        ("Pasta", "15850000", WHOLESALER, GREENGROCER),
        ("Dyrefôr", "15700000", FEED, GREENGROCER),
        ("Skogprodukter", "03400000", FORESTER, GROWER),
        ("Reparasjon av kjøretøy", "50110000", GARAGE, REPAIR),
        ("Ventilasjon i skoler", "50730000", PLUMBER, GARAGE),
        ("Kontorrenhold", "90919200", CLEANER, DRAINS),
        ("Reinhald av skular", "90919300", CLEANER, GARDENER),
        ("Avløpsrens og slamtømming", "90470000", DRAINS, CLEANER),
        ("Drift av grøntanlegg", "77310000", GARDENER, CLEANER),
        ("Montering av dører og vinduer", "45421000", JOINER, PAINTER),
        ("Malerarbeid", "45442100", PAINTER, JOINER),
        ("Ny barneskole", "45214200", BUILDER, PAINTER),
        ("Elektriske installasjoner", "45310000", ELECTRICIAN, PLUMBER),
        ("Rørleggerarbeid", "45330000", PLUMBER, ELECTRICIAN),
        ("Nytt nettsted", "72413000", CODER, TAXI),
        ("Brukerstøtte og drift", "72500000", OPERATOR, PRINTER),
        ("Skoleskyss", "60120000", TAXI, HAULIER),
        ("Skolemøbler", "39160000", FURNITURE, JOINER),
        ("Reparasjon av møbler", "50850000", REPAIR, CLEANER),
        ("Vask av arbeidstøy", "98310000", LAUNDRY, CLEANER),
        ("Trykking", "79810000", PRINTER, CODER),
        ("Innsamling av avfall", "90500000", WASTE, CLEANER),
    ],
)
def test_the_right_trade_stands_first(
    title: str, cpv: str, better: Supplier, worse: Supplier
) -> None:
    names = [match.supplier_name for match in rank(lot(title, cpv), worse, better)]
    assert names[0] == better.organisation.name


def test_a_sheltered_workshop_stands_first_on_a_reserved_lot() -> None:
    found = rank(lot("Møtemat", "55520000", reserved=("res-ws",)), CATERER, WORKSHOP)
    assert found[0].supplier_name == WORKSHOP.organisation.name


@pytest.mark.parametrize(("near", "far"), [(ASKER, BAERUM), (BAERUM, TROMSO), (ASKER, TROMSO)])
def test_of_two_alike_the_nearer_stands_first(near: str, far: str) -> None:
    one = firm("Nær Bakeri AS", "10.710", "Bakeri.", at=near)
    other = firm("Fjern Bakeri AS", "10.710", "Bakeri.", at=far)
    assert rank(lot("Brød", "15811000"), other, one)[0].supplier_name == "Nær Bakeri AS"


def test_an_establishment_counts_not_the_head_office() -> None:
    branch = firm("Kjeden AS", "10.710", "Bakeri.", at=TROMSO, works_at=ASKER)
    away = firm("Nordbakeren AS", "10.710", "Bakeri.", at=TROMSO)
    first = rank(lot("Brød", "15811000"), away, branch)[0]
    assert (first.supplier_name, first.distance_km) == ("Kjeden AS", 0.0)


def test_bokmaal_and_nynorsk_meet() -> None:
    nynorsk = firm("Reint AS", "", "Reinhald av skular og barnehagar.")
    found = judge(lot("Renhold av skoler", "90919300"), nynorsk)
    assert criterion(found, "words").points > 0.2


def test_a_shotgun_list_of_codes_weighs_less_than_the_main_code() -> None:
    many = lot("Renhold", "90910000", also=("15811000", "60120000", "72000000", "45000000"))
    found = rank(many, BAKERY, CLEANER)
    assert found[0].supplier_name == CLEANER.organisation.name
    assert all(criterion(match, "trade").points < 0.2 for match in found[1:])

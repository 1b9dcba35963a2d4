"""A small invented folder of awards, in the shape that matching is measured on."""

# ruff: noqa: E501 (a row of a table is one line)
from __future__ import annotations

from pathlib import Path

FILES = {  # Every name and number is made up.
    "uk_lancashire/notices_labelled.csv": """notice_id,buyer,title,description,cpv_codes,postcode,winner_company_numbers
n1,Borough A,Cleaning of offices,Daily office cleaning,90911200,PR1 1AA,00000001
n2,Borough A,Resurfacing of a car park,Asphalt works,45233120,PR1 1AA,00000002
n3,Borough B,Legal advice,,79111000,,00000003
""",
    "uk_lancashire/register_suppliers.csv": """company_number,company_name,aliases,sic_codes,sic_text,locality,postcode,accounts_type
00000001,SPARKLE CLEANERS LTD,,81210,General cleaning of buildings,Preston,PR1 2BB,micro-entity
00000002,NORTHERN SURFACING LTD,,42110,Construction of roads and motorways,Leyland,PR25 1AA,full
00000003,WIGG LLP,,,,Manchester,M1 1AA,
00000004,BROWN BREAD LTD,,10710,Manufacture of bread,Preston,PR1 3CC,small
""",
    "es_catalonia/catalonia_covid_awards_2020.train.csv": """file_no,buyer,title,description,cpv,winner_name
1,Hospital A,Guants de nitril,Compra,33140000,"GUANTS CAT, S.L."
2,Hospital A,Mascaretes FFP2,Compra,33140000,MASCARES SA
3,Hospital B,Neteja extraordinària,Servei,90910000,NETEGES SL
,Hospital B,Sense número,Servei,90910000,NETEGES SL
""",
    "es_catalonia/catalonia_covid_awards_2020.test_dev.csv": """file_no,buyer,title,description,cpv,winner_name
9,Hospital B,Subministrament de guants de nitril,Compra,33140000,Guants Cat SL
10,Hospital A,Ventiladors,Compra,33157000,NOVA MEDICA SL
""",
    "es_catalonia/winners.csv": """candidate,name
GUANTSCATSL,"GUANTS CAT, S.L."
MASCARESSA,MASCARES SA
NETEGESSL,NETEGES SL
NOVAMEDICASL,NOVA MEDICA SL
""",
    "fr/decp_works_2024h2.train.csv": """uid,id,codeCPV,acheteur_id,titulaire_id,dateNotification,acheteur_departement_code,titulaire_departement_code,acheteur_region_code,titulaire_region_code
a1,2024-7-L1,45210000,11111111100011,90000000100011,2024-07-01,69,69,84,84
a2,2024-8,45210000,22222222200011,90000000200011,2024-07-02,59,59,32,32
""",
    "fr/decp_works_2024h2.test_dev.csv": """uid,id,codeCPV,acheteur_id,titulaire_id,dateNotification,acheteur_departement_code,titulaire_departement_code,acheteur_region_code,titulaire_region_code
b1,2024-7-L2,45210000,11111111100011,90000000100029,2024-12-01,69,69,84,84
b2,2024-11,45260000,22222222200011,90000000300011,2024-12-02,59,59,32,32
""",
    "fr/winners.csv": """candidate,name,departement,region
,,,
900000001,BATI LYON,69,84
900000002,BATI NORD,59,32
900000003,TOITURES DU NORD,59,32
""",
    "ted_eu/winners.csv": "country,name,town,postcode,nuts\n"
    + "".join(f"DE,Firma {at} GmbH,Bonn,5311{at % 10},DEA22\n" for at in range(100))
    + "DE,Reinigung Nord GmbH,Kiel,24103,DEF02\n",
    "ted_eu/eu_ted_awards.csv": """notice_id,lang,date,country,buyer_name,buyer_town,buyer_postcode,buyer_nuts,title,description,cpv_main,cpv_all,notice_nuts,lot_title,lot_description,lot_nuts,winner_name,winner_country,winner_size
t1,DE,20210101,DE,Stadt Kiel,Kiel,24103,DEF02,Gebäudereinigung,Unterhaltsreinigung,90910000,90910000,DEF02,Los 1,,DEF02,Reinigung Nord GmbH,DE,
t2,DE,20210101,DE,Stadt Kiel,Kiel,24103,DEF02,Strom,,09310000,09310000,DEF02,,,,Fremde AG,AT,large
""",
    "norway/no_awards.csv": """notice_id,lot_no,date,buyer_name,title,description,cpv_main,cpv_all,lot_title,lot_description,winner_name
v1,LOT-1,2024-01-01,Kommune A,Renhold av skoler,,90910000,90910000,,,Rent Hus AS
""",
    "er/register_units.csv": "orgnr,name\n910000001,NORDVIK BAKERI AS\n",
    "norway/no_competitions_2020.csv": """row,title,description,cpv_main,buyer_name
0,Renhold av kontorer,,90911200,Kommune A
1,Brød og bakervarer,,15810000,Kommune B
2,Uten kode,,,Kommune B
3,Snøbrøyting av veier,,90620000,Kommune C
""",
}


def write(folder: Path, *without: str) -> Path:
    """Write all files but some; returns the folder."""
    for name, text in FILES.items():
        if name not in without:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return folder

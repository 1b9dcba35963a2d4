"""A small invented folder of labelled data."""

from __future__ import annotations

from pathlib import Path

FILES = {  # Every name and number is made up.
    "register_units.csv": """orgnr,name,municipality,postcode
910000001,NORDVIK BAKERI AS,4601,5020
910000002,SOLLI GARTNERI DA,3203,1394
910000003,HAUGEN TRANSPORT AS,5001,7010
910000004,VIKEN BARNEHAGER SA,3203,1383
""",
    "no_ldir_entities.csv": """orgnr,name,municipality
910000011,TVEITEN HØNSERI ANS,4621
910000012,LIAKVERN MJØLKEPRODUKSJON DA,3450
910000013,RØDSTRUPE BÆRGARD AS,4651
""",
    "no_ldir_name_variants.csv": """orgnr,name,is_latest,first,last,municipality
910000011,TVEITEN HØNSERI,0,2013,2014,4621
910000011,TVEITEN HØNSERI ANS,1,2015,2016,4621
910000012,LIAKVERN MELKEPRODUKSJON DA,0,2013,2014,3450
910000013,RØDSTRUPE BÆRGÅRD AS,0,2013,2014,4651
""",
    "no_subunit_to_parent.csv": """query_name,query_orgnr,parent_orgnr,resolvable_by_name
NORDVIK BAKERI AS AVD FANA,970000001,910000001,1
MÅLTROSTEN BARNEHAGE,970000002,910000004,0
""",
    "eu_ted_entities.csv": """country,entity_id,name,town,postcode,nuts,roles
FR,300000001,Boulangerie Lémoine S.A.,Lyon,69001,FRK26,winner
ES,A1000001,"Panadería Cortázar, S. L.",Sevilla,41001,ES618,winner
""",
    "eu_ted_name_variants.csv": """country,entity_id,role,name,town,postcode
FR,300000001,winner,BOULANGERIE LEMOINE,LYON,69001
FR,300000001,winner,Boulangerie Lémoine S.A.,Lyon,69001
ES,A1000001,winner,Panaderia Cortazar SL,Sevilla,41001
""",
    "no_doffin_party_names.csv": """orgnr,name,town,count
910000021,Fjordglimt kommune,Fjordglimt,1
910000021,Fjordglimt Kommune - eiendom,Fjordglimt,1
910000021,Fjordglimt Kommune,Fjordglimt,5
910000022,Skarnes Anlegg AS,Skarnes,2
""",
    "no_public_bodies_nb_nn_en.csv": """orgnr,name_nb,name_nn,name_en
910000031,Sjøkartverket,Sjøkartverket,Norwegian Chart Office
910000032,Fuglestasjonen,Fuglestasjonen,Fuglestasjonen
""",
    "no_food_place_multi_names.csv": """orgnr,name
910000041,Kafé Lomvi
910000041,Kafé Lomvi Torget
910000042,Kro Alkekonge
910000042,Alkekonge Kro og Bar
""",
    "nl_patent_applicants_orgs.csv": """entity_id,name
7001,VANDERKLOOT OPTICS B.V.
7001,VANDERKLOOT OPTICS BV
7002,DE ZWALUW PUMPS N.V.
""",
    "os_name_bench_cases.csv": """case_group,schema,name1,name2,is_match,quality,category,notes
invented,Company,Glasmagasinet Havørn Ltd,Glasmagasinet Havørn Limited,true,STRONG,form,
invented,Company,Havørn Shipping Ltd,Terneøy Mining Ltd,false,STRONG,,
invented,Person,Kari Nordmann,Kari Normann,true,STRONG,,
""",
}


def write(folder: Path, **changes: str | None) -> Path:
    """Write the files; ``changes`` replaces the text of a file (by its stem), or leaves it out."""
    (folder / "er").mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        changed = changes.get(name.removesuffix(".csv"), text)
        if changed is not None:
            (folder / "er" / name).write_text(changed, encoding="utf-8")
    return folder

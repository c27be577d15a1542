"""Provinces by their codes in ISO 3166-2, where merchants write these; and place names in any spelling.

Only names that are stable and whose codes are in daily use: of other countries a code means what is written as one.
"""

from functools import cache

from regulars.kit.text import fold

_TABLES = {
    "US": "AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|"
    "DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|"
    "KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|"
    "MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|"
    "NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|PR Puerto Rico|RI Rhode Island|"
    "SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|"
    "WV West Virginia|WI Wisconsin|WY Wyoming",
    "CA": "AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|NL Newfoundland and Labrador|NS Nova Scotia|"
    "NT Northwest Territories|NU Nunavut|ON Ontario|PE Prince Edward Island|QC Quebec|SK Saskatchewan|YT Yukon",
    "AU": "ACT Australian Capital Territory|NSW New South Wales|NT Northern Territory|QLD Queensland|"
    "SA South Australia|TAS Tasmania|VIC Victoria|WA Western Australia",
    "RO": "AB Alba|AR Arad|AG Argeș|BC Bacău|BH Bihor|BN Bistrița-Năsăud|BT Botoșani|BV Brașov|BR Brăila|B București|"
    "BZ Buzău|CS Caraș-Severin|CL Călărași|CJ Cluj|CT Constanța|CV Covasna|DB Dâmbovița|DJ Dolj|GL Galați|GR Giurgiu|"
    "GJ Gorj|HR Harghita|HD Hunedoara|IL Ialomița|IS Iași|IF Ilfov|MM Maramureș|MH Mehedinți|MS Mureș|NT Neamț|OT Olt|"
    "PH Prahova|SM Satu Mare|SJ Sălaj|SB Sibiu|SV Suceava|TR Teleorman|TM Timiș|TL Tulcea|VS Vaslui|VL Vâlcea|"
    "VN Vrancea",
    "ID": "AC Aceh|SU Sumatera Utara|SB Sumatera Barat|RI Riau|JA Jambi|SS Sumatera Selatan|BE Bengkulu|LA Lampung|"
    "BB Kepulauan Bangka Belitung|KR Kepulauan Riau|JK Jakarta|JB Jawa Barat|JT Jawa Tengah|YO Yogyakarta|"
    "JI Jawa Timur|BT Banten|BA Bali|NB Nusa Tenggara Barat|NT Nusa Tenggara Timur|KB Kalimantan Barat|"
    "KT Kalimantan Tengah|KS Kalimantan Selatan|KI Kalimantan Timur|KU Kalimantan Utara|SA Sulawesi Utara|"
    "ST Sulawesi Tengah|SN Sulawesi Selatan|SG Sulawesi Tenggara|GO Gorontalo|SR Sulawesi Barat|MA Maluku|"
    "MU Maluku Utara|PA Papua|PB Papua Barat",
    "VN": "CT Cần Thơ|DN Đà Nẵng|HN Hà Nội|HP Hải Phòng|SG Hồ Chí Minh",
}

_TOWNS_OF = ("thanh pho ", "tp. ", "tp ", "tinh ", "city of ", "kota ", "provinsi ")


def place_key(name: str) -> str:
    """What a place is compared by: without accents, blanks, marks, and words like "city of" in front of it."""
    folded = fold(name)
    for prefix in _TOWNS_OF:
        folded = folded.removeprefix(prefix)
    return "".join(letter for letter in folded if letter.isalnum())


@cache
def regions(country: str) -> dict[str, str]:
    """Province names by their codes, {"NY": "New York"}; empty for countries that are not listed here."""
    rows = (row.partition(" ") for row in _TABLES.get(country, "").split("|") if row)
    return {code: name for code, _blank, name in rows}


@cache
def codes_of(key: str) -> tuple[tuple[str, str], ...]:
    """(country, code) of every listed province of that `place_key`."""
    return tuple(
        (country, code) for country in _TABLES for code, name in regions(country).items() if place_key(name) == key
    )

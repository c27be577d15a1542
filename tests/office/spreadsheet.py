"""What LibreOffice makes of a file, told by the flat XML it saves it as."""

import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

AS_CSV = "CSV:{delimiter},34,{charset},1,,1033,false,true,false,false,false,0,true"
"""Cells as a person gets them who says yes to everything: numbers found out, formulas evaluated."""

CHARSETS = {"utf-8-sig": 76, "utf-8": 76, "utf-16-le": 65535}


class Cell(NamedTuple):
    """kind: float, date, string …, "" when empty. value: as it is kept, for a string its text. formula: "" for none."""

    kind: str
    value: str
    formula: str


def opened(path: Path, *, delimiter: str = ",", encoding: str = "utf-8-sig") -> list[list[Cell]]:
    """The cells of the first sheet as LibreOffice has them after opening a CSV file or a workbook."""
    out = path.parent / "opened"
    command = [
        "soffice", "--headless", "--norestore", f"-env:UserInstallation=file://{path.parent}/profile",
        "--convert-to", "fods", "--outdir", str(out), str(path),
    ]  # fmt: skip
    if path.suffix == ".csv":
        way = AS_CSV.format(delimiter=ord(delimiter), charset=CHARSETS[encoding])
        command.insert(4, f"--infilter={way}")
    subprocess.run(command, check=True, capture_output=True, timeout=180, env=os.environ | {"LC_ALL": "C.UTF-8"})
    sheet = next(ElementTree.parse(out / f"{path.stem}.fods").iter(f"{TABLE}table"))
    rows = [_cells(row) for row in sheet.iter(f"{TABLE}table-row")]
    return [row for row in rows if any(cell.kind for cell in row)]


def _cells(row: ElementTree.Element) -> list[Cell]:
    cells: list[Cell] = []
    for cell in row.iterfind(f"{TABLE}table-cell"):
        kind = cell.get(f"{OFFICE}value-type", "")
        value = cell.get(f"{OFFICE}value") or cell.get(f"{OFFICE}date-value") or cell.get(f"{OFFICE}boolean-value")
        told = Cell(kind, _text(cell) if kind == "string" or value is None else value, cell.get(f"{TABLE}formula", ""))
        times = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
        cells += [told] * (times if kind else min(times, 100))
    return cells


def _text(cell: ElementTree.Element) -> str:
    return "\n".join("".join(_parts(line)) for line in cell.iterfind(f"{TEXT}p"))


def _parts(element: ElementTree.Element) -> list[str]:
    """The text of an element; blanks, tabs and line breaks are elements of their own."""
    made = {f"{TEXT}s": " " * int(element.get(f"{TEXT}c", "1")), f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
    parts = [made.get(element.tag, ""), element.text or ""]
    for child in element:
        parts += [*_parts(child), child.tail or ""]
    return parts


def plain(text: str) -> str:
    """A text whose line breaks and runs of blanks are one blank: spreadsheets keep them each in their own way."""
    return re.sub(r"\s+", " ", text).strip()

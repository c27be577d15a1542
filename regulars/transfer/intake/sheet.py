"""Turns one sheet of a workbook into CSV, in a process of its own: `python -m regulars.transfer.intake.sheet`.

It runs with limits on memory and time and without Django, so that a workbook made to break programs breaks this one
only. It answers with one line of JSON: {"sheets": [{"name", "visible"}], "sheet", "rows", "columns"} or
{"refused": reason, …}. The reasons are words for `intake.workbook`, which knows the sentences.
"""

import csv
import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from regulars.transfer.intake.limits import (
    MOST_CHARACTERS_OF_A_CELL,
    MOST_COLUMNS,
    MOST_MEMORY,
    MOST_ROWS,
    MOST_SECONDS,
)
from regulars.transfer.intake.zeros import Padded, padded_cells, with_zeros

LINE_BREAK = "\u2028"
"""Stands for a line break in a cell, so that a row of the sheet is a line of the text; `kit.text.clean` knows it."""


class Refused(Exception):
    """Why a workbook cannot be read: a word and what belongs to it."""

    def __init__(self, reason: str, **details: Any) -> None:
        self.answer = {"refused": reason, **details}
        super().__init__(reason)


def main(path: str, target: str, wanted: str) -> dict[str, Any]:
    """Write the wanted sheet (the first one that shows rows when it is "") to the target; what was found."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_path(path) as book:
            sheets = [
                {"name": one.name, "visible": str(one.visible).rpartition(".")[2] == "Visible"}
                for one in book.sheets_metadata
            ]
            name, sheet = _chosen(book, sheets, wanted)
            rows, columns = _write(sheet, target, padded_cells(path, name))
    except PasswordError:
        raise Refused("password") from None
    except CalamineError as fault:
        raise Refused("damaged", detail=str(fault)[:200]) from fault
    return {"sheets": sheets, "sheet": name, "rows": rows, "columns": columns}


def _chosen(book: Any, sheets: list[dict[str, Any]], wanted: str) -> tuple[str, Any]:
    if wanted and wanted not in {one["name"] for one in sheets}:
        raise Refused("no_sheet", name=wanted)
    names = [wanted] if wanted else [one["name"] for one in sheets if one["visible"]] or [sheets[0]["name"]]
    found = [(name, book.get_sheet_by_name(name)) for name in names[:20]]
    return next(((name, sheet) for name, sheet in found if sheet.total_height), found[0])


def _write(sheet: Any, target: str, padded: Iterator[Padded]) -> tuple[int, int]:
    if sheet.end is None:
        raise Refused("empty")
    rows, columns = sheet.total_height + 1, sheet.width
    if rows > MOST_ROWS:
        raise Refused("rows", found=rows, limit=MOST_ROWS)
    if columns > MOST_COLUMNS:
        raise Refused("columns", found=columns, limit=MOST_COLUMNS)
    with open(target, "x", encoding="utf-8", newline="") as file:  # noqa: PTH123  no need to load pathlib here
        writer = csv.writer(file, lineterminator="\n")
        following, first = next(padded, None), sheet.start[1]
        for number, row in enumerate(sheet.iter_rows(), start=1):  # from the first row on, however empty
            cells = [_text(value, number) for value in row]
            while following and following.row <= number:
                if following.row == number:
                    _pad(cells, row, following.column - 1 - first, following.width)
                following = next(padded, None)
            if any(cells):
                writer.writerow(cells)
            else:
                file.write("\n")
    return rows, columns


def _pad(cells: list[str], row: list[Any], place: int, width: int) -> None:
    """Put the zeros before a number that its format shows."""
    if 0 <= place < len(row) and isinstance(row[place], float):
        cells[place] = with_zeros(cells[place], width)


def _text(value: Any, row: int) -> str:
    """A cell as people would type it: whole numbers without a point, dates in ISO form.

    Of numbers of more than 15 digits spreadsheets have lost the last ones: those say so (`kit.numbers.is_rounded`).
    """
    if isinstance(value, str):
        if len(value) > MOST_CHARACTERS_OF_A_CELL:
            raise Refused("cell", row=row, limit=MOST_CHARACTERS_OF_A_CELL)
        if "\n" in value or "\r" in value:
            return value.replace("\r\n", LINE_BREAK).replace("\n", LINE_BREAK).replace("\r", LINE_BREAK)
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _number(value: float) -> str:
    if not value.is_integer():
        return format(Decimal(repr(value)), "f")
    return str(int(value)) if abs(value) < 1e15 else f"{value:.14E}"


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _limit()
    try:
        answer = main(*sys.argv[1:4])
    except Refused as fault:
        answer = fault.answer
    except MemoryError:
        answer = {"refused": "memory"}
    print(json.dumps(answer))

"""Workbooks that we write, read back by another program's reader."""

import io
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from regulars.kit.text import clean
from regulars.transfer import xlsx
from regulars.transfer.xlsx import CellTooLong, Kind, WorkbookWriter

COLUMNS = [
    ("Name", Kind.TEXT), ("Orders", Kind.NUMBER), ("Spent", Kind.MONEY_2), ("Born", Kind.DAY), ("Joined", Kind.MOMENT),
]  # fmt: skip


def written(rows, columns=COLUMNS):
    file = io.BytesIO()
    with WorkbookWriter(file, columns, title="Customers") as book:
        book.write(rows)
    file.seek(0)
    return CalamineWorkbook.from_filelike(file)


def test_cells_have_their_types():
    row = ("Nguyễn Thị Đào", "12", "1234.50", "1990-05-17", "2026-11-21T23:59:58+07:00")

    sheet = written([row]).get_sheet_by_index(0)

    assert sheet.name == "Customers"
    assert sheet.to_python() == [
        ["Name", "Orders", "Spent", "Born", "Joined"],
        ["Nguyễn Thị Đào", 12.0, 1234.5, date(1990, 5, 17), datetime(2026, 11, 21, 23, 59, 58)],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+63 917", "-5 %", "@x", "a\nb", " a ", "<b>&amp;</b>", "_x000D_", "'", '"'])
def test_text_stays_text(text):
    assert written([(text,)], [("Note", Kind.TEXT)]).get_sheet_by_index(0).to_python()[1] == [text]


@given(st.lists(st.text(min_size=1, max_size=40).map(clean).filter(bool), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_any_text_comes_back(texts):
    read = written([(text,) for text in texts], [("Note", Kind.TEXT)]).get_sheet_by_index(0).to_python()

    assert [row[0] for row in read[1:]] == texts


def test_empty_cells_are_empty():
    assert written([("", "", "", "", "")]).get_sheet_by_index(0).to_python(skip_empty_area=False)[0][0] == "Name"


def test_rows_beyond_a_sheet_go_on_in_the_next(monkeypatch):
    monkeypatch.setattr(xlsx, "ROWS_OF_A_SHEET", 3)

    book = written([(str(number),) for number in range(5)], [("Name", Kind.TEXT)])

    assert book.sheet_names == ["Customers", "Customers 2", "Customers 3"]
    assert [book.get_sheet_by_index(n).to_python() for n in range(3)] == [
        [["Name"], ["0"], ["1"]], [["Name"], ["2"], ["3"]], [["Name"], ["4"]],
    ]  # fmt: skip


def test_a_cell_that_no_workbook_holds_is_refused_by_row_and_column():
    with pytest.raises(CellTooLong, match="Row 2: “Name”"):
        written([("a",), ("x" * 40_000,)], [("Name", Kind.TEXT)])

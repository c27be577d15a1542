"""Workbooks that people upload, and workbooks that were made to break programs."""

import resource
import time
import zipfile
from itertools import chain, repeat
from pathlib import Path

import pytest

from regulars.kit.numbers import is_rounded
from regulars.transfer.errors import FileRefused, WorkbookRefused
from regulars.transfer.intake.workbook import sheet_text
from regulars.transfer.intake.zeros import padded_cells
from tests.transfer.intake.books import texts, write_book

SAMPLES = Path(__file__).parents[2] / "samples" / "xlsx" / "calamine"
MIB = 1 << 20


@pytest.fixture
def read(tmp_path):
    """Sheet text and lines of a workbook."""

    def inner(path, sheet=""):
        target = tmp_path / "sheet.text"
        target.unlink(missing_ok=True)
        found = sheet_text(path, target, sheet)
        return found, target.read_text(encoding="utf-8").splitlines()

    return inner


class TestCells:
    """T65: both calendars, merged cells, errors."""

    def test_dates_of_both_calendars_are_the_same_days(self, read):
        assert read(SAMPLES / "date.xlsx")[1] == read(SAMPLES / "date_1904.xlsx")[1]
        assert read(SAMPLES / "date.xlsx")[1][:2] == ["2021-01-01,15", "2021-01-02,16"]

    def test_dates_in_iso_form_stay_as_they_are(self, read):
        assert read(SAMPLES / "date_iso.xlsx")[1][:3] == ["2021-01-01", "2021-01-01 10:10:10", "10:10:10"]

    def test_whole_numbers_have_no_point_and_phones_all_their_digits(self, read, tmp_path):
        cells = "<row><c><v>6.28123456789E+12</v></c><c><v>22.5</v></c><c><v>9171234567</v></c></row>"

        assert read(write_book(tmp_path / "a.xlsx", [cells]))[1] == ["6281234567890,22.5,9171234567"]

    def test_numbers_have_no_exponent_while_spreadsheets_know_all_their_digits(self, read, tmp_path):
        numbers = ("84901234567", "8.4901234567E10", "123456789012345", "1E-5", "1234567890123450", "1.2E20")
        cells = "<row>" + "".join(f"<c><v>{number}</v></c>" for number in numbers) + "</row>"

        [line] = read(write_book(tmp_path / "a.xlsx", [cells]))[1]

        *known, long, longer = line.split(",")
        assert known == ["84901234567", "84901234567", "123456789012345", "0.00001"]
        assert is_rounded(long) and is_rounded(longer)

    def test_merged_cells_stand_in_the_first(self, read):
        assert read(SAMPLES / "merge_cells.xlsx")[1][0] == "Row Merge,,Not Merged"

    def test_errors_of_formulas_are_nothing(self, read):
        assert set(read(SAMPLES / "errors.xlsx")[1]) == {""}

    def test_entities_and_cdata_are_text(self, read):
        assert read(SAMPLES / "encoded_entities.xlsx")[1][0] == "&"
        assert read(SAMPLES / "inlineStr_cdata.xlsx")[1][0] == "Hello CDATA,World"

    def test_a_line_break_does_not_end_a_row(self, read):
        assert read(SAMPLES / "has_x000D_.xlsx")[0].rows == 1

    def test_rows_keep_their_numbers(self, read):
        assert read(SAMPLES / "no-header.xlsx")[1] == ["", "", "a,0", "b,1"]


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def styles(*codes):
    """A part of styles: of cells of style 1, 2 … the codes of their number formats."""
    formats = "".join(f'<numFmt numFmtId="{number}" formatCode="{code}"/>' for number, code in enumerate(codes, 164))
    used = "".join(f'<xf numFmtId="{number}"/>' for number, _code in enumerate(codes, 164))
    parts = f'<numFmts>{formats}</numFmts><cellXfs><xf numFmtId="0"/>{used}</cellXfs>'
    return {"xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{parts}</styleSheet>'.encode()}


def cell(place, value, style, more=""):
    return f'<c r="{place}" s="{style}"{more}><v>{value}</v></c>'


class TestZerosBeforeNumbers:
    def book(self, tmp_path, rows, *codes, **more):
        return write_book(tmp_path / "a.xlsx", rows, extra=styles(*codes), **more)

    def test_are_those_that_the_sheet_shows(self, read, tmp_path):
        rows = [
            "<row>" + cell("A1", "postcode", 0, ' t="str"') + cell("C1", "phone", 0, ' t="str"') + "</row>",
            '<row r="2">' + cell("A2", 1234, 1) + cell("B2", 1234, 0) + cell("C2", 912345678, 2) + "</row>",
            '<row r="4">' + cell("C4", -5, 1) + cell("D4", 123456, 1) + cell("E4", 1.5, 1) + "</row>",
        ]

        lines = read(self.book(tmp_path, rows, "00000", "0#########"))[1]

        assert lines == ["postcode,,phone,,", "01234,1234,0912345678,,", "", ",,-00005,123456,1.5"]

    def test_are_found_where_rows_and_columns_begin_further_in(self, read, tmp_path):
        rows = ['<row r="3">' + cell("C3", 7, 1) + cell("D3", 8, 0) + "</row>"]

        assert read(self.book(tmp_path, rows, "000"))[1][2].strip(",") == "007,8"

    def test_are_not_put_before_texts_days_and_other_formats(self, read, tmp_path):
        inline = '<c r="A1" s="1" t="inlineStr"><is><t>12</t></is></c>'
        rows = [f"<row>{inline}{cell('B1', 12, 2)}{cell('C1', 12, 3)}{cell('D1', 12, 4)}</row>"]

        lines = read(self.book(tmp_path, rows, "00000", "0.00", "000\\-000", "0"))[1]

        assert lines == ["12,12,12,12"]

    def test_are_found_in_large_sheets_wherever_a_block_ends(self, read, tmp_path):
        count = 60_000
        rows = (f'<row r="{n}">' + cell(f"A{n}", n, 1) + cell(f"B{n}", n, 0) + "</row>" for n in range(1, count + 1))

        lines = read(self.book(tmp_path, rows, "0000000"))[1]

        assert lines == [f"{n:07},{n}" for n in range(1, count + 1)]

    @pytest.mark.parametrize("sound", ["xl/workbook.xml", "xl/styles.xml"])
    def test_are_none_where_parts_are_missing(self, tmp_path, sound):
        path = self.book(tmp_path, ["<row>" + cell("A1", 7, 1) + "</row>"], "000")
        assert list(padded_cells(str(path), "Customers")) == [(1, 1, 3)]
        assert list(padded_cells(str(path), "Other")) == []

        with zipfile.ZipFile(path) as whole, zipfile.ZipFile(tmp_path / "part.xlsx", "w") as part:
            part.writestr(sound, whole.read(sound))
            part.writestr("xl/worksheets/sheet1.xml", b"<c>")

        assert list(padded_cells(str(tmp_path / "part.xlsx"), "Customers")) == []


class TestSheets:
    """T65: the sheet that was chosen, hidden ones told apart."""

    def test_are_named_and_the_first_with_rows_is_read(self, read):
        found, _lines = read(SAMPLES / "any_sheets.xlsx")

        assert [(one.name, one.visible) for one in found.sheets] == [
            ("Visible", True), ("Hidden", False), ("VeryHidden", False), ("Chart", True),
        ]  # fmt: skip
        assert found.sheet == "Visible"

    def test_another_one_can_be_chosen(self, read):
        assert read(SAMPLES / "hyperlinks.xlsx", "Sheet2")[0].sheet == "Sheet2"

    def test_one_that_is_not_there_is_refused_by_name(self, read):
        with pytest.raises(WorkbookRefused, match="“Orders”"):
            read(SAMPLES / "any_sheets.xlsx", "Orders")

    def test_an_empty_one_is_refused(self, read):
        with pytest.raises(WorkbookRefused, match="empty"):
            read(SAMPLES / "empty_sheet.xlsx")


class TestHostileFiles:
    """Each is refused or read in a minute and a GiB, with a sentence; this process hardly notices."""

    @pytest.fixture(autouse=True)
    def limits(self):
        before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
        # A child is counted as at least as large as who called it, and the largest of all children so far is told.
        largest = max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
        yield
        assert time.monotonic() - started < 60
        assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 <= max(1 << 30, largest * 1024)
        assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < 50 * MIB

    def test_a_cell_of_256_mib(self, read, tmp_path):
        cell = repeat("a" * MIB, 256)
        rows = chain(['<row><c t="inlineStr"><is><t>'], cell, ["</t></is></c></row>"])

        with pytest.raises(WorkbookRefused, match="fill the memory"):
            read(write_book(tmp_path / "bomb.xlsx", rows))

    def test_a_cell_that_is_too_long(self, read, tmp_path):
        with pytest.raises(WorkbookRefused, match="row 2 has more than 32767"):
            read(write_book(tmp_path / "long.xlsx", [texts("name"), texts("x" * 32_768)]))

    def test_a_size_that_is_a_lie(self, read, tmp_path):
        path = write_book(
            tmp_path / "lie.xlsx", [texts("name"), texts("Ann")], before='<dimension ref="A1:XFD1048576"/>'
        )

        assert read(path)[1] == ["name", "Ann"]

    def test_a_size_that_is_true_and_too_large(self, read, tmp_path):
        rows = ['<row r="1"><c r="A1"><v>1</v></c></row>', '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>']

        with pytest.raises(WorkbookRefused):
            read(write_book(tmp_path / "far.xlsx", rows))

    def test_ten_thousand_columns(self, read, tmp_path):
        with pytest.raises(WorkbookRefused, match="10000 columns"):
            read(write_book(tmp_path / "wide.xlsx", [texts(*["x"] * 10_000)]))

    def test_macros(self, read, tmp_path):
        with pytest.raises(WorkbookRefused, match="macros"):
            read(write_book(tmp_path / "macro.xlsx", [texts("name")], extra={"xl/vbaProject.bin": b"x"}))

    def test_seventy_thousand_parts(self, read, tmp_path):
        extra = {f"xl/media/{number}": b"" for number in range(70_000)}

        with pytest.raises(WorkbookRefused, match="1000 parts"):
            read(write_book(tmp_path / "parts.xlsx", [texts("name")], extra=extra))

    def test_names_that_leave_the_archive_are_only_names(self, read, tmp_path):
        path = write_book(tmp_path / "up.xlsx", [texts("name"), texts("Ann")], extra={"../../evil": b"x"})

        assert read(path)[1] == ["name", "Ann"]
        assert not (tmp_path.parent / "evil").exists()

    def test_half_a_workbook(self, read, tmp_path):
        path = write_book(tmp_path / "half.xlsx", [texts("name"), texts("Ann")])
        path.write_bytes(path.read_bytes()[:-200])

        with pytest.raises(WorkbookRefused, match="damaged"):
            read(path)

    def test_an_archive_that_is_no_workbook(self, read, tmp_path):
        with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
            archive.writestr("readme.txt", "hello")

        with pytest.raises(FileRefused, match="no Excel workbook"):
            read(tmp_path / "a.xlsx")

    def test_external_entities_are_not_followed(self, read, tmp_path):
        path = write_book(tmp_path / "xxe.xlsx", [texts("name"), texts("Ann")])
        # the sheet with a document type that names a file
        evil = tmp_path / "evil.xlsx"
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(evil, "w") as new:
            for entry in old.infolist():
                data = old.read(entry)
                if entry.filename.endswith("sheet1.xml"):
                    doctype = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
                    data = data.replace(b'<?xml version="1.0"?>', doctype).replace(b">Ann<", b">&e;<")
                new.writestr(entry.filename, data)
        try:
            lines = read(evil)[1]
        except WorkbookRefused:
            return
        assert "root:" not in "".join(lines)

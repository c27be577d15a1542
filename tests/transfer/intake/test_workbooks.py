"""Workbooks that people upload, and workbooks that were made to break programs."""

import resource
import time
import zipfile
from itertools import chain, repeat
from pathlib import Path

import pytest

from regulars.transfer.errors import FileRefused, WorkbookRefused
from regulars.transfer.intake.workbook import sheet_text
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

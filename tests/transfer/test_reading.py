"""Rows out of bytes: every line end, every delimiter, and files that are broken somewhere."""

import io
import json
from pathlib import Path

import pytest

from regulars.transfer.errors import IsEmpty, LineTooLong, NotUtf8
from regulars.transfer.files import chunks_of, layout, names_of, private_path, store
from regulars.transfer.reading import BLOCK, BadRow, Row, RowReader

SPECTRUM = Path(__file__).parent.parent / "samples" / "csv" / "spectrum"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


def rows_of(data: bytes, delimiter: str = "") -> list[Row | BadRow]:
    file = io.BytesIO(data)
    found = layout(file, delimiter)
    return list(RowReader(file, found.delimiter, columns=len(found.header), at=found.rows_at))


def cells_of(data: bytes, delimiter: str = "") -> list[list[str]]:
    return [row.cells for row in rows_of(data, delimiter) if isinstance(row, Row)]


class TestReadingTheSpectrum:
    @pytest.mark.parametrize("path", sorted(SPECTRUM.glob("*.csv")), ids=lambda path: path.stem)
    def test_gives_what_its_authors_expect(self, path):
        expected = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))
        data = path.read_bytes()

        header = layout(io.BytesIO(data)).header
        read = [dict(zip(header, cells, strict=True)) for cells in cells_of(data)]

        if path.stem == "location_coordinates":  # one object, with a phone that is not the file's
            expected = [expected | {"Contact Phone Number": "2095257564"}]
        assert read == expected


class TestLayout:
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    @pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "BOM"])
    def test_is_found_out(self, end, delimiter, mark):
        rows = [["Email", "Name"], ["ann@example.com", "Ann, Lee; x"], ["bo@example.com", "Bo\nTwo"]]
        text = end.join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)

        found = layout(io.BytesIO((mark + text).encode()))

        assert (found.delimiter, found.header) == (delimiter, ["Email", "Name"])
        assert cells_of((mark + text).encode()) == rows[1:]

    def test_is_as_the_line_of_excel_says(self):
        assert cells_of(b"sep=;\r\na,x;b\r\n1,5;2\r\n") == [["1,5", "2"]]

    def test_can_be_overridden(self):
        assert cells_of(b"a,b;c\n1,2;3\n", ";") == [["1,2", "3"]]

    def test_of_one_column_needs_no_delimiter(self):
        assert cells_of(b"email\nann@example.com\n") == [["ann@example.com"]]

    def test_keeps_columns_of_one_name_apart(self):
        assert names_of(["Email", "email", "", "Email"]) == ["Email", "email (2)", "Column 3", "Email (3)"]


class TestReadingBrokenRows:
    def test_a_quote_that_is_never_closed_costs_its_own_line_only(self):
        lines = ["name,email", 'Ann,"lost', *[f"Bo {n},bo{n}@example.com" for n in range(500)]]

        rows = rows_of("\n".join(lines).encode())

        assert isinstance(rows[0], BadRow)
        assert rows[0].line == 2
        assert "never closed" in rows[0].reason
        assert [row.line for row in rows[1:]] == list(range(3, 503))
        assert all(isinstance(row, Row) for row in rows[1:])

    def test_a_quote_open_at_the_end_of_the_file_gives_the_lines_back(self):
        rows = rows_of(b'name,email\n"Ann,a@example.com\nBo,b@example.com\n')

        assert [(type(row), row.line) for row in rows] == [(BadRow, 2), (Row, 3)]

    def test_a_quote_inside_a_quoted_cell_is_said(self):
        rows = rows_of(b'name,email\n"Ann "Lee"",a@example.com\n"Bo ""B""",b@example.com\n')

        assert "write it twice" in rows[0].reason
        assert rows[1].cells == ['Bo "B"', "b@example.com"]

    def test_rows_with_too_few_or_too_many_cells_are_said(self):
        rows = rows_of(b"a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n1,2,3\n")

        assert [(type(row), row.line) for row in rows] == [(BadRow, 2), (BadRow, 3), (Row, 4), (Row, 5)]
        assert "2 cells" in rows[0].reason
        assert "3 columns" in rows[0].reason

    def test_empty_rows_are_no_rows(self):
        assert [row.line for row in rows_of(b"a,b\n\n1,2\n,\n\n3,4\n\n")] == [3, 6]

    def test_nul_bytes_are_said(self):
        rows = rows_of(b"a,b\nx\0y,2\n1,2\n")

        assert "NUL" in rows[0].reason
        assert rows[0].cells == ["xy", "2"]
        assert rows[1].cells == ["1", "2"]

    def test_a_cell_that_is_too_long_is_said(self):
        rows = rows_of(b"a,b\n" + b"x" * 140_000 + b",2\n1,2\n")

        assert "131072 characters" in rows[0].reason
        assert rows[1].cells == ["1", "2"]

    def test_a_file_full_of_open_quotes_is_read_to_its_end(self):
        rows = rows_of(b"a,b\n" + b'"x,y\nz,\n' * 5_000 + b"1,2\n")

        assert sum(isinstance(row, BadRow) for row in rows) >= 2_500
        assert rows[-1] == Row(10_002, ["1", "2"])

    def test_line_numbers_stay_true_after_cells_of_several_lines(self):
        assert [row.line for row in rows_of(b'a,b\n"1\n2\n3",x\r\ny,z\n')] == [2, 5]


class TestGoingOnInTheMiddle:
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
    def test_at_any_row_gives_the_rows_that_were_left(self, end):
        rows = [["name", "note"]] + [[f"Đào {n}", f"one{end}two 😀" * (n % 4)] for n in range(60)]
        data = "\ufeff".encode() + end.join(",".join(f'"{cell}"' for cell in row) for row in rows).encode()
        whole = rows_of(data, ",")

        for taken in range(61):
            file = io.BytesIO(data)
            reader = RowReader(file, ",", columns=2, at=layout(file, ",").rows_at)
            for _ in range(min(taken, 60)):
                next(reader)
            again = list(RowReader(io.BytesIO(data), ",", columns=2, at=reader.position))

            assert again == whole[taken:]

    def test_works_across_blocks(self):
        text = "name,note\n" + "".join(f'N{n},"é\n{"x" * (n % 900)}"\n' for n in range(6000))
        data = text.encode()
        assert len(data) > 2 * BLOCK
        whole = rows_of(data)
        file = io.BytesIO(data)
        reader = RowReader(file, ",", columns=2, at=layout(file).rows_at)

        for index in range(6000):
            assert next(reader) == whole[index]
            if index % 577 == 0:
                rest = RowReader(io.BytesIO(data), ",", columns=2, at=reader.position)
                assert next(rest) == whole[index + 1]

    def test_a_row_that_was_only_looked_at_is_still_to_come(self):
        data = b"a,b\n1,2\n3,4\n"
        file = io.BytesIO(data)
        reader = RowReader(file, ",", columns=2, at=layout(file).rows_at)
        next(reader)

        looked_at = reader.peek()

        assert looked_at == Row(3, ["3", "4"])
        assert list(RowReader(io.BytesIO(data), ",", columns=2, at=reader.position)) == [looked_at]
        assert next(reader) == looked_at
        assert reader.peek() is None


class TestStoring:
    def test_says_where_a_file_is_not_utf8(self):
        data = "name\nAnn\nNguyễn\nZoë\n".encode().replace("ë".encode(), b"\xeb")

        fault = store([data[:9], data[9:11], data[11:]]).fault

        assert isinstance(fault, NotUtf8)
        assert fault.details == {"line": 4, "byte": data.index(b"\xeb"), "shown": "eb"}
        assert "CSV UTF-8" in str(fault)

    def test_says_where_even_at_the_very_end(self):
        fault = store([b"name\nZo\xc3"]).fault

        assert fault
        assert (fault.details["line"], fault.details["byte"]) == (2, 7)

    def test_refuses_an_empty_file_and_keeps_nothing(self):
        with pytest.raises(IsEmpty):
            store([b""])
        assert not list(private_path("imports").iterdir())

    def test_refuses_a_line_without_end(self):
        assert isinstance(store(b"x" * BLOCK for _ in range(20)).fault, LineTooLong)

    def test_keeps_the_bytes_under_a_random_name(self):
        data = b"a,b\r\n1,2\r\n3,4"

        stored = store(chunks_of(io.BytesIO(data)))

        assert private_path(stored.name).read_bytes() == data
        assert (stored.size, stored.lines) == (len(data), 3)
        assert stored.name != store([data]).name

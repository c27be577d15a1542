"""Writes workbooks as a stream: rows come in, an .xlsx grows on the disk, memory stays as it is.

Cells are typed: numbers and amounts are numbers, days and instants are dates, everything else is text, which no
spreadsheet runs, whatever it begins with. The header row is bold and stays put; more rows than a sheet holds go on in
the next one. Format: ECMA-376, part 1 (SpreadsheetML).
"""

import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from enum import Enum
from typing import IO, Self
from xml.sax.saxutils import escape

from django.utils.translation import gettext_lazy as _

from regulars.kit.errors import DomainError

ROWS_OF_A_SHEET = 1_048_576
LARGEST_SHEET = 2_000_000_000
"""Bytes of XML. A larger one would need a ZIP64 entry, which spreadsheet programs do not all read."""

MOST_CHARACTERS = 32_767
BLOCK = 1 << 18
COMPRESSION = 1  # a third faster than 6 for a file a tenth larger


class CellTooLong(DomainError):
    """Details: row (of the data, from 1), column (its header), limit."""

    code = "export.cell_too_long"
    sentence = _("Row {row}: “{column}” has more than {limit} characters, too many for a workbook. Export as CSV.")


class Kind(Enum):
    """What a column holds. Texts come in: numbers with a point, days and instants in ISO form."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    MONEY_0 = "money0"
    MONEY_2 = "money2"
    MONEY_3 = "money3"


# Styles by their place in `_STYLES`.
_STYLE = {Kind.DAY: 2, Kind.MOMENT: 3, Kind.MONEY_0: 4, Kind.MONEY_2: 5, Kind.MONEY_3: 6}
_WIDTH = {Kind.TEXT: 22, Kind.NUMBER: 10, Kind.DAY: 12, Kind.MOMENT: 20}
_FIRST_DAY = date(1899, 12, 30).toordinal()
_SPECIAL = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|^\s|\s$|\n|_x[0-9A-Fa-f]{4}_")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

Encoder = Callable[[str], str]


class WorkbookWriter:
    """Use as a context: `with WorkbookWriter(file, [("Name", Kind.TEXT)]) as book: book.write(rows)`."""

    def __init__(self, file: IO[bytes], columns: Sequence[tuple[str, Kind]], *, title: str = "Sheet") -> None:
        self._columns = columns
        self._title = title
        self._encoders = [_encoder(kind) for _header, kind in columns]
        self._archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION)
        self._sheet = ExitStack()
        self._out: IO[bytes] | None = None
        self._sheets = 0
        self._left = self._size = 0
        self.rows = 0

    def __enter__(self) -> Self:
        self._next_sheet()
        return self

    def __exit__(self, fault: type[BaseException] | None, *rest: object) -> None:
        if fault is None:
            self._end_sheet()
            for name, text in _parts([self._name(number) for number in range(1, self._sheets + 1)]):
                self._archive.writestr(name, text)
        self._sheet.close()
        self._archive.close()

    def write(self, rows: Iterable[Sequence[str]]) -> None:
        """Rows of texts, one for each column; "" is an empty cell. Raises CellTooLong, ValueError for no number."""
        encoders, size = self._encoders, 0
        parts: list[str] = []
        for row in rows:
            if not self._left or self._size > LARGEST_SHEET:
                self._put(parts)
                parts, size = [], 0
                self._end_sheet()
                self._next_sheet()
            self.rows += 1
            self._left -= 1
            text = "".join([encode(cell) if cell else "<c/>" for encode, cell in zip(encoders, row, strict=True)])
            if len(text) > MOST_CHARACTERS:
                self._refuse_long_cells(row)
            parts.append(f"<row>{text}</row>")
            size += len(text)
            if size > BLOCK:
                self._put(parts)
                parts, size = [], 0
        self._put(parts)

    def _put(self, parts: list[str]) -> None:
        assert self._out
        data = "".join(parts).encode()
        self._size += len(data)
        self._out.write(data)

    def _refuse_long_cells(self, row: Sequence[str]) -> None:
        for cell, (header, _kind) in zip(row, self._columns, strict=True):
            if len(cell) > MOST_CHARACTERS:
                raise CellTooLong(row=self.rows, column=header, limit=MOST_CHARACTERS)

    def _name(self, number: int) -> str:
        return self._title if number == 1 else f"{self._title} {number}"

    def _next_sheet(self) -> None:
        self._sheets += 1
        name = f"xl/worksheets/sheet{self._sheets}.xml"
        self._out = self._sheet.enter_context(self._archive.open(name, "w"))
        self._out.write(_sheet_head(self._columns).encode())
        self._left, self._size = ROWS_OF_A_SHEET - 1, 0

    def _end_sheet(self) -> None:
        assert self._out
        self._out.write(b"</sheetData></worksheet>")
        self._sheet.close()


def serial_day(text: str) -> int:
    """A day in ISO form as spreadsheets count it, from 1899-12-30."""
    return date.fromisoformat(text).toordinal() - _FIRST_DAY


def serial_moment(text: str) -> str:
    """An instant in ISO form, as its own clock shows it, to the second; spreadsheets know no zones."""
    moment = datetime.fromisoformat(text)
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return f"{moment.date().toordinal() - _FIRST_DAY + seconds / 86400:.8f}"


def _encoder(kind: Kind) -> Encoder:
    if kind is Kind.TEXT:
        return _text
    if kind is Kind.NUMBER:
        return lambda cell: f"<c><v>{_number(cell)}</v></c>"
    style = _STYLE[kind]
    if kind is Kind.DAY:
        return lambda cell: f'<c s="{style}"><v>{serial_day(cell)}</v></c>'
    if kind is Kind.MOMENT:
        return lambda cell: f'<c s="{style}"><v>{serial_moment(cell)}</v></c>'
    return lambda cell: f'<c s="{style}"><v>{_number(cell)}</v></c>'


def _number(cell: str) -> str:
    float(cell)
    return cell


def _text(cell: str) -> str:
    if _SPECIAL.search(cell) is None:
        return f'<c t="inlineStr"><is><t>{cell}</t></is></c>'
    cell = escape(_LOOKS_ESCAPED.sub("_x005F_", _FORBIDDEN.sub("", cell))).replace("\r", "&#13;")
    return f'<c t="inlineStr"><is><t xml:space="preserve">{cell}</t></is></c>'


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _sheet_head(columns: Sequence[tuple[str, Kind]]) -> str:
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{_WIDTH.get(kind, 14)}" customWidth="1"/>'
        for place, (_header, kind) in enumerate(columns, start=1)
    )
    names = "".join(_text(header).replace("<c ", '<c s="1" ', 1) for header, _kind in columns)
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData><row>{names}</row>"
    )


_STYLES = f"""{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="2">
<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="#,##0.000"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font>
</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>
</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="7">
<xf/><xf fontId="1" applyFont="1"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/>
<xf numFmtId="3" applyNumberFormat="1"/><xf numFmtId="4" applyNumberFormat="1"/>
<xf numFmtId="165" applyNumberFormat="1"/></cellXfs></styleSheet>"""


def _parts(names: Sequence[str]) -> Iterable[tuple[str, str]]:
    """The parts of the archive beside the sheets."""
    numbers = range(1, len(names) + 1)
    override = '<Override PartName="/xl/{0}.xml" ContentType="' + _TYPE + '.{1}+xml"/>'
    sheets = "".join(override.format(f"worksheets/sheet{number}", "worksheet") for number in numbers)
    yield (
        "[Content_Types].xml",
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f"{override.format('workbook', 'sheet.main')}{override.format('styles', 'styles')}{sheets}</Types>",
    )
    relation = '<Relationship Id="{0}" Type="' + _OFFICE + '/{1}" Target="{2}"/>'
    relations = f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{{}}</Relationships>'
    yield "_rels/.rels", relations.format(relation.format("r1", "officeDocument", "xl/workbook.xml"))
    to_sheets = "".join(relation.format(f"s{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    yield (
        "xl/_rels/workbook.xml.rels",
        relations.format(to_sheets + relation.format("styles", "styles", "styles.xml")),
    )
    listed = "".join(
        f'<sheet name="{escape(name[:31], {chr(34): "&quot;"})}" sheetId="{number}" r:id="s{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    yield "xl/workbook.xml", f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
    yield "xl/styles.xml", _STYLES

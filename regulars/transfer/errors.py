"""What can be wrong with a file as a whole, in words its owner can act on."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.kit.errors import DomainError


class FileRefused(DomainError):
    """A file that cannot be imported at all; nothing of it was taken."""

    code = "file.refused"
    sentence = _("This file cannot be read.")


class NotUtf8(FileRefused):
    """Details: line (1 is the first), byte (0 is the first of the file), shown (the byte in hexadecimal)."""

    code = "file.not_utf8"
    sentence = _(
        "Line {line} is not UTF-8 text (byte {byte}: {shown}). Save the file as “CSV UTF-8” and upload it "
        "again: in Excel under File → Save as, in LibreOffice with “Edit filter settings”, in Google Sheets by "
        "File → Download → CSV."
    )


class NotInEncoding(FileRefused):
    """Details: line (1 is the first; about), encoding (its label)."""

    code = "file.not_in_encoding"
    sentence = _("About line {line} the file holds bytes that {encoding} does not know. Choose another encoding.")


class IsOldSpreadsheet(FileRefused):
    code = "file.old_spreadsheet"
    sentence = _(
        "This is an old Excel file (.xls), or a workbook with a password. Open it and save it as .xlsx without a "
        "password, or as “CSV UTF-8”."
    )


class IsNoTable(FileRefused):
    code = "file.no_table"
    sentence = _("This file is no table: it holds bytes that stand in no text. Upload a CSV file or an .xlsx workbook.")


class WorkbookRefused(FileRefused):
    """Details: reason (a whole sentence)."""

    code = "file.workbook"
    sentence: Any = "{reason}"


class IsEmpty(FileRefused):
    code = "file.empty"
    sentence = _("The file is empty.")


class NoRows(FileRefused):
    code = "file.no_rows"
    sentence = _("The file has column names but no rows.")


class LineTooLong(FileRefused):
    """Details: line, limit (bytes)."""

    code = "file.line_too_long"
    sentence = _("Line {line} is longer than {limit} bytes: this is not a table.")


class ReadingTooSlow(FileRefused):
    """Details: line, limit (seconds)."""

    code = "file.reading_too_slow"
    sentence = _(
        "The rows after line {line} took longer than {limit} seconds to read. Look for very long or strange cells "
        "there, or split the file and import the parts one after the other."
    )


class TooManyColumns(FileRefused):
    """Details: columns, limit."""

    code = "file.too_many_columns"
    sentence = _("The file has {columns} columns; at most {limit} can be read.")


class FileTooLarge(FileRefused):
    """Details: limit (bytes)."""

    code = "file.too_large"
    sentence = _("The file is larger than {limit} bytes. Split it and import the parts one after the other.")


class UnknownFormat(FileRefused):
    """Details: format, known (names, with commas between)."""

    code = "file.unknown_format"
    sentence = _("“{format}” is not a format we know. Known are: {known}.")


class BadMapping(FileRefused):
    """Details: reason (a whole sentence)."""

    code = "file.bad_mapping"
    sentence: Any = "{reason}"


class NotStartable(DomainError):
    """Details: state."""

    code = "import.not_startable"
    sentence = _("This import was already started.")


class NoSuchImport(DomainError):
    """Details: id."""

    code = "import.unknown"
    sentence = _("There is no import {id}.")


class NoSuchTemplate(DomainError):
    """Details: name, known (names, with commas between)."""

    code = "import.unknown_template"
    sentence = _("There is no saved mapping “{name}”. There are: {known}.")


class TemplateExists(DomainError):
    """Details: name."""

    code = "import.template_exists"
    sentence = _("There is a saved mapping “{name}” already.")


class ImportFailed(DomainError):
    """Details: reason (a whole sentence)."""

    code = "import.failed"
    sentence: Any = "{reason}"


class UnknownExportField(DomainError):
    """Details: name."""

    code = "export.unknown_field"
    sentence = _("There is no field “{name}” to export.")


class UnknownExport(DomainError):
    """Details: name, known (names, with commas between)."""

    code = "export.unknown"
    sentence = _("“{name}” cannot be exported. Known are: {known}.")


class UnknownExportFormat(DomainError):
    """Details: format, known (names, with commas between)."""

    code = "export.unknown_format"
    sentence = _("“{format}” is not a format of exports. Known are: {known}.")


class SetExists(DomainError):
    """Details: name."""

    code = "export.set_exists"
    sentence = _("A set of fields “{name}” is there already.")


class NotYourSet(DomainError):
    """Details: name."""

    code = "export.set_not_yours"
    sentence = _("The set of fields “{name}” belongs to somebody else.")


class ScheduleExists(DomainError):
    """Details: name."""

    code = "export.schedule_exists"
    sentence = _("Another export comes by itself under the name “{name}”.")


class OwnerGone(DomainError):
    """Details: person."""

    code = "export.owner_gone"
    sentence = _("{person} may not export this any more.")


class ExportCancelled(DomainError):
    code = "export.cancelled"
    sentence = _("The export was called off.")


class LinkExpired(DomainError):
    code = "export.expired"
    sentence = _("This download has expired. Export again to get a new one.")


class NotYours(DomainError):
    code = "export.not_yours"
    sentence = _("Only the person who made this export may download it.")

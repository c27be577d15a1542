"""Looks into a workbook's archive without believing what it says of itself: every byte is unpacked and counted."""

import zipfile
import zlib
from pathlib import Path
from typing import IO, NoReturn

from django.utils.translation import gettext as _

from regulars.transfer.errors import WorkbookRefused
from regulars.transfer.intake.limits import MOST_BYTES, MOST_ENTRIES, MOST_RATIO, MOST_UNPACKED

BLOCK = 1 << 16
FREE = 1 << 20  # below a MiB nobody asks how well it was packed


def check_archive(path: Path) -> None:
    """Raises WorkbookRefused unless the file is a workbook of a size that can be read, without macros."""
    if path.stat().st_size > MOST_BYTES:
        _refuse(
            _("The workbook is larger than {limit} MB. Save the sheet as “CSV UTF-8”: that may be 1 GB."),
            limit=MOST_BYTES >> 20,
        )
    try:
        with zipfile.ZipFile(path) as archive:
            _check_entries(archive, path.stat().st_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as fault:
        raise WorkbookRefused(
            reason=_("The workbook is damaged or protected with a password. Open it, and save it again as .xlsx.")
        ) from fault


def _check_entries(archive: zipfile.ZipFile, size: int) -> None:
    entries = archive.infolist()
    names = {entry.filename.lower() for entry in entries}
    if len(entries) > MOST_ENTRIES:
        _refuse(_("The workbook has more than {limit} parts: this is not a list of customers."), limit=MOST_ENTRIES)
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        _refuse(_("This is an archive, but no Excel workbook. Save the sheet as .xlsx or as “CSV UTF-8”."))
    if any(name.endswith("vbaproject.bin") for name in names):
        _refuse(_("The workbook holds macros. Save it as an ordinary .xlsx, without macros."))
    if sum(entry.compress_size for entry in entries) > size:
        _refuse(_("The parts of the workbook overlap: it was not made by a spreadsheet program."))
    total = 0
    for entry in entries:
        with archive.open(entry) as part:
            total = _counted(part, entry.compress_size, total)


def _counted(part: IO[bytes], packed: int, total: int) -> int:
    """The bytes unpacked so far, with those of this part."""
    unpacked = 0
    while block := part.read(BLOCK):
        unpacked += len(block)
        if unpacked > FREE and unpacked > packed * MOST_RATIO:
            _refuse(_("The workbook unpacks to far more than its size: it was made to fill the memory."))
        if total + unpacked > MOST_UNPACKED:
            _refuse(
                _("The workbook unpacks to more than {limit} MB. Save the sheet as “CSV UTF-8”."),
                limit=MOST_UNPACKED >> 20,
            )
    return total + unpacked


def _refuse(reason: str, **details: int) -> NoReturn:
    raise WorkbookRefused(reason=reason.format(**details))

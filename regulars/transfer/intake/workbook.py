"""A workbook as the text of one of its sheets; see `sheet` for the process that reads it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.transfer.errors import WorkbookRefused
from regulars.transfer.intake.archive import check_archive
from regulars.transfer.intake.limits import MOST_SECONDS


class Sheet(NamedTuple):
    """A sheet of a workbook. visible: whether the spreadsheet program shows it."""

    name: str
    visible: bool


class SheetText(NamedTuple):
    """What became of a workbook: its sheets, the one that was read, and how large that is."""

    sheets: tuple[Sheet, ...]
    sheet: str
    rows: int
    columns: int


_SENTENCES = {
    "password": gettext_lazy("The workbook is protected with a password. Save it without one, then upload it again."),
    "damaged": gettext_lazy("The workbook is damaged: {detail}. Open it, and save it again as .xlsx."),
    "no_sheet": gettext_lazy("The workbook has no sheet “{name}”."),
    "empty": gettext_lazy("The sheet is empty."),
    "rows": gettext_lazy("The sheet has {found} rows; at most {limit} can be read. Save it as “CSV UTF-8”."),
    "columns": gettext_lazy("The sheet has {found} columns; at most {limit} can be read."),
    "cell": gettext_lazy("A cell in row {row} has more than {limit} characters."),
    "memory": gettext_lazy("The sheet needs more memory than imports may use. Save it as “CSV UTF-8”."),
}


def sheet_text(path: Path, target: Path, sheet: str = "") -> SheetText:
    """Write a sheet as CSV to `target`, which must not exist. Raises WorkbookRefused; then nothing is left."""
    check_archive(path)
    try:
        answer = _asked(path, target, sheet)
        if reason := answer.pop("refused", ""):
            raise WorkbookRefused(reason=str(_SENTENCES[reason]).format(**answer))
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return SheetText(
        tuple(Sheet(one["name"], one["visible"]) for one in answer["sheets"]),
        answer["sheet"], answer["rows"], answer["columns"],
    )  # fmt: skip


def _asked(path: Path, target: Path, sheet: str) -> dict[str, Any]:
    """What the reading process answers; how it ended when it has nothing to say."""
    command = [sys.executable, "-m", "regulars.transfer.intake.sheet", str(path), str(target), sheet]
    try:
        done = subprocess.run(command, capture_output=True, timeout=MOST_SECONDS, check=False)
    except subprocess.TimeoutExpired as fault:
        raise WorkbookRefused(
            reason=_("The workbook took longer than {limit} seconds to read. Save it as “CSV UTF-8”.").format(
                limit=MOST_SECONDS
            )
        ) from fault
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        return {"refused": "memory"} if done.returncode < 0 else {"refused": "damaged", "detail": _("unreadable")}
    answer: dict[str, Any] = json.loads(lines[-1])
    return answer

"""Three ways to write one value, all as SQL, so that PostgreSQL formats a million rows in seconds.

CSV guards what a spreadsheet would run (`transfer.cells`). A workbook's cells are typed, and typed text runs nowhere:
there only a text that already begins like a guarded one is guarded, or reading it back would take the apostrophe for
ours. JSON has values, not cells.
"""

from enum import Enum

from regulars.transfer.cells import BLANKS, guarded

_RUNS = rf"[{BLANKS}]*[=+@\t\r＝＋－＠-]"


class Writing(Enum):
    """What a column is written for."""

    CSV = "csv"
    BOOK = "book"
    JSON = "json"


def guarded_sql(text: str) -> str:
    """SQL of `transfer.cells.guarded` for an expression; the comparison before the pattern saves most of its time."""
    return (
        f"""(CASE WHEN {text} COLLATE "C" >= '0' AND {text} COLLATE "C" < E'\\u00a0' """
        f"AND left({text}, 1) NOT IN ('=', '@') THEN {text} "
        f"WHEN {text} ~ {_literal(f'^({_QUOTED}|{_RUNS})')} THEN '''' || {text} ELSE nullif({text}, '') END)"
    )


def shown_sql(text: str, writing: Writing) -> str:
    """A text as a cell or value; NULL when it is empty."""
    match writing:
        case Writing.CSV:
            return guarded_sql(text)
        case Writing.BOOK:
            like_ours = f"left({text}, 1) = '''' AND {text} ~ {_literal(f'^{_QUOTED}')}"
            return f"(CASE WHEN {like_ours} THEN '''' || {text} ELSE nullif({text}, '') END)"
    return f"nullif({text}, '')"


def shown(text: str, writing: Writing) -> str:
    """A text that is known before the rows are: a group's name, a state's word."""
    if writing is Writing.CSV or (writing is Writing.BOOK and text.startswith("'")):
        return guarded(text)
    return text


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_QUOTED = rf"'['{BLANKS}]*[=+@\t\r＝＋－＠-]"

"""What the pages of docs/guide/sources say of the layouts, made of the declarations; a test holds them to these.

A page names its layouts in a comment, and what follows until the next one is written by scripts/file_pages.py:

    <!-- layouts: shopify_products -->
    …
    <!-- end -->

The page of all sources says `pages` instead of layouts.
"""

import re
from collections.abc import Iterator, Mapping

from regulars.transfer.columns import COLUMNS
from regulars.transfer.format import Format
from regulars.transfer.formats import FORMATS, PACKED_LINE
from regulars.transfer.reference import TITLES

LAST = "others.md"
"""The page of everything that no other page is about."""

_PART = re.compile(r"(<!-- layouts: ([a-z0-9_, ]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_INDEX = re.compile(r"(<!-- pages -->\n).*?(<!-- end -->)", re.DOTALL)


def layouts_of(text: str) -> list[str]:
    """The names of the layouts that a page tells of, in its order."""
    return [name for found in _PART.finditer(text) for name in _names(found[2])]


def renewed(text: str) -> str:
    """A page with its tables as the declarations have them. Raises KeyError for a layout that does not exist."""
    return _PART.sub(lambda found: f"{found[1]}{_told([FORMATS[name] for name in _names(found[2])])}{found[3]}", text)


def renewed_index(text: str, pages: Mapping[str, str]) -> str:
    """The page of all sources with its table. pages: file name → text."""
    rows = ["| source | files that are recognised |", "|---|---|"]
    for name, page in sorted(pages.items(), key=lambda pair: (pair[0] == LAST, title_of(pair[1]).casefold())):
        labels = "; ".join(str(FORMATS[layout].label) for layout in layouts_of(page)) or "by the names of their columns"
        rows.append(f"| [{title_of(page)}]({name}) | {labels} |")
    return _INDEX.sub(lambda found: found[1] + "\n".join(rows) + "\n" + found[2], text)


def title_of(text: str) -> str:
    """What a page is called."""
    return text.partition("\n")[0].removeprefix("# ")


def _names(written: str) -> list[str]:
    return [name.strip() for name in written.split(",")]


def _told(layouts: list[Format]) -> str:
    return "\n".join(_lines(layouts)) + "\n"


def _lines(layouts: list[Format]) -> Iterator[str]:
    """Layouts of one kind in one table."""
    kind = layouts[0].kind
    for one in layouts:
        names = ", ".join(f"`{name}`" for name in one.recognised_by)
        yield f"- **{one.label}** (`--format {one.name}`)" + (f", recognised by {names}" if names else "")
    columns = {header: field for one in layouts for header, field in one.columns.items()}
    if not columns:
        return
    yield ""
    yield f"| {TITLES[kind].lower()}: what arrives | from |"
    yield "|---|---|"
    for field, headers in _by_field(kind, columns).items():
        yield f"| {_called(kind, field)} | {_listed(headers)} |"
    says = {COLUMNS[kind][field].header: text for one in layouts for field, text in one.says.items()}
    if says:
        yield ""
        yield "Every row means: " + ", ".join(f"{name} *{text}*" for name, text in says.items()) + "."
    left = [header for header, field in columns.items() if not _is_taken(kind, field)]
    if left:
        yield ""
        yield f"Left out: {', '.join(f'`{header}`' for header in left)}."


def _by_field(kind: str, columns: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for header, field in columns.items():
        if _is_taken(kind, field):
            found.setdefault(field, []).append(header)
    return found


def _is_taken(kind: str, field: str) -> bool:
    return bool(field) and (field == PACKED_LINE or COLUMNS[kind][field].part != "ignored")


def _called(kind: str, field: str) -> str:
    if field == PACKED_LINE:
        return "Order line"
    return COLUMNS[kind][field].header


def _listed(headers: list[str]) -> str:
    """Their names; of a numbered run the first and the last."""
    shown = headers if len(headers) <= 9 else [headers[0], "…", headers[-1]]
    return ", ".join(one if one == "…" else f"`{one}`" for one in shown)

"""The page docs/reference/formats.md, made of the declarations; a test holds it to them.

scripts/file_pages.py writes it.
"""

from collections.abc import Iterator

from regulars.transfer.column import Column
from regulars.transfer.columns import COLUMNS
from regulars.transfer.formats import FORMATS, PACKED_LINE, Format

TITLES = {
    "customers": "Customers", "orders": "Orders", "products": "Products", "activity": "Visits and viewed products",
    "notes": "Notes", "consents": "Consents", "points": "Points",
}  # fmt: skip


def page() -> str:
    """The page as Markdown, in English."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# File formats"
    yield ""
    yield "Made from the declarations in `regulars/transfer` (`*_columns.py`, `formats*.py`); a test compares it."
    yield "How to bring a file in is told in [Importing](../guide/importing.md)."
    for kind, title in TITLES.items():
        yield from ("", f"## {title}: formats that are recognised", "")
        yield "| name for `--format` | whose file | recognised by these columns |"
        yield "|---|---|---|"
        for one in FORMATS.values():
            if one.kind == kind:
                yield f"| `{one.name}` | {one.label} | {_code(one.recognised_by) or 'everything else'} |"
        yield from ("", f"## {title}: fields", "")
        yield "| field | header in our own files | also understood |"
        yield "|---|---|---|"
        for column in COLUMNS[kind].values():
            yield f"| `{column.name}` | {column.header} | {_also(column)} |"
    yield from ("", "## What each format's columns become", "")
    for one in FORMATS.values():
        if one.columns and not one.is_own:
            yield from _mapping(one)


def _also(column: Column) -> str:
    said = ", ".join(column.synonyms)
    return f"{said}. Recognised, not taken: {column.label}." if column.part == "ignored" else said


def _mapping(one: Format) -> Iterator[str]:
    """A format's columns; a run of packed lines is told once."""
    taken = [f"{header} → `{field}`" for header, field in one.columns.items() if field and field != PACKED_LINE]
    left = [header for header, field in one.columns.items() if not field]
    yield f"**{one.name}** ({one.label}): {'; '.join(taken)}."
    if PACKED_LINE in one.columns.values():
        yield "Each `line_item_…` column is an order line."
    if one.says:
        yield "Every row means: " + ", ".join(f"`{name}` {text}" for name, text in one.says.items()) + "."
    if left:
        yield f"Left out: {', '.join(left)}."
    yield ""


def _code(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)

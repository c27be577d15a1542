"""The page docs/reference/exports.md, made of the declarations; a test holds it to them.

scripts/export_page.py writes it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.utils import translation

from regulars.kit.query import Context
from regulars.transfer.outgoing.kinds import ExportKind, export_kinds, headed
from regulars.transfer.outgoing.ways import FORMATS
from regulars.transfer.outgoing.writings import Writing
from regulars.transfer.xlsx import Kind

_IN_A_WORKBOOK = {Kind.TEXT: "text", Kind.NUMBER: "number", Kind.DAY: "date", Kind.MOMENT: "date and time"}

HEAD = """# What goes out

Made from the declarations in `regulars/transfer/outgoing/`; a test compares it with them.
How to take a file out is told in [Exporting](../guide/exporting.md).

The field is what `--fields` and JSON lines call it; the header stands in CSV and workbooks, the same in every language.
Fields marked ↩ are written when nobody chooses."""


def page() -> str:
    """The page as Markdown, in English."""
    with translation.override("en"):
        return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield HEAD
    yield ""
    yield "| `--format` | file | for |"
    yield "|---|---|---|"
    for one in FORMATS.values():
        yield f"| `{one.name}` | {one.extension} | {one.help} |"
    # no shop has the number 0: options of a shop's own (groups, channels) do not matter here
    ctx = Context(shop_id=0, currency="PHP", tz="UTC", now=datetime.now(UTC))
    for kind in export_kinds():
        yield from _kind(kind, ctx)


def _kind(kind: ExportKind, ctx: Context) -> Iterator[str]:
    dates = ", ".join(f"`{name}`" for name in kind.dates)
    yield from ("", f"## {kind.label}", "", f"`regulars export {kind.name}`; periods of {dates}.", "")
    yield "| field | header | in a workbook | |"
    yield "|---|---|---|---|"
    for column in headed(kind, ctx, Writing.BOOK):
        cell = _IN_A_WORKBOOK.get(column.cell, "amount")
        yield f"| `{column.name}` | {column.header} | {cell} | {'↩' if column.name in kind.usual else ''} |"

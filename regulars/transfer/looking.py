"""What can be told of a file by looking at its first rows: the fields of unnamed columns, how its days are written."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from django.utils.translation import gettext as _

from regulars.kit.dates import DayOrder
from regulars.shops.models import Shop
from regulars.transfer.columns import own_of
from regulars.transfer.files import names_of
from regulars.transfer.format import Format
from regulars.transfer.guessing import (
    CELLS_LOOKED_AT,
    DayOrders,
    day_orders,
    days_of,
    guess_fields,
    looks_like_data,
    mixed_serials,
    serial_columns,
)
from regulars.transfer.options import Options
from regulars.transfer.order_rows import SAYS_OF_MONEY
from regulars.transfer.reading import BadRow, Row

MOST_ROWS = 20_000
"""Rows that are read for a day that says which order it has: about half a second's worth."""


class Told(NamedTuple):
    """What the cells add to the header: see `Options`; day_order None where they do not say."""

    mapping: tuple[str, ...]
    guessed: tuple[int, ...]
    serials: tuple[int, ...]
    day_order: DayOrder | None


def told_by_cells(shop: Shop, layout: Format, header: list[str], rows: Iterable[Row | BadRow]) -> Told:
    """The columns of a file with what its cells tell; reads on until the order of its days is sure."""
    rows = iter(rows)
    mapping = layout.mapping(header, own_of(shop) if layout.kind == "customers" else None)
    first = [row for row in islice(rows, CELLS_LOOKED_AT) if isinstance(row, Row)]
    cells = [row.cells for row in first]
    guessed = guess_fields(shop, layout.kind, header, mapping, layout.left_out(header), cells)
    for place, field in guessed.items():
        mapping[place] = field
    order = orders_of_days(mapping, first, rows).order
    return Told(tuple(mapping), tuple(sorted(guessed)), serial_columns(mapping, cells), order)


def has_no_names(shop: Shop, layout: Format, header: list[str]) -> bool:
    """Whether the row that was taken for the names of the columns is somebody's row already."""
    return not layout.recognised_by and not any(layout.mapping(header)) and looks_like_data(shop, header)


def orders_of_days(mapping: Sequence[str], first: Sequence[Row], more: Iterable[Row | BadRow]) -> DayOrders:
    """What the days of a file say of their order. more: the rows behind the first, read only while nothing is sure."""
    found = day_orders(days_of(mapping, (row.cells for row in first)))
    if found.is_ambiguous and not (found.dmy or found.mdy):
        rest = (row.cells for row in islice(more, MOST_ROWS) if isinstance(row, Row))
        found = day_orders(chain([found.either], days_of(mapping, rest)))
    return found


def notes_on(options: Options, rows: Sequence[Row], orders: DayOrders) -> Iterator[str]:
    """What somebody should know before they go on."""
    if options.layout.kind == "orders" and SAYS_OF_MONEY.isdisjoint(options.mapping) and options.assume_paid:
        yield _("No column says whether the orders were paid: all of them are taken as paid.")
    yield from _on_points(options)
    yield from _on_days(options, orders)
    names, cells = names_of(list(options.header)), [row.cells for row in rows]
    for place in options.serials:
        yield _("The numbers in “{column}” are read as a spreadsheet's days.").format(column=names[place])
    for place, example in mixed_serials(options.mapping, cells).items():
        if place not in options.serials:
            yield _(
                "“{column}” holds days, and numbers such as {example} that may be a spreadsheet's days: those numbers "
                "are not taken. Format the column as a date where the file was made."
            ).format(column=names[place], example=example)


def _on_points(options: Options) -> Iterator[str]:
    if options.layout.kind == "customers" and "points" in options.mapping:
        column = names_of(list(options.header))[options.mapping.index("points")]
        yield _(
            "The balances in “{column}” do not come with the customers: import the same file once more, as points, "
            "when the customers are here."
        ).format(column=column)


def _on_days(options: Options, orders: DayOrders) -> Iterator[str]:
    if orders.is_ambiguous:
        yield _("Ambiguous dates: {example}. Choose whether the day or the month stands first.").format(
            example=orders.either
        )
    if orders.dmy and orders.mdy:
        yield _(
            "Some dates have the day first ({dmy}), others the month ({mdy}). Those of one kind cannot be read."
        ).format(dmy=orders.dmy, mdy=orders.mdy)
    elif orders.order not in (None, options.day_order):
        example = orders.dmy or orders.mdy
        yield _("{example} is no date in the order of day and month that is chosen.").format(example=example)

"""Files we know: one declaration each, in `formats_of_…`.

A format names the headers by which it is recognised, what its columns mean where our synonyms would not guess it,
and what must be done to its cells. Whatever it does not name is guessed as in any other file.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.transfer.columns import COLUMNS, folded
from regulars.transfer.errors import UnknownFormat
from regulars.transfer.format import APOSTROPHES, IGNORED, PACKED_LINE, Cleaner, Format
from regulars.transfer.formats_of_lists import LIST_FORMATS
from regulars.transfer.formats_of_markets import MARKET_FORMATS
from regulars.transfer.formats_of_shops import SHOP_FORMATS
from regulars.transfer.formats_of_tills import TILL_FORMATS

__all__ = ["FORMATS", "IGNORED", "PACKED_LINE", "Cleaner", "Format", "format_named", "recognise"]


def _own(kind: str, label: Any, *recognised_by: str) -> Format:
    """What we write ourselves: every column by the name we give it."""
    columns = {column.header: column.name for column in COLUMNS[kind].values()}
    return Format(f"regulars_{kind}", kind, label, recognised_by, columns)


_OWN = (
    _own("customers", _("Regulars customers"), "Given name", "Family name", "E-mail", "Phone"),
    _own("orders", _("Regulars orders"), "Order ID", "Order number", "Placed at", "Total"),
    _own("products", _("Regulars products"), "Product ID", "SKU", "Name", "Service"),
    _own("activity", _("Regulars visits and viewed products"), "Event ID", "Type", "At"),
    _own("notes", _("Regulars notes"), "Note", "Written at", "Author"),
    _own("consents", _("Regulars consents"), "Channel", "State", "Said at", "Source"),
    _own("points", _("Regulars points"), "Points", "Programme", "As of"),
)

_OTHERS = (
    Format("generic_customers", "customers", _("Any other list of customers"), clean=APOSTROPHES),
    Format("generic_orders", "orders", _("Any other list of orders"), clean=APOSTROPHES),
    Format("generic_products", "products", _("Any other list of products"), clean=APOSTROPHES),
    Format("generic_activity", "activity", _("Any other list of visits"), clean=APOSTROPHES),
    Format("generic_notes", "notes", _("Any other list of notes"), clean=APOSTROPHES),
    Format("generic_consents", "consents", _("Any other list of consents"), clean=APOSTROPHES),
    Format("generic_points", "points", _("Any other list of points"), clean=APOSTROPHES),
)

FORMATS: dict[str, Format] = {
    one.name: one for one in (*_OWN, *SHOP_FORMATS, *TILL_FORMATS, *MARKET_FORMATS, *LIST_FORMATS, *_OTHERS)
}


def recognise(header: list[str], kind: str) -> Format:
    """The format of a file by its header: of those whose headers are all there, the one that asks for most."""
    there = {folded(cell) for cell in header}
    fitting = [
        one for one in FORMATS.values() if one.kind == kind and all(folded(name) in there for name in one.recognised_by)
    ]
    return max(fitting, key=lambda one: len(one.recognised_by))


def format_named(name: str, kind: str, header: list[str]) -> Format:
    """The format of that name; of "auto" or "" the one recognised. Raises UnknownFormat."""
    if name in {"", "auto"}:
        return recognise(header, kind)
    known = {one.name: one for one in FORMATS.values() if one.kind == kind}
    known |= {"generic": known[f"generic_{kind}"], "regulars": known[f"regulars_{kind}"]}
    if name not in known:
        raise UnknownFormat(format=name, known=", ".join(["auto", *known]))
    return known[name]

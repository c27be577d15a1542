"""What one import was told: how the file is cut, what its columns mean, how people are recognised."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, Self

from django.utils.translation import gettext as _

from regulars.customers.bulk.planning import Policy
from regulars.customers.matching import BY
from regulars.kit.dates import DayOrder
from regulars.shops.models import Shop
from regulars.transfer.column import Column
from regulars.transfer.columns import Own, columns_of
from regulars.transfer.errors import BadMapping
from regulars.transfer.formats import FORMATS, PACKED_LINE, Format
from regulars.transfer.reading import Position

Twice = Literal["last", "first"]
TWICE: tuple[Twice, ...] = ("last", "first")
"""Which row of a file has the say when several are one customer: by default the last one."""

KnownPolicy = Policy | Literal["leave"]
POLICIES: tuple[KnownPolicy, ...] = ("overwrite", "fill_empty", "leave")
"""The first is what an import does when nobody chose; leave: whoever is here already stays as they are."""

MONTH_FIRST = frozenset({"US", "PH"})
"""Countries that write the month before the day."""


@dataclass(frozen=True, slots=True)
class Options:
    """All that an import was told; kept as JSON with the run.

    mapping: the field of each column by position, "" for none. match: what recognises a customer, strongest
    first. policy: what a value in the file does to another one in the shop; an empty cell never does anything.
    defaults: for all rows: `tags` and `group` by name, `country` in which phones are read, `channel` of orders and of
    customer IDs whose rows name none, `origin` of points.
    text: the private name of the UTF-8 text that is read; header_row: its line that names the columns, 0 for none.
    encoding: what the file was written in ("" for a workbook). sheet, sheets: of a workbook, (name, visible) each.
    twice: of rows that are one customer, "last" lets a later one replace what an earlier one said, "first" lets it
    only fill what that left empty. serials: columns (from 0) whose days are a spreadsheet's bare numbers. guessed:
    columns whose field was guessed from their cells, because their names say nothing; nobody has confirmed it yet.
    quiet: what the import writes sets nothing off (`shops.work.is_quiet`). template: the saved mapping it follows.
    assume_paid: orders of a file that has no word about money were paid; else they would be debts. own: the shop's own
    fields when this was told (`columns.own_of`).
    """

    delimiter: str
    header: tuple[str, ...]
    rows_at: Position
    format: str
    mapping: tuple[str, ...]
    match: tuple[str, ...] = BY
    policy: KnownPolicy = POLICIES[0]
    day_order: DayOrder = "dmy"
    assume_paid: bool = True
    text: str = ""
    header_row: int = 1
    encoding: str = "utf-8"
    sheet: str = ""
    sheets: tuple[tuple[str, bool], ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)
    twice: Twice = TWICE[0]
    serials: tuple[int, ...] = ()
    guessed: tuple[int, ...] = ()
    quiet: bool = False
    template: str = ""
    own: Own = field(default_factory=dict)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Options as they were kept."""
        tuples = {name: tuple(stored.get(name, ())) for name in _TUPLES}
        sheets = tuple((name, visible) for name, visible in stored.get("sheets", ()))
        return cls(**{**stored, **tuples, "sheets": sheets, "rows_at": Position(*stored["rows_at"])})

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    def changed(self, **changes: Any) -> Self:
        """With some of them changed (None leaves as it is), checked again."""
        given = {name: value for name, value in changes.items() if value is not None}
        given |= {name: tuple(given[name]) for name in _TUPLES if name in given}
        if "mapping" in given:
            given.setdefault("guessed", ())
        return replace(self, **given).checked()

    @property
    def layout(self) -> Format:
        return FORMATS[self.format]

    @property
    def columns(self) -> Mapping[str, Column]:
        """What the columns may bring."""
        return columns_of(self.layout.kind, self.own)

    def checked(self) -> Self:
        """These options if they can be carried out. Raises BadMapping."""
        _check_mapping(self.mapping, self.header, self.columns)
        _NEEDS[self.layout.kind]({*self.mapping, *self.layout.says})
        if unknown := set(self.match) - set(BY):
            raise BadMapping(
                reason=_("People are recognised by {known}, not by “{unknown}”.").format(
                    known=", ".join(BY), unknown=", ".join(sorted(unknown))
                )
            )
        if self.policy not in POLICIES:
            raise BadMapping(reason=_("“{policy}” is not a way to handle known customers.").format(policy=self.policy))
        if self.twice not in TWICE:
            raise BadMapping(reason=_("“{twice}” is neither first nor last.").format(twice=self.twice))
        return self


_TUPLES = ("header", "mapping", "match", "serials", "guessed")

WHO = ("regulars_id", "name", "given_name", "family_name", "company", "email", "phone", "external_id")


WHOSE = ("regulars_id", "external_id", "email", "phone", "visitor")


def usual_day_order(shop: Shop) -> DayOrder:
    """How the shop's country writes 03/04."""
    return "mdy" if shop.country in MONTH_FIRST else "dmy"


def _check_mapping(mapping: Sequence[str], header: Sequence[str], columns: Mapping[str, Column]) -> None:
    if len(mapping) != len(header):
        raise BadMapping(
            reason=_("The mapping has {found} columns, the file {expected}.").format(
                found=len(mapping), expected=len(header)
            )
        )
    seen: set[str] = set()
    for name in mapping:
        if name and name != PACKED_LINE and name not in columns:
            raise BadMapping(reason=_("There is no field “{name}”.").format(name=name))
        if name in seen and name not in {"", PACKED_LINE}:
            label = columns[name].label
            raise BadMapping(reason=_("Two columns bring “{label}”; choose one.").format(label=label))
        seen.add(name)


# --- what a file of a kind cannot do without: the fields that its columns, or its format, bring -----------------


def _need_of_customers(fields: Set[str]) -> None:
    if fields.isdisjoint(WHO):
        raise BadMapping(reason=_("Say which column holds a name, an e-mail address, a phone number or a customer ID."))


def _need_of_orders(fields: Set[str]) -> None:
    if fields.isdisjoint({"order_id", "number"}):
        raise BadMapping(reason=_("Say which column holds the order number: by it an order is known again."))
    _need(fields, "placed_at", _("Say which column holds the date of the order."))


def _need_of_products(fields: Set[str]) -> None:
    if fields.isdisjoint({"product_id", "sku"}):
        raise BadMapping(reason=_("Say which column holds the SKU or the product ID: by it a product is known again."))


def _need_of_activity(fields: Set[str]) -> None:
    if fields.isdisjoint(WHOSE):
        raise BadMapping(
            reason=_("Say which column holds an e-mail address, a phone number, a customer ID or a visitor.")
        )
    _need(fields, "at", _("Say which column holds the time."))


def _need_of_notes(fields: Set[str]) -> None:
    _need_whose(fields)
    _need(fields, "text", _("Say which column holds the text of the note."))


def _need_of_consents(fields: Set[str]) -> None:
    _need_whose(fields)
    _need(fields, "consent_channel", _("Say which column holds the channel: email, sms, zalo or whatsapp."))
    _need(fields, "state", _("Say which column holds what the customer said."))


def _need_of_points(fields: Set[str]) -> None:
    _need_whose(fields)
    _need(fields, "points", _("Say which column holds the points."))


def _need_whose(fields: Set[str]) -> None:
    if fields.isdisjoint(set(WHOSE) - {"visitor"}):
        raise BadMapping(reason=_("Say which column holds an e-mail address, a phone number or a customer ID."))


def _need(fields: Set[str], name: str, reason: str) -> None:
    if name not in fields:
        raise BadMapping(reason=reason)


_NEEDS: dict[str, Callable[[Set[str]], None]] = {
    "customers": _need_of_customers,
    "orders": _need_of_orders,
    "products": _need_of_products,
    "activity": _need_of_activity,
    "notes": _need_of_notes,
    "consents": _need_of_consents,
    "points": _need_of_points,
}

"""What one import was told: how the file is cut, what its columns mean, how people are recognised."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from django.utils.translation import gettext as _

from regulars.customers.bulk.planning import Policy
from regulars.customers.matching import BY
from regulars.kit.dates import DayOrder
from regulars.shops.models import Shop
from regulars.transfer.columns import COLUMNS
from regulars.transfer.errors import BadMapping
from regulars.transfer.formats import FORMATS, PACKED_LINE, Format
from regulars.transfer.reading import Position

POLICIES: tuple[Policy, ...] = ("overwrite", "fill_empty")
"""The first is what an import does when nobody chose."""

MONTH_FIRST = frozenset({"US", "PH"})
"""Countries that write the month before the day."""


@dataclass(frozen=True, slots=True)
class Options:
    """All that an import was told; kept as JSON with the run.

    mapping: the field of each column by position, "" for none. match: what recognises a customer, strongest
    first. policy: what a value in the file does to another one in the shop; an empty cell never does anything.
    defaults: for all rows: `tags` and `group` by name, `country` in which phones are read, `channel` of orders whose
    rows name none.
    text: the private name of the UTF-8 text that is read; header_row: its line that names the columns, 0 for none.
    encoding: what the file was written in ("" for a workbook). sheet, sheets: of a workbook, (name, visible) each.
    assume_paid: orders of a file that has no word about money were paid; else they would be debts.
    """

    delimiter: str
    header: tuple[str, ...]
    rows_at: Position
    format: str
    mapping: tuple[str, ...]
    match: tuple[str, ...] = BY
    policy: Policy = POLICIES[0]
    day_order: DayOrder = "dmy"
    assume_paid: bool = True
    text: str = ""
    header_row: int = 1
    encoding: str = "utf-8"
    sheet: str = ""
    sheets: tuple[tuple[str, bool], ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Options as they were kept."""
        tuples = {name: tuple(stored[name]) for name in ("header", "mapping", "match")}
        sheets = tuple((name, visible) for name, visible in stored.get("sheets", ()))
        return cls(**{**stored, **tuples, "sheets": sheets, "rows_at": Position(*stored["rows_at"])})

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    def changed(self, **changes: Any) -> Self:
        """With some of them changed (None leaves as it is), checked again."""
        given = {name: value for name, value in changes.items() if value is not None}
        for name in ("mapping", "match"):
            if name in given:
                given[name] = tuple(given[name])
        return replace(self, **given).checked()

    @property
    def layout(self) -> Format:
        return FORMATS[self.format]

    def checked(self) -> Self:
        """These options if they can be carried out. Raises BadMapping."""
        kind = self.layout.kind
        _check_mapping(self.mapping, self.header, kind)
        if kind == "orders":
            _need_of_orders(self.mapping)
        elif kind == "activity":
            _need_of_activity(self.mapping)
        elif not any(one in self.mapping for one in WHO):
            raise BadMapping(
                reason=_("Say which column holds a name, an e-mail address, a phone number or a customer ID.")
            )
        if unknown := set(self.match) - set(BY):
            raise BadMapping(
                reason=_("People are recognised by {known}, not by “{unknown}”.").format(
                    known=", ".join(BY), unknown=", ".join(sorted(unknown))
                )
            )
        if self.policy not in POLICIES:
            raise BadMapping(reason=_("“{policy}” is not a way to handle known customers.").format(policy=self.policy))
        return self


WHO = ("regulars_id", "name", "given_name", "family_name", "company", "email", "phone", "external_id")


WHOSE = ("regulars_id", "external_id", "email", "phone", "visitor")


def usual_day_order(shop: Shop) -> DayOrder:
    """How the shop's country writes 03/04."""
    return "mdy" if shop.country in MONTH_FIRST else "dmy"


def _check_mapping(mapping: Sequence[str], header: Sequence[str], kind: str) -> None:
    if len(mapping) != len(header):
        raise BadMapping(
            reason=_("The mapping has {found} columns, the file {expected}.").format(
                found=len(mapping), expected=len(header)
            )
        )
    seen: set[str] = set()
    for name in mapping:
        if name and name != PACKED_LINE and name not in COLUMNS[kind]:
            raise BadMapping(reason=_("There is no field “{name}”.").format(name=name))
        if name in seen and name not in {"", PACKED_LINE}:
            label = COLUMNS[kind][name].label
            raise BadMapping(reason=_("Two columns bring “{label}”; choose one.").format(label=label))
        seen.add(name)


def _need_of_orders(mapping: Sequence[str]) -> None:
    if "order_id" not in mapping and "number" not in mapping:
        raise BadMapping(reason=_("Say which column holds the order number: by it an order is known again."))
    if "placed_at" not in mapping:
        raise BadMapping(reason=_("Say which column holds the date of the order."))


def _need_of_activity(mapping: Sequence[str]) -> None:
    if not any(one in mapping for one in WHOSE):
        raise BadMapping(
            reason=_("Say which column holds an e-mail address, a phone number, a customer ID or a visitor.")
        )
    if "at" not in mapping:
        raise BadMapping(reason=_("Say which column holds the time."))

"""Values of the shop's own fields: how they are read, and how a column each stands for what is kept in one.

`Customer.custom` holds them all. Whoever writes, compares or records changes speaks of "custom.shoe_size" as of any
column, so that two people may change two fields, and undoing brings back one.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Self

from django.utils.translation import gettext as _

from regulars.customers.models import CustomField, CustomKind
from regulars.kit import money, numbers
from regulars.kit.dates import DayOrder, read_day, show_day
from regulars.kit.errors import BadValue
from regulars.kit.flags import read_flag
from regulars.kit.query.kept import DECIMALS, DIGITS, plain_number
from regulars.kit.text import clean, fold, one_line
from regulars.shops.models import Shop

COLUMN = "custom"
KEY = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_PREFIX = f"{COLUMN}."

TEXT_LENGTH = 1000
"""Characters of a text."""


def own_column(key: str) -> str:
    """What the column of a field's values is called."""
    return _PREFIX + key


def key_of(column: str) -> str:
    """The field's key, "" of a column that every shop has."""
    return column.removeprefix(_PREFIX) if column.startswith(_PREFIX) else ""


def safe_key(column: str) -> str:
    """The key, sure to be one: it may come from a recorded event and go into a statement. Raises ValueError."""
    key = key_of(column)
    if not KEY.fullmatch(key):
        raise ValueError(f"{column!r} is no column of a field of the shop's own")
    return key


def held(customer: Any, column: str) -> Any:
    """What a customer has in a column; None where nothing is known of a field of the shop's own."""
    key = key_of(column)
    return customer.custom.get(key) if key else getattr(customer, column)


def folded(columns: Mapping[str, Any], custom: Mapping[str, Any]) -> dict[str, Any]:
    """The same values by the table's columns. custom: what is kept now."""
    plain = {column: value for column, value in columns.items() if not key_of(column)}
    own = {key: value for column, value in columns.items() if (key := key_of(column))}
    if own:
        plain[COLUMN] = {key: value for key, value in {**custom, **own}.items() if value is not None}
    return plain


def table_columns(columns: Iterable[str]) -> set[str]:
    """The table's columns that hold these."""
    return {COLUMN if key_of(column) else column for column in columns}


def unfold(row: dict[str, Any], columns: Iterable[str]) -> dict[str, Any]:
    """Put the values of own columns into a row that was fetched with the table's."""
    if COLUMN not in row:
        return row
    custom = row[COLUMN]
    custom = json.loads(custom) if isinstance(custom, str) else custom
    for column in columns:
        if key := key_of(column):
            row[column] = custom.get(key)
    return row


@dataclass(frozen=True)
class OwnFields:
    """The shop's own fields, looked up when first needed, and the customs in which their values are written.

    ever: with those that were removed, of which the trail still speaks. told: what `plain` said of them before; known:
    they themselves: so that nothing is looked up.
    """

    shop_id: int
    currency: str
    locale: str
    ever: bool = False
    told: Mapping[str, Mapping[str, Any]] | None = None
    known: Sequence[CustomField] | None = None

    @classmethod
    def of(
        cls, shop: Shop, locale: str = "", *, ever: bool = False, known: Sequence[CustomField] | None = None
    ) -> Self:
        """locale: of whoever writes or reads the values; the shop's language without one."""
        return cls(shop.pk, shop.currency, locale or shop.language, ever, known=known)

    @cached_property
    def fields(self) -> list[CustomField]:
        """In the shop's order."""
        if self.known is not None:
            return list(self.known)
        if self.told is not None:
            return [CustomField(key=key_of(column), **facts) for column, facts in self.told.items()]
        fields: Any = CustomField.objects.of(self.shop_id)
        return list(fields if self.ever else fields.in_use())

    def plain(self) -> dict[str, dict[str, Any]]:
        """As JSON: column → name, kind and options."""
        return {
            column: {"name": one.name, "kind": one.kind, "options": one.options}
            for column, one in self.by_column.items()
        }

    @cached_property
    def by_column(self) -> dict[str, CustomField]:
        return {own_column(field.key): field for field in self.fields}

    def read(self, column: str, text: str, day_order: DayOrder = "dmy") -> Any:
        """The stored form of what somebody wrote. Raises BadValue."""
        return read_own(self.by_column[column], text, currency=self.currency, locale=self.locale, day_order=day_order)

    def label(self, column: str) -> str:
        """What the field is called; its key when it is gone for good."""
        field = self.by_column.get(column)
        return field.name if field else key_of(column)

    def shown(self, column: str, value: Any) -> str:
        """A stored value for people, "" for nothing."""
        field = self.by_column.get(column)
        if value is None:
            return ""
        return _SHOWN[field.kind](field, value, self) if field else str(value)

    def written(self, column: str, value: Any) -> str:
        """A stored value as an input holds it, so that reading it gives the same."""
        field = self.by_column[column]
        if value is None:
            return ""
        if field.kind == CustomKind.MONEY:
            return _localised(money.plain(int(value), self.currency), self.locale)
        if field.kind == CustomKind.NUMBER:
            return _localised(str(value), self.locale)
        return str(value).lower() if field.kind == CustomKind.FLAG else str(value)


def read_own(field: CustomField, text: str, *, currency: str, locale: str, day_order: DayOrder = "dmy") -> Any:
    """The stored form of a value of one field. Raises BadValue, whose reason is for people."""
    match field.kind:
        case CustomKind.NUMBER:
            return _number(text, locale)
        case CustomKind.MONEY:
            return money.to_minor(money.read_money(text, currency, locale), currency)
        case CustomKind.DATE:
            return read_day(text, day_order).isoformat()
        case CustomKind.CHOICE:
            return _option(field, text)
        case CustomKind.FLAG:
            return _flag(text)
    words = one_line(clean(text))
    if len(words) > TEXT_LENGTH:
        raise BadValue(_("At most {length} characters.").format(length=TEXT_LENGTH), value=text)
    return words


def _number(text: str, locale: str) -> str:
    number = numbers.read_number(text, locale)
    decimals = -int(number.normalize().as_tuple().exponent) if number else 0
    if number.adjusted() >= DIGITS or decimals > DECIMALS:
        raise BadValue(_("“{value}” has too many digits."), value=text)
    return plain_number(number)


def _option(field: CustomField, text: str) -> str:
    wanted = fold(text)
    for option in field.options:
        if wanted in (fold(option["key"]), fold(option["name"])):
            return str(option["key"])
    known = ", ".join(option["name"] for option in field.options)
    raise BadValue(_("“{value}” is none of the choices: {known}."), value=text, known=known)


def _flag(text: str) -> bool:
    meant = read_flag(text)
    if meant is None:
        raise BadValue(_("“{value}” is neither yes nor no."), value=text)
    return meant


def _localised(plain: str, locale: str) -> str:
    """A plain number with the locale's decimal sign. Three decimals get a fourth, or they would be thousands."""
    whole, point, decimals = plain.partition(".")
    if not point:
        return whole
    return whole + numbers.number_style(locale).point + (f"{decimals}0" if len(decimals) == 3 else decimals)


def _shown_option(field: CustomField, value: Any, own: OwnFields) -> str:
    known = {option["key"]: option["name"] for option in field.options}
    return known.get(value) or _("{value} (not in the list)").format(value=value)


_SHOWN: dict[str, Callable[[CustomField, Any, OwnFields], str]] = {
    CustomKind.TEXT: lambda field, value, own: str(value),
    CustomKind.NUMBER: lambda field, value, own: numbers.show_number(Decimal(value), own.locale),
    CustomKind.MONEY: lambda field, value, own: money.show_money(int(value), own.currency, own.locale),
    CustomKind.DATE: lambda field, value, own: show_day(date.fromisoformat(value), own.locale),
    CustomKind.CHOICE: _shown_option,
    CustomKind.FLAG: lambda field, value, own: _("Yes") if value else _("No"),
}

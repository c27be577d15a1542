"""Values of the shop's own fields as programs send them: typed, not written in anybody's customs."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from regulars.customers.custom import TEXT_LENGTH, own_column
from regulars.customers.models import CustomField, CustomKind
from regulars.kit.errors import BadValue
from regulars.kit.money import exponent, to_minor
from regulars.kit.query.kept import DECIMALS, DIGITS, plain_number
from regulars.kit.text import clean, one_line

_PLAIN = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_typed(
    fields: Mapping[str, CustomField], sent: Mapping[str, Any], currency: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """Stored values by their columns ("custom.shoe_size"), and by the same names what is wrong with the others.

    fields: those in use, by key. sent: key → a text, a number or decimal text, a decimal text in the shop's currency,
    a day ("2026-02-01"), the key of a choice, true or false; None empties a field.
    """
    columns, problems = {}, {}
    for key, value in sent.items():
        try:
            columns[own_column(key)] = None if value is None else _read(fields.get(key), key, value, currency)
        except BadValue as fault:
            problems[own_column(key)] = str(fault)
    return columns, problems


def _read(field: CustomField | None, key: str, value: Any, currency: str) -> Any:
    if field is None:
        raise BadValue(_("There is no field “{value}”."), value=clean(key))
    return _READERS[field.kind](field, value, currency)


def _text(field: CustomField, value: Any, currency: str) -> str | None:
    if not isinstance(value, str):
        raise BadValue(_("A text is needed."), value=value)
    text = one_line(value)
    if len(text) > TEXT_LENGTH:
        raise BadValue(_("At most {length} characters.").format(length=TEXT_LENGTH), value=value)
    return text or None


def _number(field: CustomField, value: Any, currency: str) -> str:
    number = _decimal(value, _("A number is needed, such as 37.5."))
    decimals = -int(number.normalize().as_tuple().exponent) if number else 0
    if number.adjusted() >= DIGITS or decimals > DECIMALS:
        raise BadValue(_("“{value}” has too many digits."), value=value)
    return plain_number(number)


def _money(field: CustomField, value: Any, currency: str) -> int:
    amount = _decimal(value, _("An amount is needed, such as 1250.50."))
    if amount != round(amount, exponent(currency)):
        raise BadValue(_("“{value}” has more decimals than {currency}."), value=value, currency=currency)
    return to_minor(amount, currency)


def _decimal(value: Any, reason: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or not _PLAIN.fullmatch(_plainly(value)):
        raise BadValue(reason, value=value)
    return Decimal(_plainly(value))


def _plainly(value: float | str) -> str:
    if isinstance(value, str):
        return value
    try:
        return format(Decimal(repr(value)), "f")
    except (InvalidOperation, ValueError):
        return ""


def _day(field: CustomField, value: Any, currency: str) -> str:
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise BadValue(_("A day is needed, such as 2026-02-01."), value=value)


def _choice(field: CustomField, value: Any, currency: str) -> str:
    keys = [option["key"] for option in field.options]
    if value not in keys:
        raise BadValue(_("One of these is needed: {known}.").format(known=", ".join(keys)), value=value)
    return str(value)


def _flag(field: CustomField, value: Any, currency: str) -> bool:
    if not isinstance(value, bool):
        raise BadValue(_("true or false is needed."), value=value)
    return value


_READERS: dict[str, Callable[[CustomField, Any, str], Any]] = {
    CustomKind.TEXT: _text,
    CustomKind.NUMBER: _number,
    CustomKind.MONEY: _money,
    CustomKind.DATE: _day,
    CustomKind.CHOICE: _choice,
    CustomKind.FLAG: _flag,
}

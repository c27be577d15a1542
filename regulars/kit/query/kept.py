"""Values kept in a JSON column under a key: fields that a shop declares itself, of every kind it can choose.

`custom__shoe_size__AsNumber` is such a column for Django: the value under the key, read as what it should be. What
cannot be read so (a kind that changed, a hand in the database) is nothing known, never an error of the database. The
test of one row looks at what the same expression answered, so that both agree whatever is stored.
"""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import BigIntegerField, BooleanField, DecimalField, JSONField, Q, TextField, Transform
from django.utils.translation import gettext as _

from regulars.kit import numbers
from regulars.kit.errors import BadValue
from regulars.kit.query.conditions import Literal, Op, Place
from regulars.kit.query.context import Context
from regulars.kit.query.fields import Field, Row
from regulars.kit.query.kinds import LOOKUPS, Choice, Count, Flag, Money, Text
from regulars.kit.query.kinds_time import Day

DIGITS, DECIMALS = 30, 15
"""How long a number may be, before and behind its point."""


class _Kept(Transform):
    """The value under the key to its left. check: SQL of what {value} must look like; cast: what is made of it then.

    Patterns count no repetitions but few: counting them takes PostgreSQL three times as long as all the rest.
    """

    check: ClassVar[str] = ""
    cast: ClassVar[str] = ""
    bilateral = False

    def as_sql(self, compiler: Any, connection: Any, *_rest: Any, **_context: Any) -> Any:
        under: Any = self.lhs
        column, params = compiler.compile(under.lhs)
        sql = kept_sql(column, type(self))
        return sql, [*params, under.key_name] * sql.count("->>")


class AsText(_Kept):
    lookup_name = "AsText"
    output_field = TextField()


class AsNumber(_Kept):
    lookup_name = "AsNumber"
    output_field = DecimalField(max_digits=DIGITS + DECIMALS, decimal_places=DECIMALS)
    check, cast = r"length({value}) < 60 AND {value} ~ '^-?[0-9]+(\.[0-9]+)?$'", "::numeric"


class AsMinor(_Kept):
    lookup_name = "AsMinor"
    output_field = BigIntegerField()
    check, cast = "length({value}) < 19 AND {value} ~ '^-?[0-9]+$'", "::bigint"


class AsDay(_Kept):
    """An ISO day stays text, which sorts as days do: reading one that no calendar has would be an error."""

    lookup_name = "AsDay"
    output_field = TextField()
    check, cast = "{value} ~ '^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]$'", ' COLLATE "C"'


class AsFlag(_Kept):
    lookup_name = "AsFlag"
    output_field = BooleanField()
    check, cast = "{value} IN ('true', 'false')", "::boolean"


for _transform in (AsText, AsNumber, AsMinor, AsDay, AsFlag):
    JSONField.register_lookup(_transform)


def kept_sql(column: str, read_as: type[_Kept]) -> str:
    """SQL of the value under a key, which is its parameter each time; column: the JSON column's own SQL."""
    value = f"({column} ->> %s)"
    if not read_as.check:
        return value
    return f"(CASE WHEN {read_as.check.replace('{value}', value)} THEN {value}{read_as.cast} END)"


class Kept(Field):
    """What all kinds share, in front of the kind itself. column: the JSON column; key: where in it the value lies."""

    read_as: ClassVar[type[_Kept]] = AsText

    def __init__(self, name: str, label: Any, *, column: str, key: str, **options: Any) -> None:
        self.json_column, self.key = column, key
        path = f"{column}__{key}__{self.read_as.lookup_name}"
        super().__init__(name, label, column=path, nullable=True, **options)

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        """Django does not know that the value may be missing, and a complement must find those without one."""
        return super().q(op, values, ctx) & Q(**{f"{self.column}__isnull": False})  # type: ignore[safe-super]

    def test(self, op: Op, row: Row, values: list[Any], ctx: Context) -> bool:
        return row[self.column] is not None and super().test(op, row, values, ctx)  # type: ignore[safe-super]


class KeptText(Kept, Text):
    """Words of the shop's own."""


class KeptNumber(Kept, Count):
    """A number, with decimals or without."""

    kind = "number"
    read_as = AsNumber

    def read_value(self, value: Literal, ctx: Context, place: Place | None) -> Decimal:
        try:
            number = Decimal(value.text) if value.kind == "number" else numbers.read_number(value.text, ctx.locale)
        except (ValueError, ArithmeticError, BadValue) as fault:
            raise self.bad(_("“{value}” is not a number.").format(value=value.text), value, place) from fault
        return number

    def _whole(self, op: Op, value: Any) -> Q:
        """Numbers are compared as they are, with all their decimals."""
        return Q(**{f"{self.column}{LOOKUPS[op]}": value})

    def plain(self, row: Row, ctx: Context) -> str:
        known = row[self.column]
        return "" if known is None else plain_number(known)


class KeptMoney(Kept, Money):
    """An amount of the shop's currency."""

    read_as = AsMinor


class KeptDay(Kept, Day):
    """A calendar day."""

    read_as = AsDay

    def _range(self, op: Op, values: list[Any]) -> tuple[Any, Any]:  # type: ignore[override]
        """As it is kept: ISO days, which compare as text."""
        first, after = super()._range(op, values)
        return first and first.isoformat(), after and after.isoformat()

    def value(self, row: Row, ctx: Context) -> Any:
        """The day; what no calendar has (a 31 February) as it stands."""
        known = row[self.column]
        try:
            return known and date.fromisoformat(known)
        except ValueError:
            return known

    def plain(self, row: Row, ctx: Context) -> str:
        return row[self.column] or ""


class KeptChoice(Kept, Choice):
    """One of the shop's options; one that was taken away since is told by its key."""

    def value(self, row: Row, ctx: Context) -> str | None:
        stored = row[self.column]
        if stored is None:
            return None
        option = self.option_of(stored, ctx)
        return option.label if option else _("{value} (not in the list)").format(value=stored)


class KeptFlag(Kept, Flag):
    """Yes or no, or nothing known, which is neither."""

    read_as = AsFlag

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        return Q(**{self.column: values[0], f"{self.column}__isnull": False})

    def value(self, row: Row, ctx: Context) -> bool | None:  # type: ignore[override]
        return row[self.column]

    def plain(self, row: Row, ctx: Context) -> str:
        known = row[self.column]
        return "" if known is None else "true" if known else "false"


def plain_number(number: Decimal) -> str:
    """A number as programs write it: no exponent, no zeros behind the last decimal."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text

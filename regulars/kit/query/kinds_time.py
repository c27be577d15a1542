"""The kinds of fields that hold times: instants, calendar days, days of the year."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from regulars.kit import periods
from regulars.kit.errors import BadValue
from regulars.kit.query.conditions import Condition, Literal, Op, Place
from regulars.kit.query.context import Context
from regulars.kit.query.dates import date_words
from regulars.kit.query.fields import Field, Row


class Moment(Field):
    """An instant, asked by whole days of the shop's calendar (or by a written time)."""

    kind = "moment"
    ops = (Op.GTE, Op.LTE, Op.EQ, Op.NE, Op.GT, Op.LT, Op.BETWEEN)

    def read_value(self, value: Literal, ctx: Context, place: Place | None) -> tuple[Any, Any]:
        """The half-open span [from, until) that the value names."""
        try:
            return self._span(periods.read_date_value(value.text), ctx)
        except (ValueError, ArithmeticError, BadValue) as fault:
            reason = _("“{value}” is not a date. Write 2026-01-31, -90d, today or last_month.")
            raise self.bad(reason.format(value=value.text), value, place, "") from fault

    def is_backwards(self, written: Sequence[Literal], values: Sequence[Any]) -> bool:
        return bool(values[0][0] >= values[1][1]) and _always_in_order(written)

    def _span(self, value: periods.DateValue, ctx: Context) -> tuple[Any, Any]:
        return value.instants(ctx.today, ctx.tz)

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        first, after = self._range(op, values)
        question = Q()
        if first is not None:
            question &= Q(**{f"{self.column}__gte": first})
        if after is not None:
            question &= Q(**{f"{self.column}__lt": after})
        return question

    def test(self, op: Op, row: Row, values: list[Any], ctx: Context) -> bool:
        known = row[self.column]
        if known is None:
            return False
        first, after = self._range(op, values)
        return bool((first is None or known >= first) and (after is None or known < after))

    @staticmethod
    def _range(op: Op, values: list[Any]) -> tuple[Any, Any]:
        """Every date operator is a half-open range."""
        first, after = values[0]
        match op:
            case Op.EQ:
                return first, after
            case Op.GTE:
                return first, None
            case Op.GT:
                return after, None
            case Op.LT:
                return None, first
            case Op.LTE:
                return None, after
        return first, values[1][1]

    def plain(self, row: Row, ctx: Context) -> str:
        known: datetime | None = row[self.column]
        return "" if known is None else known.astimezone(periods.zone(ctx.tz)).isoformat(timespec="seconds")

    def words(self, value: Literal, ctx: Context) -> str:
        return date_words(periods.read_date_value(value.text), ctx.locale)


class Day(Moment):
    """A calendar day without a time."""

    kind = "day"

    def _span(self, value: periods.DateValue, ctx: Context) -> tuple[date, date]:
        return value.days(ctx.today)

    def plain(self, row: Row, ctx: Context) -> str:
        known = row[self.column]
        return "" if known is None else known.isoformat()


def _always_in_order(written: Sequence[Literal]) -> bool:
    """Whether two dates stand in the same order on every day: else a span may be good tomorrow."""
    return periods.same_base(*(periods.read_date_value(value.text) for value in written))


class Anniversary(Field):
    """A day of the year, with or without its year: birthdays.

    columns `<column>_md` (month * 100 + day) and `<column>_year`. Asked by spans of days, whose year does not matter:
    `birthday BETWEEN today AND +30d` goes over New Year. A full date asks for the day of any year.
    """

    kind = "anniversary"
    ops = (Op.EQ, Op.NE, Op.BETWEEN)

    def __init__(self, name: str, label: Any, **options: Any) -> None:
        super().__init__(name, label, nullable=True, **options)

    @property
    def _md(self) -> str:
        return f"{self.column}_md"

    @property
    def columns(self) -> tuple[str, ...]:
        return (self._md, f"{self.column}_year")

    def empty_q(self) -> Q:
        return Q(**{f"{self._md}__isnull": True})

    def read(self, condition: Condition, ctx: Context) -> list[tuple[int, int]]:
        """Spans of month-day numbers, both ends included; two when the span goes over New Year."""
        spans = []
        for index, value in enumerate(condition.values):
            place = condition.value_places[index] if condition.value_places else condition.place
            spans.append(self.read_value(value, ctx, place))
        if not spans:
            return []
        if spans[0].first >= spans[-1].after and _always_in_order(condition.values):
            raise self._backwards(condition)
        return periods.month_day_spans(periods.Days(spans[0].first, spans[-1].after), ctx.leap_day)

    def read_value(self, value: Literal, ctx: Context, place: Place | None) -> periods.Days:
        try:
            return periods.read_date_value(value.text).days(ctx.today)
        except (ValueError, ArithmeticError, BadValue) as fault:
            raise self.bad(_("“{value}” is not a date.").format(value=value.text), value, place) from fault

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        question = Q()
        for start, end in values:
            question |= Q(**{f"{self._md}__gte": start, f"{self._md}__lte": end})
        return question

    def test(self, op: Op, row: Row, values: list[Any], ctx: Context) -> bool:
        known = row[self._md]
        return known is not None and any(start <= known <= end for start, end in values)

    def value(self, row: Row, ctx: Context) -> periods.Birthday | None:
        md, year = row[self._md], row[f"{self.column}_year"]
        return None if md is None else periods.Birthday(year, md // 100, md % 100)

    def words(self, value: Literal, ctx: Context) -> str:
        return date_words(periods.read_date_value(value.text), ctx.locale)

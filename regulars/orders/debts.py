"""What is owed: until when, since when it is late, how old it is, and what is given up of it.

Every order that owes has a day it should be paid on: its own, or the shop's usual days after it was placed. Days are
those of the shop's calendar.
"""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import IntegerChoices
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.events.record import Actor
from regulars.kit.errors import BadValue
from regulars.kit.money import plain, to_minor
from regulars.kit.periods import day_of
from regulars.kit.text import one_line
from regulars.orders.changing import change_order, locked_order
from regulars.orders.errors import OwesLess, WrittenOffLess
from regulars.orders.models import Order, WriteOff
from regulars.shops.models import Shop

LONGEST_REASON = 300
FURTHEST = timedelta(days=3650)
"""A day to pay on lies at most so far from the order: beyond it is a slip of the keyboard."""


class DebtAge(IntegerChoices):
    """How many days late; every order that owes is one of these, for every one has a day."""

    NOT_DUE = 0, _("Not due yet")
    DAYS_30 = 1, _("1–30 days late")
    DAYS_60 = 2, _("31–60 days late")
    DAYS_90 = 3, _("61–90 days late")
    OLDER = 4, _("More than 90 days late")


LATEST = {DebtAge.NOT_DUE: 0, DebtAge.DAYS_30: 30, DebtAge.DAYS_60: 60, DebtAge.DAYS_90: 90}
"""The last day late of each age but the oldest."""


def due_day(order: Order, shop: Shop) -> date:
    """When an order should be paid: its own day, or the shop's usual days after it was placed."""
    return order.due_on or day_of(order.placed_at, shop.timezone) + timedelta(days=shop.payment_days)


def days_late(order: Order, shop: Shop, today: date) -> int:
    """Whole days since an order should have been paid; 0 while it is not late."""
    return max(0, (today - due_day(order, shop)).days)


def age_of(late: int) -> DebtAge:
    """The age of a debt by its days late."""
    return next((age for age, last in LATEST.items() if late <= last), DebtAge.OLDER)


@transaction.atomic
def write_off(order: Order, amount: Decimal, *, reason: str, by: Actor) -> Order:
    """Give up a part of what an order owes.

    amount: in the shop's currency, more than 0 and at most what is owed; two at once never give up more. reason: for
    the books, kept word for word. Raises BadValue, OwesLess.
    """
    order = locked_order(order)
    minor, reason = _amount(order, amount), _reason(reason)
    if minor > order.owed:
        shown = {"owed": plain(order.owed, order.shop.currency), "amount": plain(minor, order.shop.currency)}
        raise OwesLess(number=order.number, **shown)
    return _written_off(order, minor, reason, "order.written_off", by)


@transaction.atomic
def take_back_write_off(order: Order, amount: Decimal, *, reason: str, by: Actor) -> Order:
    """Owe again what was given up, or a part of it. The rows of before stay: this is one below zero.

    amount: in the shop's currency, more than 0 and at most what was written off. Raises BadValue, WrittenOffLess.
    """
    order = locked_order(order)
    minor, reason = _amount(order, amount), _reason(reason)
    if minor > order.written_off:
        currency = order.shop.currency
        shown = {"written_off": plain(order.written_off, currency), "amount": plain(minor, currency)}
        raise WrittenOffLess(number=order.number, **shown)
    return _written_off(order, -minor, reason, "order.write_off_taken_back", by)


@transaction.atomic
def set_due_date(order: Order, day: date | None, *, by: Actor) -> Order:
    """Say until when an order should be paid; None: the shop's usual days after it. The same again changes nothing.

    Raises BadValue for a day before the order or ten years after it.
    """
    order = locked_order(order)
    placed = day_of(order.placed_at, order.shop.timezone)
    if day is not None and not placed <= day <= placed + FURTHEST:
        raise BadValue(_("An order is paid on its day or later, within ten years."), value=day, field="due_on")
    if day == order.due_on:
        return order
    told = [one.isoformat() if one else None for one in (order.due_on, day)]
    return change_order(order, "order.changed", {"due_on": day}, by=by, data={"changes": {"due_on": told}})


def _amount(order: Order, amount: Decimal) -> int:
    minor = to_minor(amount, order.shop.currency)
    if minor <= 0:
        raise BadValue(_("Write an amount of more than 0."), value=amount, field="amount")
    return minor


def _reason(text: str) -> str:
    reason = one_line(text)[:LONGEST_REASON]
    if not reason:
        raise BadValue(_("Say why: whoever keeps the books will ask."), field="reason")
    return reason


def _written_off(order: Order, minor: int, reason: str, kind: str, by: Actor) -> Order:
    WriteOff.objects.create(
        shop_id=order.shop_id, order=order, amount=minor, reason=reason, at=now(),
        by_id=by.id if by.kind == "staff" else None, by_name=by.name[:120],
    )  # fmt: skip
    data = {"amount": plain(abs(minor), order.shop.currency), "reason": reason}
    return change_order(order, kind, {"written_off": order.written_off + minor}, by=by, data=data)

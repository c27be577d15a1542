"""What staff record of an order themselves: money that came in or went back, and goods that came back.

Amounts are in the order's own currency. Each form has a key of its own, by which what it records is known for ever:
sent twice, it counts once. It comes on top of what the order's source states (`orders.sums`), until the source lists
it, too (`orders.recognising`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.events.record import Actor
from regulars.kit.errors import BadValue
from regulars.kit.money import exponent, plain, to_decimal, to_minor
from regulars.kit.periods import day_of, day_start
from regulars.orders.changing import locked_order
from regulars.orders.errors import OrderCancelled, OrderDeleted, RefundsMore, ReturnsMore, ReturnsMoreItems
from regulars.orders.facts import PaymentFacts, ReturnFacts
from regulars.orders.models import Line, Order, Payment, PaymentKind, Return, ReturnReason
from regulars.orders.operations import record_payment, record_return
from regulars.orders.sums import BY_HAND
from regulars.shops.models import Shop

LONGEST_NOTE = 500
EARLIEST_YEAR = 1970
_NOON = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Money as a form tells it. key: of the form. amount: in the order's currency. on: a day of the shop, or today."""

    key: str
    amount: Decimal
    on: date | None = None
    method: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """Goods that came back, as a form tells it.

    quantities: line id → how many of it. quantity: how many in all, for orders whose lines nobody knows. worth: in the
    order's currency; None means what the lines cost, at most what is left of the order. credited: what is taken off
    the debt; None means as much of the worth as is owed.
    """

    key: str
    quantities: Mapping[int, int] = field(default_factory=dict)
    quantity: int = 0
    worth: Decimal | None = None
    credited: Decimal | None = None
    reason: ReturnReason = ReturnReason.OTHER
    on: date | None = None
    note: str = ""


def still_to_pay(order: Order) -> Decimal:
    """What an order still owes, in its own currency."""
    return in_its_currency(order, order.owed)


def to_pay_back(order: Order) -> Decimal:
    """What was paid and not yet paid back, in the order's currency: no refund is larger."""
    return _at_most(order, max(0, order.captured - order.refunded))


def in_its_currency(order: Order, minor: int) -> Decimal:
    """Minor units of the shop's currency as an amount in the order's, rounded half up."""
    amount = to_decimal(minor, order.shop.currency)
    if order.currency == order.shop.currency:
        return amount
    return (amount / order.rate).quantize(_unit_of(order), ROUND_HALF_UP)


@transaction.atomic
def take_payment(order: Order, given: Money, *, by: Actor) -> Payment:
    """Record that money came in; more than is owed becomes a credit of the order.

    Raises BadValue (nothing, or too late a day), OrderDeleted, OrderCancelled.
    """
    order = locked_order(order)
    if known := _payment_of(order, given.key):
        return known
    must_stand(order)
    return _record(order, given, PaymentKind.CAPTURE, _amount(order, given.amount), by)


@transaction.atomic
def give_refund(order: Order, given: Money, *, by: Actor) -> Payment:
    """Record that money went back, at most what was paid and is not back yet; also of an order that was cancelled.

    Raises BadValue, OrderDeleted, RefundsMore.
    """
    order = locked_order(order)
    if known := _payment_of(order, given.key):
        return known
    amount = _amount(order, given.amount)
    if _in_ours(order, amount) > max(0, order.captured - order.refunded):
        shown = {"amount": _plain(amount, order.currency), "most": _plain(to_pay_back(order), order.currency)}
        raise RefundsMore(number=order.number, **shown)
    return _record(order, given, PaymentKind.REFUND, amount, by)


@transaction.atomic
def take_return(order: Order, given: Goods, *, by: Actor) -> Return:
    """Record that goods came back, some or all, and take what they are worth off the debt.

    No money moves: paying it back is a refund of its own. Raises BadValue, OrderDeleted, OrderCancelled, ReturnsMore,
    ReturnsMoreItems.
    """
    order = locked_order(order)
    _not_deleted(order)
    if known := Return.objects.of(order.shop_id).filter(order=order, external_id=_name(given.key)).first():
        return known
    must_stand(order)
    _of_no_other(order, Return, given.key)
    lines = _lines_back(order, given.quantities)
    quantity = sum(count for _line, count in lines) or given.quantity
    worth = _usual_worth(order, lines) if given.worth is None else _not_negative(order, given.worth, "worth")
    _refuse_too_much(order, quantity, worth)
    owed = min(worth, still_to_pay(order))
    credited = owed if given.credited is None else _not_negative(order, given.credited, "credited")
    if credited > worth:
        raise BadValue(_("What is taken off the debt is at most what the goods are worth."), field="credited")
    facts = ReturnFacts(
        external_id=_name(given.key), at=_moment(order.shop, given.on), amount=worth, credited=credited,
        quantity=quantity, reason=given.reason, note=_note(lines, given.note), currency=order.currency,
        channel=order.channel.key, order_external_id=order.external_id,
    )  # fmt: skip
    return record_return(order.shop, facts, by=by)


def must_stand(order: Order) -> None:
    """Raises OrderDeleted, OrderCancelled: of such an order nothing is paid and nothing comes back."""
    _not_deleted(order)
    if order.cancelled_at:
        raise OrderCancelled(number=order.number)


def worth_of(order: Order, lines: Sequence[tuple[Line, int]]) -> Decimal:
    """What so many of these lines cost, after their discounts, in the order's currency."""
    shares = (Decimal(line.total) * count / line.quantity for line, count in lines if line.quantity)
    return in_its_currency(order, int(sum(shares, Decimal(0)).to_integral_value(ROUND_HALF_UP)))


def _usual_worth(order: Order, lines: Sequence[tuple[Line, int]]) -> Decimal:
    """What the lines cost; of an order with a discount of its own no more than is left of it."""
    return min(worth_of(order, lines), _at_most(order, _left_to_return(order)))


# --- how it is done -------------------------------------------------------------------------------------------------


def _record(order: Order, given: Money, kind: PaymentKind, amount: Decimal, by: Actor) -> Payment:
    _not_deleted(order)
    _of_no_other(order, Payment, given.key)
    facts = PaymentFacts(
        external_id=_name(given.key), amount=amount, at=_moment(order.shop, given.on), kind=kind, method=given.method,
        reference=given.reference, currency=order.currency, channel=order.channel.key,
        order_external_id=order.external_id,
    )  # fmt: skip
    payment = record_payment(order.shop, facts, by=by)
    payment.by_hand = payment.external_id
    payment.save(update_fields=["by_hand"])
    return payment


def _payment_of(order: Order, key: str) -> Payment | None:
    return Payment.objects.of(order.shop_id).filter(order=order, by_hand=_name(key)).first()


def _of_no_other(order: Order, movements: type[Payment | Return], key: str) -> None:
    """Raises BadValue when the form was sent for another order: there it counts, here nothing would be recorded."""
    if movements.objects.of(order.shop_id).filter(channel_id=order.channel_id, external_id=_name(key)).exists():
        raise BadValue(_("This form was sent for another order. Open it again."), field="key")


def _name(key: str) -> str:
    if not key:
        raise BadValue(_("The form is incomplete. Open it again."), field="key")
    return f"{BY_HAND}{key}"


def _amount(order: Order, amount: Decimal) -> Decimal:
    """An amount of more than 0, rounded to what the currency has."""
    rounded = _not_negative(order, amount, "amount")
    if not rounded:
        raise BadValue(_("Write an amount of more than 0."), value=amount, field="amount")
    return rounded


def _not_negative(order: Order, amount: Decimal, name: str) -> Decimal:
    minor = to_minor(amount, order.currency)
    if minor < 0:
        raise BadValue(_("“{value}” must not be less than 0."), value=amount, field=name)
    return to_decimal(minor, order.currency)


def _in_ours(order: Order, amount: Decimal) -> int:
    """An amount in the order's currency in minor units of the shop's, as sums are: coarser units hide no limit."""
    return to_minor(amount if order.currency == order.shop.currency else amount * order.rate, order.shop.currency)


def _at_most(order: Order, minor: int) -> Decimal:
    """The largest amount in the order's currency that is no more than so many minor units of the shop's."""
    amount = in_its_currency(order, minor)
    return amount if _in_ours(order, amount) <= minor else amount - _unit_of(order)


def _unit_of(order: Order) -> Decimal:
    """The smallest amount of the order's currency."""
    return Decimal(1).scaleb(-exponent(order.currency))


def _not_deleted(order: Order) -> None:
    if order.deleted_at:
        raise OrderDeleted(number=order.number)


def _moment(shop: Shop, on: date | None) -> datetime:
    """Now for today, noon for a day before. Raises BadValue for a day that has not come, or before 1970."""
    today = day_of(now(), shop.timezone)
    if on is None or on == today:
        return now()
    if on > today:
        raise BadValue(_("This day has not come yet."), value=on, field="on")
    if on.year < EARLIEST_YEAR:
        raise BadValue(_("“{value}” is not a day."), value=on, field="on")
    return day_start(on, shop.timezone) + _NOON


def _lines_back(order: Order, quantities: Mapping[int, int]) -> list[tuple[Line, int]]:
    """The lines that came back and how many of each. Raises BadValue for more than were sold."""
    lines = [
        (line, quantities[line.pk])
        for line in Line.objects.of(order.shop_id).filter(order=order)
        if quantities.get(line.pk)
    ]
    for line, count in lines:
        if not 0 < count <= line.quantity:
            reason = _("{sold} of “{title}” were sold, so {value} cannot come back.")
            raise BadValue(reason, value=count, field="quantities", sold=line.quantity, title=line.title)
    return lines


def _refuse_too_much(order: Order, quantity: int, worth: Decimal) -> None:
    if quantity < 0 or not (quantity or worth):
        raise BadValue(_("Say what came back: how many items, or what they are worth."), field="quantities")
    left = max(0, order.items_count - order.items_returned)
    if order.items_count and quantity > left:
        raise ReturnsMoreItems(number=order.number, quantity=quantity, left=left)
    if _in_ours(order, worth) > _left_to_return(order):
        most = _at_most(order, _left_to_return(order))
        shown = {"worth": _plain(worth, order.currency), "most": _plain(most, order.currency)}
        raise ReturnsMore(number=order.number, **shown)


def _left_to_return(order: Order) -> int:
    """What of an order can still come back, in minor units of the shop's currency."""
    return max(0, order.total - order.returned)


def _note(lines: Sequence[tuple[Line, int]], note: str) -> str:
    """Which goods they were, and what was said of it."""
    goods = ", ".join(f"{count} × {line.title}" for line, count in lines)
    return " · ".join(filter(None, (goods, note.strip())))[:LONGEST_NOTE]


def _plain(amount: Decimal, currency: str) -> str:
    return f"{plain(to_minor(amount, currency), currency)} {currency}"

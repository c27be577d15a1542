"""What the timeline of a customer tells of orders, payments and returns."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.customers.timeline import Names, Part, describes, link, text
from regulars.events.models import Event
from regulars.kit.dates import show_day
from regulars.kit.money import show_money, to_minor
from regulars.orders.models import FulfilmentState, ReturnReason


def _sentence(words: str, event: Event, **facts: str) -> list[Part]:
    """Words with an {order} that leads to it."""
    before, _mark, after = words.partition("{order}")
    number = str(event.data.get("number") or _("an order"))
    order_id = event.data.get("order")
    order = link(number, "order", order_id) if order_id else text(number)
    return [text(before.format(**facts)), order, text(after.format(**facts))]


def _amount(event: Event, name: str, names: Names) -> str:
    """An amount of the event, written as plain text in the shop's currency, for people."""
    currency = names.staff.shop.currency
    plain = event.data.get(name)
    return show_money(to_minor(Decimal(plain), currency), currency, get_language() or "en") if plain else ""


@describes("order.placed")
def _placed(event: Event, names: Names) -> list[Part]:
    return _sentence(_("Order {order} placed: {total}"), event, total=_amount(event, "total", names))


@describes("order.changed")
def _changed(event: Event, names: Names) -> list[Part]:
    changes: dict[str, list[Any]] = event.data.get("changes", {})
    if changes.keys() == {"fulfilment_state"}:
        state = str(FulfilmentState(changes["fulfilment_state"][1]).label)
        return _sentence(_("Order {order}: {state}"), event, state=state)
    if changes.keys() == {"due_on"}:
        return _due(event, changes["due_on"][1])
    told = [str(label()) for name, label in _LABELS.items() if name in changes]
    what = ", ".join(dict.fromkeys(told))
    return _sentence(_("Order {order} changed: {what}") if what else _("Order {order} changed"), event, what=what)


def _due(event: Event, day: str | None) -> list[Part]:
    if not day:
        return _sentence(_("Order {order} is due after the shop's usual days"), event)
    shown = show_day(date.fromisoformat(day), get_language() or "en")
    return _sentence(_("Order {order} is to be paid by {day}"), event, day=shown)


_LABELS: dict[str, Callable[[], str]] = {
    "total": lambda: _("total"),
    "lines": lambda: _("goods"),
    "discount": lambda: _("discount"),
    "shipping": lambda: _("shipping costs"),
    "fulfilment_state": lambda: _("delivery"),
    "payment_method": lambda: _("payment method"),
    "placed_at": lambda: _("date"),
    "number": lambda: _("number"),
    "email": lambda: _("contact"),
    "phone": lambda: _("contact"),
    "shipping_address": lambda: _("shipping address"),
    "billing_address": lambda: _("billing address"),
    "note": lambda: _("note"),
    "due_on": lambda: _("due date"),
}
"""What is worth naming; sums that follow from these are not."""


_HAPPENED: dict[str, Callable[[], str]] = {
    "order.cancelled": lambda: _("Order {order} cancelled"),
    "order.uncancelled": lambda: _("Order {order} is no longer cancelled"),
    "order.deleted": lambda: _("Order {order} deleted"),
    "order.restored": lambda: _("Order {order} restored"),
    "order.written_off": lambda: _("Order {order}: {amount} written off"),
    "order.write_off_taken_back": lambda: _("Order {order}: {amount} owed again that was written off"),
    "order.moved": lambda: _("Order {order} moved between customers"),
    "order.taken_back": lambda: _("Order {order} taken back with the import it came by"),
    "order.put_back": lambda: _("Order {order} is again what it was before an import"),
}


@describes(*_HAPPENED)
def _happened(event: Event, names: Names) -> list[Part]:
    parts = _sentence(_HAPPENED[event.kind](), event, amount=_amount(event, "amount", names))
    return [*parts, text(f" · {event.data['reason']}")] if event.data.get("reason") else parts


@describes("payment.captured", "payment.refunded", "payment.failed", "payment.joined")
def _paid(event: Event, names: Names) -> list[Part]:
    words = {
        "payment.captured": _("Paid {amount} for {order}"),
        "payment.refunded": _("Paid back {amount} for {order}"),
        "payment.failed": _("A payment of {amount} for {order} failed"),
        "payment.joined": _("Two transactions of {amount} for {order} were the same money"),
    }[event.kind]
    how = " · ".join(str(event.data[name]) for name in ("method", "reference") if event.data.get(name))
    parts = _sentence(words, event, amount=_amount(event, "amount", names))
    return [*parts, text(f" · {how}")] if how else parts


@describes("return.recorded")
def _returned(event: Event, names: Names) -> list[Part]:
    reason = str(ReturnReason(event.data.get("reason", 0)).label)
    parts = _sentence(_("Goods worth {amount} of {order} came back"), event, amount=_amount(event, "amount", names))
    return [*parts, text(f" · {reason}")]

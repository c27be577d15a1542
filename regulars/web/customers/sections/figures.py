"""The figures in a customer's head, and the orders that add up to those of trade."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from regulars.customers.fields import customer_fields
from regulars.kit import money, numbers
from regulars.orders.why import Explanation, Part, explain
from regulars.shops.permissions import Permission
from regulars.web.customers.sections import points
from regulars.web.lists import cells

if TYPE_CHECKING:
    from regulars.web.customers.page import CustomerView

SHOWN = ("orders_count", "total_spent", "spent_3m", "average_order", "debt", "refunded")
FIELD_OF = {"orders_count": "orders"}
MOST_PARTS = 500  # of an explanation; its sum counts all


def figures(view: "CustomerView") -> list[dict[str, Any]]:
    """Label, value, meaning on hover, and where the reasons are; those of trade for who may see orders."""
    if not view.may(Permission.SEE_ORDERS):
        return [points.figure(view)]
    trade = [_figure(view, name) for name in SHOWN]
    return [*trade, points.figure(view), _order_day(view, "first"), _order_day(view, "last")]


def _figure(view: "CustomerView", name: str) -> dict[str, Any]:
    field = customer_fields[FIELD_OF.get(name, name)]
    value = getattr(view.customer, name)
    return {
        "label": field.label,
        "value": _shown(value, is_money=name != "orders_count", view=view),
        "help": _counter(view) if name == "orders_count" else field.help,
        "why": view.url(f"why/{name}/"),
        "tone": "warn" if name == "debt" and value else "",
        "note": _counter_word(view) if name == "orders_count" else "",
    }


def _order_day(view: "CustomerView", which: str) -> dict[str, Any]:
    label = _("First order") if which == "first" else _("Last order")
    at = getattr(view.customer, f"{which}_order_at")
    return {
        "label": label,
        "value": cells.show_moment(at, view.ctx),
        "help": "",
        "why": view.url("why/orders_placed/") if at else None,
        "tone": "",
        "note": view.customer.last_order_number if which == "last" else "",
    }


def _counter(view: "CustomerView") -> str:
    """What the shop means by an order."""
    return _("Counted: {what}").format(what=view.shop.get_order_counter_display())


def _counter_word(view: "CustomerView") -> str:
    """The first word of it: recorded, placed, paid …"""
    return str(view.shop.get_order_counter_display()).partition(":")[0].lower()


def _shown(value: int | None, *, is_money: bool, view: "CustomerView") -> Any:
    if value is None:
        return cells.nothing()
    return cells.show_amount(value, view.ctx) if is_money else numbers.show_number(value, view.ctx.locale)


def reasons(view: "CustomerView", figure: str) -> dict[str, Any]:
    """The orders behind a figure that has a why, their sum, and for an average what it is divided by."""
    found, stored = explain(view.customer, figure), getattr(view.customer, figure)
    field = customer_fields[FIELD_OF.get(figure, figure)]
    return {
        "label": field.label,
        "meaning": _counter(view) if figure == "orders_count" else field.help,
        "parts": [_part(view, part, found) for part in found.parts[:MOST_PARTS]],
        "hidden": numbers.show_number(max(0, len(found.parts) - MOST_PARTS), view.ctx.locale),
        "is_long": len(found.parts) > MOST_PARTS,
        "is_money": found.is_money,
        "sum": _shown(found.sum, is_money=found.is_money, view=view),
        "divisor": numbers.show_number(found.divisor, view.ctx.locale) if found.divisor else "",
        "total": _shown(found.total, is_money=found.is_money, view=view),
        "stored": _shown(stored, is_money=found.is_money, view=view),
        "is_equal": found.total == stored,
        "may_check": view.may(Permission.SETTINGS),
    }


def _part(view: "CustomerView", part: Part, reasons: Explanation) -> dict[str, Any]:
    return {
        "number": part.label,
        "url": f"/s/{view.shop.slug}/orders/{part.order.pk}/",
        "placed": cells.show_moment(part.order.placed_at, view.ctx),
        "channel": part.order.channel.name,
        "amount": _shown(part.amount, is_money=reasons.is_money, view=view),
        "steps": _steps(view, part) if reasons.figure == "debt" else "",
    }


def _steps(view: "CustomerView", part: Part) -> str:
    """How an order comes to owe what it does; "" when nothing was paid of it yet."""
    words = {"total": _("total"), "captured": _("paid"), "credited": _("credited"), "written_off": _("written off")}
    if len(part.steps) == 1:
        return ""
    show = lambda minor: money.show_money(abs(minor), view.ctx.currency, view.ctx.locale)  # noqa: E731
    return " − ".join(f"{show(minor)} {words[name]}" for name, minor in part.steps)

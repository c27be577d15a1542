"""What happened to an order, its payments and its returns, newest first."""

from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.events.models import Event
from regulars.kit import dates, money
from regulars.kit.query.context import Context
from regulars.orders.models import Order

MOST = 50


def events(order: Order, ctx: Context) -> list[dict[str, Any]]:
    """Title, time and who did it; at most the latest fifty."""
    found = Event.objects.filter(_about(order)).order_by("-at", "-id")[:MOST]
    return [
        {
            "title": " · ".join(filter(None, (str(WORDS.get(event.kind, event.kind)), _amount(event, ctx)))),
            "when": dates.show_ago(event.at, timezone.now(), ctx.locale),
            "exact": event.at.isoformat(),
            "by": event.actor_name,
            "icon": _ICONS.get(event.kind, "history"),
        }
        for event in found
    ]


def _about(order: Order) -> Q:
    """Events about the order, its payments, its returns."""
    parts = {
        "order": [order.pk],
        "payment": [one.pk for one in order.payments.all()],
        "return": [one.pk for one in order.returns.all()],
    }
    about = Q()
    for name, ids in parts.items():
        about |= Q(about=name, about_id__in=ids)
    # the trail is indexed by customer; orders of nobody have an index of their own
    of = Q(customer_id=order.customer_id) if order.customer_id else Q(customer_id__isnull=True)
    return Q(shop_id=order.shop_id) & of & about


def _amount(event: Event, ctx: Context) -> str:
    plain = event.data.get("amount")
    return money.show_money(money.to_minor(Decimal(plain), ctx.currency), ctx.currency, ctx.locale) if plain else ""


WORDS = {
    "order.placed": _("Placed"),
    "order.changed": _("Changed"),
    "order.cancelled": _("Cancelled"),
    "order.uncancelled": _("Taken up again"),
    "order.deleted": _("Deleted"),
    "order.restored": _("Restored"),
    "order.moved": _("Given to another customer"),
    "order.written_off": _("Written off"),
    "order.write_off_taken_back": _("Owed again"),
    "payment.captured": _("Paid"),
    "payment.refunded": _("Paid back"),
    "payment.failed": _("Payment failed"),
    "payment.joined": _("Two transactions were the same money"),
    "return.recorded": _("Goods came back"),
}

_ICONS = {
    "order.placed": "shopping-bag",
    "order.cancelled": "ban",
    "order.deleted": "trash",
    "order.moved": "switch-horizontal",
    "payment.captured": "cash",
    "payment.refunded": "receipt-refund",
    "payment.failed": "alert-triangle",
    "return.recorded": "truck-return",
}

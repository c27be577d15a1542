"""Debts on the calendar: on the day they should be paid."""

from datetime import date

from django.db.models import Count
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from regulars.kit.money import show_money
from regulars.orders.ageing import due_on
from regulars.orders.models import Order
from regulars.shops.permissions import Permission
from regulars.tasks.layers import Asked, Entry, Found, layer


@layer("debts", gettext_lazy("Debts due"), colour="red", needs=(Permission.SEE_ORDERS,), is_on=False)
def debts(asked: Asked) -> Found:
    """One by one while there are few; of many, how many on each day."""
    shop = asked.shop
    orders = Order.objects.of(shop).owing().visible_to(asked.staff)
    orders = orders.annotate(day=due_on(shop.timezone, shop.payment_days)).filter(
        day__gte=asked.first, day__lt=asked.after
    )
    counts: dict[date, int] = dict(orders.order_by().values_list("day").annotate(n=Count("pk")))
    if sum(counts.values()) > asked.most:
        return Found([_many(day, count) for day, count in sorted(counts.items())])
    return Found([_one(order, order.day, asked) for order in orders.order_by("day", "pk")])


def _one(order: Order, day: date, asked: Asked) -> Entry:
    amount = show_money(order.owed, asked.shop.currency, get_language() or "en")
    title = _("{amount} due: {number}").format(amount=amount, number=order.number)
    facts = {"url": f"orders/{order.pk}/", "customer_id": order.customer_id, "is_figures": True}
    return Entry(f"debt-{order.pk}", title, day=day, **facts)  # type: ignore[arg-type]


def _many(day: date, count: int) -> Entry:
    title = ngettext("{n} debt due", "{n} debts due", count).format(n=count)
    url = f"orders/?where=owed > 0 AND due_on = {day.isoformat()}".replace(" ", "%20")
    return Entry(f"debts-{day.isoformat()}", title, day=day, url=url)

"""What a customer owes, order by order, what was paid too much, and how much they may owe."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.customers.models import Customer
from regulars.kit import dates, money, numbers
from regulars.orders.debts import age_of, days_late, due_day
from regulars.orders.lists import open_orders_of, overpaid_orders_of
from regulars.orders.models import Order
from regulars.shops.permissions import Permission
from regulars.web.customers.owing import owing_words, stays_words
from regulars.web.lists import cells
from regulars.web.orders.buyer import over_limit as limit_warning
from regulars.web.orders.methods import method_name

if TYPE_CHECKING:
    from regulars.web.customers.page import CustomerView

MOST = 200  # orders shown; the total counts all


def over_limit(view: "CustomerView") -> str:
    """The warning of a customer who owes more than they may, "" for others and for who may not see orders."""
    return limit_warning(view.customer, view.ctx) if view.may(Permission.SEE_ORDERS) else ""


def stays(view: "CustomerView") -> str:
    """What to say before a customer is deleted who owes something or paid too much, "" for others."""
    known = Customer.objects.of(view.shop).filter(pk=view.customer.pk)
    if not (owing := owing_words(known, view.staff, many=False)):
        return ""
    return "\n".join((_("Delete {name}?").format(name=view.name), " ".join((*owing, stays_words()))))


class Debts:
    """The tab; each property is asked for once, by the template."""

    def __init__(self, view: "CustomerView") -> None:
        self.view, self.customer, self.ctx = view, view.customer, view.ctx

    @cached_property
    def orders(self) -> list[Order]:
        return open_orders_of(self.customer)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        return [self._row(order) for order in self.orders[:MOST]]

    @property
    def hidden(self) -> str:
        """How many are not shown, "" for none."""
        more = len(self.orders) - MOST
        return numbers.show_number(more, self.ctx.locale) if more > 0 else ""

    @property
    def total(self) -> Any:
        return self._show(sum(order.owed for order in self.orders))

    @property
    def is_equal(self) -> bool:
        """Whether the orders add up to the stored figure."""
        return sum(order.owed for order in self.orders) == self.customer.debt

    @property
    def overdue(self) -> str:
        late = sum(order.owed for order in self.orders if self._late(order))
        return self._show(late) if late else ""

    @cached_property
    def credits(self) -> list[dict[str, Any]]:
        return [
            {"number": order.number, "url": self._url(order), "amount": self._show(order.overpaid)}
            for order in overpaid_orders_of(self.customer)[:MOST]
        ]

    @property
    def credit(self) -> str:
        """What was paid too much in all, "" for nothing."""
        total = sum(order.overpaid for order in overpaid_orders_of(self.customer))
        return self._show(total) if total else ""

    @property
    def limit(self) -> str:
        return "" if self.customer.credit_limit is None else self._show(self.customer.credit_limit)

    @property
    def may_limit(self) -> bool:
        return self.view.is_live and self.view.may(Permission.WRITE_OFF)

    def _row(self, order: Order) -> dict[str, Any]:
        late = self._late(order)
        return {
            "id": order.pk,
            "number": order.number,
            "url": self._url(order),
            "placed": cells.show_moment(order.placed_at, self.ctx),
            "due": dates.show_day(due_day(order, self.view.shop), self.ctx.locale),
            "late": self._days(late) if late else "",
            "age": age_of(late).label,
            "total": self._show(order.total),
            "paid": self._show(order.captured) if order.captured else "",
            "parts": [self._part(payment) for payment in order.payments.all()],
            "others": self._others(order),
            "owed": self._show(order.owed),
            "can_take_back": order.written_off > 0,
        }

    def _others(self, order: Order) -> list[str]:
        """What lowered the debt beside payments."""
        rows = ((_("credited {amount}"), order.credited), (_("written off {amount}"), order.written_off))
        return [words.format(amount=self._show(minor)) for words, minor in rows if minor]

    def _part(self, payment: Any) -> str:
        parts = [self._show(payment.amount), dates.show_day(dates.day_of(payment.at, self.ctx.tz), self.ctx.locale)]
        return " · ".join([*parts, *filter(None, (method_name(payment.method), payment.reference))])

    def _late(self, order: Order) -> int:
        return days_late(order, self.view.shop, self.ctx.today)

    def _days(self, late: int) -> str:
        shown = numbers.show_number(late, self.ctx.locale)
        return ngettext("{n} day late", "{n} days late", late).format(n=shown)

    def _url(self, order: Order) -> str:
        return f"/s/{self.view.shop.slug}/orders/{order.pk}/"

    def _show(self, minor: int) -> str:
        return money.show_money(minor, self.ctx.currency, self.ctx.locale)

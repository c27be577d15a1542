"""Whose an order or a transaction is, ready to print."""

from typing import Any

from django.utils.translation import gettext as _

from regulars.customers.credit import is_over_limit
from regulars.customers.models import Customer
from regulars.kit import money, numbers
from regulars.kit.query.context import Context
from regulars.web.customers.rows import second_line, shown_name


def buyer_of(customer: Customer | None, ctx: Context, home: str) -> dict[str, Any] | None:
    """The customer with what they bought in all; None for nobody we know. home: the shop's address."""
    if customer is None:
        return None
    row = {name: getattr(customer, name) for name in ("id", "name", "company", "email", "phone", "phone_raw")}
    return {
        "name": shown_name(row, ctx),
        "sub": second_line(row, ctx),
        "url": f"{home}customers/{customer.pk}/",
        "id": customer.pk,
        "orders": numbers.show_number(customer.orders_count, ctx.locale),
        "spent": money.show_money(customer.total_spent, ctx.currency, ctx.locale),
        "in_bin": customer.deleted_at is not None,
        "over_limit": over_limit(customer, ctx),
    }


def over_limit(customer: Customer, ctx: Context) -> str:
    """The warning of a customer who owes more than they may, "" for others."""
    if customer.credit_limit is None or not is_over_limit(customer):
        return ""
    debt, limit = (
        money.show_money(minor, ctx.currency, ctx.locale) for minor in (customer.debt, customer.credit_limit)
    )
    return _("Owes {debt}, more than the credit limit of {limit}.").format(debt=debt, limit=limit)

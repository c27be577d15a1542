"""WooCommerce's webhooks, whose bodies are the answers of its REST API (wc/v3).

Times without a zone are the shop's own clock; those in `…_gmt` are UTC. A guest has `customer_id` 0.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from regulars.connectors.base import Connector, PersonFacts, Report
from regulars.connectors.bodies import Body
from regulars.customers.drafts import Draft
from regulars.customers.profile import read_profile
from regulars.orders.facts import LineFacts, OrderFacts, PaymentFacts
from regulars.orders.models import FinancialState, FulfilmentState, PaymentKind
from regulars.shops.models import Shop

WOOCOMMERCE = Connector("woocommerce", "WooCommerce")
_KEY = WOOCOMMERCE.key

_PENDING = frozenset({"pending", "on-hold", "checkout-draft", "failed"})
_CANCELLED = frozenset({"cancelled", "trash"})


# --- customers --------------------------------------------------------------------------------------------


@WOOCOMMERCE.topic("customer.created", "customer.updated")
def read_customer(shop: Shop, raw: Any) -> Report:
    """A profile as it is now. Who is in the list of customers has an account."""
    body = Body(raw, WOOCOMMERCE.name)
    billing = body.part("billing")
    given = {
        "external_id": body.needed("id"), "channel": _KEY, "given_name": body.text("first_name"),
        "family_name": body.text("last_name"), "email": body.text("email") or billing.text("email"),
        "phone": billing.text("phone"), "company": billing.text("company"), "account_state": "registered",
    } | (_place(body.part("shipping")) or _place(billing))  # fmt: skip
    person = PersonFacts(body.needed("id"), _instant(body, "date_modified", shop), _draft(shop, given))
    return Report(people=[person])


@WOOCOMMERCE.topic("customer.deleted")
def read_deleted(shop: Shop, raw: Any) -> Report:
    """A customer who is gone there."""
    return Report(people=[PersonFacts(Body(raw, WOOCOMMERCE.name).needed("id"), deleted=True)])


def _draft(shop: Shop, given: dict[str, str]) -> Draft:
    told = {name: text for name, text in given.items() if text}
    return read_profile(told, country=shop.country, tz=shop.timezone, source=WOOCOMMERCE.name, partial=True)


def _place(body: Body, *, named: bool = False) -> dict[str, str]:
    """An address by the names of `customers.profile`; without a place in it there is none."""
    found = {
        "address1": body.text("address_1"), "address2": body.text("address_2"), "city": body.text("city"),
        "region": body.text("state"), "postal_code": body.text("postcode"),
    }  # fmt: skip
    if not any(found.values()):
        return {}
    found |= {"address_country": body.text("country"), "address_company": body.text("company")}
    if named:
        found |= {"recipient": _name(body), "address_phone": body.text("phone")}
    return {name: text for name, text in found.items() if text}


def _name(body: Body) -> str:
    return " ".join(filter(None, (body.text("first_name"), body.text("last_name"))))


# --- orders -----------------------------------------------------------------------------------------------


@WOOCOMMERCE.topic("order.created", "order.updated", "order.restored")
def read_order(shop: Shop, raw: Any) -> Report:
    """An order as it is now."""
    body = Body(raw, WOOCOMMERCE.name)
    status, billing = body.text("status"), body.part("billing")
    paid_at = _instant(body, "date_paid", shop)
    total = body.amount("total")
    refunded = sum((abs(one.amount("total")) for one in body.each("refunds")), Decimal(0))
    modified = _instant(body, "date_modified", shop)
    order = OrderFacts(
        channel=_KEY, external_id=body.needed("id"), number=body.text("number"),
        placed_at=_instant(body, "date_created", shop), currency=body.text("currency"), total=total,
        discount=body.amount("discount_total"), shipping=body.amount("shipping_total"), tax=body.amount("total_tax"),
        lines=[_line(row) for row in body.each("line_items")],
        financial_state=_money_state(status, paid_at), paid=total if paid_at else None,
        refunded=(total if status == "refunded" else refunded) or None,
        fulfilment_state=FulfilmentState.FULFILLED if status == "completed" else FulfilmentState.UNFULFILLED,
        cancelled_at=modified if status in _CANCELLED else None, is_confirmed=status != "checkout-draft",
        payment_method=body.text("payment_method")[:40], email=billing.text("email"), phone=billing.text("phone"),
        customer=_buyer(shop, body, billing), shipping_address=_place(body.part("shipping"), named=True) or None,
        billing_address=_place(billing, named=True) or None, note=body.text("customer_note"),
        source_updated_at=modified,
    )  # fmt: skip
    return Report(orders=[order])


@WOOCOMMERCE.topic("orders")
def read_orders(shop: Shop, raw: Any) -> Report:
    """A page of the list of orders."""
    rows = raw if isinstance(raw, list) else [raw]
    return Report(orders=[order for row in rows for order in read_order(shop, row).orders])


@WOOCOMMERCE.topic("order.deleted")
def read_order_deleted(shop: Shop, raw: Any) -> Report:
    """An order that is gone there."""
    return Report(orders=[OrderFacts(channel=_KEY, external_id=Body(raw, WOOCOMMERCE.name).needed("id"), deleted=True)])


@WOOCOMMERCE.topic("refund")
def read_refund(shop: Shop, raw: Any) -> Report:
    """One refund as `/orders/<id>/refunds` answers it, with `order_id` put in by whoever asked: it names no order."""
    body = Body(raw, WOOCOMMERCE.name)
    refund = PaymentFacts(
        external_id=f"refund:{body.needed('id')}", amount=abs(body.amount("amount")),
        at=body.moment("date_created_gmt") or body.needed_moment("date_created", shop.timezone),
        kind=PaymentKind.REFUND, reference=body.text("reason")[:100], channel=_KEY,
        order_external_id=body.needed("order_id"),
    )  # fmt: skip
    return Report(payments=[refund])


def _buyer(shop: Shop, body: Body, billing: Body) -> Draft | None:
    """Who ordered: by the number of their account, and by what they wrote."""
    account = body.text("customer_id")
    given = {
        "given_name": billing.text("first_name"), "family_name": billing.text("last_name"),
        "email": billing.text("email"), "phone": billing.text("phone"), "company": billing.text("company"),
    } | (_place(body.part("shipping")) or _place(billing))  # fmt: skip
    if account not in ("", "0"):
        given |= {"external_id": account, "channel": _KEY}
    if not any(given.get(name) for name in ("external_id", "email", "phone", "given_name", "family_name")):
        return None
    return _draft(shop, given)


def _money_state(status: str, paid_at: datetime | None) -> FinancialState | None:
    if status == "refunded":
        return FinancialState.REFUNDED
    if status in _CANCELLED and not paid_at:
        return FinancialState.VOIDED
    if paid_at:
        return FinancialState.PAID
    return FinancialState.PENDING if status in _PENDING else None


def _line(row: Body) -> LineFacts:
    total, before = row.amount("total"), row.amount("subtotal")
    return LineFacts(
        title=row.text("name"), quantity=row.whole("quantity"), unit_price=row.amount("price"),
        discount=max(Decimal(0), before - total), total=total, sku=row.text("sku"),
        product_external_id=row.text("product_id") if row.text("product_id") != "0" else "",
    )  # fmt: skip


def _instant(body: Body, key: str, shop: Shop) -> datetime | None:
    """From the UTC twin of a time, or by the shop's clock."""
    return body.moment(f"{key}_gmt") or body.moment(key, shop.timezone)

"""Shopify's webhooks and REST answers, as its documentation of 2026-07 describes them.

Ids are read from `admin_graphql_api_id` where it stands: some tools round the numbers beyond 2^53.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from regulars.connectors.base import Connector, MergeFacts, PersonFacts, Report
from regulars.connectors.bodies import Body
from regulars.customers.drafts import Draft
from regulars.customers.profile import read_profile
from regulars.orders.facts import LineFacts, OrderFacts, PaymentFacts, ReturnFacts
from regulars.orders.models import FinancialState, FulfilmentState, PaymentKind, PaymentState, ReturnReason
from regulars.shops.models import Shop

SHOPIFY = Connector("shopify", "Shopify")
_KEY = SHOPIFY.key

_FINANCIAL = {
    "pending": FinancialState.PENDING, "authorized": FinancialState.AUTHORISED, "expired": FinancialState.PENDING,
    "partially_paid": FinancialState.PARTLY_PAID, "paid": FinancialState.PAID,
    "partially_refunded": FinancialState.PARTLY_REFUNDED, "refunded": FinancialState.REFUNDED,
    "voided": FinancialState.VOIDED,
}  # fmt: skip
_FULFILMENT = {
    "partial": FulfilmentState.PARTLY_FULFILLED, "fulfilled": FulfilmentState.FULFILLED,
    "restocked": FulfilmentState.RETURNED,
}  # fmt: skip
_KINDS = {
    "sale": PaymentKind.CAPTURE, "capture": PaymentKind.CAPTURE, "authorization": PaymentKind.AUTHORISATION,
    "refund": PaymentKind.REFUND, "void": PaymentKind.VOID,
}  # fmt: skip
_STATES = {
    "success": PaymentState.SUCCEEDED, "pending": PaymentState.PENDING, "failure": PaymentState.FAILED,
    "error": PaymentState.FAILED,
}  # fmt: skip
_CAME_BACK = frozenset({"return", "legacy_restock"})
_ACCOUNTS = {"enabled": "registered", "invited": "invited"}  # "disabled" is everybody who never signed up


# --- customers --------------------------------------------------------------------------------------------


@SHOPIFY.topic("customers/create", "customers/update", "customers/enable")
def read_customer(shop: Shop, raw: Any) -> Report:
    """A profile as it is now."""
    body = Body(raw, SHOPIFY.name)
    return Report(people=[_person(shop, body)])


@SHOPIFY.topic("customers/disable")
def read_disabled(shop: Shop, raw: Any) -> Report:
    """A profile whose account was closed."""
    body = Body(raw, SHOPIFY.name)
    return Report(people=[_person(shop, body, disabled=True)])


@SHOPIFY.topic("customers/delete")
def read_deleted(shop: Shop, raw: Any) -> Report:
    """A customer who is gone there."""
    return Report(people=[PersonFacts(_id(Body(raw, SHOPIFY.name)), deleted=True)])


@SHOPIFY.topic("customers/redact")
def read_redacted(shop: Shop, raw: Any) -> Report:
    """Somebody who asked to be forgotten."""
    return Report(people=[PersonFacts(_id(Body(raw, SHOPIFY.name).part("customer")), forget=True)])


@SHOPIFY.topic("customer/tags_added", "customer.tags_added")
def read_tags_added(shop: Shop, raw: Any) -> Report:
    """Tags that came."""
    body = Body(raw, SHOPIFY.name)
    return Report(people=[_tagged(body, add=tuple(body.texts("tags")))])


@SHOPIFY.topic("customer/tags_removed", "customer.tags_removed")
def read_tags_removed(shop: Shop, raw: Any) -> Report:
    """Tags that went."""
    body = Body(raw, SHOPIFY.name)
    return Report(people=[_tagged(body, remove=tuple(body.texts("tags")))])


@SHOPIFY.topic("customers_email_marketing_consent/update")
def read_consent(shop: Shop, raw: Any) -> Report:
    """What somebody said about marketing by e-mail."""
    body = Body(raw, SHOPIFY.name)
    name = body.needed("customer_id")
    given = {"external_id": name, "channel": _KEY, "email": body.text("email_address")} | _consent(body, "email")
    return Report(people=[PersonFacts(name, draft=_draft(shop, given), is_whole=False)])


@SHOPIFY.topic("customers/merge")
def read_merge(shop: Shop, raw: Any) -> Report:
    """Two customers who became one; a merge that failed there changes nothing here."""
    body = Body(raw, SHOPIFY.name)
    if body.text("status") not in ("", "completed"):
        return Report()
    kept, gone = (_last(body.needed(f"admin_graphql_api_customer_{end}_id")) for end in ("kept", "deleted"))
    return Report(merges=[MergeFacts(kept, gone)])


def _tagged(body: Body, *, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> PersonFacts:
    name = _last(body.needed("customerId"))
    return PersonFacts(name, body.moment("occurredAt"), add_tags=add, remove_tags=remove)


def _person(shop: Shop, body: Body, *, disabled: bool = False) -> PersonFacts:
    return PersonFacts(
        _id(body), body.moment("updated_at"), _draft(shop, _profile(body)), account_disabled=disabled
    )  # fmt: skip


def _profile(body: Body) -> dict[str, str]:
    """By the names of `customers.profile`."""
    account = _ACCOUNTS.get(body.text("state"), "")
    given = {
        "external_id": _id(body), "channel": _KEY, "given_name": body.text("first_name"),
        "family_name": body.text("last_name"), "email": body.text("email"), "phone": body.text("phone"),
        "note": body.text("note"), "tags": body.text("tags"), "created_at": body.text("created_at"),
        "account_state": "verified" if account == "registered" and body.flag("verified_email") else account,
    }  # fmt: skip
    return given | _place(body.part("default_address"), named=False) | _consent(body, "email") | _consent(body, "sms")


def _consent(body: Body, channel: str) -> dict[str, str]:
    said = body.part(f"{channel}_marketing_consent")
    if said.text("state") in ("", "invalid", "redacted"):
        return {}
    return {f"accepts_{channel}": said.text("state"), "consent_at": said.text("consent_updated_at")}


def _draft(shop: Shop, given: dict[str, str]) -> Draft:
    told = {name: text for name, text in given.items() if text}
    return read_profile(told, country=shop.country, tz=shop.timezone, source=SHOPIFY.name, partial=True)


def _place(body: Body, *, named: bool = True) -> dict[str, str]:
    """An address by the names of `customers.profile`; without a place in it there is none."""
    found = {
        "address1": body.text("address1"), "address2": body.text("address2"), "city": body.text("city"),
        "region": body.text("province"), "postal_code": body.text("zip"),
    }  # fmt: skip
    if not any(found.values()):
        return {}
    found |= {"address_country": body.text("country_code"), "address_company": body.text("company")}
    found |= {"recipient": body.text("name"), "address_phone": body.text("phone")} if named else {}
    return {name: text for name, text in found.items() if text}


# --- orders -----------------------------------------------------------------------------------------------


@SHOPIFY.topic(
    "orders/create", "orders/updated", "orders/paid", "orders/cancelled", "orders/fulfilled",
    "orders/partially_fulfilled", "orders/edited",
)  # fmt: skip
def read_order(shop: Shop, raw: Any) -> Report:
    """An order as it is now, whatever happened to it."""
    body = Body(raw, SHOPIFY.name)
    name = _id(body)
    refunds = [one for refund in body.each("refunds") for one in _money_back(refund, name)]
    returns = [one for refund in body.each("refunds") for one in _goods_back(refund, name)]
    buyer = body.part("customer")
    place = {kind: _place(body.part(f"{kind}_address")) or None for kind in ("shipping", "billing")}
    order = OrderFacts(
        channel=_KEY, external_id=name, number=body.text("name"),
        placed_at=body.moment("processed_at") or body.moment("created_at"), currency=body.text("currency"),
        total=body.amount("total_price"), subtotal=body.money("subtotal_price"),
        discount=body.amount("total_discounts"),
        shipping=body.part("total_shipping_price_set").part("shop_money").amount("amount"),
        tax=body.amount("total_tax"), lines=[_line(row) for row in body.each("line_items")],
        payments=[_payment(row) for row in body.each("transactions")], refunds=refunds, returns=returns,
        financial_state=_FINANCIAL.get(body.text("financial_status")), paid=_paid(body),
        fulfilment_state=_FULFILMENT.get(body.text("fulfillment_status"), FulfilmentState.UNFULFILLED),
        cancelled_at=body.moment("cancelled_at"), is_test=body.flag("test"),
        payment_method=", ".join(body.texts("payment_gateway_names"))[:40],
        email=body.text("email"), phone=body.text("phone"),
        customer=_buyer(shop, body, buyer), shipping_address=place["shipping"], billing_address=place["billing"],
        location=body.text("location_id"), note=body.text("note"), source_updated_at=body.moment("updated_at"),
    )  # fmt: skip
    return Report(orders=[order])


@SHOPIFY.topic("orders/delete")
def read_order_deleted(shop: Shop, raw: Any) -> Report:
    """An order that is gone there."""
    return Report(orders=[OrderFacts(channel=_KEY, external_id=_id(Body(raw, SHOPIFY.name)), deleted=True)])


@SHOPIFY.topic("refunds/create")
def read_refund(shop: Shop, raw: Any) -> Report:
    """Money paid back and goods that came back, whether we know their order yet or not."""
    body = Body(raw, SHOPIFY.name)
    order = body.needed("order_id")
    return Report(payments=list(_money_back(body, order)), returns=list(_goods_back(body, order)))


@SHOPIFY.topic("order_transactions/create")
def read_transaction(shop: Shop, raw: Any) -> Report:
    """One movement of money."""
    body = Body(raw, SHOPIFY.name)
    return Report(payments=[_payment(body, order=body.needed("order_id"))])


def _buyer(shop: Shop, body: Body, buyer: Body) -> Draft | None:
    """Who ordered; of a guest what the order says of them is all."""
    if "id" not in buyer:
        return None
    return _draft(shop, {"email": body.text("email"), "phone": body.text("phone")} | _told(_profile(buyer)))


def _told(given: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in given.items() if text and name not in ("note", "created_at")}


def _paid(body: Body) -> Decimal | None:
    """What came in, as far as the order says it without listing transactions."""
    outstanding = body.money("total_outstanding")
    if outstanding is None or body.text("financial_status") in ("voided", "pending", "authorized", "expired"):
        return None
    return max(Decimal(0), body.amount("total_price") - outstanding)


def _line(row: Body) -> LineFacts:
    allocated = sum((one.amount("amount") for one in row.each("discount_allocations")), Decimal(0))
    return LineFacts(
        title=row.text("name") or row.text("title"), quantity=row.whole("quantity"), unit_price=row.amount("price"),
        discount=allocated or row.amount("total_discount"), sku=row.text("sku"),
        product_external_id=row.text("product_id"),
    )  # fmt: skip


def _payment(row: Body, order: str = "") -> PaymentFacts:
    return PaymentFacts(
        external_id=_id(row), amount=row.amount("amount"),
        at=_happened(row),
        kind=_KINDS.get(row.text("kind"), PaymentKind.CAPTURE),
        state=_STATES.get(row.text("status"), PaymentState.PENDING), method=row.text("gateway")[:40],
        reference=row.text("payment_id")[:100], currency=row.text("currency"), channel=_KEY,
        order_external_id=order,
    )  # fmt: skip


def _money_back(refund: Body, order: str) -> Iterator[PaymentFacts]:
    for row in refund.each("transactions"):
        if row.text("kind") in ("refund", ""):
            yield _payment(row, order)


def _goods_back(refund: Body, order: str) -> Iterator[ReturnFacts]:
    """Goods that came back; of goods that were taken off an order unpaid, what they are worth is credited."""
    rows = list(refund.each("refund_line_items"))
    came = [row for row in rows if row.text("restock_type") in _CAME_BACK]
    worth = sum((row.amount("subtotal") + row.amount("total_tax") for row in rows), Decimal(0))
    repaid = sum((row.amount("amount") for row in refund.each("transactions")), Decimal(0))
    credited = Decimal(0) if repaid else worth
    if not came and not credited:
        return
    yield ReturnFacts(
        external_id=_id(refund), at=_happened(refund),
        amount=sum((row.amount("subtotal") + row.amount("total_tax") for row in came), Decimal(0)),
        credited=credited, quantity=sum(row.whole("quantity") for row in came), reason=ReturnReason.OTHER,
        note=refund.text("note")[:500], channel=_KEY, order_external_id=order,
    )  # fmt: skip


def _happened(body: Body) -> datetime:
    """When money moved or goods came back. Raises NotAMessage when nothing says so."""
    return body.moment("processed_at") or body.needed_moment("created_at")


def _id(body: Body) -> str:
    """The true id of an object."""
    return _last(body.text("admin_graphql_api_id")) or body.needed("id")


def _last(gid: str) -> str:
    """gid://shopify/Order/820982911946154508 → 820982911946154508"""
    return gid.rpartition("/")[2]

"""Orders: lists, one of them."""

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Query, Router

from regulars.api.auth import Bearer, KeyRequest
from regulars.api.lists import Rows, answer, check_names, one_of, page_of
from regulars.api.schemas import ChosenFields, Id, OrderPage, RowsAsked
from regulars.orders.fields import order_fields
from regulars.orders.models import Order
from regulars.shops.models import ApiKey
from regulars.shops.permissions import Scope

USUAL = (
    "number", "placed_at", "total", "captured", "refunded", "financial_state", "fulfilment_state", "items", "channel",
    "payment_method", "cancelled_at",
)  # fmt: skip
ORDERS = Rows("orders", order_fields, "-placed_at", USUAL, also=("customer_id",))

router = Router(tags=["Orders"], auth=Bearer(Scope.ORDERS))


def orders_of(key: ApiKey) -> QuerySet:
    """Orders of the key's shop."""
    return Order.objects.of(key.shop_id).existing()


@router.get("/orders", response=OrderPage, summary="List orders")
def orders(request: KeyRequest, asked: Query[RowsAsked]) -> HttpResponse:
    """Orders that answer to a question, newest first unless `sort` says otherwise."""
    check_names(request, RowsAsked)
    return page_of(ORDERS, request.auth, orders_of(request.auth), asked)


@router.get("/orders/{id}", summary="One order", openapi_extra={"x-schema": "Order"})
def order(request: KeyRequest, id: Id, asked: Query[ChosenFields]) -> HttpResponse:
    """One order, with all fields or those that are named."""
    check_names(request, ChosenFields)
    return answer(one_of(ORDERS, request.auth, orders_of(request.auth), id, asked.fields))

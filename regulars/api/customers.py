"""Customers: lists, counts, one of them."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Query, Router

from regulars.api.auth import Bearer, KeyRequest, context_of
from regulars.api.lists import Rows, answer, check_names, matching, one_of, page_of
from regulars.api.parts import CUSTOM, belonging
from regulars.api.schemas import ChosenFields, CountAsked, Counted, CustomerPage, CustomersAsked, Id
from regulars.customers.fields import customer_fields
from regulars.customers.leading import leads_to
from regulars.customers.models import Customer
from regulars.customers.search import search_q
from regulars.shops.models import ApiKey
from regulars.shops.permissions import Permission, Scope
from regulars.transfer.listing import LISTED

CUSTOMERS = Rows("customers", customer_fields, "-created_at", LISTED, folded=CUSTOM)

router = Router(tags=["Customers"], auth=Bearer(Scope.CUSTOMERS))


def customers_of(key: ApiKey) -> QuerySet:
    """Customers of the key's shop."""
    return Customer.objects.of(key.shop_id).alive()


def meant(people: QuerySet, key: ApiKey, search: str) -> QuerySet:
    """Those whom a text means; by order numbers they are found only if the key may see orders."""
    if not search.strip():
        return people
    return people.filter(search_q(key.shop, search, by_papers=key.may(Permission.SEE_ORDERS)))


@router.get("/customers", response=CustomerPage, summary="List customers")
def customers(request: KeyRequest, asked: Query[CustomersAsked]) -> HttpResponse:
    """Customers that answer to a question, newest first unless `sort` says otherwise.

    Without `fields` a row tells name, email, phone, country, city, tags, orders, total_spent, last_order and
    created_at, as far as the key's scopes reach.
    """
    check_names(request, CustomersAsked)
    people = meant(customers_of(request.auth), request.auth, asked.search)
    return page_of(CUSTOMERS, request.auth, people, asked, narrowed=bool(asked.search))


@router.get("/customers/count", response=Counted, summary="Count customers")
def customers_count(request: KeyRequest, asked: Query[CountAsked]) -> HttpResponse:
    """How many customers answer to a question, exactly."""
    check_names(request, CountAsked)
    people = meant(customers_of(request.auth), request.auth, asked.search)
    found = matching(customer_fields, people, asked.where, context_of(request.auth))
    return answer({"count": found.count()})


@router.get("/customers/{id}", summary="One customer", openapi_extra={"x-schema": "Customer"})
def customer(request: KeyRequest, id: Id, asked: Query[ChosenFields]) -> HttpResponse:
    """One customer, with all fields or those that are named. Customers in the bin do not exist.

    `custom` holds the shop's own fields by their keys. With all fields come who is responsible, who sent the customer,
    and the household. The id of a customer who was merged answers the one they became: compare `id` and keep the new
    one.
    """
    check_names(request, ChosenFields)
    id = leads_to(request.auth.shop_id, id) or id
    if asked.fields:
        return answer(one_of(CUSTOMERS, request.auth, customers_of(request.auth), id, asked.fields))
    return answer(whole(request.auth, id))


def whole(key: ApiKey, pk: int) -> dict[str, Any]:
    """All that a key can be told of one customer. Raises NotThere."""
    return one_of(CUSTOMERS, key, customers_of(key), pk) | belonging(key.shop_id, pk)

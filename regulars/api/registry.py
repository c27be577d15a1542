"""What can be asked: the field registry, as far as the key's scopes reach."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from ninja import Router

from regulars.api.auth import Bearer, KeyRequest, context_of
from regulars.api.lists import answer
from regulars.api.problems import ScopeMissing
from regulars.api.schemas import Registry
from regulars.customers.fields import customer_fields
from regulars.kit.query import Context, Field, FieldSet
from regulars.orders.fields import order_fields
from regulars.shops.permissions import Scope

MOST_OPTIONS = 500
READABLE = {Scope.CUSTOMERS.value: ("customers", customer_fields), Scope.ORDERS.value: ("orders", order_fields)}
NOTHING: dict[str, Any] = {"fields": [], "events": []}

router = Router(tags=["Fields"], auth=Bearer())


@router.get("/fields", response=Registry, summary="What can be asked")
def fields(request: KeyRequest) -> HttpResponse:
    """Fields and events of customers and of orders that this key can ask, sort and be told: none of rows that its
    scopes do not reach.
    """
    readable = {scope: one for scope, one in READABLE.items() if scope in request.auth.scopes}
    if not readable:
        raise ScopeMissing(scope=Scope.CUSTOMERS.value)
    ctx = context_of(request.auth)
    told = {name: _told(fields, ctx) for name, fields in readable.values()}
    return answer({name: told.get(name, NOTHING) for name, _fields in READABLE.values()})


def _told(fields: FieldSet, ctx: Context) -> dict[str, Any]:
    return {
        "fields": _fields(fields.offered(ctx), ctx),
        "events": [
            {
                "name": event.name,
                "label": str(event.label),
                "help": str(event.help),
                "aliases": list(event.aliases),
                "parameters": _fields(event.parameters(ctx), ctx),
            }
            for event in fields.predicates(ctx)
        ],
    }


def _fields(fields: Iterable[Field], ctx: Context) -> list[dict[str, Any]]:
    return [
        {
            "name": field.name,
            "label": str(field.label),
            "help": str(field.help),
            "kind": field.kind,
            "aliases": list(field.aliases),
            "operators": [str(op) for op in field.operators()] if field.filterable else [],
            "sortable": field.sortable,
            "filterable": field.filterable,
            "options": [{"value": word, "label": str(label)} for word, label in field.options(ctx)[:MOST_OPTIONS]],
        }
        for field in fields
    ]

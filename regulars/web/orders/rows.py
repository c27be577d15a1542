"""The rows of the orders list, ready to print: one function, a fixed number of queries."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from regulars.customers.models import Customer
from regulars.kit.query.paging import in_order
from regulars.web.customers.rows import shown_name
from regulars.web.lists import cells
from regulars.web.lists.state import ListState, heading
from regulars.web.lists.views import cells_of
from regulars.web.orders import states
from regulars.web.orders.methods import method_name


def rows(state: ListState, ids: list[int]) -> list[dict[str, Any]]:
    """Rows of the given orders in their order: {id, url, name, badge, cells}."""
    kind, ctx = state.kind, state.ctx
    simple = [name for name in state.columns if name not in kind.composite]
    reads = [column for name in state.columns if name in kind.composite for column in kind.composite[name].reads]
    columns = {*kind.always, *kind.fields.columns(simple), *reads}
    found = in_order(state.everyone.filter(pk__in=ids).values(*columns), ids)
    people = _people(state, {row["customer_id"] for row in found if row["customer_id"]})
    special = {
        "customer": _customer(people),
        "financial": _financial(),
        "fulfilment": _fulfilment(),
        "payment_method": lambda row: method_name(row["payment_method"]) or cells.nothing(),
    }
    formatters = {
        name: (
            special.get(name) or cells.formatter(kind.fields[name], ctx),
            "" if name in special else cells.classes(kind.fields[name]),
            heading(kind, name),
        )
        for name in state.columns
    }
    return [
        {
            "id": row["id"],
            "url": f"{state.home}{row['id']}/",
            "edit_url": None,
            "name": row["number"],
            "badge": _badge(row),
            "cells": cells_of(state, formatters, row),
        }
        for row in found
    ]


def _badge(row: Mapping[str, Any]) -> str:
    if row["is_test"]:
        return _("test")
    if row["cancelled_at"]:
        return _("cancelled")
    return "" if row["is_confirmed"] else _("draft")


def _people(state: ListState, ids: set[int]) -> dict[int, tuple[str, str]]:
    """Customer id → (name, address of the page), in one query."""
    columns = ("id", "name", "company", "email", "phone", "phone_raw")
    found = Customer.objects.of(state.shop).filter(pk__in=ids).values(*columns)
    return {row["id"]: (shown_name(row, state.ctx), f"{state.home_of_customers}{row['id']}/") for row in found}


def _customer(people: Mapping[int, tuple[str, str]]) -> Callable[[Mapping[str, Any]], Any]:
    link, nothing = Markup('<a href="{}">{}</a>'), cells.nothing()

    def show(row: Mapping[str, Any]) -> Any:
        found = people.get(row["customer_id"])
        return link.format(found[1], found[0]) if found else nothing

    return show


def _financial() -> Callable[[Mapping[str, Any]], Any]:
    show = lru_cache(states.financial)
    return lambda row: show(row["financial_state"])


def _fulfilment() -> Callable[[Mapping[str, Any]], Any]:
    show = lru_cache(states.fulfilment)
    return lambda row: show(row["fulfilment_state"])

"""The rows of the orders list, ready to print: one function, a fixed number of queries."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from regulars.customers.models import Customer
from regulars.kit.query.paging import in_order
from regulars.web.customers.rows import shown_name
from regulars.web.lists import cells
from regulars.web.lists.state import ListState, heading
from regulars.web.markup import Pattern
from regulars.web.orders import states
from regulars.web.orders.methods import method_name


def rows(state: ListState, ids: list[int]) -> list[dict[str, Any]]:
    """Rows of the given orders in their order: {id, url, name, badge, cells}."""
    kind = state.kind
    simple = [name for name in state.columns if name not in kind.composite]
    reads = [column for name in state.columns if name in kind.composite for column in kind.composite[name].reads]
    shown_rows = kind.fields.fetch(state.everyone.filter(pk__in=ids), simple, state.ctx, also=[*kind.always, *reads])
    found = in_order(shown_rows, ids)
    people = people_of(state, {row["customer_id"] for row in found})
    special = {
        "customer": customer_cell(people),
        "financial": _financial(),
        "fulfilment": _fulfilment(),
        "payment_method": lambda row: method_name(row["payment_method"]) or cells.nothing(),
    }
    shown = [cells.column(*_column(state, name, special)) for name in state.columns]
    return [
        {
            "id": row["id"],
            "url": f"{state.home}{row['id']}/",
            "edit_url": None,
            "name": row["number"],
            "badge": _badge(row),
            "cells": cells.printed(shown, row),
        }
        for row in found
    ]


def _column(state: ListState, name: str, special: Mapping[str, cells.Formatter]) -> tuple[cells.Formatter, Any, str]:
    """What stands in a column, its heading and its classes."""
    label = heading(state.kind, name)
    if name in special:
        return special[name], label, ""
    field = state.kind.fields[name]
    return cells.formatter(field, state.ctx), label, cells.classes(field)


def _badge(row: Mapping[str, Any]) -> str:
    if row["is_test"]:
        return _("test")
    if row["cancelled_at"]:
        return _("cancelled")
    return "" if row["is_confirmed"] else _("draft")


def people_of(state: ListState, ids: set[int | None]) -> dict[int, tuple[str, str]]:
    """Customer id → (name, address of the page), in one query."""
    columns = ("id", "name", "company", "email", "phone", "phone_raw")
    found = Customer.objects.of(state.shop).filter(pk__in=[pk for pk in ids if pk]).values(*columns)
    return {row["id"]: (shown_name(row, state.ctx), f"{state.home_of_customers}{row['id']}/") for row in found}


def customer_cell(people: Mapping[int, tuple[str, str]]) -> Callable[[Mapping[str, Any]], Any]:
    """The customer of a row, as a link."""
    link, nothing = Pattern('<a href="{}">{}</a>'), cells.nothing()

    def show(row: Mapping[str, Any]) -> Any:
        found = people.get(row["customer_id"])
        return link(found[1], found[0]) if found else nothing

    return show


def _financial() -> Callable[[Mapping[str, Any]], Any]:
    show = lru_cache(states.financial)
    return lambda row: show(row["financial_state"])


def _fulfilment() -> Callable[[Mapping[str, Any]], Any]:
    show = lru_cache(states.fulfilment)
    return lambda row: show(row["fulfilment_state"])

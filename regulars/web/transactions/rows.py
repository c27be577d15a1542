"""The rows of the list of transactions, ready to print: one function, a fixed number of queries."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from regulars.kit.money import show_money
from regulars.kit.query.context import Context
from regulars.kit.query.paging import in_order
from regulars.orders.models import Order, PaymentKind
from regulars.web.lists import cells
from regulars.web.lists.state import ListState, heading
from regulars.web.markup import Pattern
from regulars.web.orders import states
from regulars.web.orders.methods import method_name
from regulars.web.orders.rows import customer_cell, people_of

_LINK = Pattern('<a href="{}">{}</a>')


def rows(state: ListState, ids: list[int]) -> list[dict[str, Any]]:
    """Rows of the given transactions in their order: {id, url, name, badge, cells}."""
    kind = state.kind
    simple = [name for name in state.columns if name not in kind.composite]
    reads = [column for name in state.columns if name in kind.composite for column in kind.composite[name].reads]
    shown_rows = kind.fields.fetch(state.everyone.filter(pk__in=ids), simple, state.ctx, also=[*kind.always, *reads])
    found = in_order(shown_rows, ids)
    special = _special(state, found)
    shown = [cells.column(*_column(state, name, special)) for name in state.columns]
    return [
        {
            "id": row["id"],
            "url": f"{state.home}{row['id']}/",
            "edit_url": None,
            "name": row["reference"] or row["external_id"],
            "badge": _("stated") if row["is_stated"] else "",
            "cells": cells.printed(shown, row),
        }
        for row in found
    ]


def signed_amount(kind: int, minor: int, ctx: Context) -> str:
    """What a transaction moves: money paid back stands with a minus."""
    return show_money(-minor if kind == PaymentKind.REFUND else minor, ctx.currency, ctx.locale)


def _special(state: ListState, found: list[dict[str, Any]]) -> dict[str, cells.Formatter]:
    status = lru_cache(states.payment)
    special: dict[str, cells.Formatter] = {
        "state": lambda row: status(row["state"]),
        "amount": lambda row: signed_amount(row["kind"], row["amount"], state.ctx),
        "method": lambda row: method_name(row["method"]) or cells.nothing(),
    }
    if "customer" in state.columns:
        special["customer"] = customer_cell(people_of(state, {row["customer_id"] for row in found}))
    if "order" in state.columns:
        special["order"] = _order(state, {row["order_id"] for row in found})
    return special


def _column(state: ListState, name: str, special: Mapping[str, cells.Formatter]) -> tuple[cells.Formatter, Any, str]:
    """What stands in a column, its heading and its classes."""
    label, css = heading(state.kind, name), "num strong" if name == "amount" else ""
    if name in special:
        return special[name], label, css
    field = state.kind.fields[name]
    return cells.formatter(field, state.ctx), label, cells.classes(field)


def _order(state: ListState, ids: set[int | None]) -> Callable[[Mapping[str, Any]], Any]:
    """A link to the order, or the name of the one it waits for."""
    orders = Order.objects.of(state.shop).filter(pk__in=[pk for pk in ids if pk])
    numbers = dict(orders.values_list("pk", "number"))
    home, nothing = f"/s/{state.shop.slug}/orders/", cells.nothing()

    def show(row: Mapping[str, Any]) -> Any:
        number = numbers.get(row["order_id"])
        return _LINK(f"{home}{row['order_id']}/", number) if number else (row["order_external_id"] or nothing)

    return show

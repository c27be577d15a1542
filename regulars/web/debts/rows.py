"""Rows of the lists of debts, ready to print: those of customers and orders, leading to what is owed."""

from typing import Any

from regulars.web.customers.rows import rows as rows_of_customers
from regulars.web.lists.state import ListState


def debtor_rows(state: ListState, ids: list[int]) -> list[dict[str, Any]]:
    """Customers as in their own list; a click opens their debts."""
    return [row | {"url": _to_debts(row["url"])} for row in rows_of_customers(state, ids)]


def _to_debts(url: str) -> str:
    path, _mark, query = url.partition("?")
    return f"{path}?tab=debts" + (f"&{query}" if query else "")

"""The list of customers: every main sort, deep pages, filters; and the list of orders."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import TYPE_CHECKING

from bench.measure import Scenario, Target, Work
from bench.rawsql import statement
from bench.scenarios.asking import LIST, asking, query
from bench.world import World

if TYPE_CHECKING:
    from bench.house import Bench

SIZE = 51
"""Rows a page needs: 50, and whether there is one more."""

COLUMNS = (
    "id, name, email, phone, phone_raw, zalo_id, company, group_id, has_avatar, country, city, region, orders_count,"
    " last_order_id, last_order_number, last_order_at, total_spent, average_order, debt, tag_ids, status_id, staff_id,"
    " created_at"
)
PEOPLE = f"SELECT {COLUMNS} FROM customers_customer WHERE shop_id = {{shop}} AND deleted_at IS NULL"
PAPERS = (
    "SELECT id, number, customer_id, placed_at, total, financial_state, fulfilment_state, items_count, channel_id,"
    " payment_method FROM orders_order WHERE shop_id = {shop} AND deleted_at IS NULL"
)
MOVEMENTS = "SELECT id, at, amount, kind, state, customer_id FROM orders_payment WHERE shop_id = {shop}"

# Field of the list → its column, and what an index walk in each direction needs besides: rows without a value stand
# last, and most people have no debt at all.
SORTS = {
    "name": ("name_key", "", ""),
    "total_spent": ("total_spent", "", ""),
    "orders": ("orders_count", "", ""),
    "last_order_date": ("last_order_at", " AND last_order_at IS NOT NULL", " AND last_order_at IS NOT NULL"),
    "created_at": ("created_at", "", ""),
    "average_order": ("average_order", " AND average_order IS NOT NULL", " AND average_order IS NOT NULL"),
    "debt": ("debt", " AND debt = 0", " AND debt > 0"),
    "spent_3m": ("spent_3m", " AND spent_3m = 0", " AND spent_3m > 0"),
}


def _sorted(field: str, descending: bool) -> Scenario:
    column, up, down = SORTS[field]
    direction = "DESC" if descending else "ASC"
    where = down if descending else up
    sort = f"-{field}" if descending else field
    return Scenario(
        "List of customers", f"first page by `{sort}`",
        asking(lambda world: [query("customers/", sort=sort)]),
        statement(f"{PEOPLE}{where} ORDER BY {column} {direction}, id {direction} LIMIT {SIZE}"),
        LIST,
    )  # fmt: skip


def _filtered(where: str | Callable[[World], str], sort: str, sql: str, *values: Callable[[World], object]) -> Scenario:
    """where: the filter as written in the list, perhaps with tags of the world; sql: the same, and its order."""
    shown = where if isinstance(where, str) else where(_NAMES)
    path = (lambda world: where) if isinstance(where, str) else where
    return Scenario(
        "List of customers, filtered", f"`{shown}` by `{sort}`",
        asking(lambda world: [query("customers/", where=path(world), sort=sort)]),
        statement(f"{PEOPLE} AND {sql} LIMIT {SIZE}", *values),
        LIST,
    )  # fmt: skip


_NAMES = World([], [], [], "common", "rare", 0, 0, "city", 0, "sku")
"""What tags are called in the table."""


def _walk(sort: str) -> Callable[["Bench"], Iterator[Work]]:
    """A hundred pages by their links to the next one."""

    def works(bench: "Bench") -> Iterator[Work]:
        following = [query("customers/", sort=sort)]

        def turn() -> None:
            page = bench.browser.get(following.pop())
            link = re.search(r'rel="next" href="([^"]+)"', page)
            following.extend([unescape(link[1])] if link else [])

        while following:
            yield turn

    return works


SCENARIOS = (
    *(_sorted(field, descending) for field in SORTS for descending in (False, True)),
    Scenario(
        "List of customers", "100 pages deep by `-total_spent`", _walk("-total_spent"),
        statement(
            f"{PEOPLE} AND (total_spent, id) < (%s, 0) ORDER BY total_spent DESC, id DESC LIMIT {SIZE}",
            lambda world: world.spent * 100,
        ),
        LIST, repeats=100,
    ),
    Scenario(
        "List of customers", "100 pages deep by `name`", _walk("name"),
        statement(f"{PEOPLE} AND (name_key, id) > ('m', 0) ORDER BY name_key, id LIMIT {SIZE}"), LIST, repeats=100,
    ),
    _filtered(
        "country = 'VN' AND gender = 'female' AND consent_email = 'subscribed'", "-created_at",
        "country = 'VN' AND gender = 1 AND consent_email = 1 ORDER BY created_at DESC, id DESC",
    ),
    _filtered(
        "country = 'VN' AND consent_email = 'subscribed'", "name",
        "country = 'VN' AND consent_email = 1 ORDER BY name_key, id",
    ),
    _filtered("total_spent >= 1000000 AND orders >= 5 AND country = 'PH'", "-last_order_date",
              "total_spent >= 1000000 AND orders_count >= 5 AND country = 'PH' AND last_order_at IS NOT NULL"
              " ORDER BY last_order_at DESC, id DESC"),
    _filtered(lambda world: f"tags CONTAINS '{world.common_tag}'", "-total_spent",
              "tag_ids @> ARRAY[%s]::bigint[] ORDER BY total_spent DESC, id DESC", lambda world: world.common_tag_id),
    _filtered(lambda world: f"tags CONTAINS '{world.rare_tag}'", "name",
              "tag_ids @> ARRAY[%s]::bigint[] ORDER BY name_key, id", lambda world: world.rare_tag_id),
    _filtered("orders_placed = 0", "-total_spent",
              "orders_placed = 0 AND total_spent = 0 ORDER BY total_spent DESC, id DESC"),
    _filtered(lambda world: f"country = 'RO' AND tags CONTAINS '{world.rare_tag}' AND gender = 'female'",
              "-total_spent",
              "country = 'RO' AND tag_ids @> ARRAY[%s]::bigint[] AND gender = 1 ORDER BY total_spent DESC, id DESC",
              lambda world: world.rare_tag_id),
    _filtered(lambda world: f"country = 'RO' AND tags CONTAINS '{world.common_tag}' AND orders_placed = 0",
              "-total_spent",
              "country = 'RO' AND tag_ids @> ARRAY[%s]::bigint[] AND orders_placed = 0 AND total_spent = 0"
              " ORDER BY total_spent DESC, id DESC", lambda world: world.common_tag_id),
    _filtered("debt > 0 AND country = 'ID'", "name", "debt > 0 AND country = 'ID' ORDER BY name_key, id"),
    _filtered("last_order_date < -365d", "-total_spent",
              "last_order_at < now() - interval '365 days' ORDER BY total_spent DESC, id DESC"),
    Scenario(
        "List of transactions", "first page by `-date`", asking(lambda world: [query("transactions/", sort="-date")]),
        statement(f"{MOVEMENTS} ORDER BY at DESC, id DESC LIMIT {SIZE}"), LIST,
    ),
    Scenario(
        "List of orders", "first page by `-placed_at`", asking(lambda world: [query("orders/", sort="-placed_at")]),
        statement(f"{PAPERS} ORDER BY placed_at DESC, id DESC LIMIT {SIZE}"), LIST,
    ),
    Scenario(
        "List of orders", "first page by `-total`", asking(lambda world: [query("orders/", sort="-total")]),
        statement(f"{PAPERS} ORDER BY total DESC, id DESC LIMIT {SIZE}"), LIST,
    ),
    Scenario(
        "List of orders", "`financial_state = 'pending'` by `-placed_at`",
        asking(lambda world: [query("orders/", where="financial_state = 'pending'")]),
        statement(f"{PAPERS} AND financial_state = 0 ORDER BY placed_at DESC, id DESC LIMIT {SIZE}"), LIST,
    ),
    Scenario(
        "List of orders", "search by number",
        asking(lambda world: [query("orders/", search=paper.number) for paper in world.orders]),
        statement(f"{PAPERS} AND number = %s", lambda world: world.orders[0].number), Target(median=15, p95=35),
    ),
    Scenario(
        "List of orders", "search by a customer's name",
        asking(lambda world: [query("orders/", search=person.name) for person in world.people if person.name]),
        statement(
            f"{PAPERS} AND customer_id IN (SELECT customer_id FROM customers_customersearch WHERE shop_id = {{shop}}"
            f" AND text LIKE %s) ORDER BY placed_at DESC, id DESC LIMIT {SIZE}",
            lambda world: f"%{world.people[0].name.lower().split()[-1]}%",
        ),
        Target(median=15, p95=35),
    ),
)  # fmt: skip

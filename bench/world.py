"""Whom and what the scenarios ask for: picked from the data, the same each time."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from bench.rawsql import Raw


class Person(NamedTuple):
    """A customer to look for."""

    id: int
    name: str
    email: str | None
    phone: str | None


class Paper(NamedTuple):
    """An order to look for."""

    id: int
    number: str
    customer_id: int


@dataclass(frozen=True)
class World:
    """people: evenly from all customers. regulars: those with the most orders. orders: evenly from all orders.

    common_tag, rare_tag: labels many and few customers have. city: where many live. sku: of one of the products.
    """

    people: list[Person]
    regulars: list[int]
    orders: list[Paper]
    common_tag: str
    rare_tag: str
    common_tag_id: int
    rare_tag_id: int
    city: str
    spent: int
    sku: str

    @classmethod
    def of(cls, raw: Raw, shop_id: int, exponent: int, many: int = 60) -> "World":
        tags = raw.rows(
            "SELECT t.id, t.name FROM customers_tag t JOIN (SELECT unnest(tag_ids) AS id, count(*) AS n"
            " FROM customers_customer WHERE shop_id = %s GROUP BY 1) AS used USING (id)"
            " WHERE t.shop_id = %s ORDER BY n DESC, id",
            [shop_id, shop_id],
        )
        people = [
            Person(*row)
            for row in _evenly(raw, "customers_customer", "id, name, email, phone", "deleted_at IS NULL", shop_id, many)
        ]
        orders = [
            Paper(*row)
            for row in _evenly(raw, "orders_order", "id, number, customer_id", "customer_id IS NOT NULL", shop_id, many)
        ]
        regulars = raw.rows(
            "SELECT id FROM customers_customer WHERE shop_id = %s AND deleted_at IS NULL"
            " ORDER BY orders_count DESC, id DESC LIMIT 20",
            [shop_id],
        )
        city = raw.one(
            "SELECT city FROM customers_customer WHERE shop_id = %s AND city <> '' GROUP BY city"
            " ORDER BY count(*) DESC, city LIMIT 1",
            [shop_id],
        )
        spent = raw.one(
            "SELECT percentile_disc(0.9) WITHIN GROUP (ORDER BY total_spent) FROM customers_customer"
            " WHERE shop_id = %s",
            [shop_id],
        )
        sku = raw.one(
            "SELECT sku FROM catalog_product WHERE shop_id = %s AND sku <> '' ORDER BY id OFFSET 10 LIMIT 1", [shop_id]
        )
        return cls(
            people=people, regulars=[row[0] for row in regulars], orders=orders,
            common_tag=tags[0][1], common_tag_id=tags[0][0], rare_tag=tags[-1][1], rare_tag_id=tags[-1][0],
            city=city, spent=int(spent) // 10**exponent, sku=sku,
        )  # fmt: skip


def _evenly(raw: Raw, table: str, columns: str, where: str, shop_id: int, many: int) -> list[tuple[Any, ...]]:
    first, last = raw.rows(f"SELECT min(id), max(id) FROM {table} WHERE shop_id = %s", [shop_id])[0]
    found = (
        raw.rows(
            f"SELECT {columns} FROM {table} WHERE shop_id = %s AND id >= %s AND {where} ORDER BY id LIMIT 1",
            [shop_id, first + (last - first) * step // many],
        )
        for step in range(many)
    )
    return [rows[0] for rows in found if rows]

"""Pairs by what identifies people: e-mail, phone, Zalo, citizen id, tax code."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db import connection

from regulars.customers.likeness.blocks import MOST, MOST_AT_A_PHONE, Blocks
from regulars.customers.likeness.scoring import IDENTIFIERS, Person

GROUPS = 2000
"""Values of one step."""

_REACHED = """
    SELECT c.{kind} AS value, c.id FROM customers_customer c
    WHERE c.shop_id = %(shop)s AND c.deleted_at IS NULL AND c.{kind} IS NOT NULL AND {asked}
    UNION
    SELECT o.value, o.customer_id FROM customers_othercontact o
    JOIN customers_customer c ON c.shop_id = o.shop_id AND c.id = o.customer_id AND c.deleted_at IS NULL
    WHERE o.shop_id = %(shop)s AND o.kind = '{kind}' AND {asked_of_others}
"""
_WRITTEN = """
    SELECT c.{column} AS value, c.id FROM customers_customer c
    WHERE c.shop_id = %(shop)s AND c.deleted_at IS NULL AND c.{column} <> '' AND {asked}
"""
_COLUMNS = {"citizen_id": "citizen_id_index", "zalo": "zalo_id", "tax_code": "tax_code"}


def next_by(kind: str, shop_id: int, after: str, blocks: Blocks) -> str | None:
    """Add the pairs of the next values that several people share; the last value, None when there are no more.

    One aggregate over the shop: a second for a million customers.
    """
    source = _source(kind, f"{_column(kind)} > %(after)s", "o.value > %(after)s")
    sql = (
        f"SELECT value, array_agg(id) FROM ({source}) AS known GROUP BY value"  # noqa: S608  our own columns
        f' HAVING count(*) BETWEEN 2 AND %(most)s ORDER BY value COLLATE "C" LIMIT {GROUPS}'
    )
    last = None
    for value, members in _asked(sql, {"shop": shop_id, "after": after, "most": most_of(kind)}):
        blocks.add(members, most_of(kind))
        last = value
    return last


def by_contact(shop_id: int, people: Collection[Person], blocks: Blocks) -> None:
    """Add the pairs of these people with anybody. One query a kind of identifier that any of them has."""
    for kind in IDENTIFIERS:
        values = sorted({value for person in people for value in _values(person, kind)})
        if values:
            source = _source(kind, f"{_column(kind)} = ANY(%(values)s)", "o.value = ANY(%(values)s)")
            sql = f"SELECT value, array_agg(id) FROM ({source}) AS known GROUP BY value HAVING count(*) > 1"  # noqa: S608
            for _value, members in _asked(sql, {"shop": shop_id, "values": values}):
                blocks.add(members, most_of(kind))


def most_of(kind: str) -> int:
    """How many may share it until it says nothing."""
    return MOST_AT_A_PHONE if kind == "phone" else MOST


def _values(person: Person, kind: str) -> Collection[str]:
    if kind in ("email", "phone"):
        found: frozenset[str] = getattr(person, f"{kind}s")
        return found
    return [value] if (value := getattr(person, kind)) else []


def _column(kind: str) -> str:
    return f"c.{_COLUMNS.get(kind, kind)}" + ("" if kind in ("email", "phone") else ' COLLATE "C"')


def _source(kind: str, asked: str, asked_of_others: str) -> str:
    if column := _COLUMNS.get(kind):
        return _WRITTEN.format(column=column, asked=asked)
    return _REACHED.format(kind=kind, asked=asked, asked_of_others=asked_of_others)


def _asked(sql: str, values: dict[str, Any]) -> Iterator[tuple[str, list[int]]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        yield from cursor.fetchall()

"""What all floors need that keep figures on the customer row: customers in batches, locked in one order."""

from collections.abc import Iterator, Sequence

from django.db import connection

from regulars.kit.planning import planned_once

BATCH = 1000
"""Customers refreshed by one statement: more gain nothing and would hold their locks longer."""


def batches(ids: Sequence[int], size: int = BATCH) -> Iterator[list[int]]:
    """The ids in their order, so many at a time."""
    for start in range(0, len(ids), size):
        yield list(ids[start : start + size])


def lock_customers(shop_id: int, ids: Sequence[int]) -> dict[int, int]:
    """Lock customers in the order of their ids until the transaction ends.

    So two writers never wait for each other in a circle, and the second one sees what the first one did. Returns those
    who were merged, perhaps a moment ago, and whom they became: rows written for them belong there.
    """
    with planned_once(len(ids)) as cursor:
        cursor.execute(
            "SELECT id, merged_into_id FROM customers_customer WHERE shop_id = %s AND id = ANY(%s::bigint[]) "
            "ORDER BY id FOR NO KEY UPDATE",
            [shop_id, list(ids)],
        )
        return {pk: became for pk, became in cursor.fetchall() if became}


def all_customers(shop_id: int, after: int = 0) -> Iterator[list[int]]:
    """All customers' ids, in the bin or not, in ascending batches."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM customers_customer WHERE shop_id = %s AND id > %s ORDER BY id LIMIT %s",
                [shop_id, after, BATCH],
            )
            ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return
        yield ids
        after = ids[-1]

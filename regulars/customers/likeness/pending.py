"""The queue of customers who changed and are to be compared again."""

from collections.abc import Collection, Sequence

from django.db import connection

from regulars.customers.models import ToCompare

MOST = 5000
"""From so many on everybody is compared instead: one search costs less than such a queue."""


def add_pending(shop_id: int, customer_ids: Collection[int]) -> None:
    """Put customers at the end of the queue."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_tocompare (shop_id, customer_id) SELECT %s, unnest(%s::bigint[])",
            [shop_id, sorted(customer_ids)],
        )


def next_pending(shop_id: int, most: int) -> tuple[list[int], list[int]]:
    """The next places of the queue, oldest first, and the customers they name, each once."""
    rows = list(ToCompare.objects.of(shop_id).order_by("pk").values_list("pk", "customer_id")[:most])
    return [pk for pk, _customer in rows], sorted({customer for _pk, customer in rows})


def done_with(shop_id: int, places: Sequence[int]) -> None:
    """Take these places out; by name, as an older place may become visible later than a younger one.

    They are one array: as a list of their own a million, after an import, took eight times as long.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM customers_tocompare WHERE shop_id = %s AND id = ANY(%s::bigint[])", [shop_id, list(places)]
        )


def is_long(shop_id: int) -> bool:
    """Whether so many wait that everybody is better compared."""
    return ToCompare.objects.of(shop_id).order_by("pk")[MOST : MOST + 1].exists()


def all_pending(shop_id: int) -> list[int]:
    """Every place of the queue."""
    return list(ToCompare.objects.of(shop_id).order_by("pk").values_list("pk", flat=True))

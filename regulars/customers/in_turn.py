"""Queues of customers: some thousand of them are a few rows, which takes a file of a million a tenth of the time."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.db import connection

from regulars.customers.models import InTurn
from regulars.kit.copying import cell

Queue = type[InTurn]


class Next(NamedTuple):
    """places: rows of a queue, oldest first; customer_ids: whom they name, each once, ascending."""

    places: list[int]
    customer_ids: list[int]


def put_in(queue: Queue, shop_id: int, customer_ids: Collection[int], *, by: int) -> None:
    """Put customers at the end of a queue, at most `by` in a row: as many as are worked on at once."""
    ids = sorted(customer_ids)
    rows = [ids[start : start + by] for start in range(0, len(ids), by)]
    statement = f"INSERT INTO {queue._meta.db_table} (shop_id, customer_ids) VALUES "  # noqa: S608  our own name
    statement += ", ".join(["(%s, %s::bigint[])"] * len(rows))
    with connection.cursor() as cursor:  # as text: the driver would look at each id
        cursor.execute(statement, [value for row in rows for value in (shop_id, cell(row))])


def next_of(queue: Queue, shop_id: int, most: int) -> Next:
    """The first rows that name at most so many customers, the very first in any case."""
    rows = queue.objects.of(shop_id).order_by("pk").values_list("pk", "customer_ids")[:most]
    places: list[int] = []
    found: set[int] = set()
    for place, ids in rows:
        if places and len(found.union(ids)) > most:
            break
        places.append(place)
        found.update(ids)
    return Next(places, sorted(found))


def done_with(queue: Queue, shop_id: int, places: Sequence[int]) -> None:
    """Take these rows out; by name, as an older row may become visible later than a younger one."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {queue._meta.db_table} WHERE shop_id = %s AND id = ANY(%s::bigint[])",  # noqa: S608
            [shop_id, list(places)],
        )


def is_longer(queue: Queue, shop_id: int, than: int) -> bool:
    """Whether more customers wait than so many, someone who waits twice counted twice."""
    lengths = f"SELECT cardinality(customer_ids) FROM {queue._meta.db_table} WHERE shop_id = %s LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sum(cardinality) > %s FROM ({lengths}) AS waiting", [than, shop_id, than + 1])  # noqa: S608
        return bool(cursor.fetchone()[0])


def all_of(queue: Queue, shop_id: int) -> list[int]:
    """Every row of a queue."""
    return list(queue.objects.of(shop_id).order_by("pk").values_list("pk", flat=True))

"""Who waits for whom when orders are written at the same time.

Every writer first takes the buckets its orders fall into, in ascending order, then writes customers, orders, payments,
and at the end locks the touched customers in ascending order (`orders.stats`). So two deliveries of one order, or a
payment and its order, come one after the other, and nobody waits in a circle. Buckets instead of one lock an order:
a batch of thousands would fill PostgreSQL's lock table.
"""

from collections.abc import Iterable
from zlib import crc32

from django.db import connection

from regulars.kit.planning import planned_once

BUCKETS = 256
SPACE = 0x6F726400  # "ord": keeps our advisory locks apart from others'


def lock_orders(shop_id: int, keys: Iterable[tuple[int, str]]) -> None:
    """Take the buckets of orders named by (channel id, external id) until the transaction ends."""
    buckets = sorted({_bucket(shop_id, channel_id, name) for channel_id, name in keys})
    with planned_once() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s::int, b) FROM unnest(%s::int[]) AS b", [SPACE, buckets])


def lock_all_orders(shop_id: int) -> None:
    """Take all buckets of a shop: whoever moves orders of which only the customers are known."""
    first = (shop_id % 8192) * BUCKETS
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s::int, b) FROM generate_series(%s::int, %s::int) AS b",
            [SPACE, first, first + BUCKETS - 1],
        )


def _bucket(shop_id: int, channel_id: int, name: str) -> int:
    return crc32(f"{shop_id}:{channel_id}:{name}".encode()) % BUCKETS + (shop_id % 8192) * BUCKETS

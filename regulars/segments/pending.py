"""The queue of customers who changed and must be asked again."""

from collections.abc import Collection, Sequence

from django.db import connection

from regulars.segments.models import Pending
from regulars.shops.models import Shop

MOST = 20_000
"""Of more customers at once everybody is asked instead: one walk through the shop costs less than such a queue."""


def add_pending(shop_id: int, customer_ids: Collection[int]) -> None:
    """Put customers at the end of the queue."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO segments_pending (shop_id, customer_id, at) SELECT %s, unnest(%s::bigint[]), now()",
            [shop_id, sorted(customer_ids)],
        )


def next_pending(shop: Shop, most: int) -> tuple[list[int], list[int]]:
    """The next places of the queue, oldest first, and the customers they name, each once."""
    rows = list(Pending.objects.of(shop).order_by("pk").values_list("pk", "customer_id")[:most])
    return [pk for pk, _customer in rows], sorted({customer for _pk, customer in rows})


def done_with(shop: Shop, places: Sequence[int]) -> None:
    """Take these places out; by name, as an older place may become visible later than a younger one."""
    Pending.objects.of(shop).filter(pk__in=places).delete()

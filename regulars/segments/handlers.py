"""What segments do when they hear of news: whoever changed is asked again, within a second or so."""

from typing import Any

from regulars.customers.in_turn import put_in
from regulars.events.handlers import on
from regulars.kit.jobs import later
from regulars.segments.evaluation import MOVED, REPAIRED
from regulars.segments.jobs import BATCH, recount_sizes, refresh_pending, run_pass
from regulars.segments.models import Pending

MOST = 20_000
"""Of more customers at once everybody is asked instead: one walk through the shop costs less than such a queue."""

PRIORITY = 10
"""Before longer work: people wait to see it."""


@on(
    "customer.*", "order.*", "payment.*", "return.*", "points.*", "consent.*", "address.*", "note.*", "task.*", MOVED,
    whose_alone=True,
)  # fmt: skip
def ask_again(shop_id: int, customer_ids: set[int], **_news: Any) -> None:
    """Put them into the queue, in the transaction that changed them, and wake the worker when it commits."""
    if len(customer_ids) > MOST:
        later(run_pass, once=f"segments.pass:{shop_id}", shop_id=shop_id)
    elif customer_ids:
        put_in(Pending, shop_id, customer_ids, by=BATCH)
        name = f"segments:{shop_id}"
        later(refresh_pending, once=name, lock=name, priority=PRIORITY, shop_id=shop_id)


@on("shop.changed", "shop.figures", REPAIRED)
def ask_everybody(shop_id: int, **_news: Any) -> None:
    """Other days, another currency, another way to count: every answer may be another."""
    later(run_pass, once=f"segments.pass:{shop_id}", shop_id=shop_id)


@on("customer.purged")
def count_again(shop_id: int, **_news: Any) -> None:
    """Who is removed for good takes the memberships along."""
    later(recount_sizes, once=f"segments.sizes:{shop_id}", shop_id=shop_id)

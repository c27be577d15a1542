"""What follows from work that was to set nothing off belongs to that work, so that it sets nothing off either.

Customers are asked again a moment after an import wrote them, outside of it. Whoever hears that they came into a
segment asks `shops.work.is_quiet` of the event's batch, as with every other event.
"""

from collections import defaultdict
from collections.abc import Iterable

from regulars.events.models import Event
from regulars.events.record import Happening
from regulars.shops.work import quiet_runs


def by_run(shop_id: int, happenings: Iterable[Happening], kinds: Iterable[str]) -> dict[int | None, list[Happening]]:
    """Happenings of some kinds by the quiet run that changed their customer last, None for all others."""
    happenings, runs = list(happenings), quiet_runs(shop_id)
    if not (runs and happenings):
        return {None: happenings}
    ids = {one.customer_id for one in happenings}
    events = Event.objects.filter(shop_id=shop_id, customer_id__in=ids).exclude(kind__in=list(kinds))
    last = dict(events.order_by("customer_id", "-id").distinct("customer_id").values_list("customer_id", "batch_id"))
    found: dict[int | None, list[Happening]] = defaultdict(list)
    for one in happenings:
        run = last.get(one.customer_id)
        found[run if run in runs else None].append(one)
    return found

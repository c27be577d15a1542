"""Life in the pipeline of a demo shop: how some customers came to their status, and who looks after them together."""

import random
from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now

from regulars.customers.bulk import staff_many
from regulars.customers.bulk.applying import Columns, write_columns
from regulars.customers.models import Customer, Status
from regulars.shops.models import Shop, Staff
from regulars.shops.queries import acting

MOST = 400
"""Customers with a history: enough for every column, and quick in a shop of any size."""


@transaction.atomic
def fill_pipeline(shop: Shop, seed: int) -> None:
    """Let the newest at some status have come there by way of another, and give some of them a second person."""
    team = list(Staff.objects.of(shop).active().select_related("user").order_by("pk"))
    ways = {one.key: one.pk for one in Status.objects.of(shop)}
    if not team or not {"contacted", "potential"} <= ways.keys():
        return
    rng = random.Random(seed)  # noqa: S311  the same shop for the same seed
    people = (
        Customer.objects.of(shop).alive().filter(status_id__isnull=False, created_at__lt=now() - timedelta(days=90))
    )
    rows = list(people.order_by("-created_at", "-pk").values_list("pk", "status_id", "staff_id")[:MOST])
    last: dict[int, int] = {}
    for steps, key in ((80, "contacted"), (30, "potential"), (9, "")):
        at = now() - timedelta(days=steps, hours=rng.randrange(12))
        chosen = [row for row in rows if not key or rng.random() < 0.7]
        changes: dict[int, Columns] = {
            pk: {"status_id": [last.get(pk), ways.get(key, status_id)]}
            for pk, status_id, _staff in chosen
            if ways.get(key, status_id) != last.get(pk)
        }
        write_columns(shop.pk, changes, by=acting(rng.choice(team)), at=at, batch_id=None)
        last |= {pk: columns["status_id"][1] for pk, columns in changes.items()}
    for member in team:
        shared = [pk for pk, _status, staff_id in rows if staff_id and rng.random() < 0.06]
        staff_many(shop, shared, "add", member.pk, by=acting(team[0]))

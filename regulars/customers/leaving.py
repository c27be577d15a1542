"""What becomes of the customers of somebody who leaves, and how much everybody has to look after."""

from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.customers.actions import undo_needs
from regulars.customers.bulk.sets import BATCH
from regulars.customers.bulk.staff import hand_over
from regulars.customers.models import Customer
from regulars.events.record import Actor
from regulars.shops.models import JobRun, Shop, Staff
from regulars.shops.operations.leaving import on_leaving
from regulars.shops.permissions import Permission
from regulars.shops.work import start_job, work

HAND_OVER = "customers.hand_over"
AT_ONCE = 1000
"""Up to so many customers change hands while the person waits."""


def customers_of(staff: Staff) -> int:
    """For how many customers somebody is responsible, first or together with others.

    Those in the bin count: whoever is restored must not belong to somebody who has left.
    """
    return Customer.objects.of(staff.shop_id).here().in_care_of(staff.pk).count()


@on_leaving(
    "customers", count=customers_of, words=lambda n: ngettext("{n} customer", "{n} customers", n)
)  # a run with progress and Undo, so that nobody waits for a large shop
def hand_over_customers(leaver: Staff, successor: Staff, *, by: Actor) -> int:
    """Begin to put the successor in the leaver's place with every customer; says with how many."""
    starter = Staff.objects.of(leaver.shop_id).filter(pk=by.id or 0).first() if by.kind == "staff" else None
    count = customers_of(leaver)
    if count:
        title = _("Customers of {leaver} to {successor}").format(leaver=leaver.user, successor=successor.user)
        data = {"leaver": leaver.pk, "successor": successor.pk, "by": [by.kind, by.id, by.name]}
        start_job(
            leaver.shop, HAND_OVER, title, data=data, staff=starter, total=count, can_undo=True,
            at_once=count <= AT_ONCE,
        )  # fmt: skip
    return count


undo_needs(HAND_OVER, Permission.STAFF)


@work(HAND_OVER)
def hand_over_next_part(run: JobRun) -> bool:
    """Hand over the next thousand."""
    kind, actor_id, name = run.data["by"]
    people = Customer.objects.of(run.shop_id).here().in_care_of(run.data["leaver"])
    ids = list(people.order_by("pk").values_list("pk", flat=True)[:BATCH])
    if not ids:
        return False
    given = (run.data["leaver"], run.data["successor"])
    run.done += hand_over(run.shop, ids, *given, by=Actor(kind, actor_id, name), batch_id=run.pk)
    run.result = {"changed": run.done}
    return True


class Load(NamedTuple):
    """What one person looks after: customers, of them alone in charge, by status (id, None for none), money in minor
    units of the shop's currency.
    """

    customers: int
    first: int
    by_status: dict[int | None, int]
    debt: int
    spent_3m: int


def loads(shop: Shop) -> dict[int | None, Load]:
    """The load of each member of staff (id) who looks after anybody; None: customers nobody looks after. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_LOADS, [shop.pk, shop.pk])
        rows = cursor.fetchall()
    found: dict[int | None, Load] = {}
    for staff_id, status_id, count, first, debt, spent in rows:
        was = found.get(staff_id, Load(0, 0, {}, 0, 0))
        found[staff_id] = Load(
            was.customers + count, was.first + first, {**was.by_status, status_id: count}, was.debt + int(debt),
            was.spent_3m + int(spent),
        )  # fmt: skip
    return found


# Most customers have one person or nobody, so only those with more are taken apart.
_LOADS = """
    SELECT staff, status_id, sum(n)::bigint, sum(first)::bigint, sum(debt), sum(spent) FROM (
        SELECT staff_id AS staff, status_id, count(*) AS n, count(staff_id) AS first, sum(debt) AS debt,
               sum(spent_3m) AS spent
        FROM customers_customer WHERE shop_id = %s AND deleted_at IS NULL GROUP BY 1, 2
        UNION ALL
        SELECT other, status_id, count(*), 0, sum(debt), sum(spent_3m)
        FROM customers_customer CROSS JOIN LATERAL unnest(co_staff_ids) AS other
        WHERE shop_id = %s AND deleted_at IS NULL AND co_staff_ids <> '{}' GROUP BY 1, 2
    ) AS parts
    GROUP BY 1, 2
"""

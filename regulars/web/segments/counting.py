"""How many of a segment's members one may see. Who is limited to their own customers learns of no others."""

from django.db import connection

from regulars.customers.models import Customer
from regulars.segments.models import Segment
from regulars.shops.models import Staff
from regulars.web.counts import customers_count


def sizes_for(staff: Staff) -> dict[int, int]:
    """Members by segment, as far as this person may see them; a segment without any is not in it."""
    if not staff.only_own:
        return dict(Segment.objects.of(staff.shop_id).values_list("pk", "size"))
    with connection.cursor() as cursor:
        cursor.execute(_OWN, [staff.shop_id, staff.pk, staff.pk])
        return dict(cursor.fetchall())


def share_of(count: int, staff: Staff) -> float | None:
    """The part of all customers this person may see, from 0 to 1; None while there are none."""
    everyone = customers_count(staff)
    return min(1.0, count / everyone) if everyone else None


def visible_ids(staff: Staff, ids: set[int]) -> set[int]:
    """Those of the customers whom this person may see."""
    people = Customer.objects.of(staff.shop_id).visible_to(staff).filter(pk__in=ids)
    return set(people.values_list("pk", flat=True))


_OWN = """
    SELECT segment_id, count(*)
    FROM segments_membership AS member
    JOIN customers_customer AS own
        ON own.shop_id = member.shop_id AND own.id = member.customer_id AND own.deleted_at IS NULL
    CROSS JOIN LATERAL unnest(member.segment_ids) AS segment_id
    WHERE member.shop_id = %s AND (own.staff_id = %s OR own.co_staff_ids @> ARRAY[%s]::bigint[])
    GROUP BY segment_id
"""

"""The members of a static segment, taken at one moment."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils.timezone import now

from regulars.customers.fields import where_q
from regulars.customers.models import Customer
from regulars.customers.queries import CustomerQuerySet
from regulars.kit.query.among import OneOf
from regulars.segments.asking import today_of
from regulars.segments.models import Segment, SegmentSize
from regulars.segments.moving import lock_members
from regulars.shops.models import Staff


def take_snapshot(segment: Segment, customer_ids: Iterable[int] | None = None, *, staff: Staff | None = None) -> int:
    """Let a new static segment hold these living customers, or those its question means now; says how many.

    It is where its history begins: nobody "came". staff: who takes it, and takes only whom they may see.
    """
    shop = segment.shop
    people: CustomerQuerySet = Customer.objects.of(shop).alive()
    people = people.visible_to(staff) if staff else people
    if customer_ids is not None:
        people = people.filter(OneOf("pk", sorted(set(customer_ids))))
    else:
        people = people.filter(where_q(shop, segment.where))
    lock_members(shop.pk)
    size = _add(segment, people)
    Segment.objects.of(shop).filter(pk=segment.pk).update(size=size, evaluated_at=now())
    SegmentSize.objects.update_or_create(shop=shop, segment=segment, day=today_of(shop), defaults={"size": size})
    segment.refresh_from_db(fields=["size", "evaluated_at"])
    return size


def _add(segment: Segment, people: CustomerQuerySet) -> int:
    try:
        sql, parameters = people.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return 0
    given: list[Any] = [segment.shop_id, segment.pk, *parameters]
    with connection.cursor() as cursor:
        cursor.execute(_ADD.format(chosen=sql), given)
        return cursor.rowcount


_ADD = """
    INSERT INTO segments_membership AS known (shop_id, customer_id, segment_ids)
    SELECT %s, chosen.id, ARRAY[%s]::bigint[] FROM ({chosen}) AS chosen (id) ORDER BY chosen.id
    ON CONFLICT (shop_id, customer_id) DO UPDATE SET segment_ids = ARRAY(
        SELECT DISTINCT held FROM unnest(known.segment_ids || excluded.segment_ids) AS held ORDER BY held
    )
"""

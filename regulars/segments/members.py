"""Who is in segments, and in which segments somebody is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet

from regulars.customers.models import Customer
from regulars.customers.queries import CustomerQuerySet
from regulars.events.models import Event
from regulars.kit.query.among import Among
from regulars.kit.query.prepared import fetched, prepared
from regulars.segments.models import Membership, Override, Segment
from regulars.segments.moving import ENTERED
from regulars.shops.models import Shop


@dataclass(frozen=True, slots=True)
class In:
    """One segment of a customer. since: when they came; at the latest, unless `is_exact`.

    by_hand: somebody put them there, whatever the conditions say.
    """

    segment: Segment
    since: datetime
    is_exact: bool
    by_hand: bool


def members(segment: Segment) -> CustomerQuerySet:
    """The customers in a segment, without an order. Pages add `visible_to(staff)`."""
    return customers_in(segment.shop_id, [segment.pk])


def customers_in(shop: Shop | int, segment_ids: Collection[int]) -> CustomerQuerySet:
    """The customers in any of these segments, each once; those in the bin are in none."""
    ids = list(segment_ids)
    which = {"segment_ids__contains": ids} if len(ids) == 1 else {"segment_ids__overlap": ids}
    held = Membership.objects.of(shop).filter(**which).values("customer_id")
    found: CustomerQuerySet = Customer.objects.of(shop).alive().filter(Among(held))
    return found


def segments_of(customer: Customer) -> list[In]:
    """The segments a customer is in, by name, and since when."""
    shop_id = customer.shop_id
    held = [pk for (ids,) in fetched(_memberships(shop_id, customer.pk)) for pk in ids]
    segments = list(Segment.objects.of(shop_id).filter(pk__in=held)) if held else []
    if not segments:
        return []
    came = Event.objects.filter(shop_id=shop_id, customer_id=customer.pk, kind=ENTERED, about="segment")
    since: dict[int, datetime] = dict(came.filter(about_id__in=held).values_list("about_id").annotate(Max("at")))
    chosen = Override.objects.of(shop_id).filter(customer_id=customer.pk, is_member=True)
    by_hand = set(chosen.values_list("segment_id", flat=True))
    return [_in(segment, since.get(segment.pk), segment.pk in by_hand) for segment in segments]


@prepared
def _memberships(shop: Any, customer: Any) -> QuerySet[Any, Any]:
    return Membership.objects.of(shop).filter(customer_id=customer).values_list("segment_ids")


def _in(segment: Segment, came: datetime | None, by_hand: bool) -> In:
    """Nothing was told when the first answer was found: then they are in since that, or for longer."""
    is_exact = came is not None and came >= segment.defined_at
    return In(segment, came if came and is_exact else segment.defined_at, is_exact, by_hand)

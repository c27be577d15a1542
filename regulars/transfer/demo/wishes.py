"""What a demo shop wants to know of its customers beyond what every shop does: fields of its own, and their values.

Declared and set by the operations that pages use.
"""

from datetime import date, timedelta

from django.db import transaction

from regulars.customers.bulk.sets import set_own_many
from regulars.customers.fields import context_for
from regulars.customers.models import Customer, CustomField, CustomKind
from regulars.customers.operations import add_field
from regulars.events.record import Actor
from regulars.shops.models import Shop

MOST = 3_000
"""Customers who are asked about, the latest ones, so that a big load does not wait for them."""

SKINS = ("Dry", "Oily", "Combination", "Sensitive")
SIZES = ("36", "37", "38", "38.5", "39", "40", "41.5", "43")
UNASKED = 3
"""Every third customer was not asked."""


@transaction.atomic
def ask_customers(shop: Shop) -> None:
    """Three fields, each known of two thirds of the latest customers. Doing it again changes nothing."""
    if CustomField.objects.of(shop).exists():
        return
    by = Actor.system()
    skin = add_field(shop, "Skin type", CustomKind.CHOICE, options=SKINS, help="As they told us at the counter.", by=by)
    visit = add_field(shop, "Next appointment", CustomKind.DATE, by=by)
    size = add_field(shop, "Shoe size", CustomKind.NUMBER, help="European sizes.", by=by)
    latest = Customer.objects.of(shop).alive().order_by("-created_at", "-pk")
    ids = list(latest.values_list("pk", flat=True)[:MOST])
    for place, option in enumerate(skin.options):
        set_own_many(shop, _every(ids, place, len(SKINS)), skin.key, option["key"], by=by)
    for place, value in enumerate(SIZES):
        set_own_many(shop, _every(ids, place, len(SIZES)), size.key, value, by=by)
    for place, day in enumerate(_days(context_for(shop).today)):
        set_own_many(shop, _every(ids[: MOST // 4], place, 10), visit.key, day.isoformat(), by=by)


def _every(ids: list[int], place: int, step: int) -> list[int]:
    return [pk for number, pk in enumerate(ids) if number % step == place and number % UNASKED]


def _days(today: date) -> list[date]:
    """Ten days: some just over, most of the coming weeks."""
    return [today + timedelta(days=away) for away in (-9, -2, 0, 1, 2, 4, 7, 12, 20, 33)]

"""Where old ids lead: whoever was merged is found as whom they became."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from regulars.customers.models import Customer
from regulars.kit.query.prepared import fetched, prepared
from regulars.shops.models import Shop


def leads_to(shop: Shop | int, customer_id: int) -> int | None:
    """Whom a merged customer became; None for everybody else. One step: chains are kept flat."""
    known = Customer.objects.of(shop).filter(pk=customer_id, merged_into__isnull=False)
    return known.values_list("merged_into_id", flat=True).first()


def living(shop: Shop | int, customer_ids: Iterable[int]) -> dict[int, int]:
    """Those of these customers who were merged, and whom they became."""
    ids = set(customer_ids)
    if not ids:
        return {}
    rows = Customer.objects.of(shop).filter(pk__in=ids, merged_into__isnull=False)
    return dict(rows.values_list("pk", "merged_into_id"))


def family_ids(shop: Shop | int, customer_id: int) -> list[int]:
    """The customer, then all who became them, by id."""
    merged = fetched(_merged_into(shop if isinstance(shop, int) else shop.pk, customer_id))
    return [customer_id, *(pk for (pk,) in merged)]


@prepared
def _merged_into(shop: Any, customer: Any) -> QuerySet[Any, Any]:
    rows = Customer.objects.of(shop).filter(merged_into_id=customer)
    return rows.order_by("pk").values_list("pk", flat=True)

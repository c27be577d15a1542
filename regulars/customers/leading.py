"""Where old ids lead: whoever was merged is found as whom they became."""

from collections.abc import Iterable

from regulars.customers.models import Customer
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
    merged = Customer.objects.of(shop).filter(merged_into_id=customer_id).order_by("pk")
    return [customer_id, *merged.values_list("pk", flat=True)]

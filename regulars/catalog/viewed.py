"""What a customer looked at, a row a product."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Case, Count, F, Max, Q, QuerySet, Value, When

from regulars.catalog.models import Activity
from regulars.customers.models import Customer

SIZE = 25


class ViewedProduct(NamedTuple):
    """A product as it was called when it was looked at last. key: orders products of the same moment."""

    name: str
    category: str
    picture: str
    times: int
    last_at: datetime
    key: int
    product_id: int | None


def latest_views(shop_id: int, customer_id: int) -> QuerySet[Activity]:
    """The view of each product that was recorded last, so as many as there are products."""
    return Activity.objects.of(shop_id).filter(pk__in=_products_of(shop_id, customer_id).values("key"))


def viewed_products(
    customer: Customer, *, after: tuple[datetime, int] | None = None, size: int = SIZE
) -> tuple[Sequence[ViewedProduct], tuple[datetime, int] | None]:
    """A page of products, the one looked at last first, and where the next page begins (None on the last one).

    Two queries, however many views.
    """
    found = _products_of(customer.shop_id, customer.pk)
    if after is not None:
        found = found.filter(Q(last_at__lt=after[0]) | Q(last_at=after[0], key__lt=after[1]))
    rows = list(found.order_by("-last_at", "-key")[: size + 1])
    latest = Activity.objects.of(customer.shop_id).filter(pk__in=[row["key"] for row in rows])
    by_key = latest.select_related("product").in_bulk()
    page = [_viewed(row, by_key[row["key"]]) for row in rows[:size]]
    return page, (page[-1].last_at, page[-1].key) if len(rows) > size else None


def _products_of(shop_id: int, customer_id: int) -> QuerySet[Any]:
    """One row a product, known to the catalog or by its name alone: times, last_at, key."""
    views = Activity.objects.of(shop_id).filter(customer_id=customer_id, kind=Activity.Kind.PRODUCT_VIEWED)
    nameless = Case(When(product__isnull=True, then=F("title")), default=Value(""))
    return (
        views.annotate(by_name=nameless)
        .values("product_id", "by_name")
        .annotate(times=Count("pk"), last_at=Max("at"), key=Max("pk"))
    )


def _viewed(row: dict[str, Any], view: Activity) -> ViewedProduct:
    product = view.product
    name = view.title or (product.name if product else "")
    picture = product.image_url if product else ""
    return ViewedProduct(name, view.category, picture, row["times"], row["last_at"], row["key"], row["product_id"])

"""What customers and visitors do on the shop's site or in its app: recorded in bulk, each activity once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from regulars.catalog.activity_stats import refresh_activity
from regulars.catalog.footprints import keep_activity
from regulars.catalog.models import Product
from regulars.catalog.operations import ensure_products
from regulars.catalog.reading import ActivityDraft, read_activity
from regulars.customers.leading import living
from regulars.customers.matching import match_many
from regulars.customers.models import Customer
from regulars.events.handlers import announce
from regulars.events.record import Actor
from regulars.shops.models import Shop

__all__ = ["ActivityDraft", "ActivityResult", "read_activity", "record_activity"]

CLAIMED_DAYS = 30
"""How far back a visitor's activity becomes the customer's, once we know who the visitor is."""

MOST_CLAIMED = 10_000
"""Rows one delivery may hand over: no honest visitor did more in a month than a part of this."""


@dataclass(frozen=True, slots=True)
class ActivityResult:
    """What became of a delivery; the three add up to it.

    unknown_places: which of the drafts name a customer nobody knows, and no visitor to keep them under.
    """

    accepted: int = 0
    duplicates: int = 0
    unknown_places: tuple[int, ...] = ()

    @property
    def unknown_customers(self) -> int:
        return len(self.unknown_places)


@transaction.atomic(savepoint=False)
def record_activity(
    shop: Shop,
    drafts: Sequence[ActivityDraft],
    *,
    by: Actor,
    source: str = "",
    batch_id: int | None = None,
    adds_products: bool = True,
) -> ActivityResult:
    """Record activities in a handful of statements, and bring the figures of their customers up to date.

    source: which feed it is, at most 20 characters; ids are compared inside one. Without it, the kind of `by`.
    adds_products: False for senders nobody vouches for: a product they invent is kept by name only.
    A draft whose id this feed has delivered before counts as a duplicate; one without an id is always new. Somebody
    nobody knows is kept as an anonymous visitor where the draft names one. Announces "customer.active" for whom
    something changed; nothing is written to the trail, which would drown in views.
    """
    customers = _customers(shop, drafts)
    unknown = tuple(
        place for place, draft in enumerate(drafts) if draft.visitor == "" and customers[place] is None
    )  # fmt: skip
    places = [place for place in range(len(drafts)) if place not in set(unknown)]
    products = ensure_products(
        shop, [drafts[place].product for place in places], adds=adds_products, batch_id=batch_id
    )  # fmt: skip
    rows = _rows(shop, [drafts[place] for place in places], [customers[place] for place in places], products)
    written = _insert(shop, rows, source or by.kind)
    claimed = _claim(shop, rows)
    if batch_id is not None:
        keep_activity(shop, batch_id, written, is_new=True)
        keep_activity(shop, batch_id, claimed, is_new=False)
    touched = {pk for pk in (*written.values(), *claimed.values()) if pk}
    refresh_activity(shop, touched)
    if touched:
        announce(shop.pk, "customer.active", touched, batch_id=batch_id)
    return ActivityResult(len(written), len(rows) - len(written), unknown)


@transaction.atomic(savepoint=False)
def forget_whose(shop_id: int, customer_ids: Iterable[int]) -> None:
    """Leave of these customers' activity only that somebody did it; of their browsers nothing, anywhere."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH theirs AS (UPDATE catalog_activity SET customer_id = NULL, visitor = '', url = '', source_id = '' "
            "WHERE shop_id = %(shop)s AND customer_id = ANY(%(ids)s) RETURNING id), "
            "browsers AS (SELECT DISTINCT visitor FROM catalog_activity "
            "WHERE shop_id = %(shop)s AND customer_id = ANY(%(ids)s) AND visitor <> '') "
            "UPDATE catalog_activity a SET visitor = '', url = '', source_id = '' FROM browsers b "
            "WHERE a.shop_id = %(shop)s AND a.visitor = b.visitor AND a.customer_id IS NULL AND a.visitor <> ''",
            {"shop": shop_id, "ids": sorted(customer_ids)},
        )


# --- how it is done ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    draft: ActivityDraft
    customer_id: int | None
    product_id: int | None
    title: str
    category: str


def _customers(shop: Shop, drafts: Sequence[ActivityDraft]) -> list[int | None]:
    """Who each draft says it was; None for an anonymous visitor and for somebody nobody knows."""
    found = match_many(shop, [draft.keys for draft in drafts])
    became = living(shop, filter(None, (draft.customer_id for draft in drafts)))
    given = [became.get(draft.customer_id, draft.customer_id) if draft.customer_id else None for draft in drafts]
    named = {pk for pk in given if pk is not None}
    alive = set(Customer.objects.of(shop).alive().filter(pk__in=named).values_list("pk", flat=True)) if named else set()
    return [
        pk if pk in alive else found[place] for place, pk in enumerate(given)
    ]  # fmt: skip


def _rows(
    shop: Shop, drafts: Sequence[ActivityDraft], customers: Sequence[int | None], ensured: Sequence[int | None]
) -> list[_Row]:
    """The drafts with their products, and with what the product is called where the draft does not say."""
    wanted = {draft.product_id for draft in drafts if draft.product_id} | {pk for pk in ensured if pk}
    called = _called(shop, wanted)
    rows = []
    for draft, customer_id, product_id in zip(drafts, customers, ensured, strict=True):
        product = draft.product_id if draft.product_id in called else product_id
        name, category = called[product] if product else (draft.product.sku or draft.product.external_id, "")
        rows.append(_Row(draft, customer_id, product, draft.title or name, draft.category or category))
    return rows


def _called(shop: Shop, ids: Iterable[int]) -> dict[int | None, tuple[str, str]]:
    """Name and category of the shop's products among these."""
    ids = set(ids)
    if not ids:
        return {}
    products = Product.objects.of(shop).filter(pk__in=ids).values_list("pk", "name", "category")
    return {pk: (name, category) for pk, name, category in products}


def _insert(shop: Shop, rows: Iterable[_Row], source: str) -> dict[int, int | None]:
    """Write what was not delivered before; the new rows, and whose they are: a customer or None.

    In the order of the ids, so that two deliveries of the same rows never wait for each other in a circle.
    """
    rows = sorted(rows, key=lambda row: row.draft.source_id)
    columns: list[list[Any]] = [
        [row.draft.at for row in rows],
        [row.customer_id for row in rows],
        [row.product_id for row in rows],
        [int(row.draft.kind) for row in rows],
        [row.draft.source_id for row in rows],
        [row.draft.visitor for row in rows],
        [row.title for row in rows],
        [row.category for row in rows],
        [row.draft.url for row in rows],
    ]
    if not rows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalog_activity (shop_id, source, begins_visit, "
            "at, customer_id, product_id, kind, source_id, visitor, title, category, url) "
            "SELECT %s, %s, false, * FROM unnest(%s::timestamptz[], %s::bigint[], %s::bigint[], %s::smallint[], "
            "%s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) "
            "ON CONFLICT DO NOTHING RETURNING id, customer_id",
            [shop.pk, source, *columns],
        )
        return dict(cursor.fetchall())


def _claim(shop: Shop, rows: Iterable[_Row]) -> dict[int, int]:
    """Give visitors who turned out to be customers what they did before; which rows, and to whom."""
    first: dict[str, tuple[datetime, int]] = {}
    for row in rows:
        if row.customer_id and row.draft.visitor:
            known = (row.draft.at, row.customer_id)
            first[row.draft.visitor] = min(known, first.get(row.draft.visitor, known))
    if not first:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalog_activity a SET customer_id = w.customer_id FROM ("
            "SELECT a.id, k.customer_id FROM unnest(%s::text[], %s::timestamptz[], %s::bigint[]) "
            "AS k (visitor, at, customer_id) JOIN catalog_activity a ON a.shop_id = %s AND a.visitor = k.visitor "
            "AND a.customer_id IS NULL AND a.visitor <> '' "
            "AND a.at <= k.at AND a.at > k.at - make_interval(days => %s) "
            "ORDER BY a.id LIMIT %s FOR UPDATE OF a) AS w "
            "WHERE a.shop_id = %s AND a.id = w.id AND a.customer_id IS NULL RETURNING a.id, a.customer_id",
            [
                list(first), [at for at, _pk in first.values()], [pk for _at, pk in first.values()],
                shop.pk, CLAIMED_DAYS, MOST_CLAIMED, shop.pk,
            ],
        )  # fmt: skip
        return dict(cursor.fetchall())

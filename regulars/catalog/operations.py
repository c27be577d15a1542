"""What can be done with products."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import connection

from regulars.catalog.footprints import keep_added
from regulars.catalog.models import Product
from regulars.kit.planning import planned_once
from regulars.shops.models import Shop


class ProductFacts(NamedTuple):
    """What an order line or a view says of a product.

    Channel and external_id name it where they are given, else the sku. Category and picture are for new ones.
    """

    channel: str = ""
    external_id: str = ""
    sku: str = ""
    name: str = ""
    category: str = ""
    image_url: str = ""


Key = tuple[str, str, str]


def ensure_products(
    shop: Shop,
    products: Sequence[ProductFacts | tuple[str, str, str, str]],
    *,
    adds: bool = True,
    batch_id: int | None = None,
) -> list[int | None]:
    """The product of each line, adding those the shop does not know; None for a line that names none.

    A product is known by its channel's external id, or by its sku when it has none (then by the oldest with it).
    Known products are not changed. adds: False for whoever may not fill the catalog: then None for unknown ones, too.
    A handful of queries, however many lines. batch_id: whoever is taken back takes along what they added.
    """
    facts = [ProductFacts(*one) for one in products]
    wanted = _wanted(facts)
    known = known_products(shop, wanted)
    new = [one for key, one in wanted.items() if key not in known] if adds else []
    if new:
        _add(shop, new)
        added = known_products(shop, [key_of(one) for one in new])
        known |= added
        if batch_id is not None:
            keep_added(shop, batch_id, set(added.values()))
    return [known.get(key_of(one)) if one.external_id or one.sku else None for one in facts]


def _wanted(facts: Iterable[ProductFacts]) -> dict[Key, ProductFacts]:
    """Each product once, by the first that names it; what that one leaves out is taken from the following."""
    wanted: dict[Key, ProductFacts] = {}
    for one in facts:
        if not (one.external_id or one.sku):
            continue
        known = wanted.setdefault(key_of(one), one)
        if known != one and "" in known:
            wanted[key_of(one)] = ProductFacts(*(mine or its for mine, its in zip(known, one, strict=True)))
    return wanted


def key_of(one: ProductFacts) -> Key:
    """What a product is recognised by."""
    return (one.channel, one.external_id, "") if one.external_id else ("", "", one.sku)


def known_products(shop: Shop, keys: Iterable[Key]) -> dict[Key, int]:
    """The products that are here already, by `key_of`; two queries at most."""
    keys = list(keys)
    by_name = [key[:2] for key in keys if key[1]]
    by_sku = [key[2] for key in keys if key[2]]
    known: dict[Key, int] = {}
    if by_name:
        known |= {(channel, name, ""): pk for pk, channel, name in _named(shop, by_name)}
    if by_sku:
        known |= {("", "", sku): pk for pk, sku in _with_sku(shop, by_sku)}
    return known


# By hand: building these two statements with the ORM would cost more than asking them.
def _named(shop: Shop, names: list[tuple[str, str]]) -> list[tuple[int, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, p.channel, p.external_id FROM unnest(%s::text[], %s::text[]) AS w (channel, external_id) "
            "JOIN catalog_product p ON p.shop_id = %s AND p.channel = w.channel AND p.external_id = w.external_id "
            "AND p.external_id <> ''",
            [[channel for channel, _ in names], [name for _, name in names], shop.pk],
        )
        return cursor.fetchall()


def _with_sku(shop: Shop, skus: list[str]) -> list[tuple[int, str]]:
    with planned_once(len(skus)) as cursor:
        cursor.execute(
            "SELECT min(id), sku FROM catalog_product WHERE shop_id = %s AND sku = ANY(%s::text[]) AND sku <> '' "
            "GROUP BY sku",
            [shop.pk, skus],
        )
        return cursor.fetchall()


def _add(shop: Shop, products: Iterable[ProductFacts]) -> None:
    """Add products, in one order for all writers; one that somebody else added meanwhile is left as it is."""
    rows = [
        Product(
            shop=shop, channel=one.channel[:40], external_id=one.external_id[:100], sku=one.sku[:80],
            name=one.name[:300] or one.sku or one.external_id, category=one.category[:120],
            image_url=one.image_url[:500],
        )
        for one in sorted(products)
    ]  # fmt: skip
    Product.objects.bulk_create(rows, ignore_conflicts=True)

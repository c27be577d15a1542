"""Products as a list of the shop's goods tells of them: added where they are new, brought up to date where known."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import connection, transaction

from regulars.catalog.footprints import keep_added, keep_changed
from regulars.catalog.models import Product
from regulars.catalog.operations import Key, ProductFacts, key_of, known_products
from regulars.shops.models import Shop

Policy = Literal["overwrite", "fill_empty", "leave"]

CLEARABLE: dict[str, Any] = {"category": "", "image_url": "", "tags": [], "price": None}
"""Columns that a list may empty in so many words, and what that leaves."""

_EMPTY: tuple[Any, ...] = (None, "", [])


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """What a list says of one product; None and "" say nothing.

    facts: what it is known by, name, category, picture. price: minor units of the shop's currency. tags: all it has.
    clears: names of CLEARABLE that are to be emptied.
    """

    facts: ProductFacts
    tags: tuple[str, ...] | None = None
    price: int | None = None
    is_service: bool | None = None
    clears: frozenset[str] = frozenset()

    def columns(self) -> dict[str, Any]:
        """Product column → value, for all that is said."""
        facts = self.facts
        said: dict[str, Any] = {
            "sku": facts.sku[:80], "name": facts.name[:300], "category": facts.category[:120],
            "image_url": facts.image_url[:500],
        }  # fmt: skip
        if facts.external_id:
            said |= {"channel": facts.channel[:40], "external_id": facts.external_id[:100]}
        said = {column: value for column, value in said.items() if value}
        if self.tags is not None:
            said["tags"] = list(self.tags)
        if self.price is not None:
            said["price"] = self.price
        if self.is_service is not None:
            said["is_service"] = self.is_service
        return said | {name: CLEARABLE[name] for name in self.clears}


@dataclass(slots=True)
class Saved:
    """What became of one draft: columns as column → (old, new), empty when nothing changed."""

    is_new: bool = False
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)


@transaction.atomic(savepoint=False)
def save_products(
    shop: Shop, drafts: Sequence[ProductDraft], *, policy: Policy = "overwrite", batch_id: int | None = None
) -> list[Saved]:
    """Add and change products, an answer for each draft in its order; drafts must have an outside id or a SKU.

    A product is known by its channel's outside id, or by its SKU when it has none. One that only order lines or views
    spoke of, by its SKU, gets the outside id of the first draft with that SKU. policy: what becomes of known products:
    the draft wins, it only fills what is empty, or they stay as they are. A handful of queries, however many; one list
    of a shop at a time. batch_id: what the whole can be taken back by.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"products:{shop.pk}"])
    shelf = _Shelf(shop, [draft.facts for draft in drafts])
    saved = [shelf.put(draft, policy) for draft in drafts]
    shelf.write()
    if batch_id is not None:
        shelf.keep(batch_id)
    return saved


class _Shelf:
    """The products that drafts speak of, in memory until `write`."""

    def __init__(self, shop: Shop, facts: Sequence[ProductFacts]) -> None:
        self._shop = shop
        ids = known_products(shop, {key_of(one) for one in facts})
        spoken_of = {one.sku for one in facts if one.external_id and one.sku and key_of(one) not in ids}
        nameless = Product.objects.of(shop).filter(sku__in=spoken_of, external_id="").order_by("-pk")
        by_sku = {sku: pk for pk, sku in nameless.values_list("pk", "sku")}
        rows = Product.objects.of(shop).filter(pk__in={*ids.values(), *by_sku.values()})
        held = {row.pk: row for row in rows.select_for_update(of=("self",)).order_by("pk")}
        self._known: dict[Key, Product] = {key: held[pk] for key, pk in ids.items()}
        self._nameless = {sku: held[pk] for sku, pk in by_sku.items()}
        self._new: list[Product] = []
        self._changed: dict[int, Product] = {}
        self._columns: set[str] = set()
        self._changes: dict[int, dict[str, tuple[Any, Any]]] = defaultdict(dict)

    def put(self, draft: ProductDraft, policy: Policy) -> Saved:
        key, columns = key_of(draft.facts), draft.columns()
        product = self._known.get(key) or (self._nameless.pop(draft.facts.sku, None) if key[1] else None)
        if product is None:
            return self._add(draft, columns)
        self._known[key] = product
        if policy == "leave":
            return Saved()
        changes = {
            column: (old, new)
            for column, new in columns.items()
            if (old := getattr(product, column)) != new and not (policy == "fill_empty" and old not in _EMPTY)
        }
        for column, (_old, new) in changes.items():
            setattr(product, column, new)
        if changes and product.pk:
            self._changed[product.pk] = product
            self._columns |= changes.keys()
            of_it = self._changes[product.pk]
            of_it |= {
                column: (of_it[column][0] if column in of_it else old, new) for column, (old, new) in changes.items()
            }
        return Saved(changes=changes)

    def _add(self, draft: ProductDraft, columns: dict[str, Any]) -> Saved:
        facts = draft.facts
        product = Product(shop=self._shop, **({"name": (facts.sku or facts.external_id)[:300]} | columns))
        self._new.append(product)
        self._known[key_of(facts)] = product
        if facts.sku:
            self._known.setdefault(("", "", facts.sku), product)
        return Saved(is_new=True)

    def write(self) -> None:
        Product.objects.bulk_create(self._new)
        _update(self._changed.values(), self._columns)

    def keep(self, batch_id: int) -> None:
        """Remember what was written, and what stood there."""
        keep_added(self._shop, batch_id, [product.pk for product in self._new])
        keep_changed(self._shop, batch_id, self._changes)


def _update(products: Iterable[Product], columns: set[str]) -> None:
    if columns:
        Product.objects.bulk_update(list(products), sorted(columns), batch_size=1000)

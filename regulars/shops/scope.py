"""Every shop is alone: the base of all shop-owned tables.

Django sees an ordinary `id` from one sequence. The table's own key is `(shop_id, id)` and foreign keys are
`(shop_id, x_id) → (shop_id, id)`, put there by `kit.keys.ComposeKeys` in a migration. So a row of one shop cannot point
at a row of another, and every table can be distributed by `shop_id` (docs/decisions/0002-keys.md).
"""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.sql.where import AND, WhereNode


class ShopQuerySet(models.QuerySet):
    """Rows of shop-owned tables; every sentence starts with `.of(shop)`."""

    def of(self, shop: "models.Model | int") -> Self:
        """Rows of one shop (the object or its id)."""
        return self.filter(shop_id=shop if isinstance(shop, int) else shop.pk)


class ShopForeignKey(models.ForeignKey):
    """A reference inside one shop: joins, reverse managers and forward access compare `shop_id` too.

    No index of its own: an index on shop-owned tables begins with `shop`, so the model names it.
    """

    is_composite = True  # kit.keys.ComposeKeys puts the real constraint on the table

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs.setdefault("db_constraint", False)
        kwargs.setdefault("db_index", False)
        super().__init__(to, on_delete, **kwargs)

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> Any:
        here: Any = self.model._meta.get_field("shop")
        there: Any = self.related_model._meta.get_field("shop")
        return WhereNode([here.get_lookup("exact")(here.get_col(related_alias), there.get_col(alias))], connector=AND)

    def get_extra_descriptor_filter(self, instance: models.Model) -> dict[str, Any]:
        return {"shop_id": instance.shop_id}  # type: ignore[attr-defined]


class ShopModel(models.Model):
    """A row that belongs to one shop and never moves to another."""

    id = models.BigAutoField(primary_key=True)
    # the constraint comes from kit.keys.ComposeKeys, where no other reference makes sure of the shop already
    shop = models.ForeignKey("shops.Shop", models.PROTECT, db_index=False, db_constraint=False, related_name="+")

    objects: ClassVar[Any] = ShopQuerySet.as_manager()

    class Meta:
        abstract = True

    def _do_update(
        self, base_qs: Any, using: Any, pk_val: Any, values: Any, update_fields: Any, forced_update: Any, *rest: Any
    ) -> Any:
        values = [value for value in values if value[0].attname != "shop_id"]
        base_qs = base_qs.filter(shop_id=self.shop_id)
        return super()._do_update(base_qs, using, pk_val, values, update_fields, forced_update, *rest)  # type: ignore[misc]

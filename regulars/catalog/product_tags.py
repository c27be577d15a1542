"""The tags of a product as a parameter of events; unlike those of customers they are stored by name."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Func, Q, TextField
from django.utils.translation import gettext_lazy as _

from regulars.catalog.models import Product
from regulars.kit.query import Context, Op
from regulars.kit.query.fields import Row
from regulars.kit.query.kinds import Tags


class ProductTags(Tags):
    """Tags of the product that a row points at, if it points at one."""

    def __init__(self, column: str = "product__tags") -> None:
        super().__init__("tag", _("Product tag"), column=column, aliases=["tags"], of=_known)

    def empty_q(self) -> Q:
        return super().empty_q() | Q(**{f"{self.column}__isnull": True})

    def test(self, op: Op, row: Row, values: list[Any], ctx: Context) -> bool:
        return row[self.column] is not None and super().test(op, row, values, ctx)

    def value(self, row: Row, ctx: Context) -> list[str] | None:
        return row[self.column] or None


def _known(ctx: Context) -> Iterable[tuple[Any, str]]:
    """All tags that products of the shop have."""
    tags = Product.objects.of(ctx.shop_id).annotate(tag=Func("tags", function="unnest", output_field=TextField()))
    return [(tag, tag) for tag in tags.values_list("tag", flat=True).distinct().order_by("tag")]

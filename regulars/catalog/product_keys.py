"""The product of a row, named by our id or by what its channel calls it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from regulars.catalog.models import Product
from regulars.kit.query import Context
from regulars.kit.query.kinds_linked import Keyed

_LONGEST = 18
"""Digits of the largest id that a column holds."""


class ProductKey(Keyed):
    """Which product a row points at, if it points at one. A channel's id is tried before ours."""

    def __init__(self, column: str = "product_id") -> None:
        super().__init__("id", _("Product id"), column=column, find=find_products, nullable=True)


def find_products(ctx: Context, keys: Sequence[str]) -> Mapping[str, Sequence[int]]:
    """The ids of the products that each key means; several where channels use one id for different products."""
    products, found = Product.objects.of(ctx.shop_id), defaultdict[str, list[int]](list)
    for external_id, pk in (
        products.filter(external_id__in=keys).exclude(external_id="").values_list("external_id", "pk")
    ):
        found[external_id].append(pk)
    own = {
        int(key): key for key in keys if key not in found and key.isascii() and key.isdigit() and len(key) <= _LONGEST
    }
    for pk in products.filter(pk__in=own).values_list("pk", flat=True):
        found[own[pk]].append(pk)
    return found

"""Visits and viewed products out of rows: one row, one activity."""

from collections.abc import Mapping
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from regulars.catalog.activity import read_activity
from regulars.customers.drafts import Problem
from regulars.kit.dates import read_moment
from regulars.kit.errors import BadValue
from regulars.shops.models import Shop
from regulars.transfer.options import Options
from regulars.transfer.own_ids import read_own_id
from regulars.transfer.reading import Row
from regulars.transfer.rows import Cells, Ready, digest_of

_CUSTOMER = {"external_id": "external_id", "channel": "channel", "email": "email", "phone": "phone"}
_PRODUCT = {
    "product_id": "external_id",
    "sku": "sku",
    "product": "name",
    "category": "category",
    "image_url": "image_url",
}
_COLUMNS = (
    {f"customer.{theirs}": ours for ours, theirs in _CUSTOMER.items()}
    | {f"product.{theirs}": ours for ours, theirs in _PRODUCT.items()}
    | {"id": "activity_id", "product": "product", "customer": "email"}
)
"""What the reader of activity calls a value → the column that brought it."""


class ActivityRows:
    """A row that does not say what was done is a viewed product when it names one, else a visit."""

    groups = False

    def __init__(self, shop: Shop, options: Options, source: str) -> None:
        self._shop, self._options, self._cells = shop, options, Cells(options)
        self._country = options.defaults.get("country") or shop.country
        self._now = now()

    def same_record(self, first: Row, following: Row) -> bool:
        return False

    def record(self, rows: list[Row]) -> Ready:
        cells = self._cells.of(rows[0])
        try:
            draft = read_activity(self._raw(cells), now=self._now, country=self._country, tz=self._shop.timezone)
        except BadValue as error:
            column = _COLUMNS.get(error.field, error.field)
            return Ready(rows, None, [Problem(column, str(error.value), error.reason, fatal=True)])
        return Ready(rows, draft, self._cells.problems)

    def _raw(self, cells: Mapping[str, str]) -> dict[str, Any]:
        """The row as `catalog.activity` reads it; known again by its id, or by all that stands in it."""
        product = {theirs: cells[ours] for ours, theirs in _PRODUCT.items() if ours in cells}
        if "product_id" in cells:
            product["channel"] = cells.get("channel") or self._options.layout.channel or "import"
        customer = {theirs: cells[ours] for ours, theirs in _CUSTOMER.items() if ours in cells}
        if own := read_own_id(cells.get("regulars_id", ""), self._shop.pk):
            customer["id"] = str(own)
        return {
            "id": cells.get("activity_id") or digest_of(cells),
            "type": cells.get("type", "").strip().lower().replace(" ", "_") or self._usual_type(cells, product),
            "at": self._at(cells),
            "customer": customer,
            "visitor": cells.get("visitor"),
            "product": product,
            "category": cells.get("category"),
            "collection": cells.get("collection"),
            "url": cells.get("url"),
        }

    def _usual_type(self, cells: Mapping[str, str], product: Mapping[str, str]) -> str:
        if product.keys() & {"external_id", "sku", "name"}:
            return "product_viewed"
        return "collection_viewed" if cells.get("collection") else "visit"

    def _at(self, cells: Mapping[str, str]) -> str:
        written = cells.get("at", "").strip()
        if not written:
            raise BadValue(_("An activity needs the time when it was."), field="at")
        try:
            return read_moment(written, self._shop.timezone, self._options.day_order).isoformat()
        except BadValue as error:
            raise error.for_field("at") from None

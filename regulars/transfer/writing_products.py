"""A batch of products into the shop, or tried and taken back."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from regulars.catalog.products import save_products
from regulars.events.record import Actor
from regulars.shops.models import Shop
from regulars.transfer.figures import Figures
from regulars.transfer.options import Options
from regulars.transfer.rows import Ready, Rejected

_FIELDS = {"external_id": "product_id", "is_service": "service"}
_NOTHING: tuple[Any, ...] = (None, "", [], False)


class ProductWriter:
    """Writes batches of one import, each inside the caller's transaction."""

    def __init__(self, shop: Shop, options: Options, by: Actor, batch_id: int | None) -> None:
        self._shop, self._options, self._batch_id = shop, options, batch_id

    def write(self, ready: Sequence[Ready], figures: Figures) -> list[Rejected]:
        """Add what is new, change what is known; every draft can be kept."""
        drafts = [one.record for one in ready]
        for saved in save_products(self._shop, drafts, policy=self._options.policy, batch_id=self._batch_id):
            figures.created += saved.is_new
            figures.updated += not saved.is_new and bool(saved.changes)
            figures.unchanged += not saved.is_new and not saved.changes
            figures.changed.update(_FIELDS.get(column, column) for column in saved.changes)
            figures.replaced.update(
                _FIELDS.get(column, column)
                for column, (old, _new) in saved.changes.items()
                if old not in _NOTHING
            )  # fmt: skip
        return []


class ProductTrial(ProductWriter):
    """Saves each batch and takes it back: so the figures are those of the import, and nothing stays."""

    def __init__(self, shop: Shop, options: Options) -> None:
        super().__init__(shop, options, Actor.system(), None)

    def write(self, ready: Sequence[Ready], figures: Figures) -> list[Rejected]:
        with transaction.atomic():
            bad = super().write(ready, figures)
            transaction.set_rollback(True)
        return bad

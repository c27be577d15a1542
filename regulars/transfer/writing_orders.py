"""A batch of orders into the shop, or tried and taken back."""

from collections.abc import Sequence

from django.db import transaction

from regulars.events.record import Actor
from regulars.kit.errors import BadValue
from regulars.orders.recording import reader_for, record_orders
from regulars.shops.models import Shop
from regulars.transfer.figures import Figures
from regulars.transfer.options import Options
from regulars.transfer.rows import Ready, Rejected, rejections

_FIELDS = {"external_id": "order_id", "channel": "order_channel"}


class OrderWriter:
    """Writes batches of one import, each inside the caller's transaction."""

    def __init__(self, shop: Shop, options: Options, by: Actor, batch_id: int | None) -> None:
        self._shop, self._options, self._by, self._batch_id = shop, options, by, batch_id

    def write(self, ready: Sequence[Ready], figures: Figures) -> list[Rejected]:
        """Record the orders that can be orders; the others come back as rejected rows."""
        good, bad = self._sorted(ready)
        if good:
            facts = [one.record for one in good]
            for outcome in record_orders(self._shop, facts, by=self._by, batch_id=self._batch_id):
                if outcome.result == "created":
                    figures.created += 1
                elif outcome.result == "changed":
                    figures.updated += 1
                else:
                    figures.unchanged += 1
        figures.rejected += len(ready) - len(good)
        figures.reject(bad)
        return bad

    def _sorted(self, ready: Sequence[Ready]) -> tuple[list[Ready], list[Rejected]]:
        """Read each order on its own first: one that cannot be recorded must not stop the others."""
        good: list[Ready] = []
        bad: list[Rejected] = []
        reader = reader_for(self._shop, [one.record for one in ready], by=self._by)
        for one in ready:
            try:
                reader.order(one.record)
            except BadValue as error:
                column = _FIELDS.get(error.field, error.field)
                bad += rejections(one.rows, column, str(error.value), error.reason, self._options)
            else:
                good.append(one)
        return good, bad


class OrderTrial(OrderWriter):
    """Records each batch and takes it back: so the figures are those of the import, and nothing stays."""

    def __init__(self, shop: Shop, options: Options) -> None:
        super().__init__(shop, options, Actor.system(), None)

    def write(self, ready: Sequence[Ready], figures: Figures) -> list[Rejected]:
        with transaction.atomic():
            bad = super().write(ready, figures)
            transaction.set_rollback(True)
        return bad

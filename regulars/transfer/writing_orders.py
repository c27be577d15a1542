"""A batch of orders into the shop, or tried and taken back."""

from collections.abc import Sequence

from django.db import transaction

from regulars.events.record import Actor
from regulars.kit.errors import BadValue
from regulars.orders.locks import lock_orders
from regulars.orders.reading import Reader, ReadOrder
from regulars.orders.recording import reader_for, record_read
from regulars.shops.models import Shop
from regulars.transfer.figures import Figures, Outcome
from regulars.transfer.options import Options
from regulars.transfer.rows import Ready, Rejected, rejections

_FIGURES = {"created": "created", "changed": "updated", "unchanged": "unchanged"}
_OUTCOMES: dict[str, Outcome] = {"created": "new", "updated": "changed", "unchanged": "unchanged"}
_FIELDS = {"external_id": "order_id", "channel": "order_channel", "quantity": "line_quantity"}


class OrderWriter:
    """Writes batches of one import, each inside the caller's transaction."""

    def __init__(self, shop: Shop, options: Options, by: Actor, batch_id: int | None) -> None:
        self._shop, self._options, self._by, self._batch_id = shop, options, by, batch_id

    def write(self, ready: Sequence[Ready], figures: Figures) -> list[Rejected]:
        """Record the orders that can be orders; the rows of the others are the answer."""
        reader = reader_for(self._shop, [one.record.channel for one in ready], by=self._by)
        read, bad = self._read(reader, ready)
        lock_orders(self._shop.pk, [order.key for order, _one in read])
        outcomes = record_read(reader, [order for order, _one in read], by=self._by, batch_id=self._batch_id)
        for outcome, (_order, one) in zip(outcomes, read, strict=True):
            name = _FIGURES[outcome.result]
            setattr(figures, name, getattr(figures, name) + 1)
            figures.see(_OUTCOMES[name], one)
        figures.rejected += len(ready) - len(read)
        figures.reject(bad)
        return bad

    def _read(self, reader: Reader, ready: Sequence[Ready]) -> tuple[list[tuple[ReadOrder, Ready]], list[Rejected]]:
        """Each order on its own: one that cannot be recorded must not stop the others."""
        read: list[tuple[ReadOrder, Ready]] = []
        bad: list[Rejected] = []
        for one in ready:
            try:
                read.append((reader.order(one.record), one))
            except BadValue as error:
                column = _FIELDS.get(error.field, error.field)
                bad += rejections(one.rows, column, str(error.value), error.reason, self._options)
        return read, bad


class OrderTrial(OrderWriter):
    """Records each batch and takes it back: so the figures are those of the import, and nothing stays."""

    def __init__(self, shop: Shop, options: Options) -> None:
        super().__init__(shop, options, Actor.system(), None)

    def write(self, ready: Sequence[Ready], figures: Figures) -> list[Rejected]:
        with transaction.atomic():
            bad = super().write(ready, figures)
            transaction.set_rollback(True)
        return bad

"""The kinds of files that can be brought in: what makes records of their rows, and what writes these."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from regulars.transfer.activity_rows import ActivityRows
from regulars.transfer.detail_rows import ConsentRows, NoteRows
from regulars.transfer.figures import Figures
from regulars.transfer.options import Options
from regulars.transfer.order_rows import OrderRows
from regulars.transfer.points_rows import PointsRows
from regulars.transfer.product_rows import ProductRows
from regulars.transfer.rows import CustomerRows, Ready, RecordMaker, Rejected
from regulars.transfer.writing_activity import ActivityTrial, ActivityWriter
from regulars.transfer.writing_customers import CustomerTrial, CustomerWriter, make_ready
from regulars.transfer.writing_details import DetailTrial, DetailWriter
from regulars.transfer.writing_orders import OrderTrial, OrderWriter
from regulars.transfer.writing_points import PointsTrial, PointsWriter
from regulars.transfer.writing_products import ProductTrial, ProductWriter


class Writer(Protocol):
    """Writes batches of records and counts what came of them."""

    def write(self, ready: Sequence[Ready], figures: Figures) -> list[Rejected]:
        """Answers the rows that were not taken after all."""


@dataclass(frozen=True, slots=True)
class Kind:
    """batch: records of one transaction. can_undo: whether an import can be taken back.

    ahead: what is done with records before it is their turn to be written; it asks no database.
    """

    rows: Callable[..., RecordMaker]
    writer: Callable[..., Writer]
    trial: Callable[..., Writer]
    batch: int
    can_undo: bool = False
    ahead: Callable[[Sequence[Ready], Options], None] = lambda _ready, _options: None


KINDS: dict[str, Kind] = {
    "customers": Kind(CustomerRows, CustomerWriter, CustomerTrial, 6000, can_undo=True, ahead=make_ready),
    "orders": Kind(OrderRows, OrderWriter, OrderTrial, 2000, can_undo=True),
    "products": Kind(ProductRows, ProductWriter, ProductTrial, 2000, can_undo=True),
    "activity": Kind(ActivityRows, ActivityWriter, ActivityTrial, 5000, can_undo=True),
    "notes": Kind(NoteRows, DetailWriter, DetailTrial, 5000, can_undo=True),
    "consents": Kind(ConsentRows, DetailWriter, DetailTrial, 5000, can_undo=True),
    "points": Kind(PointsRows, PointsWriter, PointsTrial, 5000, can_undo=True),
}

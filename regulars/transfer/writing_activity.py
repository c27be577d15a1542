"""A batch of activity into the shop, or tried and taken back."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from regulars.catalog.activity import record_activity
from regulars.events.record import Actor
from regulars.shops.models import Shop
from regulars.transfer.figures import Figures
from regulars.transfer.options import Options
from regulars.transfer.rows import Ready, Rejected, rejections

SOURCE = "import"
"""One feed for all files: a row that stands in two of them counts once."""


class ActivityWriter:
    """Writes batches of one import, each inside the caller's transaction."""

    def __init__(self, shop: Shop, options: Options, by: Actor, batch_id: int | None) -> None:
        self._shop, self._options, self._by, self._batch_id = shop, options, by, batch_id

    def write(self, ready: Sequence[Ready], figures: Figures) -> list[Rejected]:
        """Record what was not there; the rows of customers whom nobody knows are the answer."""
        drafts = [one.record for one in ready]
        result = record_activity(self._shop, drafts, by=self._by, source=SOURCE, batch_id=self._batch_id)
        reason = _("Nobody here has this address, number or ID: import the customers first.")
        bad = [
            rejected
            for place in result.unknown_places
            for rejected in rejections(ready[place].rows, "", "", reason, self._options)
        ]
        figures.created += result.accepted
        figures.unchanged += result.duplicates
        figures.rejected += result.unknown_customers
        figures.reject(bad)
        return bad


class ActivityTrial(ActivityWriter):
    """Records each batch and takes it back: so the figures are those of the import, and nothing stays."""

    def __init__(self, shop: Shop, options: Options) -> None:
        super().__init__(shop, options, Actor.system(), None)

    def write(self, ready: Sequence[Ready], figures: Figures) -> list[Rejected]:
        with transaction.atomic():
            bad = super().write(ready, figures)
            transaction.set_rollback(True)
        return bad

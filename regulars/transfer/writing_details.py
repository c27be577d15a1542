"""A batch of notes or of words on marketing into the shop, or only held against it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from regulars.customers.bulk import apply_changes, plan_changes
from regulars.customers.matching import match_many
from regulars.events.record import Actor
from regulars.shops.models import Shop
from regulars.transfer.figures import Figures
from regulars.transfer.options import Options
from regulars.transfer.rows import Ready, Rejected, rejections
from regulars.transfer.writing_customers import alive_among


def whose(shop: Shop, options: Options, ready: Sequence[Ready]) -> list[int | None]:
    """The customer whom each row is about: whom our own export says it is, else whom its keys find."""
    found = match_many(shop, [one.record.keys for one in ready], options.match)
    here = alive_among(shop, ready)
    return [one.customer_id if one.customer_id in here else pk for one, pk in zip(ready, found, strict=True)]


def strangers(ready: Sequence[Ready], figures: Figures, options: Options) -> list[Rejected]:
    """The rows of people whom nobody knows, counted as rejected."""
    reason = _("Nobody here has this address, number or ID: import the customers first.")
    bad = [rejected for one in ready for rejected in rejections(one.rows, "", "", reason, options)]
    figures.rejected += len(ready)
    figures.reject(bad)
    return bad


class DetailTrial:
    """Says what `DetailWriter` would do, and writes nothing."""

    def __init__(self, shop: Shop, options: Options) -> None:
        self._shop, self._options = shop, options

    def write(self, ready: Sequence[Ready], figures: Figures) -> list[Rejected]:
        """Count what is new; the rows of customers whom nobody knows are the answer."""
        found = whose(self._shop, self._options, ready)
        known = [(pk, one) for pk, one in zip(found, ready, strict=True) if pk is not None]
        self._plan(known, figures, for_update=False)
        return strangers([one for pk, one in zip(found, ready, strict=True) if pk is None], figures, self._options)

    def _plan(self, known: list[tuple[int, Ready]], figures: Figures, *, for_update: bool) -> list:
        drafts = [(pk, one.record.draft) for pk, one in known]
        changes = plan_changes(self._shop, drafts, for_update=for_update)
        new = sum(not change.is_empty for change in changes)
        figures.created += new
        figures.unchanged += len(known) - new
        return changes


class DetailWriter(DetailTrial):
    """Writes batches of one import, each inside the caller's transaction."""

    def __init__(self, shop: Shop, options: Options, by: Actor, batch_id: int) -> None:
        super().__init__(shop, options)
        self._by, self._batch_id = by, batch_id

    def _plan(self, known: list[tuple[int, Ready]], figures: Figures, *, for_update: bool) -> list:
        changes = super()._plan(known, figures, for_update=True)
        apply_changes(self._shop, changes, by=self._by, batch_id=self._batch_id)
        return changes

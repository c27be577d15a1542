"""Is the chain of a shop's export entries as it was written? Changed, missing and added entries are all found.

The hashes need no key: whoever keeps the last number and hash somewhere else can tell with any SHA-256 that everything
before them is whole. Who owns the whole database could write a new chain; against that only such a copy helps.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.timezone import now

from regulars.kit.jobs import every
from regulars.shops.models import Shop
from regulars.transfer.models import ExportChain, ExportEntry
from regulars.transfer.outgoing.entries import hash_of

logger = logging.getLogger(__name__)

AT_A_TIME = 2_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """count: entries that were looked at. since: when the first was written, None without any.

    number, hash: the end of the chain. broken: number of the first entry that is changed, missing or too many.
    """

    count: int
    since: datetime | None
    number: int
    hash: str
    broken: int | None = None

    @property
    def is_whole(self) -> bool:
        return self.broken is None


def verify_chain(shop: Shop) -> Verdict:
    """Compute every hash of a shop's chain again. Exports go on meanwhile; what they add is for the next time."""
    end = ExportChain.objects.of(shop).first() or ExportChain(shop=shop)
    entries = ExportEntry.objects.of(shop)
    count, since, broken = 0, None, None
    before = ""
    for entry in entries.filter(number__lte=end.number).order_by("number").iterator(chunk_size=AT_A_TIME):
        since = since or entry.at
        count += 1
        if not (entry.number == count and entry.previous == before and entry.hash == hash_of(entry)):
            broken = count
            break
        before = entry.hash
    if broken is None and (count, before) != (end.number, end.hash):
        broken = min(count + 1, end.number) or 1
    return Verdict(count, since, end.number, end.hash, broken or _beyond(shop, entries))


def check_chain(shop: Shop) -> Verdict:
    """Verify, and keep what was found for the pages; a broken chain is logged as an error."""
    found = verify_chain(shop)
    ExportChain.objects.of(shop).update(checked_at=now(), broken=found.broken)
    if not found.is_whole:
        logger.error("The export log of shop %s is broken at entry %s.", shop.pk, found.broken)
    return found


@every("41 2 * * *", queue="files")
def check_all_chains() -> None:
    """Check the export log of every shop, each night."""
    for shop in Shop.objects.order_by("pk"):
        check_chain(shop)


def _beyond(shop: Shop, entries: QuerySet) -> int | None:
    """The first entry behind the end, which nobody writes; both are read by one statement, as of one instant."""
    ends = ExportChain.objects.of(shop).values("number")[:1]
    found = entries.filter(number__gt=ends).order_by("number").values_list("number", flat=True).first()
    if found is not None:
        return int(found)
    lost = not ExportChain.objects.of(shop).exists() and entries.exists()
    return 1 if lost else None

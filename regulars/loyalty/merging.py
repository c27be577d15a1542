"""What happens to ledgers when customers become one, and several again."""

from collections.abc import Iterable, Mapping

from regulars.customers.merging import moved_rows, moving
from regulars.customers.merging.links import Link
from regulars.customers.merging.rules import Family, Rule, Trace, rule
from regulars.customers.models import Merge
from regulars.loyalty.models import PointsEntry


class Entries(Rule):
    """Ledgers are put together and both kept. What takes an entry back, or the rest of it that expired, goes with it:
    so also what came since the merge and speaks of an entry that moves."""

    def part(self, link: Link, family: Family, trace: Trace) -> None:
        super().part(link, family, trace)
        _follow(link, family)

    def give(self, link: Link, family: Family, rows: Mapping[int, int]) -> None:
        super().give(link, family, rows)
        _follow(link, family)


def _follow(link: Link, family: Family) -> None:
    """Give entries that speak of another one to whose that is; twice, for what takes back something that does."""
    for _again in range(2):
        for name in ("reverses", "lot"):
            rows = PointsEntry.objects.of(family.shop_id).filter(customer_id__in=family.ids)
            moved = rows.filter(**{f"{name}__isnull": False}).values_list("pk", "customer_id", f"{name}__customer_id")
            moving.give(link, family.shop_id, {pk: whose for pk, has, whose in moved if has != whose})


LINK = "loyalty.PointsEntry.customer_id"
rule(LINK, Entries())


def balances_after(merge: Merge) -> dict[int, int]:
    """What each would have if this merge were taken back now and what came since stayed: customer id → points.

    Less than 0 where points of another were used meanwhile.
    """
    owners = moved_rows(merge, LINK)
    sums = dict.fromkeys([merge.survivor_id, *merge.merged_ids], 0)
    rows = PointsEntry.objects.of(merge.shop_id).filter(customer_id=merge.survivor_id).counted().order_by("pk")
    for pk, points, reverses_id, lot_id in rows.values_list("pk", "points", "reverses_id", "lot_id"):
        owners.setdefault(pk, owners.get(reverses_id or lot_id or 0, merge.survivor_id))
        sums[owners[pk]] += points
    return sums


def whose_before(shop_id: int, customer_ids: Iterable[int]) -> dict[int, int]:
    """Entry id → whose it first was, of entries that came to these customers by merges; mostly there are none."""
    waiting, seen = set(customer_ids), set[int]()
    merges: list[Merge] = []
    while waiting:
        found = list(Merge.objects.of(shop_id).filter(survivor_id__in=waiting, undone_at=None))
        seen |= waiting
        waiting = {pk for one in found for pk in one.merged_ids} - seen
        merges += found
    first: dict[int, int] = {}
    for one in sorted(merges, key=lambda one: one.pk):
        first = moved_rows(one, LINK) | first
    return first

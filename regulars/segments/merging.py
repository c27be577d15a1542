"""What happens to memberships when customers become one, and several again."""

from collections.abc import Mapping

from regulars.customers.merging.links import Link
from regulars.customers.merging.rules import Family, MovesOnce, Rule, Trace, before_merging, rule
from regulars.segments.asking import today_of
from regulars.segments.models import Membership, Segment, SegmentKind
from regulars.segments.moving import Moves, Teller, lock_members, write_moves
from regulars.shops.models import Shop

before_merging(lock_members)


class Memberships(Rule):
    """The survivor is in every static segment one of them was in; live ones ask again (`segments.handlers`).

    Who was merged leaves theirs as everybody in the bin does, and is put back when they are customers again.
    """

    is_derived = True

    def join(self, link: Link, family: Family, chosen: Mapping[str, int]) -> Trace:
        held = dict(
            Membership.objects.of(family.shop_id)
            .filter(customer_id__in=family.ids)
            .values_list("customer_id", "segment_ids")
        )
        mine = set(held.get(family.survivor_id, ()))
        theirs = {pk for other in family.other_ids for pk in held.get(other, ())} - mine
        static = Segment.objects.of(family.shop_id).filter(kind=SegmentKind.STATIC, pk__in=theirs)
        added = sorted(static.values_list("pk", flat=True))
        self._write(family, mine, mine | set(added))
        return {"added": added}

    def part(self, link: Link, family: Family, trace: Trace) -> None:
        rows = Membership.objects.of(family.shop_id).filter(customer_id=family.survivor_id)
        mine = set(rows.values_list("segment_ids", flat=True).first() or ())
        self._write(family, mine, mine - set(trace["added"]))

    def _write(self, family: Family, before: set[int], after: set[int]) -> None:
        moves = Moves()
        moves.compare(family.survivor_id, before, after)
        shop = Shop.objects.get(pk=family.shop_id)
        write_moves(moves, Teller(shop.pk, today_of(shop), family.by))


rule("segments.Membership.customer_id", Memberships())
rule("segments.Override.customer_id", MovesOnce("segment_id"))

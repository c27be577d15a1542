"""What is forgotten of somebody's points: the words. The numbers stay for the books while the row does."""

from collections.abc import Collection

from django.db.models import Q

from regulars.customers.forgetting import before_forgetting
from regulars.customers.models import Merge
from regulars.events.models import Event
from regulars.events.record import Actor
from regulars.loyalty.models import PointsEntry


@before_forgetting
def forget_notes(shop_id: int, customer_ids: Collection[int], by: Actor) -> None:
    """Empty the notes of these customers' entries, on their own rows and on the trails of whom they once were one with.

    An entry that changed hands when a merge was taken back is still told where it was written.
    """
    entries = PointsEntry.objects.of(shop_id).filter(customer_id__in=customer_ids)
    entries.exclude(note="").update(note="")
    merges = Merge.objects.of(shop_id).filter(
        Q(merged_ids__overlap=list(customer_ids)) | Q(survivor_id__in=customer_ids)
    )
    families = merges.values_list("survivor_id", "merged_ids")
    family = {pk for survivor_id, merged_ids in families for pk in (survivor_id, *merged_ids)}
    told = Event.objects.filter(shop_id=shop_id, customer_id__in=family - set(customer_ids), about="points")
    told.filter(about_id__in=entries.values("pk")).update(data={})

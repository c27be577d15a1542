"""What is forgotten of a customer elsewhere than on their own rows: each part of the house says so for itself."""

from collections.abc import Callable, Collection

from regulars.customers.models import Merge
from regulars.events.models import Event
from regulars.events.record import Actor

Forgets = Callable[[int, Collection[int], Actor], None]
_forgetting: list[Forgets] = []


def before_forgetting(forgets: Forgets) -> Forgets:
    """Register `forgets(shop_id, customer_ids, by)`: told while everything is still known of those who are about to be
    erased or removed, in the same transaction and with their rows locked.

    Who needs nothing that is erased listens to "customer.anonymised" and "customer.purged" instead.
    """
    _forgetting.append(forgets)
    return forgets


def forget_elsewhere(shop_id: int, customer_ids: Collection[int], *, by: Actor) -> None:
    """Let every part of the house forget these customers. Doing it again changes nothing."""
    for forgets in _forgetting:
        forgets(shop_id, customer_ids, by)


@before_forgetting
def forget_taken_back_merges(shop_id: int, customer_ids: Collection[int], by: Actor) -> None:
    """Take out of other people's trails what a merge that was taken back had written of these customers."""
    for pk in customer_ids:
        merges = Merge.objects.of(shop_id).filter(merged_ids__contains=[pk]).exclude(survivor_id__in=customer_ids)
        for merge_id, survivor_id in merges.values_list("pk", "survivor_id"):
            told = Event.objects.filter(shop_id=shop_id, customer_id=survivor_id, data__merge=merge_id)
            for event in told.filter(data__has_key="changes"):
                Event.objects.filter(pk=event.pk).update(data=event.data | {"changes": {}})

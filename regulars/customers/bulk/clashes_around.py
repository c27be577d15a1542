"""What stayed around a customer when a batch was taken back: tags, addresses and notes that somebody worked with."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from regulars.customers.models import Address, Customer, Note
from regulars.events.models import Event
from regulars.shops.models import Shop


class Stayed(NamedTuple):
    """What a batch added and what is there now: texts, or ids of tags. column: tag_ids, address or note."""

    customer_id: int
    column: str
    given: Any
    now: Any


def stayed_around(shop: Shop, batch_id: int, undo_id: int | None, customer_ids: Iterable[int]) -> list[Stayed]:
    """What these customers kept of a batch that was taken back. undo_id: the batch of the undoing."""
    events = Event.objects.filter(shop_id=shop.pk, customer_id__in=list(customer_ids))
    ours = events.filter(batch_id=batch_id).order_by("id")
    since = events.filter(Q(batch_id__isnull=True) | ~Q(batch_id__in=[batch_id, undo_id or batch_id]))
    return [*_tags(shop, ours, since), *_addresses(shop, ours), *_notes(shop, ours, since)]


def _tags(shop: Shop, ours: QuerySet, since: QuerySet) -> Iterator[Stayed]:
    """Tags that somebody took off or put on again after the batch had added them."""
    given: dict[int, list[int]] = defaultdict(list)
    for pk, data in ours.filter(kind="customer.tagged").values_list("about_id", "data"):
        given[pk] += data["added"]
    touched: dict[int, set[int]] = defaultdict(set)
    for pk, data in since.filter(kind="customer.tagged", about_id__in=given).values_list("about_id", "data"):
        touched[pk].update(data["added"], data["removed"])
    held = dict(Customer.objects.of(shop).filter(pk__in=touched).values_list("pk", "tag_ids"))
    for pk in sorted(touched):
        if tags := [tag for tag in given[pk] if tag in touched[pk]]:
            yield Stayed(pk, "tag_ids", tags, [tag for tag in tags if tag in held[pk]])


def _addresses(shop: Shop, ours: QuerySet) -> Iterator[Stayed]:
    """Addresses that somebody changed since, or that are the default among several."""
    given = dict(ours.filter(kind="customer.address_added").values_list("about_id", "data"))
    for address in Address.objects.of(shop).filter(pk__in=given).order_by("customer_id", "pk"):
        yield Stayed(address.customer_id, "address", given[address.pk].get("text", ""), str(address))  # type: ignore[attr-defined]


def _notes(shop: Shop, ours: QuerySet, since: QuerySet) -> Iterator[Stayed]:
    """Notes on which somebody wrote on."""
    added = ours.filter(kind="customer.note_added").values_list("about_id", flat=True)
    first: dict[int, str] = {}
    edits = since.filter(kind="customer.note_changed", about="note", about_id__in=added)
    for pk, data in edits.order_by("id").values_list("about_id", "data"):
        first.setdefault(pk, data.get("changes", {}).get("note", [""])[0])
    for note in Note.objects.of(shop).filter(pk__in=added).order_by("customer_id", "pk"):
        yield Stayed(note.customer_id, "note", first.get(note.pk, note.text), note.text)  # type: ignore[attr-defined]

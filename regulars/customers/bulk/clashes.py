"""What stayed when a batch was taken back, because somebody changed it since: both values, to decide by hand."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from regulars.customers.custom import table_columns, unfold
from regulars.customers.models import Customer
from regulars.customers.writing import told
from regulars.events.models import Event
from regulars.shops.models import Shop

MADE = frozenset({"name_key", "phone_kind", "citizen_id_index", "group_by_hand"})


class Clash(NamedTuple):
    """A column of a customer: before the batch, as the batch left it, and as it is now; values as events hold them.

    column "" stands for a customer whom the batch had created, and who stays because something happened to them since.
    """

    customer_id: int
    column: str
    before: Any
    given: Any
    now: Any


def clashes_of(shop: Shop, batch_id: int, customer_ids: Iterable[int]) -> list[Clash]:
    """The clashes of these customers, by id and in the order in which the batch wrote their columns."""
    ids = list(customer_ids)
    pairs, created = _given(shop, batch_id, ids)
    columns = {column for found in pairs.values() for column in found}
    people = Customer.objects.of(shop).alive().filter(pk__in=ids).order_by("pk")
    clashes = []
    for row in people.values("pk", *sorted(table_columns(columns))):
        row = unfold(row, columns)
        if row["pk"] in created:
            clashes.append(Clash(row["pk"], "", None, None, None))
        for column, (before, given) in pairs.get(row["pk"], {}).items():
            now = told(column, row[column])
            if now not in (before, given):
                clashes.append(Clash(row["pk"], column, before, given, now))
    return clashes


def _given(shop: Shop, batch_id: int, ids: list[int]) -> tuple[dict[int, dict[str, list[Any]]], set[int]]:
    """What a batch changed of customers, several changes of one column as one, and whom it created."""
    pairs: dict[int, dict[str, list[Any]]] = defaultdict(dict)
    created = set()
    kinds = ("customer.created", "customer.changed", "customer.consent")
    events = Event.objects.filter(shop_id=shop.pk, batch_id=batch_id, customer_id__in=ids, kind__in=kinds)
    for event in events.order_by("id"):
        assert event.customer_id is not None  # asked for by it
        if event.kind == "customer.created":
            created.add(event.customer_id)
            continue
        for column, (old, new) in event.data.get("changes", {}).items():
            if column not in MADE:
                known = pairs[event.customer_id].setdefault(column, [old, new])
                known[1] = new
    return pairs, created

"""How each kind of customer event is taken back."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from regulars.customers.bulk.applying import Columns, update_columns, write_columns
from regulars.customers.bulk.returning import leave_tags_that_are_gone, leave_what_cannot_come_back, make_room
from regulars.customers.bulk.sets import Retag, delete_many, restore_many, retag
from regulars.customers.bulk.undoing import Outcome, Undoing, held, undoes
from regulars.customers.custom import table_columns, unfold
from regulars.customers.models import Address, ConsentEntry, Customer, Identity, Note
from regulars.customers.search.texts import COLUMNS, write_search_texts
from regulars.customers.writing import SEALED, told
from regulars.events.models import Event
from regulars.events.record import Happening, record_many


@undoes("customer.created")
def remove_created(undoing: Undoing, events: Sequence[Event], outcome: Outcome) -> None:
    """To the bin, unless anything happened to them since that was not this batch, or something of theirs stays."""
    ids = {event.about_id for event in events}
    touched = ids & set(_since(undoing, ids).values_list("customer_id", flat=True))
    touched |= held(undoing, "customer", ids - touched)
    alive = set(Customer.objects.of(undoing.shop).alive().filter(pk__in=ids - touched).values_list("pk", flat=True))
    delete_many(undoing.shop, alive, by=undoing.by, batch_id=undoing.undo_id)
    outcome.removed |= alive
    outcome.conflicts |= touched


@undoes("customer.changed")
def change_back(undoing: Undoing, events: Sequence[Event], outcome: Outcome) -> None:
    """Each column that still has the value the batch gave it."""
    rows = _rows(undoing, events)
    back: dict[int, Columns] = defaultdict(dict)
    for event in events:
        if (row := rows.get(event.about_id)) is None:
            continue
        stays = _moved_on(row, event.data["changes"])
        for column, (old, new) in event.data["changes"].items():
            if told(column, row[column]) == new and column not in stays and not _is_lost(column, old):
                before = back[event.about_id][column][0] if column in back[event.about_id] else row[column]
                back[event.about_id][column] = [before, old]
                row[column] = old
            elif told(column, row[column]) != old:
                outcome.conflicts.add(event.about_id)
    outcome.conflicts |= leave_what_cannot_come_back(undoing.shop, back)
    make_room(undoing.shop, back)
    _forget_citizen_ids(back)
    write_columns(undoing.shop.pk, back, by=undoing.by, at=now(), batch_id=undoing.undo_id)
    renamed = [pk for pk, columns in back.items() if not columns.keys().isdisjoint(COLUMNS)]
    write_search_texts(undoing.shop.pk, renamed)
    outcome.restored |= {pk for pk, columns in back.items() if columns}


@undoes("customer.tagged")
def retag_back(undoing: Undoing, events: Sequence[Event], outcome: Outcome) -> None:
    """The tags nobody has added or removed since."""
    ids = {event.about_id for event in events}
    later: dict[int, set[int]] = defaultdict(set)
    since = _since(undoing, ids).filter(kind="customer.tagged", id__gt=events[-1].pk)
    for customer_id, data in since.values_list("customer_id", "data"):
        later[customer_id].update(data["added"], data["removed"])
    add: dict[int, set[int]] = defaultdict(set)
    remove: dict[int, set[int]] = defaultdict(set)
    for event in events:
        pk = event.about_id
        own_add, own_remove = set(event.data["removed"]), set(event.data["added"])
        if later[pk] & (own_add | own_remove):
            outcome.conflicts.add(pk)
        add[pk] = (add[pk] - own_remove) | own_add
        remove[pk] = (remove[pk] - own_add) | own_remove
    outcome.conflicts |= leave_tags_that_are_gone(undoing.shop, add)
    wanted = [Retag(pk, sorted(add[pk] - later[pk]), sorted(remove[pk] - later[pk])) for pk in sorted(ids)]
    outcome.restored |= _alive(undoing, [one.customer_id for one in wanted if one.add or one.remove])
    retag(undoing.shop.pk, wanted, by=undoing.by, batch_id=undoing.undo_id)


@undoes("customer.deleted")
def bring_back(undoing: Undoing, events: Sequence[Event], outcome: Outcome) -> None:
    """Out of the bin; who cannot come (their address belongs to another by now) is a conflict."""
    ids = {event.about_id for event in events} - _alive(undoing, [event.about_id for event in events])
    restore_many(undoing.shop, ids, by=undoing.by, batch_id=undoing.undo_id)
    came = _alive(undoing, ids)
    outcome.restored |= came
    outcome.conflicts |= ids - came


@undoes("customer.restored")
def delete_again(undoing: Undoing, events: Sequence[Event], outcome: Outcome) -> None:
    """Back to the bin, where they were."""
    ids = _alive(undoing, [event.about_id for event in events])
    delete_many(undoing.shop, ids, by=undoing.by, batch_id=undoing.undo_id)
    outcome.restored |= ids


@undoes("customer.consent")
def unsay(undoing: Undoing, events: Sequence[Event], outcome: Outcome) -> None:
    """The state before, as a new word in the ledger: what stood there is never erased."""
    rows = _rows(undoing, events)
    at, source = now(), _("Undone")
    back: dict[int, Columns] = defaultdict(dict)
    words: list[ConsentEntry] = []
    happened: list[Happening] = []
    for event in events:
        row = rows.get(event.about_id)
        for column, (old, new) in event.data["changes"].items():
            if row is None or old == new:
                continue
            if row[column] != new:
                outcome.conflicts.add(event.about_id)
                continue
            back[event.about_id][column] = [row[column], old]
            row[column] = old
            words.append(
                ConsentEntry(
                    shop_id=undoing.shop.pk, customer_id=event.about_id, channel=column.removeprefix("consent_"),
                    state=old, at=at, source=source,
                )
            )  # fmt: skip
            data = {"changes": {column: [new, old]}, "said": old, "source": source}
            happened.append(Happening("customer.consent", "customer", event.about_id, data=data))
    update_columns(undoing.shop.pk, back, at=at, counts=False)
    ConsentEntry.objects.bulk_create(words)
    record_many(undoing.shop.pk, happened, by=undoing.by, batch_id=undoing.undo_id)
    outcome.restored |= set(back)


@undoes("customer.address_added")
def remove_addresses(undoing: Undoing, events: Sequence[Event], outcome: Outcome) -> None:
    """Unless somebody worked with them since, or they are the default among several."""
    added = Address.objects.of(undoing.shop).filter(pk__in=[event.about_id for event in events])
    touched = Event.objects.filter(
        shop_id=undoing.shop.pk, customer_id=OuterRef("customer_id"), about="address", about_id=OuterRef("pk")
    ).exclude(batch_id=undoing.batch_id)
    others = Address.objects.of(undoing.shop).filter(customer_id=OuterRef("customer_id")).exclude(pk=OuterRef("pk"))
    is_default = Q(is_default_shipping=True) | Q(is_default_billing=True)
    kept = added.filter(Exists(touched) | (is_default & Exists(others)))
    gone = _remove(added, set(kept.values_list("pk", flat=True)), outcome)
    kind = "customer.address_removed"
    happened = [Happening(kind, "address", pk, row.customer_id, {"text": str(row)}) for pk, row in gone.items()]
    record_many(undoing.shop.pk, happened, by=undoing.by, batch_id=undoing.undo_id)


@undoes("customer.note_added")
def remove_notes(undoing: Undoing, events: Sequence[Event], outcome: Outcome) -> None:
    """Unless somebody wrote on."""
    added = Note.objects.of(undoing.shop).filter(pk__in=[event.about_id for event in events])
    kept = set(added.filter(edited_at__isnull=False).values_list("pk", flat=True))
    happened = []
    for pk, row in _remove(added, kept, outcome).items():
        data = {"note": pk, "changes": {"note": [row.text, ""]}}
        happened.append(Happening("customer.note_deleted", "note", pk, row.customer_id, data))
    record_many(undoing.shop.pk, happened, by=undoing.by, batch_id=undoing.undo_id)


@undoes("customer.identified")
def forget_identities(undoing: Undoing, events: Sequence[Event], outcome: Outcome) -> None:
    """The outside ids a file brought, where they are still this customer's."""
    ids = _alive(undoing, [event.about_id for event in events])
    for event in events:
        for channel, external_id in event.data["identities"]:
            held = Identity.objects.of(undoing.shop).filter(channel=channel, external_id=external_id)
            held.filter(customer_id=event.about_id).delete()
    write_search_texts(undoing.shop.pk, sorted(ids))
    outcome.restored |= ids


# --- common ---------------------------------------------------------------------------------------------------------


def _since(undoing: Undoing, ids: Any) -> Any:
    """Events of these customers that belong neither to the batch nor to its undoing.

    That they came into segments or left them, and into groups by a rule, only follows from what happened to them,
    unless somebody put them there by hand.
    """
    events = Event.objects.filter(shop_id=undoing.shop.pk, customer_id__in=list(ids))
    events = events.exclude(kind__in=("segment.entered", "segment.left"), actor_kind="system")
    regrouped = Q(kind="customer.changed", actor_kind="system", data__changes__has_key="group_id")
    events = events.exclude(regrouped & ~Q(data__changes__has_key="group_by_hand"))
    return events.filter(Q(batch_id__isnull=True) | ~Q(batch_id__in=undoing.ours))


def _alive(undoing: Undoing, ids: Any) -> set[int]:
    return set(Customer.objects.of(undoing.shop).alive().filter(pk__in=list(ids)).values_list("pk", flat=True))


_RESPONSIBLE = frozenset({"staff_id", "co_staff_ids"})


def _rows(undoing: Undoing, events: Sequence[Event]) -> dict[int, dict[str, Any]]:
    """The changed columns of the live customers, locked in order; of who is responsible also those in the bin."""
    columns = {column for event in events for column in event.data["changes"]}
    people = Customer.objects.of(undoing.shop).filter(pk__in={event.about_id for event in events})
    people = people.here() if columns <= _RESPONSIBLE else people.alive()
    rows = people.select_for_update(no_key=True).order_by("pk").values("pk", *sorted(table_columns(columns)))
    return {row["pk"]: unfold(row, columns) for row in rows}


def _moved_on(row: dict[str, Any], changes: dict[str, list[Any]]) -> frozenset[str]:
    """Who is responsible stands in two columns: where somebody changed one of them since, both stay."""
    moved = any(row[column] != changes[column][1] for column in _RESPONSIBLE & changes.keys())
    return _RESPONSIBLE if moved else frozenset()


def _is_lost(column: str, old: Any) -> bool:
    """Whether the value before cannot be had any more: events do not hold citizen ids."""
    return column == SEALED and bool(old)


def _forget_citizen_ids(back: dict[int, Columns]) -> None:
    for columns in back.values():
        if SEALED in columns:
            columns["citizen_id_index"] = [None, ""]


def _remove(added: Any, kept: set[int], outcome: Outcome) -> dict[int, Any]:
    """Delete the rows that are not kept, and answer them by id."""
    rows = list(added)
    outcome.conflicts |= {row.customer_id for row in rows if row.pk in kept}
    gone = {row.pk: row for row in rows if row.pk not in kept}
    added.filter(pk__in=list(gone)).delete()
    outcome.restored |= {row.customer_id for row in gone.values()}
    return gone

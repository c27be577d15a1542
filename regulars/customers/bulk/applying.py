"""Planned changes become true: one UPDATE for all customers of whom the same columns change."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.timezone import now

from regulars.customers.bulk.creating import write_identities, write_words
from regulars.customers.bulk.names import Names, key_of_tag
from regulars.customers.bulk.planning import Change, Said
from regulars.customers.bulk.sets import Retag, retag
from regulars.customers.bulk.tables import next_ids
from regulars.customers.consent import UNDATED
from regulars.customers.custom import COLUMN, key_of, safe_key
from regulars.customers.models import Address, Customer, Note
from regulars.customers.search.texts import COLUMNS, write_search_texts
from regulars.customers.writing import told
from regulars.events.record import Actor, Happening, record_many
from regulars.shops.models import Shop

_SEARCHED = frozenset(COLUMNS)
_NEVER_TOLD = frozenset({"citizen_id_index"})

Columns = dict[str, list[Any]]


@transaction.atomic
def apply_changes(shop: Shop, changes: Sequence[Change], *, by: Actor, batch_id: int | None = None) -> int:
    """Write what `plan_changes(..., for_update=True)` found in this transaction; empty changes cost nothing.

    Returns how many customers were changed. Each leaves its events with old and new, so that the batch can be undone.
    Groups, statuses and tags that the shop does not know are added to it.
    """
    changes = [change for change in changes if not change.is_empty]
    if not changes:
        return 0
    writer = _Writer(shop, changes, by=by, batch_id=batch_id)
    writer.write_columns()
    writer.write_tags()
    writer.write_consents()
    writer.write_addresses()
    writer.write_notes()
    writer.write_identities()
    return len({change.customer_id for change in changes})


class _Writer:
    """Writes the changes of one batch, a statement or two for each kind."""

    def __init__(self, shop: Shop, changes: list[Change], *, by: Actor, batch_id: int | None) -> None:
        self.shop_id, self.changes, self.by, self.batch_id = shop.pk, changes, by, batch_id
        self.at = now()
        self.names = Names.adding(shop, [change.draft for change in changes], by=by)

    def write_columns(self) -> None:
        columns = self._columns()
        try:
            write_columns(self.shop_id, columns, by=self.by, at=self.at, batch_id=self.batch_id)
        except IntegrityError:  # a single edit took an address after it was planned
            self._leave_out_taken(columns)
            write_columns(self.shop_id, columns, by=self.by, at=self.at, batch_id=self.batch_id)

    def _columns(self) -> dict[int, Columns]:
        """The columns of each customer, from before the first to after the last of their changes."""
        all_columns: dict[int, Columns] = {}
        for change in self.changes:
            self._find_names(change)
            columns = all_columns.setdefault(change.customer_id, {})
            for column, (old, new) in change.columns.items():
                columns[column] = [columns[column][0] if column in columns else old, new]
        return all_columns

    def _find_names(self, change: Change) -> None:
        """Ids of groups and statuses that did not exist when the change was planned."""
        if "group_id" in change.columns:
            change.columns["group_id"][1] = self.names.groups[change.draft.group]
        if "status_id" in change.columns and change.draft.status:
            change.columns["status_id"][1] = self.names.statuses[change.draft.status]

    def _leave_out_taken(self, columns: dict[int, Columns]) -> None:
        wanted = {one["email"][1]: pk for pk, one in columns.items() if "email" in one}
        taken = Customer.objects.of(self.shop_id).alive().filter(email__in=list(wanted))
        for email, owner in taken.values_list("email", "pk"):
            if (pk := wanted[email]) != owner:
                for column in ("email", "email_raw", "name_key"):
                    columns[pk].pop(column, None)

    def write_tags(self) -> None:
        tags: dict[int, set[int]] = defaultdict(set)
        for change in self.changes:
            tags[change.customer_id].update(self.names.tags[key_of_tag(name)] for name in change.tags)
        wanted = [Retag(pk, sorted(ids)) for pk, ids in tags.items() if ids]
        retag(self.shop_id, wanted, by=self.by, batch_id=self.batch_id)

    def write_consents(self) -> None:
        said = [(change.customer_id, one) for change in self.changes for one in change.consents]
        if not said:
            return
        write_words(self.shop_id, [(pk, one.word) for pk, one in said], source=self.by.kind, at=self.at)
        states: dict[int, Columns] = defaultdict(dict)
        for pk, one in said:
            if one.old != one.new:
                states[pk][f"consent_{one.word.channel}"] = [one.old, one.new]
        update_columns(self.shop_id, states, at=self.at, counts=False)
        self._record(Happening("customer.consent", "customer", pk, data=_told_word(one)) for pk, one in said)

    def write_addresses(self) -> None:
        adding = [change for change in self.changes if change.adds_address and change.draft.address]
        if not adding:
            return
        ids = next_ids(Address, len(adding))
        rows = []
        for pk, change in zip(ids, adding, strict=True):
            is_default = {"is_default_shipping": change.first_address, "is_default_billing": change.first_address}
            columns = change.draft.address.columns() if change.draft.address else {}
            rows.append(Address(pk=pk, shop_id=self.shop_id, customer_id=change.customer_id, **columns, **is_default))
        Address.objects.bulk_create(rows)
        self._record(
            Happening("customer.address_added", "address", row.pk, row.customer_id, {"text": str(row)}) for row in rows
        )

    def write_notes(self) -> None:
        adding = [change for change in self.changes if change.adds_note]
        rows = [
            Note(
                shop_id=self.shop_id, customer_id=one.customer_id, text=one.draft.note,
                author_name=(one.draft.note_by or self.by.name)[:120], created_at=one.draft.note_at or self.at,
                author_id=self.by.id if self.by.kind == "staff" else None,
            )
            for one in adding
        ]  # fmt: skip
        Note.objects.bulk_create(rows)
        self._record(
            Happening("customer.note_added", "note", row.pk, row.customer_id, {"note": row.pk}, row.created_at)
            for row in rows
        )

    def write_identities(self) -> None:
        pairs = [(change.customer_id, pair) for change in self.changes for pair in change.identities]
        write_identities(self.shop_id, iter(pairs))
        self._record(
            Happening("customer.identified", "customer", pk, data={"identities": [list(pair)]}) for pk, pair in pairs
        )
        renamed = {one.customer_id for one in self.changes if not _SEARCHED.isdisjoint(one.columns)}
        write_search_texts(self.shop_id, list(renamed | {pk for pk, _pair in pairs}))

    def _record(self, happenings: Iterable[Happening]) -> None:
        record_many(self.shop_id, happenings, by=self.by, batch_id=self.batch_id)


@transaction.atomic
def write_columns(shop_id: int, changes: dict[int, Columns], *, by: Actor, at: datetime, batch_id: int | None) -> None:
    """Write columns ({customer id: {column: [old, new]}}), count versions up, leave `customer.changed` events."""
    changes = {pk: columns for pk, columns in changes.items() if columns}
    update_columns(shop_id, changes, at=at)
    happened = (
        Happening("customer.changed", "customer", pk, data={"changes": _told(columns)}, at=at)
        for pk, columns in changes.items()
    )
    record_many(shop_id, happened, by=by, batch_id=batch_id)


def update_columns(shop_id: int, changes: dict[int, Columns], *, at: datetime, counts: bool = True) -> None:
    """Write the new values, one statement for all who change in the same columns. counts: as a new version."""
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for pk, columns in changes.items():
        if columns:
            alike[tuple(sorted(columns))].append(pk)
    for names, ids in alike.items():
        values = [[_parameter(name, changes[pk][name][1]) for pk in ids] for name in names]
        with connection.cursor() as cursor:
            cursor.execute(_update(names, counts), [at, ids, *values, shop_id])


def _update(names: Sequence[str], counts: bool) -> str:
    """Statuses and follower states begin when they are set."""
    began = [moment for column, moment in _BEGINS.items() if column in names and moment not in names]
    sets = [f'"{name}" = v."{name}"{_cast(name)}' for name in names if not key_of(name)] + [
        f"{moment} = given.at" for moment in began
    ]
    if own := [name for name in names if key_of(name)]:
        sets.append(_own_values(own))
    sets += ["version = c.version + 1"] if counts else []
    arrays = ", ".join(f"%s::{'text' if _cast(name) else _type(name)}[]" for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    return (
        f"UPDATE customers_customer c SET {', '.join(sets)}, updated_at = given.at"  # noqa: S608  names of the model
        f" FROM (SELECT %s::timestamptz AS at) given, unnest(%s::bigint[], {arrays}) AS v (id, {columns})"
        " WHERE c.shop_id = %s AND c.id = v.id"
    )


_BEGINS = {"status_id": "status_at", "oa_state": "oa_at"}


def _own_values(columns: Sequence[str]) -> str:
    """What is kept with these values in it; none of them is ever null there."""
    pairs = ", ".join(f"'{safe_key(column)}', v.\"{column}\"" for column in columns)
    return f'"{COLUMN}" = jsonb_strip_nulls(c."{COLUMN}" || jsonb_build_object({pairs}))'


def _parameter(column: str, value: Any) -> Any:
    if _cast(column):
        return "{" + ",".join(map(str, value)) + "}"
    return json.dumps(value) if key_of(column) else value


@cache
def _cast(column: str) -> str:
    """Of a column that is an array itself: arrays within an array, of several lengths, go as text."""
    kind = _type(column)
    return f"::{kind}" if kind.endswith("[]") else ""


@cache
def _type(column: str) -> str:
    if key_of(column):
        return "jsonb"
    field = next(one for one in Customer._meta.concrete_fields if one.column == column)
    return str(field.db_type(connection))


def _told(columns: Columns) -> dict[str, list[Any]]:
    return {
        column: [told(column, old), told(column, new)]
        for column, (old, new) in columns.items()
        if column not in _NEVER_TOLD
    }


def _told_word(said: Said) -> dict[str, Any]:
    word = said.word
    data = {"changes": {f"consent_{word.channel}": [said.old, said.new]}, "said": word.state, "source": word.source}
    return data | ({"said_at": word.at.isoformat()} if word.at and word.at != UNDATED else {})

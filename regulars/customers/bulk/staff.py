"""Who is responsible for many customers at once: set, added, removed, or handed over by one who leaves."""

from collections.abc import Collection
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from regulars.customers.bulk.sets import batches, done
from regulars.events.record import Actor
from regulars.kit.errors import BadValue
from regulars.shops.models import Shop, Staff

How = Literal["set", "add", "remove"]


@transaction.atomic
def staff_many(
    shop: Shop, ids: Collection[int], how: How, staff_id: int | None, *, by: Actor, batch_id: int | None = None
) -> int:
    """Change who is responsible for customers; returns for how many it really changed.

    set: this member of staff alone, or nobody (None). add: behind those who are. remove: not any more; who comes next
    is the first then. Raises BadValue for somebody who is not of this shop.
    """
    if staff_id is None and how != "set":
        raise BadValue(_("Choose whom to add or remove."), field="staff")
    return _write(shop, ids, how, staff_id, None, by, batch_id)


@transaction.atomic
def hand_over(
    shop: Shop, ids: Collection[int], leaving: int, successor: int | None, *, by: Actor, batch_id: int | None = None
) -> int:
    """Put a successor (an id, None: nobody) in the place of a member of staff; returns for how many it changed.

    Whoever is successor to the first becomes the first; nobody is named twice. Customers in the bin change hands too.
    """
    return _write(shop, ids, "hand_over", successor, leaving, by, batch_id)


def _write(
    shop: Shop, ids: Collection[int], how: str, staff_id: int | None, other: int | None, by: Actor, batch: int | None
) -> int:
    if staff_id is not None and not Staff.objects.of(shop).filter(pk=staff_id).exists():
        raise BadValue(_("“{value}” is not one of this shop's."), value=staff_id, field="staff")
    sql = _STAFF.format(wanted=_WANTED[how], whose=_HERE if how == "hand_over" else _ALIVE)
    return sum(
        done(sql, shop.pk, "customer.changed", [part, [other]], by, batch, value=staff_id)
        for part in batches(sorted(ids))
    )


# Of `was`, the ids of whoever is responsible, the first one first; `value` is whom it is about.
_VALUE = "%(value)s::bigint"
_OTHER = "(%(given1)s::bigint[])[1]"
_WANTED = {
    "set": f"array_remove(ARRAY[{_VALUE}], NULL)",
    "add": f"CASE WHEN {_VALUE} = ANY (was) THEN was ELSE was || {_VALUE} END",
    "remove": f"array_remove(was, {_VALUE})",
    "hand_over": (
        f"CASE WHEN NOT {_OTHER} = ANY (was) THEN was"
        f" WHEN {_VALUE} IS NULL THEN array_remove(was, {_OTHER})"
        f" WHEN was[1] = {_OTHER} THEN {_VALUE} || array_remove(array_remove(was, {_OTHER}), {_VALUE})"
        f" WHEN {_VALUE} = ANY (was) THEN array_remove(was, {_OTHER})"
        f" ELSE array_replace(was, {_OTHER}, {_VALUE}) END"
    ),
}

_ALIVE = "deleted_at IS NULL"
_HERE = "(deleted_at IS NULL OR (anonymised_at IS NULL AND merged_into_id IS NULL))"

_STAFF = """
    WITH known AS (
        SELECT id, staff_id, co_staff_ids, array_remove(array_prepend(staff_id, co_staff_ids), NULL) AS was
        FROM customers_customer
        WHERE shop_id = %(shop)s AND id = ANY (%(given0)s) AND {whose}
        ORDER BY id FOR NO KEY UPDATE
    ), old AS (
        SELECT *, {wanted} AS wanted FROM known
    ), new AS (
        UPDATE customers_customer c
        SET staff_id = old.wanted[1], co_staff_ids = old.wanted[2:], version = c.version + 1, updated_at = %(at)s
        FROM old WHERE c.shop_id = %(shop)s AND c.id = old.id AND old.wanted <> old.was
        RETURNING c.id, jsonb_build_object('changes', jsonb_build_object(
            'staff_id', jsonb_build_array(old.staff_id, c.staff_id),
            'co_staff_ids', jsonb_build_array(to_jsonb(old.co_staff_ids), to_jsonb(c.co_staff_ids))
        )) AS data
    )
"""

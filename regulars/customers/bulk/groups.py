"""Groups of many customers: chosen by somebody, decided by rules, or let go. One statement a batch.

A group that somebody chose stays (`group_by_hand`): rules pass such customers by, until the choice is let go.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db import transaction

from regulars.customers.bulk.sets import batches, done
from regulars.events.record import Actor
from regulars.shops.models import Shop


class Regroup(NamedTuple):
    """The group (id) one customer comes to; None: the one they are in."""

    customer_id: int
    group_id: int | None


@transaction.atomic
def group_many(
    shop: Shop, ids: Collection[int], group_id: int | None, *, by: Actor, batch_id: int | None = None
) -> int:
    """Choose a group for customers; returns how many were in another, or there by a rule.

    group_id: one of the shop's own (the table checks it); None lets the rules decide from now on. Customers in the bin
    are left out. Doing it again changes nothing and leaves no event.
    """
    wanted = [Regroup(pk, group_id) for pk in ids]
    return _regrouped(shop.pk, wanted, by_hand=group_id is not None, only="TRUE", by=by, batch_id=batch_id)


@transaction.atomic
def group_by_rules(shop_id: int, wanted: Iterable[Regroup], *, by: Actor) -> int:
    """What rules decided, for customers whose group nobody chose; returns how many changed."""
    return _regrouped(shop_id, wanted, by_hand=False, only="NOT c.group_by_hand", by=by, batch_id=None)


@transaction.atomic
def empty_group(shop_id: int, wanted: Iterable[Regroup], *, by: Actor, batch_id: int | None) -> int:
    """Out of a group that goes away, chosen by hand or not; where they come to, nobody chose for them."""
    return _regrouped(shop_id, wanted, by_hand=False, only="TRUE", by=by, batch_id=batch_id)


def _regrouped(
    shop_id: int, wanted: Iterable[Regroup], *, by_hand: bool, only: str, by: Actor, batch_id: int | None
) -> int:
    changed = 0
    for batch in batches(sorted(wanted)):
        given = [[one.customer_id for one in batch], [one.group_id for one in batch]]
        changed += done(_REGROUP.format(only=only), shop_id, "customer.changed", given, by, batch_id, value=by_hand)
    return changed


_REGROUP = """
    WITH wanted AS (
        SELECT id, group_id FROM unnest(%(given0)s::bigint[], %(given1)s::bigint[]) AS given (id, group_id)
    ), old AS (
        SELECT c.id, c.group_id AS was, c.group_by_hand AS chosen, coalesce(wanted.group_id, c.group_id) AS wants
        FROM customers_customer c JOIN wanted ON wanted.id = c.id
        WHERE c.shop_id = %(shop)s AND c.deleted_at IS NULL AND {only}
          AND (c.group_id <> coalesce(wanted.group_id, c.group_id) OR c.group_by_hand <> %(value)s::boolean)
        ORDER BY c.id FOR NO KEY UPDATE OF c
    ), new AS (
        UPDATE customers_customer c
        SET group_id = old.wants, group_by_hand = %(value)s::boolean, version = c.version + 1, updated_at = %(at)s
        FROM old WHERE c.shop_id = %(shop)s AND c.id = old.id
        RETURNING c.id, jsonb_build_object('changes',
            CASE WHEN old.was <> old.wants
                THEN jsonb_build_object('group_id', jsonb_build_array(old.was, old.wants)) ELSE '{{}}' END
            || CASE WHEN old.chosen <> %(value)s::boolean
                THEN jsonb_build_object('group_by_hand', jsonb_build_array(old.chosen, %(value)s::boolean))
                ELSE '{{}}' END
        ) AS data
    )
"""

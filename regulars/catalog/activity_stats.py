"""A customer's visits and interaction, derived from their activity: docs/reference/figures.md defines each of them.

Whoever adds activity calls `refresh_activity` in the same transaction. Only rows that differ are written.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import now

from regulars.catalog.models import Activity
from regulars.customers.checks import Difference, faults
from regulars.customers.figures import batches, lock_customers
from regulars.customers.models import Interaction
from regulars.events.handlers import announce
from regulars.kit.dates import day_of, day_start
from regulars.shops.models import Shop

PAUSE_MINUTES = 30
"""Whoever did nothing for longer begins another visit."""

WINDOW_DAYS = 30

VISIT_POINTS = 1
POINTS: dict[int, int] = {
    Activity.Kind.PRODUCT_VIEWED: 1,
    Activity.Kind.COLLECTION_VIEWED: 1,
    Activity.Kind.CART_ADDED: 3,
    Activity.Kind.CHECKOUT_STARTED: 5,
    Activity.Kind.TASK_COMPLETED: 3,
    Activity.Kind.MESSAGE_SENT: 3,
}
"""What an activity of the last 30 days counts towards interaction; a visit counts once, however long it is."""

LEVELS = {Interaction.LOW: 1, Interaction.MEDIUM: 5, Interaction.HIGH: 15}
"""From how many points on."""

_BEGINNINGS = f"""
SELECT id, coalesce(at > lag(at) OVER (PARTITION BY customer_id ORDER BY at, id)
    + interval '{PAUSE_MINUTES} minutes', true) AS begins_visit
FROM catalog_activity WHERE shop_id = %(shop)s AND customer_id = ANY(%(ids)s)
"""  # noqa: S608

_DIFFERS = "a.shop_id = %(shop)s AND a.customer_id = ANY(%(ids)s) AND a.id = d.id AND a.begins_visit <> d.begins_visit"

_POINTS = " ".join(f"WHEN {kind:d} THEN {points}" for kind, points in POINTS.items())
_LEVEL = " ".join(f"WHEN f.points >= {points} THEN {level:d}" for level, points in reversed(LEVELS.items()))
_RECENT = "a.at >= %(since)s"

# Visits are counted where they begin, as `_BEGINNINGS` has marked them.
_DERIVED = f"""
SELECT who.id, f.visits, f.visits_30d, f.last_access_at, CASE {_LEVEL} ELSE {Interaction.NONE:d} END AS interaction
FROM unnest(%(ids)s::bigint[]) AS who (id)
CROSS JOIN LATERAL (
    SELECT
        count(*) FILTER (WHERE a.begins_visit) AS visits,
        count(*) FILTER (WHERE a.begins_visit AND {_RECENT}) AS visits_30d,
        max(a.at) AS last_access_at,
        coalesce(sum(CASE a.kind {_POINTS} ELSE 0 END) FILTER (WHERE {_RECENT}), 0)
            + {VISIT_POINTS} * count(*) FILTER (WHERE a.begins_visit AND {_RECENT}) AS points
    FROM catalog_activity a WHERE a.shop_id = %(shop)s AND a.customer_id = who.id
) AS f
"""  # noqa: S608

FIGURES = ("visits", "visits_30d", "last_access_at", "interaction")
"""Customer columns that nobody but this module writes."""

_OLD = ", ".join(f"c.{name}" for name in FIGURES)
_NEW = ", ".join(f"d.{name}" for name in FIGURES)


def window_start(shop: Shop, at: datetime | None = None) -> datetime:
    """From when on activity counts as "last 30 days": the start of the day 30 days ago, shop time."""
    today = day_of(at or now(), shop.timezone)
    return day_start(today - timedelta(days=WINDOW_DAYS), shop.timezone)


@transaction.atomic(savepoint=False)
def refresh_activity(shop: Shop, customer_ids: Iterable[int]) -> int:
    """Bring visits, last access and interaction of these customers up to date; how many of them differed.

    Locks the customers in the order of their ids until the transaction ends. Announces "customer.figures" for those
    that differed, whatever it was that changed them.
    """
    changes = ", ".join(f"{name} = d.{name}" for name in FIGURES)
    written: set[int] = set()
    waiting = list(batches(sorted({one for one in customer_ids if one})))
    while waiting:
        batch = waiting.pop(0)
        if led_on := _lead_on(shop.pk, lock_customers(shop.pk, batch)):
            waiting.append(led_on)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE catalog_activity a SET begins_visit = d.begins_visit "  # noqa: S608
                f"FROM ({_BEGINNINGS}) AS d WHERE {_DIFFERS}",
                {"shop": shop.pk, "ids": batch},
            )
            cursor.execute(
                f"UPDATE customers_customer c SET {changes} FROM ({_DERIVED}) AS d "  # noqa: S608
                "WHERE c.shop_id = %(shop)s AND c.id = ANY(%(ids)s) AND c.id = d.id "
                f"AND ({_OLD}) IS DISTINCT FROM ({_NEW}) RETURNING c.id",
                _parameters(shop, batch),
            )
            written |= {pk for (pk,) in cursor.fetchall()}
    if written:
        announce(shop.pk, "customer.figures", written)
    return len(written)


def differences(shop: Shop, customer_ids: Sequence[int]) -> list[Difference]:
    """Beginnings of visits, and stored figures, of these customers that are not what their activity says."""
    found = [
        Difference("customer", customer_id, f"begins_visit of activity {pk}", stored, derived, customer_id)
        for pk, customer_id, stored, derived in _wrong_beginnings(shop, customer_ids)
    ]
    for customer_id, *values in _wrong_figures(shop, customer_ids):
        pairs = zip(FIGURES, values[: len(FIGURES)], values[len(FIGURES) :], strict=True)
        found += [
            Difference("customer", customer_id, name, stored, derived, customer_id)
            for name, stored, derived in pairs
            if stored != derived
        ]
    return sorted(found, key=lambda one: one.id)


def check(shop: Shop, *, limit: int = 100) -> list[str]:
    """What is wrong with the stored figures of a shop, a line a customer and figure; empty when all is well."""
    return faults(differences, "their activity says", shop, limit=limit)


# --- how it is done ---------------------------------------------------------------------------------------


def _lead_on(shop_id: int, became: Mapping[int, int]) -> list[int]:
    """Give what came for merged customers (id → who they became) to those; who got something."""
    if not became:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalog_activity a SET customer_id = w.became FROM unnest(%s::bigint[], %s::bigint[]) "
            "AS w (id, became) WHERE a.shop_id = %s AND a.customer_id = w.id RETURNING w.became",
            [list(became), list(became.values()), shop_id],
        )
        return sorted({pk for (pk,) in cursor.fetchall()})


def _wrong_beginnings(shop: Shop, ids: Sequence[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id, a.customer_id, a.begins_visit, d.begins_visit FROM catalog_activity a, "  # noqa: S608
            f"({_BEGINNINGS}) AS d WHERE {_DIFFERS} ORDER BY a.id",
            {"shop": shop.pk, "ids": list(ids)},
        )
        return cursor.fetchall()


def _wrong_figures(shop: Shop, ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """The customer's id, the stored figures, the derived ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.id, {_OLD}, {_NEW} FROM customers_customer c JOIN ({_DERIVED}) AS d ON d.id = c.id "  # noqa: S608
            f"WHERE c.shop_id = %(shop)s AND c.id = ANY(%(ids)s) AND ({_OLD}) IS DISTINCT FROM ({_NEW}) ORDER BY c.id",
            _parameters(shop, ids),
        )
        return cursor.fetchall()


def _parameters(shop: Shop, ids: Sequence[int]) -> dict[str, Any]:
    return {"shop": shop.pk, "ids": list(ids), "since": window_start(shop)}

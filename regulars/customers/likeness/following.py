"""Decisions about people who were merged."""

from collections.abc import Collection
from typing import Any

from django.db import connection

from regulars.customers.models import Decision

BY_MERGE = "merge"
"""The reason of a decision that was taken over from somebody who was merged into one of the two."""


def follow_merges(shop_id: int, customer_ids: Collection[int]) -> None:
    """Bring decisions in step with who became whom: what was said of the merged holds of who they became.

    When a merge was undone, what was said only because of it is forgotten, and the two are asked about again.
    """
    with connection.cursor() as cursor:
        for statement in _FOLLOWING:
            cursor.execute(statement, {**_WORDS, "shop": shop_id, "ids": list(customer_ids)})


_WORDS: dict[str, Any] = {
    "merged": int(Decision.MERGED),
    "decided": [int(Decision.DIFFERENT), int(Decision.HOUSEHOLD)],
    "by_merge": BY_MERGE,
}
_MERGED = """
    INSERT INTO customers_possibleduplicate (shop_id, first_id, second_id, score, reasons, decision, found_at)
    SELECT c.shop_id, least(c.id, c.merged_into_id), greatest(c.id, c.merged_into_id), 0, '{}',
        %(merged)s, clock_timestamp()
    FROM customers_customer c
    WHERE c.shop_id = %(shop)s AND c.merged_into_id IS NOT NULL
      AND (c.id = ANY(%(ids)s) OR c.merged_into_id = ANY(%(ids)s))
    ON CONFLICT (shop_id, first_id, second_id) DO UPDATE SET decision = %(merged)s
"""
_TAKEN_OVER = """
    INSERT INTO customers_possibleduplicate
        (shop_id, first_id, second_id, score, reasons, decision, found_at, decided_at, decided_by_id)
    SELECT DISTINCT ON (1, 2, 3) p.shop_id, least(c.merged_into_id, other.id), greatest(c.merged_into_id, other.id),
        p.score, ARRAY[%(by_merge)s]::varchar[], p.decision, clock_timestamp(), p.decided_at, p.decided_by_id
    FROM customers_customer c
    JOIN customers_possibleduplicate p ON p.shop_id = c.shop_id AND (p.first_id = c.id OR p.second_id = c.id)
    CROSS JOIN LATERAL (SELECT p.first_id + p.second_id - c.id AS id) AS other
    WHERE c.shop_id = %(shop)s AND c.merged_into_id IS NOT NULL
      AND (c.id = ANY(%(ids)s) OR c.merged_into_id = ANY(%(ids)s))
      AND p.decision = ANY(%(decided)s) AND other.id <> c.merged_into_id
    ORDER BY 1, 2, 3, p.id
    ON CONFLICT (shop_id, first_id, second_id) DO UPDATE
    SET decision = excluded.decision, reasons = excluded.reasons, decided_at = excluded.decided_at,
        decided_by_id = excluded.decided_by_id
    WHERE customers_possibleduplicate.decision = 0
"""
_UNMERGED = """
    WITH parted AS (
        UPDATE customers_possibleduplicate p SET decision = 0
        FROM customers_customer a, customers_customer b
        WHERE p.shop_id = %(shop)s AND p.decision = %(merged)s
          AND (p.first_id = ANY(%(ids)s) OR p.second_id = ANY(%(ids)s))
          AND a.shop_id = p.shop_id AND a.id = p.first_id AND a.merged_into_id IS DISTINCT FROM p.second_id
          AND b.shop_id = p.shop_id AND b.id = p.second_id AND b.merged_into_id IS DISTINCT FROM p.first_id
        RETURNING p.first_id, p.second_id
    )
    DELETE FROM customers_possibleduplicate p USING parted
    WHERE p.shop_id = %(shop)s AND p.reasons @> ARRAY[%(by_merge)s]::varchar[]
      AND (p.first_id IN (parted.first_id, parted.second_id) OR p.second_id IN (parted.first_id, parted.second_id))
"""
_FOLLOWING = (_UNMERGED, _MERGED, _TAKEN_OVER)

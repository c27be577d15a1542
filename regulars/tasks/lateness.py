"""Who is behind: for how many customers somebody is responsible of whom a task is late."""

from django.db import connection
from django.utils.timezone import now

from regulars.shops.models import Shop


def late_by_staff(shop: Shop) -> dict[int, int]:
    """Customers with tasks that are late, by each of the staff (id) who are responsible for them. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_LATE, [shop.pk, now(), shop.pk])
        return dict(cursor.fetchall())


# The tasks that are late come first: they are few, however many customers there are.
_LATE = """
    SELECT responsible, count(*) FROM (
        SELECT DISTINCT customer_id AS id FROM tasks_task
        WHERE shop_id = %s AND customer_id IS NOT NULL AND state = 'open' AND deleted_at IS NULL AND late_at <= %s
    ) AS late
    JOIN customers_customer c ON c.id = late.id AND c.shop_id = %s AND c.deleted_at IS NULL
    CROSS JOIN LATERAL unnest(array_prepend(c.staff_id, c.co_staff_ids)) AS responsible
    WHERE c.staff_id IS NOT NULL
    GROUP BY responsible
"""

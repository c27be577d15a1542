"""What the database's planner knows of tables: brought up to date at once after much was written.

Autovacuum does the same within minutes. Until then the planner believes that a shop which was filled a moment ago is
empty, and may walk through all orders once for each customer.
"""

from collections.abc import Iterable, Sequence

from django.db import connection, models


def refresh_statistics(tables: Iterable[type[models.Model]]) -> None:
    """Have the planner look at these tables again: a sample of each, about a second for millions of rows.

    In one order, so that two who do so never wait for each other in a circle.
    """
    if names := sorted(connection.ops.quote_name(model._meta.db_table) for model in tables):
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE " + ", ".join(names))


def refresh_outdated(tables: Iterable[type[models.Model]]) -> None:
    """As `refresh_statistics`, of those tables that have changed by half since the planner looked at them last."""
    refresh_statistics(_those(tables, _CHANGED))


def introduce(tables: Iterable[type[models.Model]], column: str, value: int) -> None:
    """As `refresh_statistics`, of those tables in which the planner never saw this value (a new shop's id, say) often.

    Rows that the present transaction wrote count.
    """
    refresh_statistics(_those(tables, _STRANGER, column, value))


def _those(tables: Iterable[type[models.Model]], which: str, *given: str | int) -> Sequence[type[models.Model]]:
    by_name = {model._meta.db_table: model for model in tables}
    with connection.cursor() as cursor:
        cursor.execute(which, [list(by_name), *given])
        return [by_name[name] for (name,) in cursor.fetchall()]


_CHANGED = """
    SELECT relname FROM pg_stat_user_tables
    WHERE relid = ANY (SELECT to_regclass(name) FROM unnest(%s::text[]) AS name)
      AND n_mod_since_analyze * 2 > n_live_tup
"""

_STRANGER = """
    SELECT name FROM unnest(%s::text[]) AS name
    WHERE NOT EXISTS (
        SELECT FROM pg_stats JOIN pg_class ON pg_class.oid = to_regclass(name)
        WHERE schemaname = relnamespace::regnamespace::text AND tablename = relname
          AND attname = %s AND %s::bigint = ANY(most_common_vals::text::bigint[])
    )
"""

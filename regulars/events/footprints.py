"""What batches leave of rows, and what those were before: kept in the transaction that writes the rows."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db import connection


class Print(NamedTuple):
    """One row that a batch made (`is_new`) or changed. before, after: JSON, as far as undoing needs them."""

    row_id: int
    is_new: bool
    before: Mapping[str, Any]
    after: Mapping[str, Any]


ONCE = """
ON CONFLICT (shop_id, batch_id, what, row_id) DO UPDATE SET
    before = CASE WHEN f.is_new THEN f.before ELSE EXCLUDED.before || f.before END, after = f.after || EXCLUDED.after
"""
"""The tail of an insert into `events_footprint AS f`: of a row that a batch wrote twice, what it was before the first
time counts, and what it was after the last."""


def keep(shop_id: int, batch_id: int, what: str, prints: Iterable[Print]) -> None:
    """Keep the footprints of some rows, each of another row."""
    prints = list(prints)
    if not prints:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO events_footprint AS f (shop_id, batch_id, what, row_id, is_new, before, after) "  # noqa: S608
            "SELECT %s, %s, %s, * FROM unnest(%s::bigint[], %s::boolean[], %s::text[]::jsonb[], %s::text[]::jsonb[])"
            + ONCE,
            [
                shop_id, batch_id, what, [one.row_id for one in prints], [one.is_new for one in prints],
                [_json(one.before) for one in prints], [_json(one.after) for one in prints],
            ],
        )  # fmt: skip


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, default=str)

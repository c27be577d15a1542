"""One thing done to many customers: tags, bin, status (groups: `bulk.groups`, who is responsible: `bulk.staff`).

One statement a batch, and only on those it changes.

Rows are locked in the order of their ids, so that two of these never wait for each other; who edits one of the
customers waits for a batch at most. Each leaves one event a customer it really changed.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.timezone import now
from psycopg.types.json import Jsonb

from regulars.customers.custom import own_column, safe_key
from regulars.customers.models import Tag
from regulars.events.handlers import announce
from regulars.events.record import Actor
from regulars.shops.models import Shop

BATCH = 1000
"""Customers a statement. Larger is hardly faster, and whoever edits one of them waits longer."""


class Retag(NamedTuple):
    """Tags (ids) to be added to and removed from one customer; one in both is removed."""

    customer_id: int
    add: Sequence[int]
    remove: Sequence[int] = ()


@transaction.atomic
def tag_many(
    shop: Shop,
    ids: Collection[int],
    add: Collection[int],
    remove: Collection[int] = (),
    *,
    by: Actor,
    batch_id: int | None = None,
) -> int:
    """Add and remove tags (ids) of customers; returns how many really changed.

    Customers in the bin and tags of other shops are left out. Doing it again changes nothing and leaves no event.
    """
    known = set(Tag.objects.of(shop).filter(pk__in={*add, *remove}).values_list("pk", flat=True))
    adding, removing = sorted(known & set(add)), sorted(known & set(remove))
    return retag(shop.pk, [Retag(pk, adding, removing) for pk in ids], by=by, batch_id=batch_id)


@transaction.atomic
def retag(shop_id: int, wanted: Sequence[Retag], *, by: Actor, batch_id: int | None = None) -> int:
    """As `tag_many`, with tags of their own for each customer; a customer may come once."""
    changed = 0
    for batch in batches(sorted(wanted)):
        add = [_array(set(one.add) - set(one.remove)) for one in batch]
        given = [[one.customer_id for one in batch], add, [_array(one.remove) for one in batch]]
        changed += done(_RETAG, shop_id, "customer.tagged", given, by, batch_id)
    return changed


@transaction.atomic
def set_many(
    shop: Shop, ids: Collection[int], column: str, value: int | None, *, by: Actor, batch_id: int | None = None
) -> int:
    """Put customers at a status; returns how many were not there before.

    column: "status_id"; the value must be the shop's own (the table checks it).
    """
    began = ", status_at = %(at)s" if column == "status_id" else ""
    if column not in SETTABLE:
        raise ValueError(f"{column} is not set for many customers at once")
    sql = _SET.format(column=column, began=began)
    return sum(
        done(sql, shop.pk, "customer.changed", [batch], by, batch_id, value=value) for batch in batches(sorted(ids))
    )


SETTABLE = frozenset({"status_id"})


@transaction.atomic
def set_own_many(
    shop: Shop, ids: Collection[int], key: str, value: Any, *, by: Actor, batch_id: int | None = None
) -> int:
    """Put a stored value into a field of the shop's own, None to empty it; returns how many had another before."""
    column = own_column(key)
    sql = _SET_OWN.format(key=safe_key(column), column=column)
    stored = Jsonb(value)
    return sum(
        done(sql, shop.pk, "customer.changed", [batch], by, batch_id, value=stored) for batch in batches(sorted(ids))
    )


@transaction.atomic
def delete_many(shop: Shop, ids: Collection[int], *, by: Actor, batch_id: int | None = None) -> int:
    """Move customers to the bin; returns how many were not there before."""
    return sum(done(_DELETE, shop.pk, "customer.deleted", [batch], by, batch_id) for batch in batches(sorted(ids)))


@transaction.atomic
def restore_many(shop: Shop, ids: Collection[int], *, by: Actor, batch_id: int | None = None) -> int:
    """Take customers out of the bin; returns how many came.

    Left there: who was anonymised, and whose e-mail address another customer has by now.
    """
    return sum(done(_RESTORE, shop.pk, "customer.restored", [batch], by, batch_id) for batch in batches(sorted(ids)))


def batches(rows: Sequence[Any]) -> Iterator[Any]:
    """The rows, so many at once as one statement takes."""
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _array(ids: Collection[int]) -> str:
    """An array within an array of arrays of different lengths goes as text."""
    return "{" + ",".join(map(str, ids)) + "}"


def done(
    sql: str,
    shop_id: int,
    kind: str,
    given: list[list[Any]],
    by: Actor,
    batch_id: int | None,
    *,
    value: Any = None,
) -> int:
    """Run a statement like those below and tell the handlers whom it changed."""
    named = {f"given{place}": values for place, values in enumerate(given)}
    facts: dict[str, Any] = {
        "shop": shop_id, "kind": kind, "at": now(), "batch": batch_id, "value": value,
        "actor_kind": by.kind, "actor": by.id, "actor_name": by.name[:120], "nothing": Jsonb({}),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql + _TELL, facts | named)
        changed = {pk for (pk,) in cursor.fetchall()}
    if changed:
        announce(shop_id, kind, changed, batch_id=batch_id)
    return len(changed)


# Each statement names who is to change (`old`, locked, in order) and what changed (`new`: id, data of the event).
# PostgreSQL before 18 cannot return old values from an UPDATE, hence the two steps.

_TELL = """
    INSERT INTO events_event (
        shop_id, kind, about, about_id, customer_id, actor_kind, actor_id, actor_name, data, at, batch_id
    )
    SELECT %(shop)s, %(kind)s, 'customer', new.id, new.id, %(actor_kind)s, %(actor)s::bigint, %(actor_name)s,
           new.data, %(at)s, %(batch)s::bigint
    FROM new ORDER BY new.id
    RETURNING customer_id
"""

_RETAG = """
    WITH wanted AS (
        SELECT id, "add"::bigint[], remove::bigint[]
        FROM unnest(%(given0)s::bigint[], %(given1)s::text[], %(given2)s::text[]) AS given (id, "add", remove)
    ), old AS (
        SELECT c.id, c.tag_ids, wanted."add", wanted.remove
        FROM customers_customer c JOIN wanted ON wanted.id = c.id
        WHERE c.shop_id = %(shop)s AND c.deleted_at IS NULL
          AND NOT (c.tag_ids @> wanted."add" AND NOT c.tag_ids && wanted.remove)
        ORDER BY c.id FOR NO KEY UPDATE OF c
    ), done AS (
        UPDATE customers_customer c
        SET tag_ids = ARRAY(
                SELECT DISTINCT tag FROM unnest(old.tag_ids || old."add") AS tag
                WHERE tag <> ALL (old.remove) ORDER BY tag
            ),
            version = c.version + 1, updated_at = %(at)s
        FROM old WHERE c.shop_id = %(shop)s AND c.id = old.id
        RETURNING c.id, c.tag_ids AS has, old.tag_ids AS had
    ), new AS (
        SELECT id, jsonb_build_object(
            'added', ARRAY(SELECT tag FROM unnest(has) AS tag WHERE tag <> ALL (had)),
            'removed', ARRAY(SELECT tag FROM unnest(had) AS tag WHERE tag <> ALL (has))
        ) AS data FROM done
    )
"""

_SET = """
    WITH old AS (
        SELECT id, {column} AS was FROM customers_customer
        WHERE shop_id = %(shop)s AND id = ANY (%(given0)s) AND deleted_at IS NULL
          AND {column} IS DISTINCT FROM %(value)s::bigint
        ORDER BY id FOR NO KEY UPDATE
    ), new AS (
        UPDATE customers_customer c
        SET {column} = %(value)s::bigint, version = c.version + 1, updated_at = %(at)s{began}
        FROM old WHERE c.shop_id = %(shop)s AND c.id = old.id
        RETURNING c.id, jsonb_build_object(
            'changes', jsonb_build_object('{column}', jsonb_build_array(old.was, %(value)s::bigint))
        ) AS data
    )
"""

_SET_OWN = """
    WITH old AS (
        SELECT id, coalesce(custom -> '{key}', 'null') AS was FROM customers_customer
        WHERE shop_id = %(shop)s AND id = ANY (%(given0)s) AND deleted_at IS NULL
          AND coalesce(custom -> '{key}', 'null') <> %(value)s::jsonb
        ORDER BY id FOR NO KEY UPDATE
    ), new AS (
        UPDATE customers_customer c
        SET custom = jsonb_strip_nulls(c.custom || jsonb_build_object('{key}', %(value)s::jsonb)),
            version = c.version + 1, updated_at = %(at)s
        FROM old WHERE c.shop_id = %(shop)s AND c.id = old.id
        RETURNING c.id, jsonb_build_object(
            'changes', jsonb_build_object('{column}', jsonb_build_array(old.was, %(value)s::jsonb))
        ) AS data
    )
"""

_DELETE = """
    WITH old AS (
        SELECT id FROM customers_customer
        WHERE shop_id = %(shop)s AND id = ANY (%(given0)s) AND deleted_at IS NULL
        ORDER BY id FOR UPDATE
    ), new AS (
        UPDATE customers_customer c SET deleted_at = %(at)s
        FROM old WHERE c.shop_id = %(shop)s AND c.id = old.id
        RETURNING c.id, %(nothing)s AS data
    )
"""

# Of two in the bin with one address the older comes back; the table allows no second.
_RESTORE = """
    WITH chosen AS (
        SELECT id, email FROM customers_customer
        WHERE shop_id = %(shop)s AND id = ANY (%(given0)s) AND deleted_at IS NOT NULL AND anonymised_at IS NULL
        ORDER BY id FOR UPDATE
    ), old AS (
        SELECT DISTINCT ON (coalesce(email, id::text)) id, email FROM chosen ORDER BY coalesce(email, id::text), id
    ), new AS (
        UPDATE customers_customer c SET deleted_at = NULL
        FROM old WHERE c.shop_id = %(shop)s AND c.id = old.id AND NOT EXISTS (
            SELECT FROM customers_customer other
            WHERE other.shop_id = %(shop)s AND other.email = old.email AND other.email IS NOT NULL
              AND other.deleted_at IS NULL
        )
        RETURNING c.id, %(nothing)s AS data
    )
"""

"""Loading big tables fast: whole ranges of ids, rows straight from a SELECT, indexes built afterwards.

`indexes_later` works inside one transaction, so a killed load leaves every table with its indexes and without the
half-loaded rows.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from django.db import models
from django.db.backends.utils import CursorWrapper
from django.db.models import NOT_PROVIDED

from regulars.kit.keys import foreign_key_name


def reserve_ids(cursor: CursorWrapper, model: type[models.Model], count: int) -> int:
    """Take `count` ids in a row from the table's sequence, and answer the first. Needs a transaction.

    Others who want an id wait until the transaction ends.
    """
    table = model._meta.db_table
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
    sequence = cursor.fetchone()[0]
    cursor.execute("SELECT nextval(%s)", [sequence])
    first = int(cursor.fetchone()[0])
    if count > 1:
        cursor.execute(f"ALTER SEQUENCE {sequence} INCREMENT BY {count - 1}")
        cursor.execute("SELECT nextval(%s)", [sequence])
        cursor.execute(f"ALTER SEQUENCE {sequence} INCREMENT BY 1")
    return first


def insert_sql(model: type[models.Model], given: Mapping[str, str], source: str) -> str:
    """INSERT INTO … SELECT: `given` maps columns to expressions over `source`, the rest get their model's default."""
    values = {**{name: _literal(value) for name, value in blank(model, given).items()}, **given}
    return f"INSERT INTO {model._meta.db_table} ({', '.join(values)}) SELECT {', '.join(values.values())} {source}"


def blank(model: type[models.Model], given: Mapping[str, Any]) -> dict[str, Any]:
    """Column → default for every column that is not given; the database numbers the rows."""
    found = {}
    for field in model._meta.concrete_fields:
        if field.column in given or field.primary_key:
            continue
        if field.default is NOT_PROVIDED and not field.null and not field.empty_strings_allowed:
            raise TypeError(f"{model.__name__}.{field.name} has no default and must be given")
        is_databases = field.default is NOT_PROVIDED and field.db_default is not NOT_PROVIDED
        found[str(field.column)] = field.db_default if is_databases else field.get_default()
    return found


@contextmanager
def indexes_later(
    cursor: CursorWrapper, *tables: str, during: AbstractContextManager[Any] | None = None
) -> Iterator[None]:
    """Drop the indexes of the tables but for their primary keys, and build them again at the end, inside `during`.

    Both must happen in the same transaction, and nobody else can use the tables until it ends.
    """
    found = [index for table in tables for index in _indexes(cursor, table)]
    for drop, _create in found:
        cursor.execute(drop)
    yield
    with during or nullcontext():
        for _drop, create in found:
            cursor.execute(create)


def few_rows(cursor: CursorWrapper, table: str, limit: int) -> bool:
    """Whether the table has at most so many rows; looks at no more than it must."""
    cursor.execute(f"SELECT count(*) <= %s FROM (SELECT FROM {table} LIMIT %s) AS seen", [limit, limit + 1])  # noqa: S608
    return bool(cursor.fetchone()[0])


def may_skip_checks(cursor: CursorWrapper) -> bool:
    """Whether we may load without asking every foreign key for every row."""
    cursor.execute(
        "SELECT current_setting('is_superuser') = 'on' OR current_setting('server_version_num')::int >= 150000"
        " AND has_parameter_privilege(current_user, 'session_replication_role', 'SET')"
    )
    return bool(cursor.fetchone()[0])


@contextmanager
def checks_later(cursor: CursorWrapper, shop_id: int, *loaded: type[models.Model]) -> Iterator[None]:
    """Ask for all references of the loaded tables at the end, by one statement each, and not row by row.

    Needs a transaction. Where the database does not let us, it checks row by row. Raises RuntimeError.
    """
    if not may_skip_checks(cursor):
        yield
        return
    cursor.execute("SET LOCAL session_replication_role = replica")
    yield
    cursor.execute("SET LOCAL session_replication_role = origin")
    for model in loaded:
        prove_references(cursor, model, shop_id)


def prove_references(cursor: CursorWrapper, model: type[models.Model], shop_id: int) -> None:
    """Raise RuntimeError when a row of the shop refers to one that is not there."""
    if broken := stray_references(cursor, model, shop_id):
        raise RuntimeError(f"the load broke {', '.join(broken)}")


def stray_references(cursor: CursorWrapper, model: type[models.Model], shop_id: int) -> list[str]:
    """The composite foreign keys of a table that some row of the shop breaks: what the checks would have said."""
    broken = []
    for field in model._meta.local_fields:
        if not getattr(field, "is_composite", False):
            continue
        table, target = model._meta.db_table, field.related_model._meta.db_table  # type: ignore[union-attr]
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM {table} f LEFT JOIN {target} t "  # noqa: S608
            f"ON t.shop_id = f.shop_id AND t.id = f.{field.column} "
            f"WHERE f.shop_id = %s AND f.{field.column} IS NOT NULL AND t.id IS NULL)",
            [shop_id],
        )
        if cursor.fetchone()[0]:
            broken.append(foreign_key_name(model, field))
    return broken


def _indexes(cursor: CursorWrapper, table: str) -> list[tuple[str, str]]:
    """How to drop and how to create each index of a table but its primary key."""
    cursor.execute(
        "SELECT coalesce(c.conname, i.relname), c.conname IS NOT NULL, pg_get_constraintdef(c.oid),"
        " pg_get_indexdef(x.indexrelid)"
        " FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
        " LEFT JOIN pg_constraint c ON c.conindid = x.indexrelid AND c.contype IN ('u', 'x')"
        " WHERE x.indrelid = %s::regclass AND NOT x.indisprimary ORDER BY 1",
        [table],
    )
    return [
        (f'ALTER TABLE {table} DROP CONSTRAINT "{name}"', f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {rule}')
        if is_constraint
        else (f'DROP INDEX "{name}"', definition)
        for name, is_constraint, rule, definition in cursor.fetchall()
    ]


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, list | dict) and not value:
        return "'{}'"
    if isinstance(value, bool | int):
        return str(value)
    if value == "":
        return "''"
    raise TypeError(f"no literal for {value!r}")
